"""Which share of the care days came after somebody could leave, counted by hand, and what those outside see of it."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.days import open_on
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.ready import NOT_READY, READY
from services.monitor.figures.shown import Shown
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import d, discharged, folded, moved, ready, start
from tests.unit.dossier.strategies import any_facts
from tests.unit.figures.asked import THREE, YEAR_2024, asked, counts, known, measures

ON = "2025-01-31"
WAITED = folded(
    *(start("P1", "2024-11-01", at="A"), ready("P1", "2024-12-01"), moved("P1", "2024-12-11", to="B")),
    *(start("P2", "2024-12-13", at="B"), discharged("P2", "2024-12-31")),
)
TEN_DAYS = folded(
    start("P3", "2024-05-01", person="young-person-0002"),
    discharged("P3", "2024-05-11", person="young-person-0002"),
    person="young-person-0002",
)
"""Both together the worked example of the definition."""


def test_twenty_eight_of_fifty_eight_days_came_after_the_young_person_could_leave() -> None:
    found = asked("ready-days", [WAITED], on=ON, window=YEAR_2024)
    row = measures(found, "all")[None]
    assert (row["n"], row["careDays"], row["readyDays"], row["share"]) == (1, 58, 28, Fraction(28, 58))
    both = asked("ready-days", [WAITED, TEN_DAYS], on=ON, window=YEAR_2024)
    assert measures(both, "all")[None]["share"] == Fraction(28, 68)
    assert counts(both, "closures") == {READY: 1, NOT_READY: 1}
    assert [measures(both, "days", key=(kind,))[None]["careDays"] for kind in (READY, NOT_READY)] == [58, 10]
    assert [case.person for case in both.cases] == [WAITED.person]


def test_only_days_of_the_window_before_the_date_count() -> None:
    december = asked("ready-days", [WAITED], on="2024-12-21", window=("2024-12-06", "2025-01-01"))
    row = measures(december, "all")[None]
    assert (row["careDays"], row["readyDays"]) == (13, 13)
    before = asked("ready-days", [WAITED], on="2024-12-01", window=YEAR_2024)
    assert (counts(before, "closures"), measures(before, "all")[None]["share"]) == ({NOT_READY: 1}, 0)
    assert len(before.cases) == 0


def test_from_the_day_itself_on_it_is_waiting() -> None:
    on_the_day = asked("ready-days", [WAITED], on="2024-12-02", window=YEAR_2024)
    assert measures(on_the_day, "all")[None]["readyDays"] == 1


def test_a_day_in_two_placements_counts_once() -> None:
    twice = folded(
        *(start("P1", "2024-03-01", at="A"), ready("P1", "2024-03-06"), discharged("P1", "2024-03-11")),
        *(start("P2", "2024-03-06", at="B"), discharged("P2", "2024-03-21")),
    )
    row = measures(asked("ready-days", [twice], on=ON, window=YEAR_2024), "all")[None]
    assert (row["careDays"], row["readyDays"]) == (20, 15)


def test_who_could_leave_only_in_a_gap_between_two_placements_has_no_such_day() -> None:
    found = asked("ready-days", [WAITED], on="2024-12-13", window=("2024-12-11", "2024-12-13"))
    assert (found.n, measures(found, "all")[None]["share"]) == (0, NOT_ESTIMABLE)


def test_its_days_are_the_care_days_and_those_of_the_parts_add_up() -> None:
    people = [*THREE, WAITED, TEN_DAYS]
    found = asked("ready-days", people, on=ON, window=YEAR_2024, split="area")
    care = measures(asked("care-days", people, on=ON, window=YEAR_2024), "care-days")[None]["careDays"]
    whole = measures(found, "all")[None]
    assert whole["careDays"] == care
    kinds = [measures(found, "days", key=("total", kind))[None] for kind in (READY, NOT_READY)]
    areas = [measures(found, "all", key=(area,))[None] for area in ("noord", "oost", "noord-west", "zuid-west", "zuid")]
    for name in ("careDays", "readyDays", "n"):
        assert sum(one[name] for one in kinds) == sum(one[name] for one in areas) == whole[name]


@settings(deadline=None, max_examples=60)
@given(any_facts)
def test_they_are_the_days_inside_on_or_after_the_first_that_was_said(facts: list[AcceptedEvent]) -> None:
    dossier = folded(*facts)
    found = measures(asked("ready-days", [dossier], on="2025-12-01", window=("2024-01-01", "2025-11-01")), "all")[None]
    expected = 0
    for closure in dossier.closures:
        said = [one.ready_on for one in dossier.ready if any(_is_of(one.ready_on, stay) for stay in closure.placements)]
        for number in range((date(2025, 11, 1) - min(said, default=date(2025, 11, 1))).days):
            expected += any(open_on(stay, min(said) + timedelta(number)) for stay in closure.placements)
    assert found["readyDays"] == expected


def _is_of(day: date, stay: object) -> bool:
    return open_on(stay, day)  # type: ignore[arg-type]


MONTHS = [date(year, month, 5) for year in range(2021, 2026) for month in range(1, 13)]


def country(waiting: list[int]) -> list[Dossier]:
    """Fifteen a month for years; some of those who came in January 2023 could leave so many days before they left."""
    found = []
    for place, begun in enumerate(MONTHS):
        for one in range(15):
            person, left = f"young-person-{100 * place + one:05d}", begun + timedelta(days=200)
            facts = [start(person, str(begun), person=person), discharged(person, str(left), person=person)]
            if begun == date(2023, 1, 5) and one < len(waiting):
                facts.append(ready(person, str(left - timedelta(days=waiting[one])), person=person))
            found.append(folded(*facts, person=person))
    return found


def outside(people: list[Dossier], **more: object) -> Shown:
    window = Window(date(2023, 1, 1), date(2024, 1, 1))
    question = Question(on=d("2026-06-01"), window=window, **more)  # type: ignore[arg-type]
    return published(FIGURES["ready-days"], known(*people), question, to=Audience.OUTSIDE)


def test_outside_the_share_is_shown_that_no_closure_has_most_of() -> None:
    shown = outside(country([103] * 12)).table("all")
    days, ready_share = shown.cell("careDays").value, shown.cell("share").value
    assert shown.cell("readyDays").value == 1235
    assert isinstance(days, int)
    assert ready_share == round(Fraction(1235, days), 2)


def test_outside_ready_days_that_are_nearly_all_of_one_are_not_shown() -> None:
    shown = outside(country([1] * 11 + [150])).table("all")
    assert (shown.cell("careDays").status, shown.cell("n").status) == ("rounded", "rounded")
    assert (shown.cell("readyDays").status, shown.cell("share").status) == ("too-small", "too-small")


def test_outside_nothing_is_shown_of_kinds_and_of_a_part_only_how_many_there_are() -> None:
    people = country([100] * 12)
    for shown in (outside(people), outside(people, split=("area",)), outside(people, where={"area": "zuid-west"})):
        kinds = [row for row in shown.table("closures").rows if row.key["ready"] != "total"]
        for row in (*kinds, *shown.table("days").rows):
            assert {cell.status for cell in row.cells} == {"withheld"}
    for shown in (outside(people, split=("area",)), outside(people, where={"area": "zuid-west"})):
        assert {cell.status for row in shown.table("all").rows for cell in row.cells} == {"withheld"}
    assert outside(people, split=("area",)).table("closures").cell("count").status == "rounded"
