"""What the history is found by: change numbers, when facts were accepted, what sources observed, and the horizon."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, select, update

from services.monitor.projector.among import among
from services.monitor.projector.upsert import upsert_keeping
from services.monitor.tables import checkpoint, derivation, horizon, source_observed
from shared.calendar import microseconds
from shared.facts.envelope import AcceptedEvent

_NEXT_CHANGE = update(derivation).values(changes=derivation.c.changes + 1).returning(derivation.c.changes)
_OBSERVED = select(source_observed).where(among(source_observed.c.source, "sources"))
_STAND = select(checkpoint.c.stream, checkpoint.c.position, checkpoint.c.entries, checkpoint.c.accepted_at_us)

Moments = dict[str, list[tuple[datetime, datetime]]]
"""By source: when each of its facts was accepted, and when it recorded it."""

Promise = tuple[int, int]
"""Position and moment, in microseconds since 1970: what follows the one in its ledger is accepted after the other."""


def next_change(connection: Connection) -> int:
    """A number above that of every change that anyone can see.

    It is taken under a lock that is held to the commit, so whoever sees a number sees all that are lower: who asks for
    what changed after the last number it saw misses nothing. Take it late in a transaction.
    """
    return int(connection.execute(_NEXT_CHANGE).scalar_one())


def hold_changes(connection: Connection) -> None:
    """Hold the lock of the change numbers without taking one: whoever changes anything commits before us, or after."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(derivation.c.changes).with_for_update())


def count_rebuild(connection: Connection) -> None:
    """Whoever keeps figures in memory sees by this that they are made anew, and that persons may be gone."""
    connection.execute(update(derivation).values(rebuilds=derivation.c.rebuilds + 1))


def span(person: str, facts: Iterable[AcceptedEvent]) -> tuple[int, int]:
    """When the first fact about this person was accepted, and the last one of the records that they ever had.

    Before the first nobody knew of them; from the last on their dossier is the one of today.
    """
    moments = [(event.acceptedat, event.subject == person) for event in facts]
    return microseconds(min([at for at, own in moments if own])), microseconds(max(moments)[0])


def note_moments(said: Moments, facts: Iterable[AcceptedEvent]) -> None:
    """Add when these facts were accepted and recorded; one about no person says nothing of what sources observe."""
    for event in facts:
        if event.subject is not None:
            said.setdefault(event.source, []).append((event.acceptedat, event.time))


def observe(connection: Connection, said: Moments) -> None:
    """Keep for each source by when it was known that it recorded facts so early; a row only for what is earlier."""
    if not said:
        return
    known: dict[str, list[tuple[int, int]]] = {}
    for row in connection.execute(_OBSERVED, {"sources": said}):
        known.setdefault(row.source, []).append((row.accepted_at_us, row.time_us))
    new = []
    for source, moments in sorted(said.items()):
        steps = known.get(source, [])
        for accepted_at_us, time_us in _earlier(moments):
            if not any(step_at <= accepted_at_us and step_time <= time_us for step_at, step_time in steps):
                new.append({"source": source, "accepted_at_us": accepted_at_us, "time_us": time_us})
    if new:
        connection.execute(upsert_keeping(connection, "least", source_observed, "time_us"), new)


def _earlier(moments: list[tuple[datetime, datetime]]) -> Iterator[tuple[int, int]]:
    """Those with an earlier time than each that was accepted before, or at the same moment with a lesser time."""
    least: datetime | None = None
    for accepted_at, time in sorted(moments):
        if least is None or time < least:
            least = time
            yield microseconds(accepted_at), microseconds(time)


def move_horizon(connection: Connection, promised: Mapping[str, Promise]) -> None:
    """Move the horizon of each service on to the moment up to which everything that it accepted is projected.

    A ledger hands out positions without a gap and moments that rise with them, and a checkpoint knows when its last
    fact was accepted. When as many entries are projected as the highest position says, none is missing below it, and
    all is projected that was accepted up to the latest of those moments, however quiet some of the streams are.

    `promised` is by service. With the position of a promise projected all is, up to its moment; so a horizon moves
    while nothing happens. What is true stays true: a horizon never moves back.
    """
    found: dict[str, list[tuple[int, int, int]]] = {}
    for stream, position, entries, accepted_at_us in connection.execute(_STAND):
        found.setdefault(stream.split(":")[-2], []).append((position, entries, accepted_at_us))
    rows = []
    for service, streams in sorted(found.items()):
        head = max(position for position, _, _ in streams)
        if sum(entries for _, entries, _ in streams) != head:
            continue
        promised_at, promise_us = promised.get(service, (0, 0))
        moments = [*(at_us for _, _, at_us in streams), *([promise_us] if promised_at <= head else [])]
        rows.append({"service": service, "accepted_at_us": max(moments)})
    if rows:
        connection.execute(upsert_keeping(connection, "greatest", horizon, "accepted_at_us"), rows)
