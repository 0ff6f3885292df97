"""How far the projection is, as the database says: positions, what was parked, when sources were last heard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from services.monitor.projector.dossiers import REGISTER
from services.monitor.tables import checkpoint, derivation, horizon, parked, quarantine, source_seen
from shared.calendar import calendar_date, moment_of

_STREAMS = select(checkpoint.c.stream, checkpoint.c.position).order_by(checkpoint.c.stream)
_MADE = select(derivation.c.rules, derivation.c.rebuilds)
_PROJECTED = select(checkpoint.c.stream, checkpoint.c.position, checkpoint.c.entries)
_SEEN = select(source_seen.c.source, source_seen.c.accepted_at_us)
_SERVICES = select(checkpoint.c.stream)
_REACHED = select(horizon.c.service, horizon.c.accepted_at_us)
_PARKED = select(func.count()).select_from(parked)
_QUARANTINED = select(func.count()).select_from(quarantine)
_PERSONS_QUARANTINED = _QUARANTINED.where(quarantine.c.person != REGISTER)


class Version(NamedTuple):
    """Changes whenever anything derived from facts may have changed; equal versions mean equal figures on one date."""

    streams: tuple[tuple[str, int], ...]
    """Where each stands."""
    rules: str | None
    rebuilds: int | None
    """How often something was made anew."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is durably projected."""

    positions: Mapping[str, int]
    """By service the highest position; each of its streams stands at one of its own."""
    entries: Mapping[str, int]
    """By service how many facts of its ledger were projected."""
    parked: int
    """Facts that wait to be taken."""
    quarantined: int
    """Persons whose rows stand still since a fact about them could not be taken."""
    sources: Mapping[str, int]
    """By source when its latest fact was accepted, in microseconds since 1970."""


def version(connection: Connection) -> Version:
    """The version of everything derived: where each stream stands, and how often something was rebuilt."""
    streams = connection.execute(_STREAMS)
    made = connection.execute(_MADE).one_or_none()
    return Version(tuple((stream, position) for stream, position in streams), *(made or (None, None)))


def reached_us(connection: Connection) -> dict[str, int]:
    """By service the moment up to which everything that it accepted is projected or parked, in microseconds since
    1970; 0 where there is none yet. projector.marks moves it, each minute also where nothing happens.
    """
    services = sorted({stream.split(":")[-2] for stream in connection.scalars(_SERVICES)})
    reached = dict(map(tuple, connection.execute(_REACHED)))
    return {service: reached.get(service, 0) for service in services}


def read_until(connection: Connection) -> datetime | None:
    """The same moment of all services together; None where there is none yet."""
    reached = reached_us(connection)
    return moment_of(min(reached.values())) if reached and all(reached.values()) else None


def persons_quarantined(connection: Connection) -> int:
    """How many young persons are quarantined; the register of accommodations is none."""
    return connection.execute(_PERSONS_QUARANTINED).scalar_one()


def facts_in(version: Version) -> int:
    """How far the ledgers were read, together: how much it moved says how many facts came in."""
    positions: dict[str, int] = {}
    for stream, position in version.streams:
        service = stream.split(":")[-2]
        positions[service] = max(positions.get(service, 0), position)
    return sum(positions.values())


def last_heard(connection: Connection) -> Mapping[str, date]:
    """By source the last day on which a fact or a heartbeat of it was accepted."""
    return {source: calendar_date(moment_of(at_us)) for source, at_us in connection.execute(_SEEN)}


def progress(connection: Connection) -> Progress:
    """What is durably projected, from one transaction."""
    positions: dict[str, int] = {}
    entries: dict[str, int] = {}
    for stream, position, count in connection.execute(_PROJECTED):
        service = stream.split(":")[-2]
        positions[service] = max(positions.get(service, 0), position)
        entries[service] = entries.get(service, 0) + count
    return Progress(
        positions,
        entries,
        connection.execute(_PARKED).scalar_one(),
        connection.execute(_QUARANTINED).scalar_one(),
        {row.source: row.accepted_at_us for row in connection.execute(_SEEN)},
    )
