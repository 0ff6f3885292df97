"""The rule file: it is checked at the start, and a change of a rule applies from its date and leaves the past alone."""

import tomllib
from datetime import date
from importlib.resources import files

import pytest

from services.monitor.alerts.conditions.judging import NEEDS, alerts
from services.monitor.alerts.conditions.rules import Rulebook
from services.monitor.alerts.rulebook import RulesBroken, edition, read_rules, rulebook
from shared.calendar import end_of
from tests.unit.alerts.judged import LINK_DAYS
from tests.unit.dossier.given import d, folded, start

FILE = files("services.monitor.alerts").joinpath("rules.toml").read_text()

SHORT = """
catch_up_days = 31
[[rules]]
rule = "A01"
valid_from = 2020-01-01
{until}
about = "person"
owner = "treatment-lead"
meaning = "A closure has lasted so many days."
sources = ["a document"]
name = {{ en = "Long closure", nl = "Lange periode" }}
next_step = {{ en = "Do this.", nl = "Doe dit." }}
thresholds = [{{ key = "{key}", level = "{level}", {says} }}]
"""


def short(*, key: str = "180-days", level: str = "amber", says: str = "days = 180", until: str = "") -> str:
    return SHORT.format(key=key, level=level, says=says, until=until)


def test_every_rule_that_was_asked_for_is_there_and_says_what_it_waits_for() -> None:
    listed = {rule.rule for rule in rulebook().rules}
    assert {f"A{n:02d}" for n in (*range(1, 15), *range(16, 20), *range(21, 27))} <= listed
    waiting = {rule.rule for rule in rulebook().rules if not rule.fed}
    assert waiting == {"A22"}


def test_every_rule_that_facts_feed_has_a_condition() -> None:
    fed = {rule.rule for rule in rulebook().rules if rule.fed}
    assert fed == NEEDS.keys() | {"A17", "A18", "A19", "A20", "A25"}


def test_the_clock_of_a_long_closure_has_the_six_thresholds() -> None:
    (rule,) = rulebook().versions("A01")
    assert [(step.days, step.level) for step in rule.steps] == [
        (91, "info"),
        (183, "amber"),
        (274, "orange"),
        (365, "red"),
        (548, "red"),
        (730, "red"),
    ]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("catch_up_days = 31\n[[rules", "is no TOML"),
        (short(level="purple"), "rules.1.thresholds.1.level"),
        (short(says="days = -1"), "rules.1.thresholds.1.days"),
        (short(says="dayz = 180"), "rules.1.thresholds.1.dayz"),
        (short(says="hours = 180"), "A01: the threshold 180-days must say days"),
        (short(until="valid_until = 2020-01-01"), "valid_until must lie after valid_from"),
        (short().replace('owner = "treatment-lead"', 'owner = "nobody"'), "rules.1.owner"),
        (
            short().replace('"A01"', '"A09"').replace("days = 180", "holds_days = 7"),
            "A09: the parameter again-days is missing",
        ),
        (short() + short(key="2").split("31\n")[1], "two versions hold"),
        (short().replace('"A01"', '"A17"').replace("180-days", "low"), "A17: the threshold low must say percent"),
        (
            short(key="destination-unknown", says="days = 14").replace('"A01"', '"A15"'),
            "A15: the threshold destination-unknown must say holds_days",
        ),
        (
            short(key="destination-unknown", says="holds_days = 365").replace('"A01"', '"A15"'),
            "A15: the threshold destination-unknown must say days",
        ),
        (short().replace('"A01"', '"A10"'), "A10: the threshold 180-days must say holds_days"),
        (
            short(key="12-hours", says="hours = 12").replace('"A01"', '"A21"'),
            "A21: the threshold 12-hours must say holds_days",
        ),
        (
            short().replace("}}]", "").replace("}]", '}, {key = "180-days", level = "red", days = 3}]'),
            "stands there twice",
        ),
        (short().replace("}]", '}, {key = "less", level = "info", days = 3}]'), "in the order of their levels"),
    ],
)
def test_a_rule_file_that_is_not_right_says_where(broken: str, says: str) -> None:
    with pytest.raises(RulesBroken, match=says):
        read_rules(broken)


def test_what_a_rule_says_changes_its_edition() -> None:
    assert edition(read_rules(FILE)) == edition(rulebook())
    assert edition(read_rules(FILE.replace("days = 183", "days = 184"))) != edition(rulebook())
    assert tomllib.loads(FILE)["catch_up_days"] == rulebook().catch_up_days


def _changed() -> Rulebook:
    after = short(key="100-days", says="days = 100", level="red").split("31\n")[1]
    before = short(until="valid_until = 2024-06-01")
    return read_rules(before + after.replace("2020-01-01", "2024-06-01"))


@pytest.mark.parametrize(
    ("began", "day", "expected"),
    [
        ("2023-10-01", date(2024, 5, 31), "180-days"),
        ("2023-10-01", date(2024, 6, 1), "100-days"),
        ("2024-02-01", date(2024, 5, 31), None),
        ("2024-02-01", date(2024, 6, 1), "100-days"),
        ("2024-03-01", date(2024, 6, 8), None),
        ("2024-03-01", date(2024, 6, 9), "100-days"),
    ],
)
def test_a_change_of_a_rule_applies_from_its_date_and_leaves_the_past(
    began: str, day: date, expected: str | None
) -> None:
    found = alerts(folded(start("P1", began)), at=end_of(day), rules=_changed(), link_days=LINK_DAYS)
    assert [alert.threshold for alert in found] == ([expected] if expected else [])


def test_an_alert_that_a_changed_rule_still_tells_goes_on_with_its_new_level() -> None:
    after = short(level="red").split("31\n")[1].replace("2020-01-01", "2024-06-01")
    rules = read_rules(short(until="valid_until = 2024-06-01") + after)
    (found,) = alerts(folded(start("P1", "2023-10-01")), at=end_of(d("2024-07-01")), rules=rules, link_days=LINK_DAYS)
    assert (str(found.since), found.level, found.until) == ("2024-03-29", "red", None)
