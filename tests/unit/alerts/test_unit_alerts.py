"""Alerts on accommodations, sources and the country: pure functions of stays, register, sources and a date."""

from collections.abc import Iterable
from dataclasses import replace
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


def test_one_of_which_nothing_but_its_name_is_told_is_looked_at_and_nothing_said() -> None:
    assert held("2026-01-01", Landscape((), Register((Accommodation("A", region="JZ24"),), ()), {})) == set()


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


def test_places_of_an_accommodation_that_nobody_registered_are_looked_at_as_well() -> None:
    places = register(places=[("2024-01-01", 8), ("2026-06-01", 0)]).capacities
    landscape = Landscape(stays(("2024-01-01", None, 5)), Register((), places), {})
    assert held("2026-03-03", landscape) == {("A17", "low"), ("A18", "90-days")}


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


def sized(*changes: tuple[str, int, int | None, str], closed_on: str | None = None) -> Landscape:
    """Places of A: from when, how many, in groups of how many, and of which group."""
    capacities = sorted(
        (Capacity("A", group, d(day), count, size, "gesloten", "lta") for day, count, size, group in changes),
        key=lambda one: (one.group, one.from_on),
    )
    one = Accommodation("A", region="JZ24", closed_on=d(closed_on) if closed_on else None)
    return Landscape((), Register((one,), tuple(capacities)), {})


def large(landscape: Landscape) -> list[tuple[str, str | None, str]]:
    """The days of A20, and what it rests on."""
    return [
        (str(one.since), str(one.until) if one.until else None, one.because[0].what)
        for one in unit_spells(landscape, on=ON, rules=rulebook())
        if one.rule == "A20"
    ]


def test_places_in_groups_that_are_not_small_are_told_after_2025() -> None:
    assert large(sized(("2020-01-01", 24, 7, ""))) == [("2026-01-01", None, "24-places-in-groups-of-7")]
    assert large(sized(("2020-01-01", 24, 6, ""))) == []
    assert large(sized(("2020-01-01", 24, None, ""))) == []
    assert large(sized(("2020-01-01", 0, 8, ""))) == []


def test_they_are_told_until_the_groups_are_small_or_the_accommodation_is_closed() -> None:
    smaller = sized(("2020-01-01", 24, 8, ""), ("2026-05-01", 24, 6, ""))
    assert large(smaller) == [("2026-01-01", "2026-05-01", "24-places-in-groups-of-8")]
    assert large(sized(("2020-01-01", 24, 8, ""), closed_on="2026-03-01"))[0][1] == "2026-03-01"
    assert large(sized(("2020-01-01", 24, 8, ""), closed_on="2025-12-31")) == []


def test_while_the_accommodation_was_closed_they_are_not_told_though_it_was_opened_again() -> None:
    landscape = sized(("2020-01-01", 24, 8, ""))
    (one,) = landscape.register.accommodations
    shut = replace(one, shut=((d("2026-02-01"), d("2026-03-01")),))
    found = large(replace(landscape, register=replace(landscape.register, accommodations=(shut,))))
    assert [days[:2] for days in found] == [("2026-01-01", "2026-02-01"), ("2026-03-01", None)]


def test_occupancy_counts_anew_from_the_day_on_which_it_was_opened_again() -> None:
    (one,) = register().accommodations
    shut = replace(register(), accommodations=(replace(one, shut=((d("2024-02-10"), d("2024-02-20")),)),))
    landscape = Landscape(stays(("2024-02-01", None, 6)), shut, {})
    assert held("2024-03-18", landscape) == set()
    assert held("2024-03-19", landscape) == {("A17", "low")}


def test_one_large_group_of_several_is_enough_and_it_is_told_once() -> None:
    both = sized(("2020-01-01", 8, 8, "g1"), ("2020-01-01", 6, 6, "g2"), ("2026-02-01", 9, 9, "g2"))
    assert large(both) == [("2026-01-01", None, "8-places-in-groups-of-8")]
    parted = sized(("2020-01-01", 8, 8, "g1"), ("2026-02-01", 6, 6, "g1"), ("2026-04-01", 9, 9, "g2"))
    assert [one[:2] for one in large(parted)] == [("2026-01-01", "2026-02-01"), ("2026-04-01", None)]
