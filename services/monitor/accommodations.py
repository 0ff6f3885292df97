"""The register of accommodations, their places, whom they counted, targets and surroundings; folded, and pure (D13)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.monitor.surroundings import NOTHING_AROUND, Surroundings, surroundings
from shared.facts.accommodation import AccommodationClosed, AccommodationRegistered, CapacityChanged, OccupancyCounted
from shared.facts.envelope import AcceptedEvent
from shared.facts.record import RecordWithdrawn
from shared.facts.target import TargetSet


@dataclass(frozen=True, slots=True)
class Accommodation:
    """What is known of one accommodation; it is open from `opened_on` on, but for the days on which it is closed."""

    accommodation: str
    provider: str | None = None
    name: str | None = None
    municipality: str | None = None
    region: str | None = None
    area: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    """None when it was opened again."""
    shut: tuple[tuple[date, date], ...] = ()
    """The days on which it was closed before it was opened again, half-open, in order."""

    @property
    def closed(self) -> tuple[tuple[date, date], ...]:
        """All days on which it is closed, half-open, in order; until date.max while nobody opened it again."""
        return self.shut if self.closed_on is None else (*self.shut, (self.closed_on, date.max))

    def closed_since(self, on: date) -> date | None:
        """Since when it is closed on this day; None when it is not."""
        return next((begin for begin, end in self.closed if begin <= on < end), None)


@dataclass(frozen=True, slots=True)
class Capacity:
    """From a day on, until the next of the same accommodation and group, there are this many places."""

    accommodation: str
    group: str
    """Empty for places that belong to no group; they are added to those of the groups."""
    from_on: date
    places: int
    group_size: int | None
    closure_mode: str
    procurement: str


@dataclass(frozen=True, slots=True)
class HeadCount:
    """How many young people an accommodation counted itself on a day."""

    accommodation: str
    counted_on: date
    heads: int
    source: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan aims at: of one scope and series the target that was set last."""

    scope: str
    series: str
    points: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Register:
    """All accommodations, their places and head counts through time, the plans for them, and what is around them."""

    accommodations: tuple[Accommodation, ...]
    capacities: tuple[Capacity, ...]
    plans: tuple[Plan, ...] = ()
    counts: tuple[HeadCount, ...] = ()
    """In order of accommodation and day."""
    surroundings: Surroundings = NOTHING_AROUND
    """What stands around closed youth care."""


def fold_register(facts: Iterable[AcceptedEvent]) -> Register:
    """What these facts say together: per record the winning revision (D12), later facts over earlier ones."""
    known: dict[str, Accommodation] = {}
    capacities: dict[tuple[str, str, date], Capacity] = {}
    plans: dict[tuple[str, str], Plan] = {}
    counts: dict[tuple[str, date], HeadCount] = {}
    stand = standing_facts(facts)
    for event in sorted(stand, key=_order):
        match event.data:
            case AccommodationRegistered() | AccommodationClosed():
                before = known.get(event.data.accommodation, Accommodation(event.data.accommodation))
                known[before.accommodation] = _said(before, event.data)
            case CapacityChanged() as fact:
                capacity = _capacity(fact)
                capacities[capacity.accommodation, capacity.group, capacity.from_on] = capacity
            case OccupancyCounted(accommodation=at, counted_on=day, heads=heads):
                counts[at, day] = HeadCount(at, day, heads, event.source)
            case TargetSet(scope=scope, series=series, points=points):
                plans[scope, series] = Plan(scope, series, tuple((one.on, one.value) for one in points))
    return Register(
        tuple(known[key] for key in sorted(known)),
        tuple(capacities[key] for key in sorted(capacities)),
        tuple(plans[key] for key in sorted(plans)),
        tuple(counts[key] for key in sorted(counts)),
        surroundings(stand),
    )


def in_force(capacities: Iterable[Capacity], on: date) -> list[Capacity]:
    """Of each accommodation and group, and of what belongs to no group, the last change up to and with this day."""
    last: dict[tuple[str, str], Capacity] = {}
    for one in capacities:
        key = one.accommodation, one.group
        if one.from_on <= on and (key not in last or one.from_on > last[key].from_on):
            last[key] = one
    return list(last.values())


def standing_facts(facts: Iterable[AcceptedEvent]) -> Sequence[AcceptedEvent]:
    """Of each record the highest revision, then the later time, then the greater id, unless it is withdrawn (D12)."""
    best: dict[tuple[str, str, str], AcceptedEvent] = {}
    withdrawn: dict[tuple[str, str, str], int] = {}
    for event in facts:
        if isinstance(event.data, RecordWithdrawn):
            key = event.source, event.data.of, event.data.record
            withdrawn[key] = max(withdrawn.get(key, 0), event.revision)
            continue
        key = event.source, event.data.fact_name, event.record_key
        held = best.setdefault(key, event)
        if (event.revision, event.time, event.id) > (held.revision, held.time, held.id):
            best[key] = event
    return [event for key, event in best.items() if withdrawn.get(key, 0) < event.revision]


def _order(event: AcceptedEvent) -> tuple[date, int, object, str, str]:
    """By the day it holds, an end before a start on one day (D11), then by what the source says; never arrival."""
    match event.data:
        case AccommodationClosed(on=on):
            return on, 0, event.time, event.source, event.id
        case AccommodationRegistered(on=on):
            return on, 1, event.time, event.source, event.id
        case CapacityChanged(from_on=on):
            return on, 2, event.time, event.source, event.id
        case _:
            return date.max, 3, event.time, event.source, event.id


def _said(before: Accommodation, fact: AccommodationRegistered | AccommodationClosed) -> Accommodation:
    after = replace(
        before,
        provider=fact.provider or before.provider,
        name=fact.name or before.name,
        municipality=fact.municipality or before.municipality,
        region=fact.region or before.region,
        area=fact.area or before.area,
    )
    if isinstance(fact, AccommodationClosed):
        return replace(after, closed_on=before.closed_on or fact.on)
    shut = before.shut
    if before.closed_on is not None and before.closed_on < fact.on:
        shut = (*shut, (before.closed_on, fact.on))
    return replace(after, opened_on=before.opened_on or fact.on, closed_on=None, shut=shut)


def _capacity(fact: CapacityChanged) -> Capacity:
    return Capacity(
        fact.accommodation,
        fact.group or "",
        fact.from_on,
        fact.places,
        fact.group_size,
        fact.closure,
        fact.procurement,
    )
