"""The monitor's own copy of the facts: stored once, found by person and by record, decoded once."""

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, bindparam, func, select

from services.monitor.projector.among import among
from services.monitor.projector.bulk import insert_rows
from services.monitor.projector.entries import Readable
from services.monitor.tables import fact
from shared.calendar import calendar_date
from shared.facts.accommodation import AccommodationClosed, AccommodationRegistered, CapacityChanged, OccupancyCounted
from shared.facts.catalogue import accepted
from shared.facts.envelope import AcceptedEvent
from shared.facts.erasure import YouthErased
from shared.facts.landscape import (
    ConsultationHeld,
    ContextFigurePublished,
    FundingRecorded,
    PlanAdopted,
    RealEstateScanned,
)
from shared.facts.oddities import days_late
from shared.facts.restriction import RestrictionReported
from shared.facts.source import Heartbeat
from shared.facts.target import TargetSet

_OF_TABLES = tuple(one.fact_name for one in (AccommodationRegistered, AccommodationClosed, CapacityChanged))
_OF_SURROUNDINGS = tuple(
    one.fact_name for one in (ContextFigurePublished, FundingRecorded, RealEstateScanned, RestrictionReported)
)
ACCOMMODATION_FACTS = (*_OF_TABLES, OccupancyCounted.fact_name, TargetSet.fact_name, *_OF_SURROUNDINGS)
"""The facts that accommodations, their places, whom they counted, the targets and what is around are folded from."""

_OF_UNITS = tuple(one.fact_name for one in (TargetSet, PlanAdopted, ConsultationHeld, RestrictionReported))

NOT_KEPT = (Heartbeat, YouthErased)
"""Facts about no person that a fold has no use for."""

IN_MAX = 5_000
"""Values in one IN list; SQLite takes 32,766 parameters and PostgreSQL 65,535."""

AT_ONCE_MAX = 500
"""Facts read and decoded at once where one person is folded after the other, about 3 KiB each: what a transaction takes
in memory does not grow with the number of facts that a person has."""

T = TypeVar("T")

Place = tuple[str, int]
"""Service and position: where a fact stands."""

_owner = fact.alias("owner")
_PEOPLE_OF_RECORDS = (
    select(fact.c.person).where(among(fact.c.record_hash, "hashes"), fact.c.person.is_not(None)).distinct()
)
_PLACES_OF_PEOPLE = (
    select(_owner.c.person, fact.c.service, fact.c.position)
    .join_from(_owner, fact, fact.c.record_hash == _owner.c.record_hash)
    .where(among(_owner.c.person, "people"))
)
_PLACE = select(fact.c.service, fact.c.position)
_PLACES_OF_ACCOMMODATIONS = _PLACE.where(fact.c.of.in_(ACCOMMODATION_FACTS), fact.c.person.is_(None))
_PLACES_OF_TABLES = _PLACE.where(fact.c.of.in_(_OF_TABLES), fact.c.person.is_(None))
_PLACES_OF_UNITS = _PLACE.where(fact.c.of.in_(_OF_UNITS), fact.c.person.is_(None))
_NUMBER_OF_ACCOMMODATIONS = _PLACES_OF_ACCOMMODATIONS.with_only_columns(func.count())
_BODIES = select(fact.c.position, fact.c.body).where(
    fact.c.service == bindparam("service"), among(fact.c.position, "positions")
)
_HASHES_OF_PEOPLE = select(fact.c.record_hash).where(among(fact.c.person, "people")).distinct()


def any_measures(connection: Connection) -> bool:
    """Whether any restrictive measure was ever told: without one nobody need be read to count them."""
    told = select(fact.c.of).where(fact.c.of == RestrictionReported.fact_name).limit(1)
    return connection.scalar(told) is not None


def in_parts(values: Iterable[T], *, size: int = IN_MAX) -> Iterator[Sequence[T]]:
    """The values in lists that fit one statement."""
    remaining = list(values)
    for start in range(0, len(remaining), size):
        yield remaining[start : start + size]


def people_of_records(connection: Connection, hashes: Collection[int]) -> set[str]:
    """Everyone whom a stored revision of one of these records is about."""
    return set(connection.scalars(_PEOPLE_OF_RECORDS, {"hashes": hashes})) if hashes else set()


def records_of_people(connection: Connection, people: Collection[str]) -> set[int]:
    """The records that ever had one of these persons, by their hash."""
    return set(connection.scalars(_HASHES_OF_PEOPLE, {"people": people})) if people else set()


def places_of_accommodations(connection: Connection) -> frozenset[Place]:
    """Where the facts about accommodations and their places stand: while it is the same, so are these facts."""
    return _places(connection, _PLACES_OF_ACCOMMODATIONS)


def accommodation_facts(connection: Connection) -> int:
    """How many of them there are, at a tenth of the cost of finding where they stand."""
    return int(connection.execute(_NUMBER_OF_ACCOMMODATIONS).scalar_one())


def _places(connection: Connection, query: Select[str, int]) -> frozenset[Place]:
    return frozenset((service, position) for service, position in connection.execute(query))


class Facts:
    """Stored facts, with the newest ones kept decoded: a fact never changes, so what is decoded stays right."""

    def __init__(self, *, decoded_max: int) -> None:
        # A dict goes through all that it let go of when it looks for its first.
        self._decoded: OrderedDict[Place, AcceptedEvent] = OrderedDict()
        self._decoded_max = decoded_max

    def store(self, connection: Connection, entries: Sequence[tuple[str, Readable]]) -> None:
        """Keep these facts of services, but for those that no fold has a use for."""
        kept = [(service, entry) for service, entry in entries if type(entry.event.data) not in NOT_KEPT]
        insert_rows(connection, fact, [_row(service, entry) for service, entry in kept])
        for service, entry in kept:
            self._remember((service, entry.position), entry.event)

    def of_people(
        self, connection: Connection, people: Collection[str], *, until_us: int | None = None
    ) -> dict[str, Iterator[AcceptedEvent]]:
        """All facts of every record that each person ever had, by person, in no order.

        `until_us` leaves out what was accepted after that moment, in microseconds since 1970. They are decoded as they
        are taken: a newer version may have left one that this version cannot read, and that raises ValidationError for
        the persons who need it only.
        """
        places = _places_of_people(connection, people, until_us=until_us)
        return self._told(connection, places)

    def of_groups(
        self, connection: Connection, groups: Sequence[Sequence[str]]
    ) -> Iterator[tuple[Sequence[str], Mapping[str, Iterator[AcceptedEvent]]]]:
        """The same for one group of persons after the other, each with the facts of all in it.

        Whoever is done with a group before the next has no more than AT_ONCE_MAX of their facts in memory, or those of
        one group that has more.
        """
        places = _places_of_people(connection, [person for group in groups for person in group])
        for part in _at_once(groups, places):
            told = self._told(connection, {person: places[person] for group in part for person in group})
            for group in part:
                yield group, {person: told.pop(person) for person in group}

    def of_accommodations(self, connection: Connection) -> list[AcceptedEvent]:
        """All facts that the tables of accommodations and their places are made of."""
        return self.at(connection, _places(connection, _PLACES_OF_TABLES))

    def of_units(self, connection: Connection) -> list[AcceptedEvent]:
        """All targets, plans and consultations, and the measures that accommodations counted: some hundreds a year."""
        return self.at(connection, _places(connection, _PLACES_OF_UNITS))

    def at(self, connection: Connection, places: Collection[Place]) -> list[AcceptedEvent]:
        """The facts that stand there, in no order."""
        return list(self._decode(places, self._at(connection, set(places))))

    def forget(self) -> None:
        """Decode everything again."""
        self._decoded.clear()

    def _told(self, connection: Connection, places: Mapping[str, set[Place]]) -> dict[str, Iterator[AcceptedEvent]]:
        found = self._at(connection, set().union(*places.values()))
        return {person: self._decode(own, found) for person, own in places.items()}

    def _at(self, connection: Connection, places: set[Place]) -> dict[Place, AcceptedEvent | str]:
        """Those facts that are kept decoded, and the text of the others."""
        found: dict[Place, AcceptedEvent | str] = {}
        missing: dict[str, list[int]] = defaultdict(list)
        for place in places:
            if (event := self._decoded.get(place)) is not None:
                found[place] = event
            else:
                missing[place[0]].append(place[1])
        for service, positions in missing.items():
            rows = connection.execute(_BODIES, {"service": service, "positions": positions})
            found.update(((service, position), body) for position, body in rows)
        return found

    def _decode(self, places: Iterable[Place], found: dict[Place, AcceptedEvent | str]) -> Iterator[AcceptedEvent]:
        for place in places:
            event = found[place]
            if isinstance(event, str):
                found[place] = event = accepted().validate_json(event)
                self._remember(place, event)
            yield event

    def _remember(self, place: Place, event: AcceptedEvent) -> None:
        if self._decoded_max == 0:
            return
        self._decoded[place] = event
        if len(self._decoded) > self._decoded_max:
            self._decoded.popitem(last=False)


def _places_of_people(
    connection: Connection, people: Collection[str], *, until_us: int | None = None
) -> dict[str, set[Place]]:
    """Where all facts of every record stand that each of these persons ever had."""
    places: dict[str, set[Place]] = {person: set() for person in people}
    query = _PLACES_OF_PEOPLE if until_us is None else _PLACES_OF_PEOPLE.where(fact.c.accepted_at_us <= until_us)
    for person, service, position in connection.execute(query, {"people": people}):
        places[person].add((service, position))
    return places


def _at_once(groups: Sequence[Sequence[str]], places: Mapping[str, set[Place]]) -> Iterator[Sequence[Sequence[str]]]:
    """These groups in parts of AT_ONCE_MAX facts at most, but for a group that has more."""
    part: list[Sequence[str]] = []
    facts = 0
    for group in groups:
        own = sum(len(places[person]) for person in group)
        if part and facts + own > AT_ONCE_MAX:
            yield part
            part, facts = [], 0
        part.append(group)
        facts += own
    if part:
        yield part


def told_of(event: AcceptedEvent) -> tuple[date, int] | None:
    """When a fact about a person was recorded, and how many days after the day it is about; None: it says no day."""
    if event.subject is None or event.data.dated is None:
        return None
    return calendar_date(event.time), days_late(event)


def columns_of(entry: Readable) -> dict[str, Any]:
    """What a row says of a fact, besides its place."""
    event = entry.event
    source, of, record = entry.record
    told = told_of(event)
    return {
        "person": event.subject,
        "source": source,
        "name": event.data.fact_name,
        "id": event.id,
        "of": of,
        "record": record,
        "record_hash": entry.record_hash,
        "revision": event.revision,
        "body": entry.body,
        "recorded_on": None if told is None else told[0],
        "days_later": None if told is None else told[1],
    }


def _row(service: str, entry: Readable) -> dict[str, Any]:
    row = columns_of(entry)
    recorded_on = row["recorded_on"]
    text = None if recorded_on is None else recorded_on.isoformat()
    place = {"service": service, "position": entry.position, "accepted_at_us": entry.accepted_at_us}
    return place | row | {"recorded_on": text}
