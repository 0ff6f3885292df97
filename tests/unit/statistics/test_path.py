"""The straight line to zero, and how far a count is from it."""

from datetime import date
from fractions import Fraction

import pytest

from services.monitor.statistics.path import PLACEMENTS_TO_ZERO, Path, Target


def test_the_path_begins_with_the_989_of_2022_and_ends_with_none_in_2030() -> None:
    assert PLACEMENTS_TO_ZERO.target(date(2023, 1, 1)) == 989
    assert PLACEMENTS_TO_ZERO.target(date(2031, 1, 1)) == 0


def test_halfway_is_half() -> None:
    """2,922 days, of which 1,461 have passed on the first day of 2027."""
    assert PLACEMENTS_TO_ZERO.target(date(2027, 1, 1)) == Fraction(989, 2)


def test_a_day_takes_off_one_of_2922_parts() -> None:
    assert PLACEMENTS_TO_ZERO.target(date(2023, 1, 2)) == 989 - Fraction(989, 2_922)


def test_before_the_path_there_is_no_target_and_after_it_the_last_one_stays() -> None:
    assert PLACEMENTS_TO_ZERO.target(date(2022, 12, 31)) is None
    assert PLACEMENTS_TO_ZERO.deviation(date(2022, 12, 31), 989) is None
    assert PLACEMENTS_TO_ZERO.target(date(2040, 1, 1)) == 0


def test_more_than_the_target_is_above_0() -> None:
    assert PLACEMENTS_TO_ZERO.deviation(date(2027, 1, 1), 500) == Fraction(11, 2)
    assert PLACEMENTS_TO_ZERO.deviation(date(2027, 1, 1), 400) == Fraction(-189, 2)


def test_a_plan_of_a_region_may_bend() -> None:
    plan = Path((Target(date(2025, 1, 1), Fraction(40)), Target(date(2025, 1, 11), Fraction(30)), _end()))
    assert [plan.target(date(2025, 1, day)) for day in (1, 6, 11, 12, 31)] == [40, 35, 30, 15, 0]


def _end() -> Target:
    return Target(date(2025, 1, 13), Fraction(0))


@pytest.mark.parametrize("targets", [(), (_end(), _end())])
def test_a_path_without_targets_or_out_of_order_is_refused(targets: tuple[Target, ...]) -> None:
    with pytest.raises(ValueError, match="in the order of their dates"):
        Path(targets)
