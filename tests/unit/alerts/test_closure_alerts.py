"""Alerts on a closure: each holds from its day on and not the day before; a doorplaatsing never restarts a clock."""

import pytest

from tests.unit.alerts.judged import plus, span, spells_of, threshold
from tests.unit.dossier.given import discharged, granted, moved, start, withdrawn

BEGAN = "2024-01-10"
STAY = start("P1", BEGAN)
TITLE = granted("M1", BEGAN, "2030-01-01")


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (90, None),
        (91, "91-days"),
        (182, "91-days"),
        (183, "183-days"),
        (273, "183-days"),
        (274, "274-days"),
        (364, "274-days"),
        (365, "365-days"),
        (547, "365-days"),
        (548, "548-days"),
        (729, "548-days"),
        (730, "730-days"),
    ],
)
def test_a_long_closure_passes_each_threshold_on_its_day(days: int, expected: str | None) -> None:
    assert threshold("A01", plus(BEGAN, days), STAY, TITLE) == expected


def test_a_doorplaatsing_does_not_restart_the_clock_of_a_long_closure() -> None:
    facts = (STAY, moved("P1", "2024-05-01", to="B"), start("P2", "2024-05-03", at="B"))
    assert threshold("A01", plus(BEGAN, 183), *facts) == "183-days"


def test_in_a_move_the_closure_stays_on_the_list_while_an_arrival_would_continue_it() -> None:
    facts = (STAY, moved("P1", "2024-06-01", to="B"))
    assert threshold("A01", "2024-06-08", *facts) == "91-days"
    assert threshold("A01", "2024-06-09", *facts) is None


def test_a_discharge_ends_it_on_its_day_whenever_it_is_reported() -> None:
    facts = (STAY, discharged("P1", "2024-06-01"))
    assert span("A01", "91-days", *facts) == ("2024-04-10", "2024-06-01", "discharged")
    assert threshold("A01", "2024-05-31", *facts) == "91-days"
    assert threshold("A01", "2024-06-01", *facts) is None


def test_what_ended_before_a_threshold_never_reaches_it() -> None:
    assert span("A01", "91-days", STAY, discharged("P1", "2024-04-10")) is None
    assert span("A01", "91-days", STAY, discharged("P1", "2024-04-11")) == ("2024-04-10", "2024-04-11", "discharged")


def test_a_correction_of_the_start_moves_the_first_day() -> None:
    corrected = start("P1", "2024-02-10", revision=2)
    assert span("A01", "91-days", STAY, corrected) == ("2024-05-11", None, None)
    assert span("A01", "91-days", STAY, withdrawn(STAY)) is None


def test_a_stay_under_another_law_is_no_closure() -> None:
    assert threshold("A01", plus(BEGAN, 400), start("P1", BEGAN, regime="jji")) is None


def test_eighteen_counts_down_to_the_first_of_the_month_and_on_from_the_first_of_the_next() -> None:
    stay = start("P1", BEGAN, birth_month="2007-03")
    assert threshold("A07", "2024-09-01", stay, TITLE) is None
    assert threshold("A07", "2024-09-02", stay, TITLE) == "180-days"
    assert threshold("A07", "2024-12-01", stay, TITLE) == "90-days"
    assert threshold("A07", "2025-07-31", stay, TITLE) == "90-days"
    assert threshold("A07", "2025-08-01", stay, TITLE) == "5-months"


def test_eighteen_without_a_title_is_red_from_the_day_on_which_eighteen_is_certain() -> None:
    stay, title = start("P1", BEGAN, birth_month="2007-03"), granted("M1", BEGAN, "2025-03-20")
    assert threshold("A07", "2025-03-31", stay, title) == "90-days"
    assert threshold("A07", "2025-04-01", stay, title) == "no-title"


def test_nothing_is_said_of_eighteen_when_nobody_knows_the_month_of_birth() -> None:
    assert threshold("A07", "2025-04-01", STAY, TITLE) is None


MOVES = (STAY, moved("P1", "2024-03-01", to="B"), start("P2", "2024-03-01", at="B"))


def test_each_doorplaatsing_is_told_for_a_week() -> None:
    assert threshold("A09", "2024-02-29", *MOVES) is None
    assert threshold("A09", "2024-03-01", *MOVES) == "each"
    assert threshold("A09", "2024-03-07", *MOVES) == "each"
    assert threshold("A09", "2024-03-08", *MOVES) is None


@pytest.mark.parametrize(("moved_on", "expected"), [("2024-02-09", "early"), ("2024-02-10", "each")])
def test_a_doorplaatsing_within_thirty_days_of_the_start_is_early(moved_on: str, expected: str) -> None:
    facts = (STAY, moved("P1", moved_on, to="B"), start("P2", moved_on, at="B"))
    assert threshold("A09", moved_on, *facts) == expected


@pytest.mark.parametrize(("again", "expected"), [("2025-03-01", "second"), ("2025-03-02", "each")])
def test_a_second_doorplaatsing_within_a_year_is_amber(again: str, expected: str) -> None:
    facts = (*MOVES, moved("P2", again, to="C"), start("P3", again, at="C"))
    assert threshold("A09", again, *facts) == expected


def test_two_doorplaatsingen_on_one_day_are_within_a_year_of_each_other() -> None:
    facts = (*MOVES, moved("P2", "2024-03-01", to="C"), start("P3", "2024-03-01", at="C"))
    found = [one for one in spells_of("A09", *facts) if one.threshold == "second"]
    assert [(one.case.about.split()[0], str(one.since)) for one in found] == [("P3", "2024-03-01")]


def test_the_third_doorplaatsing_of_a_closure_is_red_for_eight_weeks() -> None:
    later = (moved("P2", "2025-09-01", to="C"), start("P3", "2025-09-01", at="C"))
    last = (moved("P3", "2026-10-01", to="A"), start("P4", "2026-10-01", at="A"))
    assert span("A09", "third", *MOVES, *later, *last) == ("2026-10-01", "2026-11-26", "time-passed")


@pytest.mark.parametrize(
    ("again", "expected"),
    [("2024-08-30", "90-days"), ("2024-08-31", "365-days"), ("2025-06-01", "365-days"), ("2025-06-02", None)],
)
def test_a_re_placement_counts_from_the_end_of_the_closure_before(again: str, expected: str | None) -> None:
    facts = (STAY, discharged("P1", "2024-06-01"), start("P2", again))
    assert threshold("A10", again, *facts) == expected


def test_a_re_placement_leaves_the_list_after_four_weeks() -> None:
    facts = (STAY, discharged("P1", "2024-06-01"), start("P2", "2024-07-01"))
    assert span("A10", "90-days", *facts) == ("2024-07-01", "2024-07-29", "time-passed")


def test_a_first_closure_is_no_re_placement() -> None:
    assert threshold("A10", BEGAN, STAY) is None


def test_who_left_and_did_not_arrive_is_amber_after_three_days_and_red_after_fourteen() -> None:
    facts = (STAY, moved("P1", "2024-03-01", to="B"))
    assert threshold("A24", "2024-03-03", *facts) is None
    assert threshold("A24", "2024-03-04", *facts) == "3-days"
    assert threshold("A24", "2024-03-14", *facts) == "3-days"
    assert threshold("A24", "2024-03-15", *facts) == "14-days"
    assert threshold("A24", "2025-02-28", *facts) == "14-days"
    assert threshold("A24", "2025-03-01", *facts) is None


def test_an_arrival_ends_it_on_its_day_and_one_in_time_leaves_nothing() -> None:
    facts = (STAY, moved("P1", "2024-03-01", to="B"))
    assert span("A24", "3-days", *facts, start("P2", "2024-03-06", at="B")) == ("2024-03-04", "2024-03-06", "arrived")
    assert span("A24", "3-days", *facts, start("P2", "2024-03-04", at="B")) is None
    assert span("A24", "3-days", *facts, start("P2", "2024-03-01", at="B", regime="open")) is None
