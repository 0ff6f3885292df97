"""Alerts on accommodations of which many restrictive measures were told over a quarter, A21, counted by hand."""

from collections.abc import Mapping
from datetime import date

import pytest

from services.monitor.accommodations import Accommodation, Register
from services.monitor.alerts.conditions.alert import Alert
from services.monitor.alerts.conditions.measures import Told, measured_since, told_over
from services.monitor.alerts.conditions.units import Landscape, unit_spells
from services.monitor.alerts.rulebook import rulebook
from services.monitor.dossier.spells import Spells
from services.monitor.dossier.state import Dossier
from services.monitor.surroundings import Measures, Surroundings
from tests.unit.dossier.given import d, discharged, folded, moved, restricted, start
from tests.unit.figures.asked import asked, known, measures

QUARTER = "2027-Q1"
"""It has 90 days."""
SETTLED = "2027-05-01"
"""Thirty days after 1 April."""


def people(at: str, number: int, *, begin: str = "2026-12-01") -> list[Dossier]:
    """So many are inside through all of the quarter: 90 care days each."""
    names = [f"young-person-{at.lower()}-{one:04d}" for one in range(number)]
    return [folded(start(f"{name}-1", begin, at=at, person=name), person=name) for name in names]


def register(counted: Mapping[str, int], *, quarter: str = QUARTER) -> Register:
    """What whole accommodations counted over the quarter; A is in a region."""
    told = tuple(Measures(at, quarter, "holding", count, 10 * count, False) for at, count in counted.items())
    return Register((Accommodation("A", region="JZ24"),), (), surroundings=Surroundings(measures=told))


def above(landscape: Landscape, *, on: str = SETTLED) -> list[Alert]:
    """The alerts A21 as they are on a date."""
    return [one for one in unit_spells(landscape, on=d(on), rules=rulebook()) if one.rule == "A21"]


def where(lately: list[Dossier], counted: Mapping[str, int], *, on: str = SETTLED) -> list[str]:
    """The cases of these alerts."""
    return [one.case.about for one in above(Landscape((), register(counted), {}, lately=lately), on=on)]


ONE_AND_NINE = [*people("A", 1), *people("B", 9)]


def test_fourteen_where_five_are_expected_are_more_than_chance_gives_and_thirteen_are_not() -> None:
    """50 measures over 900 care days are 5 in 90. Of 5 expected 14 or more have a chance of 0.0007, 13 of 0.0020."""
    assert where(ONE_AND_NINE, {"A": 14, "B": 36}) == ["A 2027-Q1"]
    assert where(ONE_AND_NINE, {"A": 13, "B": 37}) == []


def test_it_is_told_from_thirty_days_after_the_quarter_for_ninety_one_days() -> None:
    landscape = Landscape((), register({"A": 14, "B": 36}), {}, lately=ONE_AND_NINE)
    assert above(landscape, on="2027-04-30") == []
    (found,) = above(landscape)
    assert (found.threshold, found.level, found.case.region, found.case.accommodation) == (
        "above-limits",
        "amber",
        "JZ24",
        "A",
    )
    assert (str(found.since), str(found.until), found.ended) == (SETTLED, "2027-07-31", "time-passed")
    assert found.counted_from == date(2027, 4, 1)
    assert above(landscape, on="2028-01-29") == [found]


def test_what_is_expected_is_told_only_where_three_others_told_something() -> None:
    """With C 55 measures over 990 care days, with D 60 over 1,080: 5 are expected in 90."""
    three = [*ONE_AND_NINE, *people("C", 1)]
    (few,) = above(Landscape((), register({"A": 14, "B": 36, "C": 5}), {}, lately=three))
    assert [one.what for one in few.because] == ["14-measures-in-90-care-days"]
    more = [*three, *people("D", 1)]
    (found,) = above(Landscape((), register({"A": 14, "B": 36, "C": 5, "D": 5}), {}, lately=more))
    assert [one.what for one in found.because] == ["14-measures-in-90-care-days", "5-expected"]
    assert {(one.on, one.about) for one in found.because} == {(date(2027, 3, 31), "A")}


def test_those_that_told_nothing_make_nothing_more_or_less_expected() -> None:
    silent = people("C", 30)
    assert where([*ONE_AND_NINE, *silent], {"A": 13, "B": 37}) == []
    assert where([*ONE_AND_NINE, *silent], {"A": 13, "B": 37, "C": 0}) == ["A 2027-Q1", "B 2027-Q1"]


def test_one_that_alone_tells_something_is_not_held_against_itself() -> None:
    assert where([*people("A", 1), *people("B", 9)], {"A": 500}) == []


def test_with_few_care_days_it_is_the_limit_that_is_wide() -> None:
    """A week of one young person, where 0.5 is expected: 4 and more have a chance of 0.0018, 5 and more of 0.0002."""
    name = "young-person-a-0001"
    week = folded(start("P1", "2027-03-01", person=name), discharged("P1", "2027-03-10", person=name), person=name)
    assert where([week, *people("B", 9)], {"A": 4, "B": 41}) == []
    assert where([week, *people("B", 9)], {"A": 5, "B": 40}) == ["A 2027-Q1"]


def test_without_a_care_day_measures_count_for_nothing() -> None:
    """With those of C there would be more expected at A as well."""
    later = people("C", 2, begin="2027-04-01")
    assert where([*ONE_AND_NINE, *later], {"A": 14, "B": 36, "C": 900}) == ["A 2027-Q1"]


def test_measures_told_of_young_people_and_of_the_whole_accommodation_count_together() -> None:
    name = "young-person-a-0001"
    own = folded(
        start("P1", "2026-12-01", person=name),
        restricted("P1", QUARTER, count=8, person=name),
        restricted("P1", "2026-Q4", count=90, person=name),
        person=name,
    )
    told = told_over(QUARTER, Spells([own, *people("B", 9)]), register({"A": 6, "B": 36}))
    assert told == {"A": Told(14, 90), "B": Told(36, 810)}
    assert where([own, *people("B", 9)], {"A": 6, "B": 36}) == ["A 2027-Q1"]


def test_of_who_moved_measures_and_days_are_of_the_place_of_each_placement() -> None:
    name = "young-person-m-0001"
    went = folded(
        start("P1", "2027-01-01", at="A", person=name),
        moved("P1", "2027-02-01", to="B", person=name),
        start("P2", "2027-02-01", at="B", person=name),
        restricted("P1", QUARTER, count=3, person=name),
        restricted("P2", QUARTER, count=4, person=name),
        person=name,
    )
    assert told_over(QUARTER, Spells([went]), register({})) == {"A": Told(3, 31), "B": Told(4, 59)}


def test_a_day_in_two_placements_at_once_is_one_care_day() -> None:
    name = "young-person-t-0001"
    twice = folded(
        start("P1", "2027-01-01", at="A", person=name),
        moved("P1", "2027-02-01", to="B", person=name),
        start("P2", "2027-01-22", at="B", arrives_from="P1", person=name),
        person=name,
    )
    found = told_over(QUARTER, Spells([twice]), register({"A": 1, "B": 1}))
    assert sum(one.care_days for one in found.values()) == 90


def test_it_counts_what_the_figure_counts() -> None:
    name = "young-person-a-0009"
    own = folded(
        start("P1", "2027-01-11", at="A", person=name), restricted("P1", QUARTER, count=8, person=name), person=name
    )
    lately, around = [own, *ONE_AND_NINE], register({"A": 6, "B": 36})
    told = told_over(QUARTER, Spells(lately), around)
    found = asked("restrictions", known(*lately, register=around), on="2027-05-01", window=("2027-01-01", "2027-04-01"))
    of_persons = measures(found, "measures", key=("some",))[None]
    of_all = measures(found, "accommodations")
    assert sum(one.number for one in told.values()) == 8 + 6 + 36
    assert of_persons["number"] == 8
    assert {at: row["number"] for at, row in of_all.items()} == {"A": 6, "B": 36}
    assert {at: row["careDays"] for at, row in of_all.items()} == {at: one.care_days for at, one in told.items()}
    assert sum(one.care_days for one in told.values()) == of_persons["careDays"] == 11 * 90 - 10


@pytest.mark.parametrize(
    ("quarter", "days"),
    [("2026-Q2", None), ("2026-Q3", ("2026-11-30", "2027-01-30")), (QUARTER, (SETTLED, "2027-07-31"))],
)
def test_before_the_rule_said_so_nobody_was_told(quarter: str, days: tuple[str, str] | None) -> None:
    lately = [*people("A", 1, begin="2026-03-01"), *people("B", 9, begin="2026-03-01")]
    landscape = Landscape((), register({"A": 14, "B": 36}, quarter=quarter), {}, lately=lately)
    assert [(str(one.since), str(one.until)) for one in above(landscape)] == ([days] if days else [])


@pytest.mark.parametrize(
    ("on", "first"),
    [
        ("2026-10-30", None),
        ("2026-10-31", "2026-07-01"),
        ("2027-01-30", "2026-07-01"),
        ("2027-10-30", "2026-07-01"),
        ("2027-10-31", "2026-10-01"),
    ],
)
def test_who_was_inside_in_the_quarters_of_a_year_is_looked_at(on: str, first: str | None) -> None:
    assert measured_since(rulebook(), on=d(on)) == (d(first) if first else None)
