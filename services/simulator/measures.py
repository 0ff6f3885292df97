"""Restrictive measures by a plan, as accommodations count them over each quarter; about nobody."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from services.simulator.country import ACCOMMODATIONS, Accommodation, places_on
from services.simulator.flow import poisson
from services.simulator.parameters import MeasureParameters
from services.simulator.statement import Statement, morning_of
from shared.calendar import add_months
from shared.facts.restriction import quarter_of

TOLD_AFTER = timedelta(days=20)
"""From the end of a quarter to its totals."""

KINDS: Mapping[str, tuple[float, int]] = {
    "holding": (0.15, 12),
    "room-confinement": (0.35, 55),
    "room-search": (0.3, 15),
    "urine-test": (0.2, 10),
}
"""The share of each kind, and the minutes that one takes on average: unverified."""


def measures(since: date, until: date, rng: Random, parameters: MeasureParameters) -> Iterator[Statement]:
    """The totals of every quarter that ends up to and with `until`, from the one that begins on `since`.

    Emergencies are not in them: those are told one by one, of the young person.
    """
    begins_on = since
    while (ends_on := add_months(begins_on, 3)) <= until:
        for one in ACCOMMODATIONS.values():
            if one.open_on(begins_on):
                yield from _totals(one, begins_on, rng, parameters)
        begins_on = ends_on


def _totals(one: Accommodation, begins_on: date, rng: Random, parameters: MeasureParameters) -> Iterator[Statement]:
    years, quarter, told_on = begins_on.year - 2013, quarter_of(begins_on), add_months(begins_on, 3)
    expected = places_on(begins_on)[one.id] * parameters.per_place * (1 - parameters.yearly_fall) ** years
    for category, (share, minutes_mean) in KINDS.items():
        count = poisson(rng, expected * share)
        data: dict[str, object] = {
            "accommodation": one.id,
            "quarter": quarter,
            "category": category,
            "count": count,
            "minutes": round(count * minutes_mean * rng.uniform(0.8, 1.2)),
            "emergency": False,
        }
        record = f"{one.id}-{quarter}-{category}"
        time = morning_of(told_on + TOLD_AFTER)
        yield Statement(one.provider, "restriction-reported", record, None, data, told_on, time)
