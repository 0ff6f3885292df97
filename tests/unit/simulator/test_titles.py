"""Machtigingen cover a closure by the terms of the law."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from services.simulator.flow import Closure
from services.simulator.parameters import LegalParameters
from services.simulator.titles import Title, months_later, titles

Flow = Callable[[int], Sequence[Closure]]
YEAR_2016 = (date(2016, 1, 1), date(2017, 1, 1))


@pytest.fixture(scope="module")
def covered(flow: Flow) -> Sequence[tuple[Closure, tuple[Title, ...]]]:
    """The closures that started in 2016, with their machtigingen."""
    rng = Random(1)
    started = [one for one in flow(1) if YEAR_2016[0] <= one.started_on < YEAR_2016[1]]
    return [(closure, titles(closure, rng, LegalParameters())) for closure in started]


def test_a_closure_begins_on_the_kind_of_machtiging_it_was_drawn_with(
    covered: Sequence[tuple[Closure, tuple[Title, ...]]],
) -> None:
    assert all((found[0].kind == "spoed") == closure.spoed for closure, found in covered)
    assert all(found[0].valid_from <= closure.started_on < found[0].valid_until for closure, found in covered)


def test_a_spoedmachtiging_lasts_at_most_four_weeks_and_comes_first(
    covered: Sequence[tuple[Closure, tuple[Title, ...]]],
) -> None:
    for _, found in covered:
        assert all(title.kind == "regulier" for title in found[1:])
        assert found[0].kind == "regulier" or found[0].valid_until - found[0].valid_from <= timedelta(days=28)


def test_no_machtiging_lasts_more_than_a_year(covered: Sequence[tuple[Closure, tuple[Title, ...]]]) -> None:
    assert all(title.valid_until <= months_later(title.valid_from, 12) for _, found in covered for title in found)


def test_a_machtiging_is_asked_for_and_granted_before_it_holds(
    covered: Sequence[tuple[Closure, tuple[Title, ...]]],
) -> None:
    assert all(title.requested_on <= title.granted_on <= title.valid_from for _, found in covered for title in found)


def test_extensions_leave_nights_without_a_title_only_in_the_stated_share(
    covered: Sequence[tuple[Closure, tuple[Title, ...]]],
) -> None:
    gaps = [(after.valid_from - before.valid_until).days for _, found in covered for before, after in pairwise(found)]
    assert set(gaps) <= set(range(11))
    assert 0.005 < sum(gap > 0 for gap in gaps) / len(gaps) < 0.04


def test_the_titles_reach_to_the_end_of_the_closure_but_for_a_few_last_days(
    covered: Sequence[tuple[Closure, tuple[Title, ...]]],
) -> None:
    short = [closure for closure, found in covered if found[-1].valid_until < closure.ended_on]
    assert len(short) < 0.01 * len(covered)
    assert all((closure.ended_on - found[-1].valid_until).days <= 10 for closure, found in covered)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2015, 8, 31), 6, date(2016, 2, 29)),
        (date(2016, 2, 29), 12, date(2017, 2, 28)),
        (date(2015, 11, 30), 3, date(2016, 2, 29)),
        (date(2015, 1, 15), 12, date(2016, 1, 15)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later
