"""In which way care days were closed, counted by hand, and what of it those outside see."""

from datetime import date, timedelta
from fractions import Fraction
from typing import get_args

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.closure_mode import MODES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import Shown
from shared.facts.lists import Closure
from tests.unit.dossier.given import discharged, folded, mode_changed, start
from tests.unit.figures.asked import THREE, YEAR_2024, asked, counts, known, measures

ON = "2025-01-31"
SOFTENED = folded(
    *(start("P1", "2024-11-01"), discharged("P1", "2024-12-31")),
    *(mode_changed("P1", "2024-12-01", "hybride"), mode_changed("P1", "2024-12-21", "open")),
)
"""The worked example of the definition."""


def test_half_of_sixty_days_are_gesloten() -> None:
    found = asked("closure-mode", [SOFTENED], on=ON, window=YEAR_2024)
    row = measures(found, "modes")[None]
    assert (row["n"], row["careDays"], row["share"]) == (1, 60, Fraction(1, 2))
    assert [row[mode] for mode in ("gesloten", "besloten", "hybride", "open")] == [30, 0, 20, 10]
    assert counts(found, "closed") == {"not-every-day": 1}
    assert [case.person for case in found.cases] == [SOFTENED.person]


def test_before_the_first_change_it_is_gesloten_every_day() -> None:
    found = asked("closure-mode", [SOFTENED], on="2024-12-01", window=YEAR_2024)
    assert measures(found, "modes")[None]["share"] == 1
    assert (counts(found, "closed"), len(found.cases)) == ({"every-day": 1}, 0)


def test_a_restart_in_another_way_changes_the_days_from_then_on() -> None:
    restarted = start("P1", "2024-11-01"), discharged("P1", "2024-12-01"), start("P2", "2024-12-01", closure="open")
    found = asked("closure-mode", [folded(*restarted, discharged("P2", "2024-12-11"))], on=ON, window=YEAR_2024)
    row = measures(found, "modes")[None]
    assert (row["gesloten"], row["open"], row["careDays"]) == (30, 10, 40)


def test_every_mode_that_may_be_told_is_counted() -> None:
    assert get_args(Closure) == MODES


def test_its_days_are_the_care_days_and_those_of_both_kinds_together() -> None:
    people = [*THREE, SOFTENED]
    found = asked("closure-mode", people, on=ON, window=YEAR_2024)
    care = measures(asked("care-days", people, on=ON, window=YEAR_2024), "care-days")[None]["careDays"]
    assert (found.n, measures(found, "modes")[None]["careDays"]) == (5, care)
    every, other = (measures(found, "days", key=(kind,))[None] for kind in ("every-day", "not-every-day"))
    assert (every["n"], every["careDays"], every["gesloten"], every["share"]) == (4, 673, 673, 1)
    assert (other["n"], other["careDays"], other["gesloten"], other["share"]) == (1, 60, 30, Fraction(1, 2))


MONTHS = [date(year, month, 5) for year in range(2021, 2026) for month in range(1, 13)]


def country(others: int) -> list[Dossier]:
    """Fifteen a month for years, of whom so many of those who came in January 2023 were in a hybride group later."""
    found = []
    for place, begun in enumerate(MONTHS):
        for one in range(15):
            person = f"young-person-{100 * place + one:05d}"
            facts = [start(person, str(begun), person=person)]
            facts.append(discharged(person, str(begun + timedelta(days=200)), person=person))
            if begun == date(2023, 1, 5) and one < others:
                facts.append(mode_changed(person, str(begun + timedelta(days=100)), "hybride", person=person))
            found.append(folded(*facts, person=person))
    return found


YEAR_2023 = Window(date(2023, 1, 1), date(2024, 1, 1))


def measures_inside(people: list[Dossier]) -> dict[str, object]:
    found = asked("closure-mode", people, on="2026-06-01", window=("2023-01-01", "2024-01-01"))
    return measures(found, "all")[None]


def outside(people: list[Dossier], **more: object) -> Shown:
    question = Question(on=date(2026, 6, 1), window=YEAR_2023, **more)  # type: ignore[arg-type]
    return published(FIGURES["closure-mode"], known(*people), question, to=Audience.OUTSIDE)


def test_outside_the_share_that_is_not_gesloten_is_shown_of_the_whole_country() -> None:
    days = outside(country(12)).table("all")
    assert (days.cell("otherDays").value, days.cell("otherShare").status) == (1200, "rounded")
    assert days.cell("careDays").value == measures_inside(country(12))["careDays"]


def test_outside_the_days_of_fewer_than_ten_are_not_shown() -> None:
    days = outside(country(9)).table("all")
    assert {days.cell(name).status for name in ("otherDays", "otherShare")} == {"too-small"}


def test_outside_it_is_not_told_of_how_many_every_day_was_gesloten() -> None:
    """42 were there (40), some came (too few), and 33 and 18 (35 and 20) are at least 51: so 9 would have come."""
    shown = outside(country(12))
    assert shown.table("closed").cell("count").status == "rounded"
    for name in ("closed", "days"):
        kinds = [row for row in shown.table(name).rows if row.key["gesloten"] != "total"]
        assert {cell.status for row in kinds for cell in row.cells} == {"withheld"}


def test_outside_no_days_of_groups_are_shown() -> None:
    days = outside(country(12), split=("area",)).table("all")
    assert {cell.status for row in days.rows for cell in row.cells} == {"withheld"}


def test_outside_no_days_by_mode_are_shown() -> None:
    modes = outside(country(12)).table("modes")
    assert {cell.status for row in modes.rows for cell in row.cells} == {"withheld"}
