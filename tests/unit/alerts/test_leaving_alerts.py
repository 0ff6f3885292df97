"""A14: ready to leave, and still inside; A15: gone, and nobody knows what follows."""

import pytest

from services.monitor.alerts.conditions.alert import Alert
from services.monitor.alerts.conditions.judging import long_past, spells
from services.monitor.alerts.rulebook import rulebook
from shared.facts.envelope import AcceptedEvent
from tests.unit.alerts.judged import LINK_DAYS
from tests.unit.dossier.given import d, discharged, folded, moved, ready, start

BEGIN, SAID = start("P1", "2025-01-01"), ready("P1", "2025-03-01")
MOVED = moved("P1", "2025-03-10", to="B"), start("P2", "2025-03-10", at="B")


def found(*facts: AcceptedEvent, rule: str = "A14") -> dict[str, tuple[str, str | None]]:
    """The days of each threshold."""
    return {one.threshold: (str(one.since), str(one.until) if one.until else None) for one in every(*facts, rule=rule)}


def every(*facts: AcceptedEvent, rule: str = "A14") -> list[Alert]:
    return [one for one in spells(folded(*facts), rules=rulebook(), link_days=LINK_DAYS) if one.rule == rule]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([BEGIN], {}),
        ([BEGIN, SAID], {"28-days": ("2025-03-29", None), "56-days": ("2025-04-26", None)}),
        ([BEGIN, SAID, discharged("P1", "2025-03-29")], {}),
        ([BEGIN, SAID, discharged("P1", "2025-03-30")], {"28-days": ("2025-03-29", "2025-03-30")}),
        (
            [BEGIN, SAID, *MOVED],
            {"28-days": ("2025-03-29", None), "56-days": ("2025-04-26", None)},
        ),
        (
            [
                BEGIN,
                SAID,
                *MOVED,
                ready("P2", "2025-05-01"),
            ],
            {"28-days": ("2025-03-29", None), "56-days": ("2025-04-26", None)},
        ),
        ([BEGIN, discharged("P1", "2025-02-01"), start("P2", "2025-02-20", at="B"), SAID], {}),
        ([BEGIN, SAID, discharged("P1", "2025-03-10"), start("P2", "2025-06-01", at="B")], {}),
    ],
    ids=("not said", "inside", "left in time", "left a day later", "moved", "said again there", "left before", "back"),
)
def test_the_days_on_which_it_holds(facts: list[AcceptedEvent], expected: dict[str, tuple[str, str | None]]) -> None:
    assert found(*facts) == expected


def test_it_says_since_when_and_what_it_rests_on() -> None:
    first, _ = every(BEGIN, SAID)
    assert first.counted_from == d("2025-03-01")
    assert [(one.what, one.on) for one in first.because] == [
        ("discharge-ready", d("2025-03-01")),
        ("placement-started", d("2025-01-01")),
    ]


def test_who_left_long_ago_has_none() -> None:
    gone = folded(BEGIN, SAID, discharged("P1", "2025-06-01"))
    assert long_past(gone, on=d("2090-01-01"), rules=rulebook())
    assert not long_past(folded(BEGIN, SAID), on=d("2090-01-01"), rules=rulebook())


NOWHERE = discharged("P1", "2025-06-01", destination="unknown")
NO_HELP = discharged("P1", "2025-06-01", follow_up="none")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([], {}),
        ([discharged("P1", "2025-06-01")], {}),
        ([discharged("P1", "2025-06-01", follow_up="ambulant")], {}),
        ([NO_HELP], {"no-follow-up": ("2025-06-01", "2025-08-31")}),
        ([NOWHERE], {"destination-unknown": ("2025-06-15", "2026-06-01")}),
        ([discharged("P1", "2025-06-01", end_mode="deceased", destination="unknown", follow_up="none")], {}),
        ([NOWHERE, discharged("P1", "2025-06-01", revision=2)], {}),
        ([NO_HELP, start("P2", "2025-07-01", at="B")], {"no-follow-up": ("2025-06-01", "2025-07-01")}),
        ([NO_HELP, start("P2", "2025-07-01", at="B", regime="jji")], {"no-follow-up": ("2025-06-01", "2025-07-01")}),
        ([NOWHERE, start("P2", "2025-06-15", at="B", regime="wvggz")], {}),
        ([NO_HELP, start("P0", "2025-05-01", at="B", regime="jji")], {}),
        ([moved("P1", "2025-06-01")], {}),
    ],
    ids=(
        "inside", "nobody said what follows", "help follows", "no help", "nowhere", "died", "told later", "back inside",
        "in youth custody", "elsewhere in time", "still elsewhere", "moved",
    ),
)  # fmt: skip
def test_the_days_on_which_nothing_is_known_to_follow(
    facts: list[AcceptedEvent], expected: dict[str, tuple[str, str | None]]
) -> None:
    assert found(BEGIN, *facts, rule="A15") == expected


def test_who_came_and_left_on_one_day_is_not_back_by_that() -> None:
    left = discharged("P1", "2025-01-01", follow_up="none")
    assert found(BEGIN, left, rule="A15") == {"no-follow-up": ("2025-01-01", "2025-04-02")}


def test_after_a_chain_of_placements_the_last_end_counts() -> None:
    end = discharged("P2", "2025-06-01", follow_up="none")
    first = every(BEGIN, *MOVED, end, rule="A15")[0]
    assert (first.case.about.split()[0], first.case.accommodation, first.counted_from) == ("P1", "B", d("2025-06-01"))
