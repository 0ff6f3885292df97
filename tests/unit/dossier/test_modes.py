"""How a placement is closed over time, and how many days of a closure are closed in each way."""

from datetime import date

from hypothesis import given, settings

from services.monitor.dossier.days import care_days
from services.monitor.dossier.modes import InMode, days_by_mode, modes_of
from services.monitor.dossier.state import Dossier
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import OTHER_SOURCE, d, discharged, folded, mode_changed, start
from tests.unit.dossier.strategies import any_facts

A, B = d("2024-01-01"), d("2025-01-01")


def by_mode(dossier: Dossier, a: date = A, b: date = B) -> dict[str, int]:
    (closure,) = dossier.closures
    return dict(days_by_mode(closure.placements, dossier.course.modes, a=a, b=b))


def test_without_a_change_it_is_closed_as_it_began() -> None:
    found = folded(start("P1", "2024-03-01", closure="besloten"))
    assert modes_of(found.placements[0], found.course.modes) == (InMode("besloten", d("2024-03-01"), None),)


def test_each_change_begins_another_mode_and_the_end_ends_the_last() -> None:
    found = folded(
        *(start("P1", "2024-11-01"), discharged("P1", "2024-12-31")),
        *(mode_changed("P1", "2024-12-21", "open"), mode_changed("P1", "2024-12-01", "hybride")),
    )
    assert modes_of(found.placements[0], found.course.modes) == (
        InMode("gesloten", d("2024-11-01"), d("2024-12-01")),
        InMode("hybride", d("2024-12-01"), d("2024-12-21")),
        InMode("open", d("2024-12-21"), d("2024-12-31")),
    )
    assert by_mode(found) == {"gesloten": 30, "hybride": 20, "open": 10}


def test_only_days_of_the_window_count() -> None:
    found = folded(start("P1", "2024-11-01"), mode_changed("P1", "2025-01-11", "open"))
    assert by_mode(found, d("2024-12-01"), d("2025-01-01")) == {"gesloten": 31, "open": 0}
    assert by_mode(found, d("2025-01-01"), d("2025-02-01")) == {"gesloten": 10, "open": 21}


def test_a_change_of_one_placement_says_nothing_of_another_with_its_name() -> None:
    found = folded(
        start("P1", "2024-03-01", at="A"),
        start("P1", "2024-03-01", at="C", source=OTHER_SOURCE),
        mode_changed("P1", "2024-04-01", "open", source=OTHER_SOURCE),
    )
    modes = {stay.accommodation: modes_of(stay, found.course.modes) for stay in found.placements}
    assert [one.mode for one in modes["A"]] == ["gesloten"]
    assert [one.mode for one in modes["C"]] == ["gesloten", "open"]


def test_a_day_in_two_placements_counts_as_the_one_that_began_first_says() -> None:
    found = folded(
        *(start("P1", "2024-03-01", at="A"), start("P2", "2024-03-06", at="C", closure="open")),
        *(discharged("P1", "2024-03-11"), discharged("P2", "2024-03-21")),
        mode_changed("P1", "2024-03-09", "hybride"),
    )
    assert by_mode(found) == {"gesloten": 8, "hybride": 2, "open": 10}


@settings(deadline=None, max_examples=100)
@given(any_facts)
def test_the_days_of_all_modes_are_the_care_days(facts: list[AcceptedEvent]) -> None:
    dossier = folded(*facts)
    for closure in dossier.closures:
        found = days_by_mode(closure.placements, dossier.course.modes, a=A, b=B)
        assert sum(found.values()) == care_days(closure.placements, A, B)
        for stay in closure.placements:
            spans = modes_of(stay, dossier.course.modes)
            assert [one.until_on for one in spans] == [*(one.from_on for one in spans[1:]), stay.ended_on]
