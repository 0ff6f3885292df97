"""A14: ready to leave, and still inside."""

import pytest

from services.monitor.alerts.conditions.alert import Alert
from services.monitor.alerts.conditions.judging import long_past, spells
from services.monitor.alerts.rulebook import rulebook
from shared.facts.envelope import AcceptedEvent
from tests.unit.alerts.judged import LINK_DAYS
from tests.unit.dossier.given import d, discharged, folded, moved, ready, start

BEGIN, SAID = start("P1", "2025-01-01"), ready("P1", "2025-03-01")
MOVED = moved("P1", "2025-03-10", to="B"), start("P2", "2025-03-10", at="B")


def found(*facts: AcceptedEvent) -> dict[str, tuple[str, str | None]]:
    """The days of each threshold."""
    return {one.threshold: (str(one.since), str(one.until) if one.until else None) for one in every(*facts)}


def every(*facts: AcceptedEvent) -> list[Alert]:
    return [one for one in spells(folded(*facts), rules=rulebook(), link_days=LINK_DAYS) if one.rule == "A14"]


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
    ],
    ids=("not said", "inside", "left in time", "left a day later", "moved", "said again there", "left before"),
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
