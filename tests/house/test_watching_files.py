"""What Prometheus and Alertmanager read: right, tested, explained, and about nobody in person."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.monitor.metrics import table
from shared.door import state
from tests.house.source import PROJECT

PROMETHEUS = PROJECT / "infra" / "prometheus"
RULES = sorted((PROMETHEUS / "rules").glob("*.yml"))
RULE_TESTS = sorted((PROMETHEUS / "tests").glob("*.yml"))
RUNBOOKS = PROJECT / "infra" / "runbooks"
ALERTMANAGER = PROJECT / "infra" / "alertmanager" / "alertmanager.yml"

SECTIONS = ["## Meaning", "## Impact", "## Diagnosis", "## Mitigation"]
TEAMS = {"policy", "operations", "engineers"}
SEVERITIES = {"critical", "warning", "info", "none"}
ABOUT = {"figures", "pipeline", "watching"}
LABELS = {
    "area",
    "threshold",
    "title",
    "within",
    "process",
    "code",
    "source",
    "service",
    "class",
    "kind",
    "result",
    "le",
    "job",
    "instance",
    "integration",
    "closure",
    "version",
    "alert",
    "level",
}
"""Every label that an alert may carry: none names a person, a case or a place smaller than an area."""

ADDED_BY_KIND = {
    "gauge": [""],
    "counter": ["_total"],
    "info": ["_info"],
    "histogram": ["_bucket", "_sum", "_count"],
    "gaugehistogram": ["_bucket", "_gsum", "_gcount"],
}


def promtool(program: str, *arguments: object) -> None:
    """Run a program that must be content; skipped by name where it is not installed."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    done = subprocess.run([found, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def minutes(duration: str) -> int:
    """A duration that is written in minutes."""
    return int(duration.removesuffix("m"))


def rules() -> Iterator[dict[str, Any]]:
    """Every rule, recording or alerting."""
    for file in RULES:
        yield from chain.from_iterable(group["rules"] for group in yaml.safe_load(file.read_text())["groups"])


def alerts() -> dict[str, dict[str, Any]]:
    """Every alert by its name; a name stands for one rule."""
    found = [rule for rule in rules() if "alert" in rule]
    assert len(found) == len({rule["alert"] for rule in found})
    return {rule["alert"]: rule for rule in found}


def exported() -> set[str]:
    """The name of every sample that the services export."""
    families = [(one.name, str(one.kind)) for one in (*table.FAMILIES, *state.FAMILIES)]
    return {name + added for name, kind in families for added in ADDED_BY_KIND[kind]}


ALERTS = alerts()


@pytest.mark.prometheus
def test_the_rules_are_right() -> None:
    promtool("promtool", "check", "rules", "--lint=all", "--lint-fatal", *RULES)


@pytest.mark.prometheus
@pytest.mark.parametrize("file", RULE_TESTS, ids=lambda file: file.name)
def test_the_alerts_fire_when_they_should_and_not_before(file: Path) -> None:
    promtool("promtool", "test", "rules", file)


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not(name: str) -> None:
    cases = chain.from_iterable(yaml.safe_load(file.read_text())["tests"] for file in RULE_TESTS)
    expected = [
        bool(one["exp_alerts"]) for case in cases for one in case.get("alert_rule_test", ()) if one["alertname"] == name
    ]
    assert True in expected
    assert False in expected or ALERTS[name]["expr"] == "vector(1)"  # The watchdog fires always.


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_for_whom_it_is_how_bad_and_what_to_do(name: str) -> None:
    rule = ALERTS[name]
    assert rule["labels"].keys() == {"severity", "team", "about"}
    assert rule["labels"]["severity"] in SEVERITIES
    assert rule["labels"]["team"] in TEAMS
    assert rule["labels"]["about"] in ABOUT
    assert rule["annotations"].keys() == {"summary", "description", "runbook_url"}
    assert rule["annotations"]["runbook_url"].endswith(f"/main/infra/runbooks/{name}.md")


def test_every_alert_has_a_runbook_and_every_runbook_an_alert() -> None:
    assert ALERTS.keys() == {page.stem for page in RUNBOOKS.glob("*.md")}


@pytest.mark.parametrize("name", ALERTS)
def test_a_runbook_has_its_four_parts_and_something_to_run(name: str) -> None:
    page = (RUNBOOKS / f"{name}.md").read_text()
    assert [line for line in page.splitlines() if line.startswith("#")] == [f"# {name}", *SECTIONS]
    diagnosis = page.partition("## Diagnosis")[2].partition("## Mitigation")[0]
    assert "```sh\n" in diagnosis


def test_every_rule_asks_for_metrics_that_exist() -> None:
    known = exported() | {rule["record"] for rule in rules() if "record" in rule}
    asked = {name for rule in rules() for name in re.findall(r"[\w:]*doorstroom[\w:]+", str(rule["expr"]))}
    assert asked - known == set()


def test_no_alert_is_about_somebody_in_particular() -> None:
    """Labels and annotations leave by mail: they are counts, by area at the finest."""
    for rule in ALERTS.values():
        grouped = set(re.findall(r"\w+", " ".join(re.findall(r"\b(?:by|on) \(([^)]*)\)", rule["expr"]))))
        shown = set(re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values())))
        assert grouped | shown <= LABELS, rule["alert"]
    assert {label for family in table.FAMILIES for label in family.labels} <= LABELS


def test_no_alert_compares_rare_events_with_a_rate() -> None:
    """increase() loses the first event of a counter and takes a correction for a restart."""
    assert [name for name, rule in ALERTS.items() if re.search(r"\b(increase|i?rate|delta)\(", rule["expr"])] == []


def test_what_is_said_about_young_people_outlives_a_scrape_that_fails() -> None:
    """Without it a monitor that is down would at once send that all is well with them."""
    about = [rule for rule in ALERTS.values() if rule["labels"]["about"] == "figures"]
    assert about
    assert [rule["alert"] for rule in about if "keep_firing_for" not in rule] == []


def test_what_silences_the_figures_is_held_over_a_scrape_that_fails_until_it_fires_again() -> None:
    """Its `for` begins anew after a gap, and in that time what is held back would be sent."""
    inhibited = yaml.safe_load(ALERTMANAGER.read_text())["inhibit_rules"]
    sources = " ".join(
        rule["source_matchers"][0] for rule in inhibited if rule["target_matchers"] == ["about = figures"]
    )
    named = [rule for name, rule in ALERTS.items() if re.search(rf"\b{name}\b", sources)]
    assert len(named) == 5
    short = [rule["alert"] for rule in named if minutes(rule["keep_firing_for"]) <= minutes(rule["for"])]
    assert short == []


@pytest.mark.prometheus
def test_alertmanager_takes_its_configuration() -> None:
    promtool("amtool", "check-config", ALERTMANAGER)


@pytest.mark.prometheus
@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_reaches_those_whom_it_is_for(name: str) -> None:
    labels = ALERTS[name]["labels"]
    on_duty = labels["severity"] == "critical" and "-on-duty"
    receiver = "watchdog" if name == "DoorstroomWatchdog" else labels["team"] + (on_duty or "")
    given = [f"{label}={value}" for label, value in {"alertname": name, **labels}.items()]
    promtool(
        "amtool", "config", "routes", "test", f"--config.file={ALERTMANAGER}", f"--verify.receivers={receiver}", *given
    )


@pytest.mark.prometheus
def test_an_alert_that_says_not_for_whom_it_is_reaches_the_engineers() -> None:
    given = (f"--config.file={ALERTMANAGER}", "--verify.receivers=engineers", "alertname=Another")
    promtool("amtool", "config", "routes", "test", *given)


def test_letters_and_working_hours_follow_the_clock_of_the_netherlands() -> None:
    intervals = yaml.safe_load(ALERTMANAGER.read_text())["time_intervals"]
    assert {one["location"] for interval in intervals for one in interval["time_intervals"]} == {"Europe/Amsterdam"}


def test_nothing_about_figures_is_sent_while_they_may_be_old() -> None:
    inhibited = yaml.safe_load(ALERTMANAGER.read_text())["inhibit_rules"]
    sources = [rule["source_matchers"] for rule in inhibited if rule["target_matchers"] == ["about = figures"]]
    standing = "ProjectionStale|DoorstroomProjectionLagging|DoorstroomProjectionHalted|DoorstroomRelayLagging"
    assert sorted(sources) == [
        ["alertname = DoorstroomServiceDown", "job = monitor"],
        [f'alertname =~ "Doorstroom{standing}"'],
    ]


def test_routes_and_inhibitions_name_alerts_that_exist() -> None:
    """A name that is misspelled in a matcher matches nothing, and nobody notices."""
    written = re.findall(r'alertname =~? "?([^"\]\n\',]+)', ALERTMANAGER.read_text())
    assert written
    assert [one for one in written for part in one.split("|") if not any(re.fullmatch(part, a) for a in ALERTS)] == []


def test_what_silences_the_figures_wakes_somebody() -> None:
    assert {name for name, rule in ALERTS.items() if rule["labels"]["severity"] == "critical"} >= {
        "DoorstroomServiceDown",
        "DoorstroomProjectionStale",
        "DoorstroomProjectionLagging",
        "DoorstroomProjectionHalted",
        "DoorstroomRelayLagging",
    }


def test_both_configurations_of_prometheus_scrape_the_same() -> None:
    def jobs(name: str) -> list[str]:
        return [one["job_name"] for one in yaml.safe_load((PROMETHEUS / name).read_text())["scrape_configs"]]

    assert jobs("local.yml") == jobs("prometheus.yml")
