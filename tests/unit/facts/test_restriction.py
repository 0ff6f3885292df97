"""Restrictive measures: of somebody or of an accommodation, and in which quarter."""

from datetime import date

import pytest

from shared.facts.restriction import days_of, quarter_of
from tests.unit.facts.events import event_of, refusals


def test_measures_are_of_somebody_in_a_placement_or_of_an_accommodation() -> None:
    pseudonym = event_of("placement-started")["subject"]
    somebody = {"placement": "P1", "accommodation": None}
    assert refusals(event_of("restriction-reported")) == []
    assert refusals(event_of("restriction-reported", somebody, subject=pseudonym)) == []
    assert refusals(event_of("restriction-reported", {"placement": "P1"}, subject=pseudonym)) == []
    assert refusals(event_of("restriction-reported", somebody)) == [("/subject", "missing")]
    assert refusals(event_of("restriction-reported", subject=pseudonym)) == [("/subject", "not_allowed")]
    assert refusals(event_of("restriction-reported", {"accommodation": None})) == [("/data/accommodation", "missing")]
    wrong = event_of("restriction-reported", {**somebody, "count": -1})
    assert refusals(wrong) == [("/data/count", "range"), ("/subject", "missing")]


def test_a_measure_that_is_told_by_itself_began_in_its_quarter() -> None:
    for day, expected in {
        "2025-12-31": [("/data/on", "interval")],
        "2026-01-01": [],
        "2026-03-31": [],
        "2026-04-01": [("/data/on", "interval")],
    }.items():
        assert refusals(event_of("restriction-reported", {"quarter": "2026-Q1", "on": day})) == expected


@pytest.mark.parametrize(
    ("day", "quarter"),
    [("2026-01-01", "2026-Q1"), ("2026-03-31", "2026-Q1"), ("2026-04-01", "2026-Q2"), ("2026-12-31", "2026-Q4")],
)
def test_a_day_lies_in_the_quarter_whose_days_hold_it(day: str, quarter: str) -> None:
    on = date.fromisoformat(day)
    assert quarter_of(on) == quarter
    first, after = days_of(quarter)
    assert first <= on < after
