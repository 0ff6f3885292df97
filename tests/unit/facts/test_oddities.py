"""What a fact shows to be odd by itself: the receipt warns of exactly what the fold flags."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.monitor.dossier.fold import fold
from services.monitor.dossier.rules import Rules
from shared.facts.envelope import AcceptedEvent
from shared.facts.oddities import odd
from tests.unit.dossier.given import PERSON, d, granted, start

SHOWN = {"F8", "F9", "F11", "F15", "F16"}
EVEN = datetime(2025, 1, 1, 12, tzinfo=UTC)


def recorded(event: AcceptedEvent, *, days: int) -> AcceptedEvent:
    """The same, recorded so many days after the first of January 2025."""
    return event.model_copy(update={"time": EVEN + timedelta(days=days)})


CASES: dict[str, tuple[AcceptedEvent, list[tuple[str, str]]]] = {
    "a year": (granted("M", "2025-01-01", "2026-01-01"), []),
    "a year and a day": (granted("M", "2025-01-01", "2026-01-02"), [("F8", "/data/valid_until")]),
    "four weeks": (granted("M", "2025-01-01", "2025-01-29", kind="spoed"), []),
    "four weeks and a day": (granted("M", "2025-01-01", "2025-01-30", kind="spoed"), [("F8", "/data/valid_until")]),
    "half a year": (granted("M", "2025-01-01", "2025-07-01", kind="voorwaardelijk"), []),
    "more than that": (granted("M", "2025-01-01", "2025-07-02", kind="voorwaardelijk"), [("F8", "/data/valid_until")]),
    "extended": (granted("M", "2025-01-01", "2026-01-01", kind="voorwaardelijk", extends="L"), []),
    "granted later": (granted("M", "2025-01-01", "2025-02-01", granted_on="2025-01-02"), [("F9", "/data/granted_on")]),
    "twelve": (start("P", "2025-01-31", birth_month="2013-01"), []),
    "not twelve": (start("P", "2025-01-01", birth_month="2013-02"), [("F11", "/data/birth_month")]),
    "perhaps not eighteen": (start("P", "2025-01-01", birth_month="2007-01"), []),
    "eighteen": (start("P", "2025-01-01", birth_month="2006-12"), [("F11", "/data/birth_month")]),
    "open and eighteen": (start("P", "2025-01-01", birth_month="2000-01", regime="open"), []),
    "90 days later": (recorded(start("P", "2025-01-01"), days=90), []),
    "91 days later": (recorded(start("P", "2025-01-01"), days=91), [("F15", "/data/started_on")]),
    "to the day": (start("P", "2025-01-01", precision="day"), []),
    "to the month": (start("P", "2025-01-01", precision="month"), [("F16", "/precision")]),
    "all at once": (
        recorded(granted("M", "2025-01-01", "2026-01-02", granted_on="2025-01-05", precision="year"), days=200),
        [("F8", "/data/valid_until"), ("F9", "/data/granted_on"), ("F15", "/data/granted_on"), ("F16", "/precision")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_receipt_warns_of_what_the_fact_shows(name: str) -> None:
    event, expected = CASES[name]
    assert [(warning.code, warning.pointer) for warning in odd(event)] == expected


@pytest.mark.parametrize("name", CASES)
def test_the_fold_flags_the_same(name: str) -> None:
    event, expected = CASES[name]
    found = {flag.code for flag in fold(PERSON, [event], rules=Rules()).flags}
    assert found & SHOWN == {code for code, _ in expected}


def test_midnight_is_that_of_amsterdam() -> None:
    """23:30 in UTC on the 90th day is the 91st in Amsterdam."""
    late: Any = start("P", "2025-01-01").model_copy(update={"time": datetime(2025, 4, 1, 23, 30, tzinfo=UTC)})
    assert (late.time.date() - d("2025-01-01")).days == 90
    assert [warning.code for warning in odd(late)] == ["F15"]
