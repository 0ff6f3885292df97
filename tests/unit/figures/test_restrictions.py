"""Restrictive measures told of young people, counted by hand, and what of them those outside see."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.restrictions import whole_quarters
from services.monitor.figures.shown import Shown
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from services.monitor.surroundings import Measures, Surroundings
from tests.unit.dossier.given import d, discharged, folded, restricted, start
from tests.unit.figures.asked import REGISTER, asked, counts, known, measures

ON = "2025-01-31"
FIRST_QUARTER = ("2024-01-01", "2024-04-01")


def inside(person: str, *told: dict[str, object], since: str = "2024-01-01", until: str = "2024-03-31") -> Dossier:
    """Who came and left, of whom these measures were told, each in a record of its own."""
    facts = [start(person, since, person=person), discharged(person, until, person=person)]
    for number, one in enumerate(told):
        values = {"quarter": "2024-Q1", "record": f"{person}:{number}", "person": person} | one
        facts.append(restricted(person, **values))  # type: ignore[arg-type]
    return folded(*facts, person=person)


THREE = (
    inside("young-person-0001", {"count": 3, "minutes": 50}, {"count": 1, "minutes": 10, "emergency": True}),
    inside("young-person-0002", {"count": 2, "minutes": 30}),
    inside("young-person-0003"),
)
"""The worked example of the definition."""


def test_of_two_of_three_six_measures_were_told() -> None:
    found = asked("restrictions", THREE, on=ON, window=FIRST_QUARTER)
    assert counts(found, "concerned") == {"some": 2, "none": 1}
    assert measures(found, "measures", key=("some",))[None] == {
        "n": 2,
        "number": 6,
        "per100Days": Fraction(600, 270),
        "careDays": 270,
        "minutes": 90,
        "emergencies": 1,
        "emergencyShare": Fraction(1, 6),
    }
    assert [case.person for case in found.cases] == ["young-person-0001", "young-person-0002"]


def test_a_quarter_that_is_not_over_or_not_wholly_asked_for_does_not_count() -> None:
    for on, window in (("2024-03-31", FIRST_QUARTER), (ON, ("2024-01-02", "2024-06-30"))):
        found = asked("restrictions", THREE, on=on, window=window)
        assert (found.n, counts(found, "concerned"), len(found.cases)) == (0, {}, 0)
        assert measures(found, "measures", key=("some",))[None]["per100Days"] is NOT_ESTIMABLE


def test_what_whole_accommodations_counted_is_told_of_each_and_of_no_part() -> None:
    told = (
        Measures("A", "2024-Q1", "holding", 20, 200, emergency=False),
        Measures("A", "2024-Q1", "seclusion", 7, 700, emergency=True),
        Measures("A", "2024-Q2", "holding", 90, 900, emergency=False),
        Measures("nowhere", "2024-Q1", "holding", 1, 5, emergency=False),
    )
    everything = known(*THREE, register=replace(REGISTER, surroundings=Surroundings(measures=told)))
    found = asked("restrictions", everything, on=ON, window=FIRST_QUARTER)
    assert measures(found, "accommodations")["A"] == {
        "n": 3,
        "number": 27,
        "per100Days": Fraction(2700, 270),
        "careDays": 270,
        "minutes": 900,
        "emergencies": 7,
        "emergencyShare": Fraction(7, 27),
    }
    assert measures(found, "accommodations")["nowhere"]["per100Days"] is NOT_ESTIMABLE
    part = asked("restrictions", everything, on=ON, window=FIRST_QUARTER, where={"area": "zuid-west"})
    assert measures(part, "accommodations") == {}
    question = Question(on=d(ON), window=Window(d("2024-01-01"), d("2025-01-01")))
    shown = published(FIGURES["restrictions"], everything, question, to=Audience.OUTSIDE)
    assert "accommodations" not in {table.name for table in shown.tables}


def test_care_days_are_those_of_the_quarters_that_count() -> None:
    lasting = inside("young-person-0004", {"count": 1}, since="2023-12-01", until="2024-06-01")
    found = asked("restrictions", [lasting], on=ON, window=("2023-12-01", "2024-05-01"))
    assert measures(found, "measures", key=("some",))[None]["careDays"] == 91


def test_of_whom_a_measure_is_told_without_a_care_day_in_the_quarter_is_not_counted() -> None:
    found = asked("restrictions", [inside("young-person-0001", {"quarter": "2024-Q3"})], on=ON)
    assert counts(found, "concerned") == {"none": 1}


@pytest.mark.parametrize(
    ("window", "quarters"),
    [
        (("2024-01-01", "2024-04-01"), ("2024-01-01", "2024-04-01")),
        (("2023-11-15", "2024-08-31"), ("2024-01-01", "2024-07-01")),
        (("2024-02-01", "2024-03-01"), ("2024-04-01", "2024-04-01")),
        (("2024-01-01", "2025-01-01"), ("2024-01-01", "2025-01-01")),
    ],
)
def test_the_quarters_of_a_window_are_those_that_lie_wholly_in_it(
    window: tuple[str, str], quarters: tuple[str, str]
) -> None:
    assert whole_quarters(Window(*map(d, window))) == Window(*map(d, quarters))


MONTHS = [date(year, month, 5) for year in range(2021, 2026) for month in range(1, 13)]


def country(of_each: list[int]) -> list[Dossier]:
    """Fifteen a month for years; of some who came in January 2023 so many measures each were told."""
    found = []
    for place, begun in enumerate(MONTHS):
        for one in range(15):
            told = of_each[one : one + 1] if begun == date(2023, 1, 5) else []
            measured = [{"quarter": "2023-Q2", "count": count} for count in told]
            until = str(begun + timedelta(days=200))
            found.append(inside(f"young-person-{100 * place + one:05d}", *measured, since=str(begun), until=until))
    return found


def outside(people: list[Dossier], **more: object) -> Shown:
    window = Window(date(2023, 1, 1), date(2024, 1, 1))
    question = Question(on=date(2026, 6, 1), window=window, **more)  # type: ignore[arg-type]
    return published(FIGURES["restrictions"], known(*people), question, to=Audience.OUTSIDE)


def row(shown: Shown) -> dict[str, object]:
    table = shown.table("measures")
    names = ("n", "number", "per100Days", "careDays", "minutes", "emergencies", "emergencyShare")
    cells = [table.cell(name, measures="some") for name in names]
    return {
        name: cell.value if cell.status == "rounded" else cell.status for name, cell in zip(names, cells, strict=True)
    }


def test_outside_the_measures_of_ten_or_more_are_shown_rounded_and_no_emergencies() -> None:
    found = row(outside(country([3] * 12)))
    assert (found["n"], found["number"]) == (10, 35)
    assert found["careDays"] % 5 == 0  # type: ignore[operator]
    assert [found[name] for name in ("minutes", "emergencies", "emergencyShare")] == ["withheld"] * 3


def test_outside_measures_that_are_nearly_all_of_one_are_not_shown() -> None:
    found = row(outside(country([1] * 11 + [40])))
    assert (found["n"], found["number"], found["per100Days"]) == (10, "too-small", "too-small")


def test_outside_nothing_is_shown_of_the_measures_of_fewer_than_ten() -> None:
    assert set(row(outside(country([3] * 9))).values()) == {"too-small"}


def test_outside_no_measures_of_groups_are_shown() -> None:
    shown = outside(country([3] * 12), split=("area",))
    assert {cell.status for one in shown.table("measures").rows for cell in one.cells} == {"withheld"}
    part = outside(country([3] * 12), where={"area": "zuid-west"}).table("measures")
    assert part.cell("number", measures="some").status == "withheld"
