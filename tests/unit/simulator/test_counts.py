"""Accommodations count who is inside each quarter; that is not always what they told."""

from collections.abc import Callable, Sequence
from datetime import date
from random import Random

import pytest

from services.simulator.country import ACCOMMODATIONS
from services.simulator.counts import Counts
from services.simulator.flow import Closure
from services.simulator.noise import Told
from services.simulator.parameters import CountParameters

ON = date(2019, 1, 1)


@pytest.fixture
def inside(flow: Callable[[int], Sequence[Closure]]) -> Sequence[Closure]:
    """All closures that started up to that day."""
    return [one for one in flow(1) if one.started_on <= ON]


def heads(inside: Sequence[Closure], on: date, *, miscounted_share: float) -> dict[object, object]:
    """What each accommodation counts on a day."""
    counts = Counts(Random(1), CountParameters(miscounted_share=miscounted_share))
    for closure in inside:
        counts.add(closure)
    return {it.data["accommodation"]: it.data["heads"] for it in counts.on(on)}


def test_who_is_inside_at_the_end_of_the_day_is_counted(inside: Sequence[Closure]) -> None:
    counted = heads(inside, ON, miscounted_share=0)
    stays = [stay for closure in inside for stay in closure.stays]
    assert counted == {
        one.id: sum(stay.accommodation == one.id and stay.started_on <= ON < stay.ended_on for stay in stays)
        for one in ACCOMMODATIONS.values()
        if one.open_on(ON)
    }
    assert sum(map(int, map(str, counted.values()))) > 500


def test_a_miscount_is_three_to_six_heads_too_many(inside: Sequence[Closure]) -> None:
    right, wrong = heads(inside, ON, miscounted_share=0), heads(inside, ON, miscounted_share=1)
    off = [int(str(wrong[one])) - int(str(right[one])) for one in right]
    assert set(off) <= {3, 4, 5, 6}


@pytest.mark.parametrize("on", [date(2019, 1, 2), date(2019, 2, 1)])
def test_nobody_counts_on_another_day(inside: Sequence[Closure], on: date) -> None:
    assert heads(inside, on, miscounted_share=0) == {}


def test_the_history_has_a_count_of_every_quarter(told: Sequence[Told]) -> None:
    days = {one.statement.on for one in told if one.statement.name == "occupancy-counted"}
    assert days == {date(2013, month, 1) for month in (1, 4, 7, 10)} | {date(2014, 1, 1)}
