"""The country: its closed accommodations with their places over time.

Names and places are those of real institutions, as far as they were found; what happens in them here is invented.
Relative sizes, registration dates and the places before 2023 are unverified.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TypeVar

T = TypeVar("T")

FIRST_DAY = date(2008, 1, 1)

INTAKE_STOPS_DAYS = 90
"""An accommodation that is going to close takes nobody in for this long before."""


@dataclass(frozen=True, slots=True)
class Accommodation:
    """A registered closed accommodation, open on the days [opened_on, closed_on)."""

    id: str
    name: str
    provider: str
    municipality: str
    region: str
    area: str
    sizes: tuple[tuple[date, float], ...]
    """Its relative size from a day on; the share of all places that it has."""
    opened_on: date = FIRST_DAY
    closed_on: date | None = None

    def open_on(self, day: date) -> bool:
        return self.opened_on <= day and (self.closed_on is None or day < self.closed_on)

    def admits_on(self, day: date) -> bool:
        """Open, and not about to close."""
        return self.open_on(day) and self.open_on(day + timedelta(days=INTAKE_STOPS_DAYS))

    def size_on(self, day: date) -> float:
        """Its relative size; 0 when it is not open."""
        return max((since, size) for since, size in self.sizes if since <= day)[1] if self.open_on(day) else 0.0


def _always(size: float) -> tuple[tuple[date, float], ...]:
    return ((FIRST_DAY, size),)


_ANTONIUS_OPENED = date(2019, 1, 1)

ACCOMMODATIONS: Mapping[str, Accommodation] = {
    one.id: one
    for one in (
        Accommodation(
            "portalis", "Portalis De Wilster", "elker-het-poortje", "Groningen", "JZ01", "noord", _always(55)
        ),
        Accommodation(
            "woodbrookers", "Woodbrookers", "jeugdhulp-friesland", "Smallingerland", "JZ02", "noord", _always(50)
        ),
        Accommodation("eefde", "Intermetzo Eefde", "pluryn", "Lochem", "JZ17", "oost", _always(75)),
        Accommodation("zetten", "OG Heldringstichting", "pluryn", "Overbetuwe", "JZ28", "oost", _always(70)),
        Accommodation(
            "hoenderloo",
            "Hoenderloo Groep",
            "pluryn",
            "Apeldoorn",
            "JZ17",
            "oost",
            ((FIRST_DAY, 80), (date(2020, 1, 1), 40)),
            closed_on=date(2020, 8, 31),
        ),
        Accommodation("harreveld", "Horizon Harreveld", "horizon", "Oost Gelre", "JZ25", "oost", _always(90)),
        Accommodation("midgaard", "Horizon Midgaard", "horizon", "Rotterdam", "JZ29", "zuid-west", _always(95)),
        Accommodation(
            "antonius",
            "Horizon Antonius",
            "horizon",
            "Castricum",
            "JZ06",
            "noord-west",
            ((_ANTONIUS_OPENED, 48),),
            opened_on=_ANTONIUS_OPENED,
        ),
        Accommodation(
            "transferium",
            "Transferium",
            "parlan",
            "Heerhugowaard",
            "JZ06",
            "noord-west",
            ((FIRST_DAY, 72), (_ANTONIUS_OPENED, 24)),
        ),
        Accommodation("de-koppeling", "De Koppeling", "levvel", "Amsterdam", "JZ13", "noord-west", _always(62)),
        Accommodation(
            "lindenhorst", "Lindenhorst-Almata", "lindenhorst-almata", "Zeist", "JZ23", "noord-west", _always(70)
        ),
        Accommodation(
            "schakenbosch", "Schakenbosch", "schakenbosch", "Leidschendam-Voorburg", "JZ24", "zuid-west", _always(105)
        ),
        Accommodation("via-almata", "Via Almata", "via-almata", "Woensdrecht", "JZ36", "zuid", _always(70)),
        Accommodation("deurne", "BJ Brabant Deurne", "bj-brabant", "Deurne", "JZ39", "zuid", _always(80)),
        Accommodation("icarus", "Icarus", "st-joseph", "Eijsden-Margraten", "JZ41", "zuid", _always(60)),
        Accommodation(
            "de-vliethoeve",
            "De Vliethoeve",
            "juzt",
            "Noord-Beveland",
            "JZ38",
            "zuid-west",
            _always(35),
            closed_on=date(2019, 12, 31),
        ),
    )
}
"""The sixteen accommodations by id (domain report, section 4.1). Hoenderloo closed in August 2020 and Antonius took
over part of Transferium after a tender in 2018 (the days are unverified); De Vliethoeve closed on 31 December 2019."""

NATIONAL_PLACES: tuple[tuple[date, int], ...] = (
    (date(2008, 1, 1), 1580),
    (date(2010, 1, 1), 1622),
    (date(2013, 1, 1), 1270),
    (date(2014, 1, 1), 1120),
    (date(2016, 1, 1), 1080),
    (date(2018, 1, 1), 1060),
    (date(2019, 1, 1), 1010),
    (date(2020, 1, 1), 960),
    (date(2020, 8, 31), 880),
    (date(2021, 1, 1), 840),
    (date(2022, 1, 1), 700),
    (date(2023, 1, 1), 609),
    (date(2023, 7, 1), 577),
    (date(2023, 12, 31), 581),
    (date(2024, 3, 31), 569),
    (date(2024, 6, 30), 564),
    (date(2024, 12, 31), 562),
    (date(2025, 3, 31), 526),
    (date(2025, 6, 30), 525),
    (date(2026, 1, 1), 505),
    (date(2026, 7, 1), 485),
)
"""Places in the country from a day on. Sourced: 2010, and 2023 to 30-6-2025 (Jeugdautoriteit); the rest unverified."""

HYBRID_SHARES: tuple[tuple[date, float], ...] = (
    (date(2008, 1, 1), 0.0),
    (date(2023, 1, 1), 0.12),
    (date(2023, 12, 31), 0.162),
    (date(2024, 12, 31), 0.20),
    (date(2025, 3, 31), 0.24),
)
"""Share of the places that is hybrid: 16.2 % and 24 % are sourced (Jeugdautoriteit), the other steps unverified."""

GROUP_SIZES: tuple[tuple[date, int], ...] = ((date(2008, 1, 1), 10), (date(2021, 1, 1), 8), (date(2025, 1, 1), 6))
"""Young people in one group: unverified, on the way to small-scale in 2025."""

CAPACITY_DAYS: tuple[date, ...] = tuple(
    sorted(
        {since for since, _ in NATIONAL_PLACES}
        | {since for since, _ in HYBRID_SHARES}
        | {since for since, _ in GROUP_SIZES}
    )
)
"""The days on which the places of some accommodation change."""


def divided(total: int, weights: Mapping[T, float]) -> Mapping[T, int]:
    """A whole number in whole parts by weight: they add up to it, and the largest remainders are rounded up."""
    whole = sum(weights.values())
    exact = {name: total * weight / whole for name, weight in weights.items()}
    parts = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: parts[name] - exact[name])
    for name in by_remainder[: total - sum(parts.values())]:
        parts[name] += 1
    return parts


@cache
def _places_since(since: date) -> Mapping[str, int]:
    sizes = {name: one.size_on(since) for name, one in ACCOMMODATIONS.items()}
    return divided(next(places for day, places in reversed(NATIONAL_PLACES) if day <= since), sizes)


def places_on(day: date) -> Mapping[str, int]:
    """Places of each accommodation, 0 for one that is not open; they add up to the places of the country."""
    changes = [since for since in CAPACITY_DAYS if since <= day]
    return _places_since(changes[-1])


@cache
def _weights(area: str, since: date, admitting: tuple[str, ...], own_area_weight: float) -> tuple[float, ...]:
    places = _places_since(since)
    return tuple(places[one] * (own_area_weight if ACCOMMODATIONS[one].area == area else 1.0) for one in admitting)


@cache
def _admitting(day: date) -> tuple[str, ...]:
    return tuple(name for name, one in ACCOMMODATIONS.items() if one.admits_on(day))


def choices_on(day: date, *, area: str, own_area_weight: float) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The accommodations that take someone in on a day, and how likely each is for someone from this area."""
    since = CAPACITY_DAYS[bisect_right(CAPACITY_DAYS, day) - 1]
    admitting = _admitting(day)
    return admitting, _weights(area, since, admitting, own_area_weight)
