"""What the transformation of closed youth care costs: money that is awarded and spent, and buildings in the books."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from services.simulator.country import ACCOMMODATIONS, Accommodation, divided, places_on
from services.simulator.course import drawn
from services.simulator.parameters import BuildingParameters, FundingParameters
from services.simulator.publishers import REAL_ESTATE, desk_of
from services.simulator.statement import Statement, morning_of
from shared.calendar import add_months
from shared.facts.regions import AREAS

AWARDED_ON = (date(2024, 12, 1), date(2025, 7, 1), date(2026, 7, 1), date(2027, 7, 1), date(2028, 7, 1))
"""A fifth of the money each: the years are sourced (bestuurlijke afspraken of June 2024), the days unverified."""
MILLION = 1_000_000

PURPOSES = {"reduction": 0.35, "conversion": 0.3, "alternative": 0.25, "vacancy": 0.1}
"""What it is for: unverified."""

SCANNED_FROM = (date(2019, 10, 1), date(2022, 10, 1), date(2025, 10, 1))
"""A quickscan of all buildings was agreed in 2019; that there were more, and each day, is unverified."""
SCAN_DAYS = 60
ROUNDED_TO = 10_000
"""Euros of a book value."""

REUSE: Mapping[date, Mapping[str, float]] = {
    SCANNED_FROM[0]: {"own-use": 0.6, "other-care": 0.1, "housing": 0.05, "sale": 0.05, "unknown": 0.2},
    SCANNED_FROM[1]: {"own-use": 0.45, "other-care": 0.2, "housing": 0.15, "sale": 0.1, "unknown": 0.1},
    SCANNED_FROM[2]: {"own-use": 0.3, "other-care": 0.25, "housing": 0.2, "sale": 0.15, "none": 0.05, "unknown": 0.05},
}
"""What may become of buildings, by scan: unverified."""
LEASES_END = range(2027, 2036)


def funding(until: date, rng: Random, parameters: FundingParameters) -> Iterator[Statement]:
    """Money that each area is awarded, by the places it has, and then spends quarter after quarter; before `until`."""
    for awarded_on in AWARDED_ON:
        total = parameters.awarded_millions * MILLION // len(AWARDED_ON)
        amounts = divided(total, {(a, p): _places(a, awarded_on) * PURPOSES[p] for a in AREAS for p in PURPOSES})
        for (area, purpose), amount in amounts.items():
            for number in range(parameters.quarters + 1):
                kind, on, part = "awarded", awarded_on, amount
                if number:
                    kind, on = "spent", add_months(awarded_on.replace(day=1), 3 * number)
                    part = int(amount / parameters.quarters * rng.uniform(parameters.spent_share_min, 1))
                if on < until:
                    data: dict[str, object] = {
                        "scope": area,
                        "on": on.isoformat(),
                        "kind": kind,
                        "purpose": purpose,
                        "amount": part,
                    }
                    key = f"{area}-{purpose}-{awarded_on.year}-{number}"
                    yield Statement(desk_of(area), "funding-recorded", key, None, data, on, morning_of(on))


def scans(until: date, rng: Random, parameters: BuildingParameters) -> Iterator[Statement]:
    """What is said before `until` of the buildings of each accommodation that is open when it is its turn."""
    for one in ACCOMMODATIONS.values():
        worth = rng.uniform(0.6, 1.4) * parameters.euros_a_place
        leased, lease_until = rng.random() < parameters.leased_share, date(rng.choice(LEASES_END), 1, 1)
        for begins_on in SCANNED_FROM:
            on, reuse = begins_on + timedelta(days=rng.randrange(SCAN_DAYS)), drawn(rng, REUSE[begins_on])
            if on < until and one.open_on(on):
                data: dict[str, object] = {
                    "accommodation": one.id,
                    "scanned_on": on.isoformat(),
                    "book_value": _book_value(one, worth, on, parameters),
                    "reuse": reuse,
                }
                if leased:
                    data["lease_until"] = lease_until.isoformat()
                key, time = f"{one.id}-{begins_on.year}", morning_of(on)
                yield Statement(REAL_ESTATE, "real-estate-scanned", key, None, data, on, time)


def _book_value(one: Accommodation, worth: float, on: date, parameters: BuildingParameters) -> int:
    """By the places that were there at the first scan, or when it opened: an empty room stays in the books."""
    places = places_on(max(SCANNED_FROM[0], one.opened_on))[one.id]
    written_off = (1 - parameters.yearly_fall) ** (on.year - SCANNED_FROM[0].year)
    return round(places * worth * written_off / ROUNDED_TO) * ROUNDED_TO


def _places(area: str, on: date) -> int:
    return sum(places for name, places in places_on(on).items() if ACCOMMODATIONS[name].area == area)
