"""Who could leave and is still inside, counted by hand, and what of it those outside see."""

from datetime import date
from fractions import Fraction
from typing import get_args

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.ready import NEEDED, NOT_READY, READY, UNSAID
from services.monitor.figures.shown import Shown
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from shared.facts.lists import Setting
from tests.unit.dossier.given import d, discharged, folded, moved, ready, start, withdrawn
from tests.unit.figures.asked import asked, counts, known, measures

ON = "2025-01-31"


def inside(person: str, since: str, *said: str, needed: str = "family") -> Dossier:
    """Who came on a day, of whom it was said of these days that they could leave."""
    facts = [start(person, since, person=person)]
    facts += [ready(person, day, person=person, record=f"{person}:{day}", needed=needed) for day in said]
    return folded(*facts, person=person)


MOVED_ON = folded(
    start("P1", "2024-06-01", at="A", person="young-person-0001"),
    ready("P1", "2024-12-01", person="young-person-0001"),
    moved("P1", "2024-12-10", to="B", person="young-person-0001"),
    start("P2", "2024-12-10", at="B", person="young-person-0001"),
    ready("P2", "2024-12-20", needed="open", person="young-person-0001"),
    person="young-person-0001",
)
FOUR = (
    MOVED_ON,
    inside("young-person-0002", "2024-12-15", "2025-01-11"),
    inside("young-person-0003", "2024-12-15", "2025-02-01"),
    inside("young-person-0004", "2025-01-02"),
)
"""The worked example of the definition."""


def test_two_of_four_could_leave_one_for_open_care_and_one_for_a_family() -> None:
    found = asked("ready", FOUR, on=ON)
    assert found.n == 4
    assert counts(found, "ready") == {READY: 2, NOT_READY: 2, "open": 1, "family": 1, UNSAID: 2}
    row = measures(found, "days", key=(READY,))[None]
    assert (row["n"], row["mean"], row["median"]) == (2, Fraction(81, 2), Fraction(81, 2))
    assert (row["p90"], row["longest"]) == (61, 61)
    longest = [measures(found, "days-by-setting", key=(name,))[None]["longest"] for name in ("open", "family", "ggz")]
    assert longest == [61, 20, NOT_ESTIMABLE]
    assert [case.person for case in found.cases] == ["young-person-0001", "young-person-0002"]


def test_every_setting_that_may_be_told_is_counted() -> None:
    assert (*get_args(Setting), UNSAID) == NEEDED.categories


def test_what_is_said_of_a_later_day_does_not_count_yet() -> None:
    assert counts(asked("ready", FOUR, on="2025-01-10"), "ready") == {READY: 1, NOT_READY: 3, "open": 1, UNSAID: 3}
    on_the_day = asked("ready", FOUR, on="2025-01-11")
    assert (counts(on_the_day, "ready")["family"], len(on_the_day.cases)) == (1, 2)
    assert measures(on_the_day, "days-by-setting", key=("family",))[None]["longest"] == 0


def test_a_doorplaatsing_does_not_restart_the_clock_and_what_was_said_last_is_needed() -> None:
    before, between, after = (asked("ready", [MOVED_ON], on=day) for day in ("2024-12-09", "2024-12-19", "2024-12-20"))
    assert [counts(one, "ready").get("family", 0) for one in (before, between, after)] == [1, 1, 0]
    days = [measures(one, "days", key=(READY,))[None]["longest"] for one in (before, between, after)]
    assert days == [8, 18, 19]


def test_who_left_is_not_counted_and_who_came_back_is_not_ready_again() -> None:
    facts = (start("P1", "2024-01-01"), ready("P1", "2024-02-01"), discharged("P1", ON))
    assert asked("ready", [folded(*facts)], on=ON).n == 0
    assert counts(asked("ready", [folded(*facts)], on="2025-01-30"), "ready")[READY] == 1
    back = folded(*facts, start("P2", "2025-03-01"))
    assert counts(asked("ready", [back], on="2025-03-05"), "ready") == {NOT_READY: 1, UNSAID: 1}


def test_an_end_after_the_date_is_not_seen() -> None:
    leaving = folded(start("P1", "2024-01-01"), ready("P1", "2025-01-01"), discharged("P1", "2025-02-10"))
    assert measures(asked("ready", [leaving], on=ON), "days", key=(READY,))[None]["longest"] == 30


def test_a_correction_and_a_withdrawal_count_as_if_nothing_else_was_said() -> None:
    begin, said = start("P1", "2024-01-01"), ready("P1", "2024-03-01")
    earlier = folded(begin, said, ready("P1", "2025-01-21", needed="ambulant", revision=2))
    assert measures(asked("ready", [earlier], on=ON), "days-by-setting", key=("ambulant",))[None]["longest"] == 10
    assert counts(asked("ready", [folded(begin, said, withdrawn(said))], on=ON), "ready")[NOT_READY] == 1


def test_the_parts_of_a_split_add_up_to_the_whole() -> None:
    whole, split = asked("ready", FOUR, on=ON), asked("ready", FOUR, on=ON, split="provider")
    parts = counts(split, "ready")
    for name in (READY, NOT_READY, "open", "family"):
        assert sum(parts.get((provider, name), 0) for provider in ("north", "south", "unknown")) == counts(
            whole, "ready"
        ).get(name, 0)
    assert measures(split, "days", key=("total", READY)) == measures(whole, "days", key=(READY,))


def group(number: int, *said: str, first: int, needed: str = "family") -> list[Dossier]:
    people = range(first, first + number)
    return [inside(f"young-person-{one:04d}", "2024-12-01", *said, needed=needed) for one in people]


def outside(people: list[Dossier], **more: object) -> Shown:
    question = Question(on=d(ON), window=Window(date(2024, 1, 1), date(2025, 1, 1)), **more)  # type: ignore[arg-type]
    return published(FIGURES["ready"], known(*people), question, to=Audience.OUTSIDE)


COUNTRY = [
    *group(23, "2025-01-11", first=0),
    *group(12, "2025-01-21", first=100, needed="open"),
    *group(6, "2025-01-21", first=200, needed="ggz"),
    *group(5, "2025-01-21", first=300, needed="jji"),
    *group(40, first=400),
]


def test_outside_it_is_told_how_many_could_leave_and_their_days_but_no_setting_nor_how_many_could_not() -> None:
    for shown, of in ((outside(COUNTRY), {}), (outside(COUNTRY, split=("area",)), {"area": "total"})):
        assert shown.table("ready").cell("count", **of).value == 85
        kinds = [row for row in shown.table("ready").rows if row.key["needed"] != "total"]
        assert {cell.status for row in kinds for cell in row.cells} == {"withheld"}
        days = shown.table("days")
        assert [days.cell(name, needed=READY, **of).value for name in ("n", "median")] == [45, 15]
        assert days.cell("longest", needed=READY, **of).status == "withheld"
        assert {cell.status for row in shown.table("days-by-setting").rows for cell in row.cells} == {"withheld"}


def test_outside_fewer_than_ten_have_no_days_nor_a_number() -> None:
    shown = outside([*group(9, "2025-01-11", first=0), *group(40, first=200)])
    assert {cell.status for row in shown.table("days").rows for cell in row.cells} == {"too-small"}


def test_outside_the_days_of_a_number_that_is_withheld_for_another_are_withheld() -> None:
    """Three others would follow from 43, shown as 45, beside 40: so nothing is shown of the 40."""
    shown = outside([*group(40, "2025-01-11", first=0), *group(3, first=200)])
    assert shown.table("ready").cell("count").value == 45
    assert {cell.status for row in shown.table("days").rows for cell in row.cells} == {"withheld"}
