"""Municipalities say of some who waits for what should follow, and for whom they ask for national support."""

from collections.abc import Callable, Sequence
from random import Random

import pytest

from services.simulator.flow import Closure
from services.simulator.lists import Lists
from services.simulator.noise import Told
from services.simulator.parameters import ListParameters
from services.simulator.publishers import desk_of
from services.simulator.statement import Statement
from shared.facts.regions import AREA_OF

PARAMETERS = ListParameters()
CLOSURES = 6_000
ENDS = {"waiting-started": "waiting-ended", "support-requested": "support-resolved"}

Pairs = Sequence[tuple[Closure, Sequence[Statement]]]


@pytest.fixture(scope="module")
def pairs(flow: Callable[[int], Sequence[Closure]]) -> Pairs:
    lists = Lists(lambda name: Random(f"{name} 1"), PARAMETERS)
    return [(closure, pair) for closure in flow(1)[:CLOSURES] for pair in lists.of(closure)]


def test_each_beginning_is_followed_by_its_end_on_a_later_day(pairs: Pairs) -> None:
    for closure, (begin, end) in pairs:
        assert ENDS[begin.name] == end.name
        assert (begin.record, begin.person) == (end.record, end.person)
        assert begin.on < end.on
        assert begin.publisher == end.publisher == desk_of(AREA_OF[closure.person.region])


def test_some_wait_from_their_discharge_on_mostly_with_help_in_the_meantime(pairs: Pairs) -> None:
    waits = [(closure, begin) for closure, (begin, _) in pairs if begin.name == "waiting-started"]
    assert len(waits) == pytest.approx(PARAMETERS.listed_share * CLOSURES, rel=0.15)
    assert all(begin.on == closure.ended_on for closure, begin in waits)
    bridged = sum("interim" in begin.data for _, begin in waits)
    assert 0.65 < bridged / len(waits) < 0.85


def test_national_support_is_asked_for_a_few_while_they_are_inside(pairs: Pairs) -> None:
    asked = [(closure, begin) for closure, (begin, _) in pairs if begin.name == "support-requested"]
    assert len(asked) == pytest.approx(PARAMETERS.supported_share * CLOSURES, rel=0.25)
    assert all(closure.started_on <= begin.on <= closure.ended_on for closure, begin in asked)


def test_nothing_ends_in_the_history_that_did_not_begin_in_it(told: Sequence[Told]) -> None:
    for begins, ends in ENDS.items():
        begun = [one.statement.record for one in told if one.statement.name == begins]
        ended = [one.statement.record for one in told if one.statement.name == ends]
        assert ended
        assert set(ended) <= set(begun)
