"""The arithmetic of `make bench`: medians, ratios, and whether a target was met."""

import json

import pytest

from tests.bench.__main__ import WORKS
from tests.bench.report import lines, number, read, spread
from tests.bench.runner import NEITHER, Measured
from tests.bench.targets import TARGETS, Target, reached


def figure(work: str, *values: float, database: str = "sqlite", name: str = "speed") -> Measured:
    return Measured(work, database, name, "facts/s", list(values))


def test_a_ratio_is_taken_repetition_by_repetition() -> None:
    found = [figure("ours", 10, 30, 40), figure("theirs", 10, 10, 20)]
    (one,) = reached(found, [Target("c", "ours: speed", "theirs: speed", at_least=2)])
    assert (one.values, one.middle, one.unit, one.met) == ([1, 3, 2], 2, "times", True)


def test_a_ratio_of_unequal_repetitions_is_that_of_the_medians() -> None:
    found = [figure("ours", 10, 30, 40), figure("theirs", 10)]
    (one,) = reached(found, [Target("c", "ours: speed", "theirs: speed", at_least=4)])
    assert (one.values, one.met) == ([3], False)


def test_a_bound_is_met_when_the_median_keeps_to_it() -> None:
    found = [figure("door", 40, 60, 49, 10, 90)]
    assert [one.met for one in reached(found, [Target("a", "door: speed", at_most=49)])] == [True]
    assert [one.met for one in reached(found, [Target("a", "door: speed", at_most=48)])] == [False]


def test_a_target_without_a_bound_is_only_told() -> None:
    (one,) = reached([figure("door", 1)], [Target("a", "door: speed")])
    assert one.met is None


def test_a_target_counts_on_each_database_where_it_was_measured_or_on_its_own() -> None:
    found = [figure("door", 1), figure("door", 2, database="postgresql")]
    assert [one.database for one in reached(found, [Target("a", "door: speed")])] == ["sqlite", "postgresql"]
    assert [one.middle for one in reached(found, [Target("a", "door: speed", database="postgresql")])] == [2]


def test_what_keeps_its_facts_in_its_own_way_is_compared_on_every_database() -> None:
    found = [figure("ours", 8), figure("theirs", 4, database=NEITHER)]
    assert [one.middle for one in reached(found, [Target("c", "ours: speed", "theirs: speed")])] == [2]


def test_a_peer_that_lost_facts_in_one_repetition_is_marked() -> None:
    ratio = [Target("c", "ours: speed", "theirs: speed")]
    found = [figure("ours", 8), figure("theirs", 4)]
    kept = [*found, figure("theirs", 0, 0, name="missed by the reader")]
    lost = [*found, figure("theirs", 0, 3, name="missed by the reader")]
    assert [one.lossy for one in reached(kept, ratio)] == [False]
    assert [one.lossy for one in reached(lost, ratio)] == [True]


def test_nothing_is_told_as_many_times_as_nothing() -> None:
    assert reached([figure("ours", 8), figure("theirs", 0)], [Target("c", "ours: speed", "theirs: speed")]) == []


def test_what_was_not_measured_is_not_told() -> None:
    assert reached([figure("ours", 8)], [Target("c", "ours: speed", "theirs: speed"), Target("c", "x: y")]) == []


def test_every_target_names_figures_that_some_work_measures() -> None:
    measured = {f"{work.name}: {one.name}" for work in WORKS for one in work.figures}
    assert {target.figure for target in TARGETS} <= measured
    assert {target.to for target in TARGETS if target.to} <= measured


def test_works_have_names_of_their_own() -> None:
    names = [(work.name, one.name) for work in WORKS for one in work.figures]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("values", "told"),
    [([3.0, 1.0, 2.0], ("2", "1", "3")), ([1.0, 2.0], ("1.50", "1", "2")), ([1234.5], ("1,234", "1,234", "1,234"))],
)
def test_a_spread_is_the_median_with_minimum_and_maximum(values: list[float], told: tuple[str, ...]) -> None:
    assert spread(values) == told


@pytest.mark.parametrize(("value", "told"), [(0.0, "0"), (0.526, "0.53"), (12.34, "12.3"), (20_000, "20,000")])
def test_numbers_have_as_many_digits_as_they_deserve(value: float, told: str) -> None:
    assert number(value) == told


def test_what_is_written_as_lines_is_read_back() -> None:
    found = [figure("ours", 8, 9.5), figure("theirs", 4, database=NEITHER)]
    assert read([json.dumps({"processors": 2}), *lines(found)]) == ({"processors": 2}, found)
