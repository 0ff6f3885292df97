"""What became of a machtiging by a day, from what is told of it and from the stays."""

import pytest

from services.monitor.dossier.execution import execution_of
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import d, discharged, ended, folded, granted, start

HALF_YEAR = granted("M1", "2024-01-10", "2024-07-10")
"""It lapses on 10 April when nobody executes it."""
FOUR_WEEKS = granted("M1", "2024-01-10", "2024-02-07", kind="spoed")
CONDITIONAL = granted("M1", "2024-01-10", "2024-07-10", kind="voorwaardelijk")


def execution(on: str, *facts: AcceptedEvent) -> str:
    dossier = folded(*facts)
    (order,) = dossier.orders
    return execution_of(dossier, order, d(on))


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2024-01-09", "running"), ("2024-04-09", "running"), ("2024-04-10", "lapsed"), ("2024-12-31", "lapsed")],
)
def test_nobody_executes_it_and_after_three_calendar_months_it_lapses(on: str, expected: str) -> None:
    assert execution(on, HALF_YEAR) == expected


@pytest.mark.parametrize(
    ("began", "on", "expected"),
    [
        ("2024-04-09", "2024-04-08", "running"),
        ("2024-04-09", "2024-04-09", "executed"),
        ("2024-04-10", "2024-04-10", "lapsed"),
        ("2024-01-05", "2024-01-09", "running"),
        ("2024-01-05", "2024-01-10", "executed"),
    ],
)
def test_a_stay_executes_it_from_its_first_day_in_the_term_on(began: str, on: str, expected: str) -> None:
    assert execution(on, HALF_YEAR, start("P1", began)) == expected


def test_in_and_out_on_one_day_executes_it_and_a_stay_that_ends_on_its_first_day_does_not() -> None:
    short = start("P1", "2024-01-10"), discharged("P1", "2024-01-10")
    assert execution("2024-01-10", HALF_YEAR, *short) == "executed"
    before = start("P1", "2024-01-01"), discharged("P1", "2024-01-10")
    assert execution("2024-02-01", HALF_YEAR, *before) == "running"


def test_under_another_law_a_stay_executes_nothing() -> None:
    assert execution("2024-03-01", HALF_YEAR, start("P1", "2024-02-01", regime="wvggz")) == "running"


def test_a_short_one_runs_out_before_it_lapses() -> None:
    assert execution("2024-02-06", FOUR_WEEKS) == "running"
    assert execution("2024-02-07", FOUR_WEEKS) == "expired"
    assert execution("2024-02-07", FOUR_WEEKS, start("P1", "2024-02-06")) == "executed"
    assert execution("2024-02-07", FOUR_WEEKS, start("P1", "2024-02-07")) == "expired"


@pytest.mark.parametrize(
    ("cause", "expected"),
    [("revoked", "ended"), ("gi-decision", "ended"), ("consent-withdrawn", "ended"), ("not-executed", "lapsed")],
)
def test_an_end_before_anybody_executes_it_counts_when_it_has_happened(cause: str, expected: str) -> None:
    end = ended("M1", "2024-03-01", cause=cause)
    assert execution("2024-02-29", HALF_YEAR, end) == "running"
    assert execution("2024-03-01", HALF_YEAR, end) == expected
    assert execution("2024-12-31", HALF_YEAR, end) == expected
    assert execution("2024-12-31", HALF_YEAR, end, start("P1", "2024-03-01")) == expected


def test_an_end_after_a_stay_began_or_after_it_lapsed_is_not_what_came_first() -> None:
    late = ended("M1", "2024-05-01", cause="revoked")
    assert execution("2024-12-31", HALF_YEAR, late) == "lapsed"
    assert execution("2024-12-31", HALF_YEAR, late, start("P1", "2024-04-01")) == "executed"


def test_one_that_ends_before_its_first_day_is_executed_by_nobody() -> None:
    end = ended("M1", "2024-01-05")
    assert execution("2024-12-31", HALF_YEAR, end, start("P1", "2023-12-01")) == "ended"


def test_a_voorwaardelijke_is_executed_by_a_stay_that_names_it_and_never_lapses() -> None:
    assert execution("2024-06-30", CONDITIONAL, start("P1", "2024-02-01")) == "running"
    assert execution("2024-07-10", CONDITIONAL) == "expired"
    named = start("P1", "2024-02-01", machtiging="M1")
    assert execution("2024-01-31", CONDITIONAL, named) == "running"
    assert execution("2024-02-01", CONDITIONAL, named) == "executed"


def test_a_voorwaardelijke_is_executed_by_no_stay_that_was_over_before_its_term() -> None:
    over = start("P1", "2023-12-01", machtiging="M1"), discharged("P1", "2024-01-05")
    assert execution("2024-07-09", CONDITIONAL, *over) == "running"
    assert execution("2024-07-10", CONDITIONAL, *over) == "expired"
    same_day = start("P1", "2024-01-20", machtiging="M1"), discharged("P1", "2024-01-20")
    assert execution("2024-01-20", CONDITIONAL, *same_day) == "executed"
