"""What is said about no person: the accommodations, their places over time, and the heartbeat of each source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.simulator.country import (
    ACCOMMODATIONS,
    CAPACITY_DAYS,
    GROUP_SIZES,
    HYBRID_SHARES,
    Accommodation,
    places_on,
)
from services.simulator.noise import Silence
from services.simulator.publishers import PUBLISHERS
from services.simulator.statement import Statement, morning_of

HEARTBEAT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Group:
    """The places of one group of an accommodation from a day on."""

    places: int
    size: int
    """Young people that live together in it."""
    mode: str
    """How it is closed."""
    procurement: str
    """Who buys its places."""


def register(since: date, until: date) -> Iterator[Statement]:
    """Accommodations and their places on the days [since, until); what held before is told on the first of them."""
    for one in ACCOMMODATIONS.values():
        yield from _entries(one, since, until)
        told: dict[str, int] = {}
        for day in _days(one, since, until):
            for mode, group in groups_on(one, day).items():
                if told.get(mode, 0) != group.places or day in dict(GROUP_SIZES):
                    yield capacity(one, mode, day, group, key=f"{one.id}-{mode}-{day.isoformat()}")
                told[mode] = group.places


def groups_on(one: Accommodation, day: date) -> Mapping[str, Group]:
    """Its groups by closure mode: the hybride one where any place is, and the rest."""
    places = places_on(day)[one.id] if one.open_on(day) else 0
    hybrid = round(places * next(share for since, share in reversed(HYBRID_SHARES) if since <= day))
    size = next(size for since, size in reversed(GROUP_SIZES) if since <= day)
    numbers = {"gesloten": places - hybrid, "hybride": hybrid} if hybrid else {"gesloten": places}
    return {mode: Group(number, size, mode, "regionaal") for mode, number in numbers.items()}


def capacity(one: Accommodation, name: str, day: date, group: Group, *, key: str, minutes: int = 0) -> Statement:
    """That a group has these places from a day on, recorded so many minutes after its morning."""
    data: dict[str, object] = {
        "accommodation": one.id,
        "group": f"{one.id}-{name}",
        "from_on": day.isoformat(),
        "places": group.places,
        "group_size": group.size,
        "closure": group.mode,
        "procurement": group.procurement,
    }
    return Statement(one.provider, "capacity-changed", key, None, data, day, morning_of(day, minutes=minutes))


def heartbeats(since: date, until: date, silence: Silence) -> Iterator[Statement]:
    """One a week from every source on the days [since, until), but from the one that is silent."""
    day = since
    while day < until:
        for number, name in enumerate(PUBLISHERS):
            time = morning_of(day, minutes=number)
            if name != silence.publisher or not silence.since <= time < silence.until:
                yield Statement(name, "heartbeat", day.isoformat(), None, {}, day, time)
        day += timedelta(days=HEARTBEAT_DAYS)


def _entries(one: Accommodation, since: date, until: date) -> Iterator[Statement]:
    if one.opened_on < until:
        registered: dict[str, object] = {
            "accommodation": one.id,
            "provider": one.provider,
            "name": one.name,
            "municipality": one.municipality,
            "region": one.region,
            "area": one.area,
            "on": one.opened_on.isoformat(),
        }
        time = morning_of(max(since, one.opened_on))
        yield Statement(one.provider, "accommodation-registered", one.id, None, registered, one.opened_on, time)
    if one.closed_on is not None and one.closed_on < until:
        closed: dict[str, object] = {"accommodation": one.id, "on": one.closed_on.isoformat()}
        time = morning_of(one.closed_on)
        yield Statement(one.provider, "accommodation-closed", one.id, None, closed, one.closed_on, time)


def _days(one: Accommodation, since: date, until: date) -> list[date]:
    days = {max(since, one.opened_on), *(day for day in CAPACITY_DAYS if one.open_on(day))}
    if one.closed_on is not None:
        days.add(one.closed_on)
    return sorted(day for day in days if since <= day < until)
