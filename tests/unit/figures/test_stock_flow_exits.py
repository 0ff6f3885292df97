"""Stock, flow and exits of a handful of young persons, counted by hand."""

from fractions import Fraction

import pytest

from services.monitor.statistics.estimable import NOT_ESTIMABLE
from tests.unit.dossier.given import discharged, folded, moved, start
from tests.unit.figures.asked import SHORT, THREE, WITHOUT_TITLE, YEAR_2024, asked, counts, flows, measures


def test_two_of_three_are_there_and_one_for_more_than_a_year() -> None:
    found = asked("stock", THREE, on="2025-01-31")
    assert (found.n, found.inferred, found.provisional) == (2, 0, False)
    assert counts(found, "open") == {"inside": 2}
    assert counts(found, "elapsed") == {"0-90": 1, "365-547": 1}
    assert measures(found, "elapsed-days")[None] == {
        "n": 2, "mean": 252, "p25": 47, "median": 252, "p75": 457, "p90": 457, "longest": 457,
    }  # fmt: skip


def test_a_stay_is_not_open_on_the_day_on_which_it_ends() -> None:
    assert [asked("stock", [SHORT], on=on).n for on in ("2024-08-31", "2024-09-01", "2024-12-19", "2024-12-20")] == [
        0, 1, 1, 0,
    ]  # fmt: skip


def test_in_a_gap_between_linked_placements_a_closure_is_open_and_between() -> None:
    gap = folded(start("P1", "2024-01-01", at="A"), moved("P1", "2024-02-01"), start("P2", "2024-02-05", at="B"))
    assert counts(asked("stock", [gap], on="2024-02-03"), "open") == {"between": 1}
    assert asked("stock", [gap], on="2024-02-03", of="placements").n == 0


def test_nobody_there_has_no_quantiles() -> None:
    found = asked("stock", [], on="2025-01-31")
    assert found.inferred is NOT_ESTIMABLE
    assert measures(found, "elapsed-days")[None]["median"] is NOT_ESTIMABLE


def test_a_stock_splits_by_where_they_are_that_day_and_by_title() -> None:
    assert counts(asked("stock", THREE, on="2025-01-31", split="provider"), "open")[("north", "inside")] == 1
    by_title = counts(asked("stock", THREE, on="2025-01-31", split="title"), "open")
    assert by_title == {("total", "inside"): 2, ("regulier", "inside"): 1, ("none", "inside"): 1}


def test_where_keeps_what_falls_there() -> None:
    assert asked("stock", THREE, on="2025-01-31", where={"provider": "south"}).n == 1
    assert asked("stock", THREE, on="2025-01-31", where={"area": "noord"}).n == 0


def test_the_flow_of_2024_adds_up() -> None:
    assert flows(asked("flow", THREE, on="2025-01-31", window=YEAR_2024)) == [(1, 3, 2, 2)]
    assert flows(asked("flow", THREE, on="2025-01-31", window=YEAR_2024, of="placements")) == [(1, 4, 3, 2)]


def test_the_parts_of_a_window_follow_each_other() -> None:
    quarters = flows(asked("flow", THREE, on="2025-01-31", window=YEAR_2024, per="quarter"))
    assert quarters == [(1, 1, 0, 2), (2, 0, 0, 2), (2, 1, 1, 2), (2, 1, 1, 2)]


def test_what_is_dated_after_the_day_has_not_happened() -> None:
    found = asked("flow", THREE, on="2024-09-01", window=YEAR_2024)
    assert flows(found) == [(1, 2, 1, 2)]
    assert found.provisional
    assert "cut" in found.notes[0]


@pytest.mark.parametrize("per", ["window", "month", "year"])
def test_in_a_window_that_begins_after_the_day_nothing_has_happened(per: str) -> None:
    found = asked("flow", THREE, on="2023-06-01", window=YEAR_2024, per=per)
    assert (found.n, flows(found)) == (0, [])


def test_in_and_out_on_one_day_both_started_and_ended_and_was_never_there() -> None:
    passing = folded(start("P1", "2024-05-01"), discharged("P1", "2024-05-01"))
    assert flows(asked("flow", [passing], on="2025-01-01", window=YEAR_2024)) == [(0, 1, 1, 0)]


def test_those_that_ended_lasted_180_and_110_days() -> None:
    found = asked("exits", THREE, on="2025-01-31", window=YEAR_2024)
    assert measures(found, "days")[None] == {
        "n": 2, "mean": 145, "meanMonths": 145 / Fraction(487, 16), "median": 145, "p90": 180,
    }  # fmt: skip
    assert counts(found, "length") == {"30-to-365": 2}
    assert counts(found, "how") == {"discharged": 2}


def test_as_placements_they_lasted_a_mean_of_exactly_290_thirds() -> None:
    found = asked("exits", THREE, on="2025-01-31", window=YEAR_2024, of="placements")
    assert measures(found, "days")[None]["mean"] == Fraction(290, 3)
    assert counts(found, "how") == {"discharged": 2, "moved": 1}


def test_a_period_is_provisional_for_30_days() -> None:
    from datetime import UTC, datetime

    from tests.unit.figures.asked import known

    for day, provisional in ((30, True), (31, False)):
        one = known(*THREE, at=datetime(2025, 1, day, 12, tzinfo=UTC))
        assert asked("exits", one, on="2025-01-30", window=YEAR_2024).provisional is provisional


def test_an_inferred_end_is_counted_as_such() -> None:
    left = folded(start("P1", "2024-01-01", at="A"), start("P2", "2024-03-01", at="B"), discharged("P2", "2024-04-01"))
    assert asked("exits", [left, SHORT], on="2025-01-31", window=YEAR_2024).inferred == Fraction(1, 2)


@pytest.mark.parametrize(
    ("days", "length"), [(29, "under-30"), (30, "30-to-365"), (365, "30-to-365"), (366, "over-365")]
)
def test_the_bounds_of_short_and_long_belong_to_neither(days: int, length: str) -> None:
    from services.monitor.figures.exits import length_of

    assert length_of(days) == length


def test_cases_are_those_behind_the_number() -> None:
    (case,) = asked("stock", [WITHOUT_TITLE, SHORT], on="2025-01-31").cases
    assert (case.kind, case.key, str(case.started_on), case.ended_on) == ("closure", "1", "2023-11-01", None)
