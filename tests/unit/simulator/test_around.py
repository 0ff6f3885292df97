"""What institutions say of a stay beside where somebody is: on days of it, in the stated shares, and in order."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from random import Random

import pytest

from services.simulator.around import Around, stay_by
from services.simulator.flow import Closure
from services.simulator.noise import Told
from services.simulator.parameters import AroundParameters, PlanParameters, SchoolingParameters
from services.simulator.statement import Statement
from shared.facts.restriction import quarter_of

SCHOOLING, PLANS, AROUND = SchoolingParameters(), PlanParameters(), AroundParameters()
CLOSURES = 4_000

Said = Sequence[tuple[Closure, Sequence[Statement]]]


def around(*, seed: int = 1, schooling: SchoolingParameters = SCHOOLING) -> Around:
    """A generator for each kind, by its name and this seed."""

    def generator(name: str) -> Random:
        return Random(f"{name} {seed}")

    return Around(generator, schooling=schooling, plans=PLANS, around=AROUND)


def gesloten(closure: Closure) -> Mapping[object, object]:
    return {stay.id: "gesloten" for stay in closure.stays}


@pytest.fixture(scope="module")
def closures(flow: Callable[[int], Sequence[Closure]]) -> Sequence[Closure]:
    return flow(1)[-CLOSURES:]


@pytest.fixture(scope="module")
def said(closures: Sequence[Closure]) -> Said:
    """What is said of some thousands of closures that all began gesloten."""
    institutions = around()
    return [(closure, list(institutions.of(closure, modes=gesloten(closure)))) for closure in closures]


def of(said: Said, name: str) -> Said:
    """Of each closure what is said of one kind."""
    return [(closure, [it for it in statements if it.name == name]) for closure, statements in said]


def test_everything_is_said_of_a_day_of_the_stay_that_it_names(said: Said) -> None:
    for closure, statements in said:
        stays = {stay.id: stay for stay in closure.stays}
        for it in statements:
            if "placement" in it.data:
                stay = stays[str(it.data["placement"])]
                assert stay.started_on <= it.on
                assert it.on < closure.ended_on or it.on == stay.started_on
                assert it.publisher
            else:
                assert (it.name, it.on) == ("education-changed", closure.ended_on)


def test_no_record_is_said_twice(said: Said) -> None:
    ids = [(it.publisher, it.id) for _, statements in said for it in statements]
    assert len(set(ids)) == len(ids)


def test_lessons_are_given_inside_and_some_are_without_for_a_while(said: Said) -> None:
    told = of(said, "education-changed")
    taught = defaultdict(list)
    for _, statements in told:
        for it in statements:
            taught[it.data.get("placement")].append(it.data["status"])
    afterwards = taught.pop(None)
    stays = [stay for closure, _ in said for stay in closure.stays if (stay.ended_on - stay.started_on).days > 60]
    assert sum(stay.id in taught for stay in stays) == pytest.approx(SCHOOLING.told_share * len(stays), rel=0.03)
    assert {tuple(statuses) for statuses in taught.values()} == {
        ("inside",),
        ("inside", "none"),
        ("inside", "none", "inside"),
    }
    assert len(afterwards) == pytest.approx(SCHOOLING.afterwards_share * len(said), rel=0.03)
    assert set(afterwards) == {"in-school", "none", "work", "exempt"}


def test_a_care_plan_is_there_within_six_weeks_and_again_when_it_is_due_but_for_some(said: Said) -> None:
    first_late, late, evaluations = 0, 0, 0
    for closure, statements in of(said, "care-plan-evaluated"):
        due_on = closure.started_on + timedelta(days=PLANS.first_days_max)
        for number, it in enumerate(statements):
            evaluations += 1
            late += it.on > due_on
            first_late += number == 0 and it.on > due_on
            due_on = it.on + timedelta(days=PLANS.interval_days)
            assert it.data["next_due_on"] == due_on.isoformat()
        if not statements:
            assert (closure.ended_on - closure.started_on).days < PLANS.first_days_max + 41
    assert late / evaluations == pytest.approx(PLANS.overdue_share, rel=0.2)
    assert first_late


def test_the_way_of_closing_changes_once_in_the_second_half_of_the_last_stay(said: Said) -> None:
    changed = [(closure, *statements) for closure, statements in of(said, "closure-mode-changed") if statements]
    assert len(changed) == pytest.approx(AROUND.mode_changed_share * len(said), rel=0.1)
    for closure, it in changed:
        stay = closure.stays[-1]
        assert stay.started_on < it.on < stay.ended_on
        assert (it.on - stay.started_on) * 2 >= (stay.ended_on - stay.started_on) - timedelta(days=1)
    assert {it.data["closure"] for _, it in changed if it.on < date(2023, 1, 1)} == {"besloten"}
    assert {it.data["closure"] for _, it in changed if it.on >= date(2023, 1, 1)} == {"besloten", "hybride"}


def test_who_is_in_a_hybrid_place_does_not_change_to_one(closures: Sequence[Closure]) -> None:
    institutions = around()
    for closure in closures:
        for it in institutions.of(closure, modes={stay.id: "hybride" for stay in closure.stays}):
            assert it.name != "closure-mode-changed" or it.data["closure"] == "besloten"


def test_some_long_closures_are_reviewed(said: Said) -> None:
    reviewed = [(closure, *statements) for closure, statements in of(said, "case-reviewed") if statements]
    long = [closure for closure, _ in said if (closure.ended_on - closure.started_on).days > 365 + 180]
    assert 0 < len(reviewed) < len(long)
    for closure, it in reviewed:
        assert (it.on - closure.started_on).days > AROUND.reviewed_after_days
        assert it.data["placement"] == stay_by(closure, it.on).id


def test_emergencies_are_told_one_by_one_in_their_quarter_and_few_last_half_a_day(said: Said) -> None:
    told = [it for _, statements in of(said, "restriction-reported") for it in statements]
    stays = sum(len(closure.stays) for closure, _ in said)
    assert len(told) == pytest.approx(AROUND.emergency_share * stays, rel=0.2)
    assert all((it.data["count"], it.data["emergency"]) == (1, True) for it in told)
    assert all(it.data["quarter"] == quarter_of(it.on) and it.person for it in told)
    long = [it for it in told if int(str(it.data["minutes"])) > 12 * 60]
    assert 0 < len(long) < 0.1 * len(told)


def test_what_is_drawn_of_one_kind_does_not_depend_on_another(closures: Sequence[Closure], said: Said) -> None:
    talkative = around(schooling=SchoolingParameters(stopped_share=1))
    other = [(closure, list(talkative.of(closure, modes=gesloten(closure)))) for closure in closures]
    assert of(other, "care-plan-evaluated") == of(said, "care-plan-evaluated")
    assert of(other, "education-changed") != of(said, "education-changed")


def test_nothing_is_told_of_a_stay_before_its_start_is(told: Sequence[Told]) -> None:
    started: set[object] = {None}  # What is said of nobody inside names no stay.
    for one in told:
        if one.statement.name == "placement-started":
            started.add(one.statement.data["placement"])
        if one.statement.name in ("education-changed", "care-plan-evaluated", "case-reviewed"):
            assert one.statement.data.get("placement") in started


def test_of_those_brought_in_the_history_says_only_what_is_true_from_its_first_day_on(told: Sequence[Told]) -> None:
    first = min(one.statement.on for one in told if one.statement.name == "care-plan-evaluated")
    assert date(2013, 1, 1) <= first < date(2013, 1, 10)
