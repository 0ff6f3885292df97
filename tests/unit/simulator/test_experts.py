"""Expert teams are asked about some of the young people inside; they advise, and say what became of it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from random import Random

import pytest

from services.simulator.experts import ADVISED, ASKED, DATED, FOLLOWED_UP, Experts, begun, brought_forward
from services.simulator.history import State
from services.simulator.noise import Told
from services.simulator.parameters import ExpertParameters
from services.simulator.people import Births
from services.simulator.statement import Statement

CONSULTS = 2_000
ON = date(2024, 3, 1)
PARAMETERS = ExpertParameters()


@pytest.fixture(scope="module")
def consults() -> Sequence[Sequence[Statement]]:
    """All that is said of each of some thousands of consults."""
    experts, births = Experts(Random(1), PARAMETERS), Births("experts", Random(1), boys_share=0.5)
    return [experts.about(births.person(ON), key=f"C-{number}", on=ON) for number in range(CONSULTS)]


@pytest.fixture(scope="module")
def of_consult(told: Sequence[Told]) -> Mapping[object, Sequence[Statement]]:
    """What the history says of each consult."""
    found = defaultdict(list)
    for one in told:
        if one.statement.name in DATED:
            found[one.statement.data["consult"]].append(one.statement)
    return found


def test_a_consult_is_asked_then_advised_and_then_followed_up(consults: Sequence[Sequence[Statement]]) -> None:
    for asked, advised, *followed in consults:
        assert (asked.name, advised.name) == (ASKED, ADVISED)
        assert {it.name for it in followed} == {FOLLOWED_UP}
        days = [it.on for it in (asked, advised, *followed)]
        assert days == sorted(set(days))
        assert [str(it.data[DATED[it.name]]) for it in (asked, advised, *followed)] == [str(day) for day in days]


def test_who_deviates_mostly_gives_a_reason_and_does_not_carry_it_out(consults: Sequence[Sequence[Statement]]) -> None:
    ends = [tuple(it.data["status"] for it in said[2:]) for said in consults]
    assert Counter(ends).keys() == {("deviated",), ("accepted", "executed")}
    deviated = [said[2].data for said in consults if said[2].data["status"] == "deviated"]
    assert len(deviated) == pytest.approx(PARAMETERS.deviated_share * CONSULTS, rel=0.15)
    unexplained = sum("reason" not in data for data in deviated)
    assert unexplained == pytest.approx(PARAMETERS.unexplained_share * len(deviated), rel=0.3)


def test_some_of_those_inside_are_asked_about(
    told: Sequence[Told], of_consult: Mapping[object, Sequence[Statement]]
) -> None:
    closures = sum(
        one.kind == "plain" and one.statement.name == "placement-started" and "arrives_from" not in one.statement.data
        for one in told
    )
    assert 0.5 * PARAMETERS.asked_share < len(of_consult) / closures < PARAMETERS.asked_share


def test_nothing_is_answered_in_the_history_that_was_not_asked(
    of_consult: Mapping[object, Sequence[Statement]],
) -> None:
    assert all(said[0].name == ASKED for said in of_consult.values())


def test_what_lies_ahead_answers_what_was_asked(
    state: State, until: date, of_consult: Mapping[object, Sequence[Statement]]
) -> None:
    assert state.ahead
    assert all(it.on >= until and it.data["consult"] in of_consult for it in state.ahead)
    assert [it.on for it in state.ahead] == sorted(it.on for it in state.ahead)


def test_what_is_asked_later_is_not_begun(consults: Sequence[Sequence[Statement]]) -> None:
    asked = consults[0]
    assert begun(asked, before=ON) == []
    assert begun(asked, before=asked[1].on) == list(asked[1:])


def test_an_answer_brought_forward_is_true_on_the_new_day(consults: Sequence[Sequence[Statement]]) -> None:
    for it in consults[0]:
        moved = brought_forward(it, on=date(2024, 3, 2))
        assert (moved.on, moved.data[DATED[it.name]]) == (date(2024, 3, 2), "2024-03-02")
        assert moved.id == it.id
