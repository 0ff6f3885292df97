"""How those inside are taught, and how long they are not, counted by hand."""

from datetime import date
from fractions import Fraction
from typing import get_args

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.schooling import TAUGHT
from services.monitor.figures.shown import Shown
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from shared.facts.schooling import EducationChanged
from tests.unit.dossier.given import d, discharged, folded, start, taught
from tests.unit.figures.asked import asked, counts, known, measures

ON = "2025-01-31"


def inside(person: str, since: str, *said: tuple[str, str], until: str | None = None) -> Dossier:
    """Who came on a day, of whom this was said."""
    facts = [start(person, since, person=person)]
    facts += [taught(day, status, person=person) for day, status in said]
    if until:
        facts.append(discharged(person, until, person=person))
    return folded(*facts, person=person)


FOUR = (
    inside("young-person-0001", "2024-12-15", ("2024-12-15", "none"), ("2025-01-06", "inside")),
    inside("young-person-0002", "2023-11-01", ("2023-10-01", "none")),
    inside("young-person-0003", "2025-01-01", ("2025-01-11", "none")),
    inside("young-person-0004", "2025-01-02"),
)
"""The worked example of the definition."""


def test_two_of_four_have_no_schooling_and_of_one_it_is_unknown() -> None:
    found = asked("schooling", FOUR, on=ON)
    assert found.n == 4
    assert counts(found, "taught") == {"inside": 1, "none": 2, "unknown": 1}
    row = measures(found, "without", key=("none",))[None]
    assert (row["n"], row["mean"], row["median"]) == (2, Fraction(477, 2), Fraction(477, 2))
    assert (row["p90"], row["longest"]) == (457, 457)
    assert [case.person for case in found.cases] == ["young-person-0002", "young-person-0003"]


def test_every_status_that_may_be_told_is_counted() -> None:
    assert (*get_args(EducationChanged.model_fields["status"].annotation), "unknown") == TAUGHT.categories


def test_what_is_said_of_a_later_day_does_not_count_yet() -> None:
    assert counts(asked("schooling", FOUR, on="2025-01-05"), "taught") == {"none": 2, "unknown": 2}
    assert counts(asked("schooling", FOUR, on="2025-01-06"), "taught") == {"inside": 1, "none": 1, "unknown": 2}


def test_who_left_is_not_counted_and_who_came_back_is_as_was_said_last() -> None:
    left = inside("young-person-0005", "2024-01-01", ("2024-01-01", "in-school"), until=ON)
    assert asked("schooling", [left], on=ON).n == 0
    back = folded(
        *(start("P1", "2024-01-01"), discharged("P1", "2024-03-01"), start("P2", "2024-06-01")),
        taught("2024-01-05", "none"),
    )
    found = asked("schooling", [back], on="2024-06-11")
    assert counts(found, "taught") == {"none": 1}
    assert measures(found, "without", key=("none",))[None]["longest"] == 10


def test_nobody_without_schooling_has_no_days() -> None:
    found = asked("schooling", FOUR[3:], on=ON)
    row = measures(found, "without", key=("none",))[None]
    assert (row["n"], row["mean"], row["longest"]) == (0, NOT_ESTIMABLE, NOT_ESTIMABLE)


def outside(people: list[Dossier]) -> Shown:
    question = Question(on=d(ON), window=Window(date(2024, 1, 1), date(2025, 1, 1)))
    return published(FIGURES["schooling"], known(*people), question, to=Audience.OUTSIDE)


def group(number: int, status: str, *, first: int) -> list[Dossier]:
    return [
        inside(f"young-person-{one:04d}", "2024-12-01", ("2024-12-11", status)) for one in range(first, first + number)
    ]


def test_outside_the_days_are_shown_where_the_count_is() -> None:
    few = [*group(6, "work", first=300), *group(5, "exempt", first=400)]
    shown = outside([*group(23, "none", first=0), *group(30, "inside", first=100), *few])
    assert shown.table("taught").cell("count").value == 65
    row = shown.table("without")
    assert (row.cell("n", schooling="none").value, row.cell("median", schooling="none").value) == (25, 51)
    assert row.cell("longest", schooling="none").status == "withheld"


def test_outside_the_days_of_a_number_that_is_withheld_for_another_are_withheld() -> None:
    """Three others are told by 43, shown as 45, beside 40: so nothing is shown of the 40."""
    shown = outside([*group(40, "none", first=0), *group(3, "inside", first=100)])
    assert shown.table("taught").cell("count").value == 45
    assert {cell.status for row in shown.table("without").rows for cell in row.cells} == {"withheld"}


def test_outside_it_is_not_told_how_the_others_are_taught() -> None:
    """All kinds, each rounded by itself, are together at least as many as the least of each."""
    taught_in = outside([*group(33, "none", first=0), *group(18, "inside", first=100)]).table("taught")
    kinds = [row for row in taught_in.rows if row.key["schooling"] != "total"]
    assert {cell.status for row in kinds for cell in row.cells} == {"withheld"}


def test_outside_fewer_than_ten_without_schooling_have_no_days() -> None:
    shown = outside([*group(9, "none", first=0), *group(40, "inside", first=100)])
    assert {cell.status for row in shown.table("without").rows for cell in row.cells} <= {"too-small", "withheld"}
