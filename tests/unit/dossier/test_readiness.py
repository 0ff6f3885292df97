"""From when on somebody could leave, and what is wrong with what is said of it."""

import pytest

from services.monitor.dossier.readiness import ready_in
from services.monitor.dossier.state import Ready
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import OTHER_SOURCE, SOURCE, codes, d, discharged, folded, moved, ready, start, withdrawn

BEGIN, SAID = start("P1", "2025-01-01"), ready("P1", "2025-03-01")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([BEGIN], []),
        ([BEGIN, SAID], ["2025-03-01"]),
        ([BEGIN, discharged("P1", "2025-04-01"), SAID], ["2025-03-01"]),
        ([BEGIN, SAID, ready("P1", "2025-05-01", revision=2)], ["2025-05-01"]),
        ([BEGIN, SAID, withdrawn(SAID)], []),
        ([BEGIN, ready("P1", "2024-12-01")], ["2025-01-01"]),
        ([start("P1", "2025-01-01", regime="open"), SAID], []),
        ([BEGIN, discharged("P1", "2025-03-01"), SAID], []),
        ([BEGIN, discharged("P1", "2025-02-01"), start("P2", "2025-02-01"), ready("P2", "2025-03-01")], ["2025-03-01"]),
    ],
    ids=(
        "never",
        "said",
        "left",
        "corrected",
        "taken back",
        "before the start",
        "open",
        "over by then",
        "after a restart",
    ),
)
def test_the_day_from_which_somebody_could_leave(facts: list[AcceptedEvent], expected: list[str]) -> None:
    assert [str(one.ready_on) for one in folded(*facts).ready] == expected
    assert folded(*facts).ready == folded(*reversed(facts)).ready


def test_what_should_follow_is_kept() -> None:
    assert folded(BEGIN, ready("P1", "2025-03-01", needed="ambulant")).ready == (
        Ready("P1", SOURCE, d("2025-03-01"), "ambulant"),
    )


def test_two_records_about_one_placement_are_told_and_the_one_recorded_last_counts() -> None:
    again = ready("P1", "2025-02-01", record="again", time=1)
    found = folded(BEGIN, SAID, again)
    assert [str(one.ready_on) for one in found.ready] == ["2025-02-01"]
    assert codes(found) == ["F24"]


RESTARTED = BEGIN, discharged("P1", "2025-02-01"), start("P2", "2025-02-01")


@pytest.mark.parametrize(
    "said",
    [ready("P2", "2025-01-15"), ready("P1", "2025-03-01")],
    ids=["before the restart, of the part after it", "after the restart, of the part before it"],
)
def test_an_administrative_restart_is_one_placement_from_its_first_day_to_its_last(said: AcceptedEvent) -> None:
    assert folded(*RESTARTED, said).ready == (Ready("P1", SOURCE, said.data.ready_on, "family"),)
    assert codes(folded(*RESTARTED, said, ready("P2", "2025-03-02", record="again"))) == ["F20", "F24"]


def test_a_placement_that_nobody_started_is_told_until_somebody_does() -> None:
    [flag] = folded(SAID).flags
    assert (flag.code, flag.about, flag.since_on, flag.source) == ("F4", "P1", d("2025-03-01"), SOURCE)
    assert codes(folded(SAID, BEGIN)) == []


def test_of_two_institutions_that_number_alike_each_speaks_of_its_own() -> None:
    there = start("P1", "2025-02-01", at="B", source=OTHER_SOURCE)
    found = folded(BEGIN, discharged("P1", "2025-01-20"), there, ready("P1", "2025-04-01", source=OTHER_SOURCE))
    assert [(one.source, str(one.ready_on)) for one in found.ready] == [(OTHER_SOURCE, "2025-04-01")]


def test_a_closure_has_what_was_said_of_all_its_placements_and_nothing_of_another_closure() -> None:
    found = folded(
        *(BEGIN, SAID, moved("P1", "2025-03-10", to="B"), start("P2", "2025-03-10", at="B")),
        *(ready("P2", "2025-03-20", needed="open"), discharged("P2", "2025-04-01")),
        *(start("P3", "2025-06-01"), ready("P3", "2025-07-01"), start("P4", "2026-01-01", regime="open")),
    )
    said = [[(str(one.ready_on), one.needed) for one in ready_in(closure, found)] for closure in found.closures]
    assert said == [[("2025-03-01", "family"), ("2025-03-20", "open")], [("2025-07-01", "family")]]
    assert ready_in(folded(BEGIN).closures[0], folded(BEGIN)) == ()
