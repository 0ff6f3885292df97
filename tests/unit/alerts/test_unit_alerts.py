"""Alerts on accommodations, sources and the country: pure functions of stays, register, sources and a date."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from services.monitor.accommodations import Accommodation, Capacity, Register
from services.monitor.alerts.conditions.units import Landscape, Stay, stays_of, unit_spells
from services.monitor.alerts.rulebook import rulebook
from tests.unit.dossier.given import SOURCE, d, discharged, folded, moved, start

ON = d("2026-03-02")


def register(*, places: Iterable[tuple[str, int]] = (("2024-01-01", 10),), closed_on: str | None = None) -> Register:
    capacities = tuple(Capacity("A", "", d(day), count, None, "gesloten", "regionaal") for day, count in places)
    one = Accommodation("A", region="JZ24", opened_on=d("2024-01-01"), closed_on=d(closed_on) if closed_on else None)
    return Register((one,), capacities)


def stays(*heads: tuple[str, str | None, int], at: str = "A") -> list[Stay]:
    return [Stay(at, SOURCE, d(begin), d(end) if end else None) for begin, end, count in heads for _ in range(count)]


def held(day: str, landscape: Landscape) -> set[tuple[str, str]]:
    """Rule and threshold of what holds on a day."""
    found = unit_spells(landscape, on=d(day), rules=rulebook())
    return {(alert.rule, alert.threshold) for alert in found if alert.holds_on(d(day))}


@pytest.mark.parametrize(("heads", "expected"), [(6, "low"), (7, None), (9, None), (10, "high")])
def test_occupancy_is_told_when_it_was_beyond_its_limits_for_four_weeks(heads: int, expected: str | None) -> None:
    landscape = Landscape(stays(("2024-02-01", None, heads)), register(places=[("2024-02-01", 10)]), {})
    assert held("2024-02-28", landscape) == set()
    assert held("2024-02-29", landscape) == ({("A17", expected)} if expected else set())


def test_one_day_within_the_limits_starts_the_four_weeks_anew() -> None:
    inside = stays(("2024-02-01", None, 6), ("2024-02-20", "2024-02-21", 1))
    landscape = Landscape(inside, register(places=[("2024-02-01", 10)]), {})
    assert held("2024-03-19", landscape) == set()
    assert held("2024-03-20", landscape) == {("A17", "low")}


def test_an_accommodation_without_places_has_no_occupancy() -> None:
    assert held("2026-01-01", Landscape(stays(("2024-02-01", "2024-03-01", 6)), register(places=[]), {})) == set()


def test_places_that_go_are_told_ninety_and_thirty_days_before_while_somebody_lives_there() -> None:
    ends = register(places=[("2024-01-01", 8), ("2026-06-01", 0)])
    landscape = Landscape(stays(("2024-01-01", None, 6), ("2024-01-01", "2026-05-20", 1)), ends, {})
    assert held("2026-03-02", landscape) == set()
    assert held("2026-03-03", landscape) == {("A18", "90-days")}
    assert held("2026-05-02", landscape) == {("A18", "90-days"), ("A18", "30-days")}
    assert held("2026-06-10", landscape) >= {("A18", "30-days")}
    gone = Landscape(stays(("2024-01-01", "2026-05-10", 7)), ends, {})
    assert ("A18", "30-days") in held("2026-05-09", gone)
    assert ("A18", "30-days") not in held("2026-05-10", gone)


def test_an_accommodation_that_closed_with_residents_is_red() -> None:
    landscape = Landscape(stays(("2024-01-01", None, 8)), register(closed_on="2026-03-01"), {})
    assert ("A18", "30-days") in held("2026-03-02", landscape)


def test_a_closure_that_was_called_off_is_no_risk() -> None:
    again = register(places=[("2024-01-01", 8), ("2026-06-01", 0), ("2026-07-01", 8)])
    assert held("2026-05-20", Landscape(stays(("2024-01-01", None, 7)), again, {})) == set()


def _starts(a_month: int, *, first: str = "2022-01-01", months: int = 30) -> list[Stay]:
    days = [d(first) + timedelta(days=30 * month + 1) for month in range(months)]
    return [Stay("B", SOURCE, day, day + timedelta(days=1)) for day in days for _ in range(a_month)]


def test_the_country_is_off_its_path_after_two_quarters_above_it() -> None:
    nothing = Register((), ())
    on_path = Landscape(_starts(75), nothing, {})
    off = Landscape(_starts(110), nothing, {})
    assert held("2023-07-01", on_path) == set()
    assert held("2023-03-31", off) == set()
    assert held("2023-04-01", off) == {("A19", "two-quarters")}
    assert held("2025-07-01", off) == set()


def test_a_source_is_silent_after_seven_and_after_fourteen_days() -> None:
    landscape = Landscape([], Register((), ()), {SOURCE: d("2026-03-01")})
    assert held("2026-03-07", landscape) == set()
    assert held("2026-03-08", landscape) == {("A23", "7-days")}
    assert held("2026-03-15", landscape) == {("A23", "7-days"), ("A23", "14-days")}


def test_a_source_of_which_everything_is_closed_may_be_silent() -> None:
    closed = Landscape(
        stays(("2024-01-01", "2024-02-01", 1)), register(closed_on="2024-03-01"), {SOURCE: d("2024-02-01")}
    )
    assert ("A23", "14-days") not in held("2026-03-02", closed)


def test_the_stays_of_a_landscape_are_the_closed_stays_of_its_dossiers() -> None:
    dossier = folded(
        start("P1", "2024-01-10", at="A"),
        moved("P1", "2024-02-01", to="B"),
        start("P2", "2024-02-01", at="B"),
        discharged("P2", "2024-03-01"),
        start("P3", "2025-01-01", at="A", regime="jji"),
    )
    found = list(stays_of([dossier]))
    assert [(stay.accommodation, stay.started_on, stay.ended_on) for stay in found] == [
        ("A", date(2024, 1, 10), date(2024, 2, 1)),
        ("B", date(2024, 2, 1), date(2024, 3, 1)),
    ]
