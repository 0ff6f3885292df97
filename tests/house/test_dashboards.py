"""The dashboards of Grafana are those that their script makes, and ask for what exists."""

import json
import re
from pathlib import Path

import pytest
import yaml

from infra.grafana.make_dashboards import DASHBOARDS, Dashboard, as_json
from tests.house.source import PROJECT
from tests.house.test_watching_files import exported, promtool, rules

GRAFANA = PROJECT / "infra" / "grafana"
EXPRESSIONS = sorted(
    {query for page in DASHBOARDS.values() for panel in page.panels for query in panel.queries.values()}
)


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_is_the_one_that_the_script_makes(name: str) -> None:
    assert (GRAFANA / "dashboards" / f"{name}.json").read_text() == as_json(DASHBOARDS[name]), "make docs"


def test_no_other_dashboard_lies_there() -> None:
    assert {file.stem for file in (GRAFANA / "dashboards").iterdir()} == DASHBOARDS.keys()


@pytest.mark.parametrize("page", DASHBOARDS.values(), ids=DASHBOARDS)
def test_the_rows_of_a_dashboard_are_full_and_its_panels_have_names_of_their_own(page: Dashboard) -> None:
    assert [title for title, panels in page.rows.items() if sum(panel.width for panel in panels) % 24] == []
    titles = [panel.title for panel in page.panels]
    assert len(titles) == len(set(titles))
    built = json.loads(as_json(page))["panels"]
    assert len({panel["id"] for panel in built}) == len(built)


@pytest.mark.prometheus
def test_prometheus_understands_every_expression(tmp_path: Path) -> None:
    asked = [{"record": f"panel:number_{number}", "expr": query} for number, query in enumerate(EXPRESSIONS)]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": asked}]}))
    promtool("promtool", "check", "rules", "--lint=none", file)


def test_every_expression_and_every_runbook_asks_for_metrics_that_exist() -> None:
    pages = [*EXPRESSIONS, *(page.read_text() for page in (PROJECT / "infra" / "runbooks").glob("*.md"))]
    asked = {name for page in pages for name in re.findall(r"\b(?:[a-z_]+:)?doorstroom[_:][a-z0-9_:]+[a-z0-9]", page)}
    assert asked - exported() - {rule["record"] for rule in rules() if "record" in rule} == set()


def test_grafana_finds_its_dashboards_and_their_source_where_the_containers_put_them() -> None:
    grafana = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]["grafana"]
    assert grafana["profiles"] == ["grafana"]  # Only who asks for it gets it.
    places = dict(volume.split(":")[:2] for volume in grafana["volumes"] if volume.startswith("."))
    assert [place for place in places if not (PROJECT / place).is_dir()] == []
    provisioning = GRAFANA / "provisioning"
    [provider] = yaml.safe_load((provisioning / "dashboards" / "doorstroom.yml").read_text())["providers"]
    assert provider["options"]["path"] == places["./infra/grafana/dashboards"]
    assert places["./infra/grafana/provisioning"] == "/etc/grafana/provisioning"
    [source] = yaml.safe_load((provisioning / "datasources" / "doorstroom.yml").read_text())["datasources"]
    asked = {
        uid for file in (GRAFANA / "dashboards").iterdir() for uid in re.findall(r'"uid": "(\w+)"', file.read_text())
    }
    assert asked == {source["uid"]}
