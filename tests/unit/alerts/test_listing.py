"""What the list says of an alert in one line: for how long it lasts, or how long until what is to come."""

from datetime import date
from typing import Any

import pytest

from services.monitor.alerts.life import Kept
from services.monitor.alerts.listing import Entry, rule_of
from services.monitor.alerts.rulebook import rulebook
from shared.calendar import end_of
from tests.unit.alerts.judged import spell
from tests.unit.dossier.given import AcceptedEvent, d, granted, start

STAY = start("P1", "2024-01-10")
TITLE = granted("M1", "2024-01-10", "2024-07-10")


def said(rule: str, threshold: str, day: str, *facts: AcceptedEvent, **closed: Any) -> tuple[str, str]:
    """The line in both languages."""
    found = spell(rule, threshold, *facts)
    assert found is not None
    kept = Kept("", found, "open", end_of(d(day)), 1, **closed)
    why = Entry(kept, rule_of(kept, rulebook()), None, None, None, d(day)).why
    return why.en, why.nl


@pytest.mark.parametrize(
    ("day", "english", "dutch"),
    [
        ("2024-06-19", "Machtiging expires, 21 days to go", "Machtiging loopt af, nog 21 dagen"),
        ("2024-07-08", "Machtiging expires, 2 days to go", "Machtiging loopt af, nog 2 dagen"),
        ("2024-07-09", "Machtiging expires, 1 day to go", "Machtiging loopt af, nog 1 dag"),
    ],
)
def test_a_title_that_runs_out_says_how_many_days_are_left(day: str, english: str, dutch: str) -> None:
    """It said for how long that had been told: 19 days, with two to go."""
    assert said("A02", "21-days", day, STAY, TITLE) == (english, dutch)


def test_a_closed_one_says_how_many_days_were_left() -> None:
    closed = {"closed_on": date(2024, 6, 25), "closed_reason": "requested"}
    assert said("A02", "21-days", "2024-09-01", STAY, TITLE, **closed)[1] == "Machtiging loopt af, nog 15 dagen"
    late = {"closed_on": date(2024, 8, 1), "closed_reason": "late-data"}
    assert said("A02", "21-days", "2024-09-01", STAY, TITLE, **late)[1] == "Machtiging loopt af, nog 0 dagen"


def test_a_birthday_that_is_to_come_is_no_negative_number_of_days() -> None:
    young = start("P1", "2024-01-10", birth_month="2006-09")
    assert said("A07", "90-days", "2024-08-01", young, TITLE) == (
        "Eighteen, 31 days to go",
        "Achttien jaar, nog 31 dagen",
    )


def test_what_lasts_already_says_for_how_long() -> None:
    assert said("A01", "730-days", "2030-01-10", STAY, TITLE)[1].startswith("Lange gesloten periode, 2.192 dagen")
    assert said("A01", "91-days", "2024-04-10", STAY, TITLE) == (
        "Long closure, 91 days",
        "Lange gesloten periode, 91 dagen",
    )
    assert said("A03", "no-title", "2024-07-16", STAY, TITLE) == ("No title, 6 days", "Geen titel, 6 dagen")
