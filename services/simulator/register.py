"""What is said about no person: the accommodations, their places over time, and the heartbeat of each source."""

from collections.abc import Iterator
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


def register(since: date, until: date) -> Iterator[Statement]:
    """Accommodations and their places on the days [since, until); what held before is told on the first of them."""
    for one in ACCOMMODATIONS.values():
        yield from _entries(one, since, until)
        told: dict[str, int] = {}
        for day in _days(one, since, until):
            for mode, places in _places(one, day).items():
                if told.get(mode, 0) != places or day in dict(GROUP_SIZES):
                    yield _capacity(one, mode, day, places)
                told[mode] = places


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


def _places(one: Accommodation, day: date) -> dict[str, int]:
    places = places_on(day)[one.id] if one.open_on(day) else 0
    hybrid = round(places * next(share for since, share in reversed(HYBRID_SHARES) if since <= day))
    return {"gesloten": places - hybrid, "hybride": hybrid} if hybrid else {"gesloten": places}


def _capacity(one: Accommodation, mode: str, day: date, places: int) -> Statement:
    data: dict[str, object] = {
        "accommodation": one.id,
        "group": f"{one.id}-{mode}",
        "from_on": day.isoformat(),
        "places": places,
        "group_size": next(size for since, size in reversed(GROUP_SIZES) if since <= day),
        "closure": mode,
        "procurement": "regionaal",
    }
    record = f"{one.id}-{mode}-{day.isoformat()}"
    return Statement(one.provider, "capacity-changed", record, None, data, day, morning_of(day))
