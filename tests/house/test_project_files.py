"""The files around the code: licences, metadata, and what Prometheus and Alertmanager read."""

import re
import shutil
import subprocess
from itertools import chain

import pytest
import yaml

from tests.house.source import PROJECT, files

RULES = sorted((PROJECT / "infra" / "prometheus" / "rules").glob("*.yml"))
RULE_TESTS = sorted((PROJECT / "infra" / "prometheus" / "tests").glob("*.yml"))
RUNBOOKS = PROJECT / "infra" / "runbooks"


def _run(*command: object) -> None:
    program = shutil.which(str(command[0]))
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run([program, *map(str, command[1:])], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _alerts() -> list[dict[str, object]]:
    groups = chain.from_iterable(yaml.safe_load(file.read_text())["groups"] for file in RULES)
    return [rule for group in groups for rule in group["rules"] if "alert" in rule]


@pytest.mark.prometheus
def test_the_rules_are_right() -> None:
    _run("promtool", "check", "rules", "--lint=all", "--lint-fatal", *RULES)


@pytest.mark.prometheus
@pytest.mark.parametrize("file", RULE_TESTS, ids=lambda file: file.name)
def test_the_alerts_fire_when_they_should_and_not_before(file: object) -> None:
    _run("promtool", "test", "rules", file)


@pytest.mark.prometheus
def test_alertmanager_takes_its_configuration() -> None:
    _run("amtool", "check-config", PROJECT / "infra" / "alertmanager" / "alertmanager.yml")


def test_every_alert_has_a_test_and_a_runbook_and_every_runbook_an_alert() -> None:
    names = {str(alert["alert"]) for alert in _alerts()}
    tested = set(re.findall(r"alertname: (\w+)", "".join(file.read_text() for file in RULE_TESTS)))
    assert names == tested == {page.stem for page in RUNBOOKS.glob("*.md")}
    for alert in _alerts():
        annotations = alert["annotations"]
        assert isinstance(annotations, dict)
        assert annotations["runbook_url"].endswith(f"/infra/runbooks/{alert['alert']}.md")


def test_every_alert_asks_for_metrics_that_exist() -> None:
    code = "".join(file.text for file in files("services", "shared"))
    asked = set(re.findall(r"doorstroom_\w+", " ".join(str(alert["expr"]) for alert in _alerts())))
    assert [name for name in asked if f'"{name}"' not in code] == []


def test_every_port_of_the_containers_is_on_loopback() -> None:
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_the_metadata_of_this_public_code_is_complete() -> None:
    """The mandatory keys of publiccode.yml 0.7, and the length of its descriptions."""
    metadata = yaml.safe_load((PROJECT / "publiccode.yml").read_text())
    mandatory = {"name", "url", "platforms", "developmentStatus", "softwareType", "description", "legal", "maintenance"}
    assert mandatory | {"publiccodeYmlVersion", "localisation"} <= metadata.keys()
    assert metadata["description"].keys() == {"nl", "en"}
    for text in metadata["description"].values():
        assert len(text["shortDescription"]) <= 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]


def test_every_file_has_a_licence() -> None:
    _run(PROJECT / ".venv" / "bin" / "reuse", "--root", PROJECT, "lint", "--quiet")
