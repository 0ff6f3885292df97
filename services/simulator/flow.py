"""Who is closed in, where and for how long: a pure, seeded stream of closures that follows the published figures.

Admissions are steered: each day as many young people come in for the first time as the yearly total still asks for,
once returns and arrivals after a doorplaatsing are counted. Durations, doorplaatsingen and returns follow from the
parameters.
"""

import heapq
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from services.simulator.country import ACCOMMODATIONS, choices_on
from services.simulator.parameters import FlowParameters
from services.simulator.people import Births, Person
from services.simulator.years import PUBLISHED_YEARS, STAY_FACTORS, year
from shared.facts.regions import AREA_OF

BURN_IN_FROM = date(2009, 1, 1)
"""The country starts empty here; four years later its stock is right."""

LAST_AGE_OF_ENTRY = 17.8
"""Nobody comes in, for the first time or again, in the last weeks before the 18th birthday."""

WEEKDAYS = (1.2, 1.15, 1.15, 1.15, 1.15, 0.6, 0.6)
"""First admissions by day of the week, Monday first, mean 1: unverified."""

Reason = Literal[
    "no-place", "better-fit", "closer-to-home", "safety", "location-closing", "crisis-to-treatment", "other"
]
REASONS: dict[Reason, float] = {
    "no-place": 0.15,
    "better-fit": 0.35,
    "closer-to-home": 0.12,
    "safety": 0.2,
    "crisis-to-treatment": 0.15,
    "other": 0.03,
}
"""Why a young person is moved: unverified, as nothing is published."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One placement, on the days [started_on, ended_on), as it will turn out."""

    id: str
    accommodation: str
    started_on: date
    ended_on: date
    moved_because: Reason | None
    """Why it ends in a doorplaatsing; None when it ends in a discharge."""


@dataclass(frozen=True, slots=True)
class Closure:
    """All stays of one young person from being closed in to discharge, as they will turn out."""

    person: Person
    number: int
    """1 for the first closure of this person."""
    spoed: bool
    stays: tuple[Stay, ...]

    @property
    def started_on(self) -> date:
        return self.stays[0].started_on

    @property
    def ended_on(self) -> date:
        return self.stays[-1].ended_on


def closures(seed: int, until: date, parameters: FlowParameters) -> Iterator[Closure]:
    """Every closure that starts from the burn-in up to, not including, `until`, in order of start.

    The end of a closure may lie after `until`. The same seed and parameters give the same closures, and a later `until`
    only adds to them.
    """
    country = _Country(seed, parameters)
    day = BURN_IN_FROM
    while day < until:
        yield from country.admissions(day)
        day += timedelta(days=1)


def starts_a_day(day: date) -> float:
    """Placements that the yearly totals ask for on a day: piecewise linear, with each year's sum kept."""
    first, last = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    length = (last - first).days
    before, here, after = (year(number).placements for number in (day.year - 1, day.year, day.year + 1))
    begin, end = (before + here) / 2, (here + after) / 2
    middle = 2 * here - (begin + end) / 2
    through = ((day - first).days + 0.5) / length * 2
    rate = begin + (middle - begin) * through if through < 1 else middle + (end - middle) * (through - 1)
    return rate / length


def repeat_factor(number: int) -> float:
    """How much more often than on average young people were placed again within this year (published; 1 elsewhere)."""
    if number not in PUBLISHED_YEARS:
        return 1.0
    return _repeats(number) / (sum(map(_repeats, PUBLISHED_YEARS)) / len(PUBLISHED_YEARS))


def _repeats(number: int) -> float:
    published = year(number)
    assert published.unique is not None
    return 1 - published.unique / published.placements


class _Country:
    """The state from which the next day follows."""

    def __init__(self, seed: int, parameters: FlowParameters) -> None:
        self._parameters = parameters
        self._rng = Random(f"flow {seed}")  # noqa: S311 - a simulation must be repeatable
        self._births = Births(f"flow {seed}", self._rng, boys_share=parameters.boys_share)
        self._returns: list[tuple[date, int, Person, int]] = []
        self._arrivals: Counter[date] = Counter()
        self._asked = 0.0
        self._started = 0
        self._stays = 0
        self._factors: dict[int, float] = {}

    def admissions(self, day: date) -> Iterator[Closure]:
        """The closures that start on this day; days must come one after the other."""
        rate = starts_a_day(day)
        self._asked += rate
        self._started += self._arrivals.pop(day, 0)
        while self._returns and self._returns[0][0] <= day:
            _, _, person, number = heapq.heappop(self._returns)
            yield self._closure(person, number, day)
        wanted = rate * self._parameters.first_share + (self._asked - self._started) / self._parameters.steering_days
        for _ in range(poisson(self._rng, max(0.0, wanted) * WEEKDAYS[day.weekday()])):
            yield self._closure(self._newcomer(day), 1, day)

    def _newcomer(self, day: date) -> Person:
        while (person := self._births.person(day)).age_on(day) > LAST_AGE_OF_ENTRY:
            pass
        return person

    def _closure(self, person: Person, number: int, day: date) -> Closure:
        parameters, rng = self._parameters, self._rng
        share = parameters.spoed_share_first if number == 1 else parameters.spoed_share_return
        spoed = rng.random() < share + SPOED_BY_AREA[AREA_OF[person.region]]
        latest = person.birthday(18)
        if rng.random() < parameters.past_eighteen_share:
            latest += timedelta(days=rng.randint(1, parameters.past_eighteen_days_max))
        stays: list[Stay] = []
        start: date | None = day
        while start is not None:
            stays.append(self._stay(person, start, latest, came_from=stays[-1].accommodation if stays else None))
            start = self._next_start(stays[-1], latest)
        self._started += 1
        self._arrivals.update(stay.started_on for stay in stays[1:])
        closure = Closure(person, number, spoed, tuple(stays))
        self._plan_return(closure)
        return closure

    def _stay(self, person: Person, start: date, latest: date, *, came_from: str | None) -> Stay:
        parameters, rng = self._parameters, self._rng
        accommodation = self._accommodation(person, start, came_from)
        moves = rng.random() < parameters.transfer_share * self._factor(start.year)
        shape, mean = (
            (parameters.transfer_stay_shape, parameters.transfer_stay_mean)
            if moves
            else (parameters.stay_shape, parameters.stay_mean)
        )
        scale = mean / shape * STAY_FACTORS.get(start.year, 1.0)
        end = start + timedelta(days=round(rng.gammavariate(shape, scale)))
        reason = rng.choices(tuple(REASONS), tuple(REASONS.values()))[0] if moves else None
        closes_on = ACCOMMODATIONS[accommodation].closed_on
        if closes_on is not None and end >= closes_on:
            end, reason = max(start, closes_on - timedelta(days=rng.randint(1, 60))), "location-closing"
        if end >= latest:
            end, reason = max(start, latest), None
        self._stays += 1
        return Stay(f"P-{start.year}-{self._stays:06d}", accommodation, start, end, reason)

    def _accommodation(self, person: Person, day: date, came_from: str | None) -> str:
        area = AREA_OF[person.region]
        names, weights = choices_on(day, area=area, own_area_weight=self._parameters.own_area_weight)
        while (chosen := self._rng.choices(names, weights)[0]) == came_from:
            pass
        return chosen

    def _next_start(self, stay: Stay, latest: date) -> date | None:
        if stay.moved_because is None:
            return None
        gap = 0
        if self._rng.random() >= self._parameters.direct_transfer_share:
            gap = self._rng.randint(1, self._parameters.transfer_gap_max)
        return min(stay.ended_on + timedelta(days=gap), latest)

    def _plan_return(self, closure: Closure) -> None:
        end = closure.ended_on
        if self._rng.random() >= self._parameters.return_share * self._factor(end.year):
            return
        back = end + timedelta(days=1 + int(self._rng.expovariate(1 / self._parameters.return_gap_mean)))
        if closure.person.age_on(back) < LAST_AGE_OF_ENTRY:
            heapq.heappush(self._returns, (back, self._stays, closure.person, closure.number + 1))

    def _factor(self, number: int) -> float:
        if number not in self._factors:
            self._factors[number] = repeat_factor(number)
        return self._factors[number]


SPOED_BY_AREA = {"noord": -0.06, "oost": 0.04, "noord-west": 0.04, "zuid-west": 0.0, "zuid": -0.02}
"""Added to the share of spoedmachtigingen: 71 % in Noord-West and Oost, 61 % in Noord (2019); the rest unverified."""


def poisson(rng: Random, mean: float) -> int:
    """How often something happens that is expected so often; a mean of a few hundred at most."""
    count, product, floor = 0, rng.random(), math.exp(-mean)
    while product > floor:
        count += 1
        product *= rng.random()
    return count
