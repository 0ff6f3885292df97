"""The flow of closures follows the published figures, and the rules of the country."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest

from services.simulator.comparison import difference, report, simulated_years, whole
from services.simulator.country import ACCOMMODATIONS
from services.simulator.flow import Closure, closures, starts_a_day
from services.simulator.parameters import FlowParameters
from services.simulator.years import PUBLISHED_YEARS, YEARS, year

Flow = Callable[[int], Sequence[Closure]]
SEEDS = (1, 2, 3)
TOLERANCE = 0.06


@pytest.mark.parametrize("seed", SEEDS)
def test_each_published_year_is_met_within_six_percent(flow: Flow, seed: int) -> None:
    """Placements (arrivals after a doorplaatsing count), unique youths placed, and youths in care."""
    for it in simulated_years(flow(seed), years=PUBLISHED_YEARS):
        published = year(it.year)
        assert published.unique is not None
        assert published.in_care is not None
        assert abs(difference(it.placements, published.placements)) <= TOLERANCE, it
        assert abs(difference(it.unique, published.unique)) <= TOLERANCE, it
        assert abs(difference(it.in_care, published.in_care)) <= TOLERANCE, it


@pytest.mark.parametrize("seed", SEEDS)
def test_the_mean_and_both_tails_of_a_stay_are_met(flow: Flow, seed: int) -> None:
    found = whole(flow(seed))
    assert 6.0 <= found.stay_months_mean <= 6.5
    assert 0.095 <= found.short_share <= 0.125
    assert 0.115 <= found.long_share <= 0.145


@pytest.mark.parametrize("seed", SEEDS)
def test_two_thirds_of_the_closures_begin_on_a_spoedmachtiging(flow: Flow, seed: int) -> None:
    assert 0.63 <= whole(flow(seed)).spoed_share <= 0.70


def test_the_same_seed_gives_the_same_closures_and_another_seed_gives_others() -> None:
    until = date(2010, 1, 1)
    first, again, other = (list(closures(seed, until, FlowParameters())) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_a_later_end_only_adds_closures(flow: Flow) -> None:
    early = list(closures(1, date(2012, 1, 1), FlowParameters()))
    assert list(flow(1)[: len(early)]) == early


def test_every_stay_lies_within_the_days_on_which_its_accommodation_is_open(flow: Flow) -> None:
    for stay in (stay for closure in flow(1) for stay in closure.stays):
        accommodation = ACCOMMODATIONS[stay.accommodation]
        assert accommodation.open_on(stay.started_on)
        assert accommodation.closed_on is None or stay.ended_on <= accommodation.closed_on


def test_stays_of_a_closure_follow_each_other_within_a_week_at_another_accommodation(flow: Flow) -> None:
    for closure in flow(1):
        for before, after in zip(closure.stays, closure.stays[1:], strict=False):
            assert before.moved_because is not None
            assert timedelta(0) <= after.started_on - before.ended_on <= timedelta(days=7)
            assert after.accommodation != before.accommodation
        assert closure.stays[-1].moved_because is None


def test_a_return_begins_after_the_closure_before_it_ended(flow: Flow) -> None:
    ended: dict[str, Closure] = {}
    for closure in flow(1):
        before = ended.get(closure.person.pseudonym)
        assert closure.number == (before.number + 1 if before else 1)
        assert before is None or closure.started_on > before.ended_on
        ended[closure.person.pseudonym] = closure


def test_nobody_comes_in_as_an_adult_or_stays_on_half_a_year_after_the_eighteenth_birthday(flow: Flow) -> None:
    for closure in flow(1):
        assert 10.9 < closure.person.age_on(closure.started_on) < 18
        assert closure.ended_on <= closure.person.birthday(18) + timedelta(days=180)


def test_a_third_of_those_who_come_in_first_is_under_fifteen(flow: Flow) -> None:
    ages = [one.person.age_on(one.started_on) for one in flow(1) if one.number == 1]
    assert 0.32 <= sum(age < 15 for age in ages) / len(ages) <= 0.38


@pytest.mark.parametrize("number", [2009, 2013, 2020, 2026])
def test_the_days_of_a_year_ask_for_its_placements(number: int) -> None:
    days = (date(number, 1, 1) + timedelta(days=n) for n in range((date(number + 1, 1, 1) - date(number, 1, 1)).days))
    assert sum(map(starts_a_day, days)) == pytest.approx(YEARS[number].placements, rel=1e-3)


def test_the_report_shows_every_published_year_beside_the_simulated_one(flow: Flow) -> None:
    lines = report(flow(1)).splitlines()
    assert [line[:4] for line in lines[1:-1]] == [str(number) for number in PUBLISHED_YEARS]
    assert " 1818 " in lines[1]
    assert lines[-1].startswith("all years: 6.")
