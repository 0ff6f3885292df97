"""Reads stream entries: what each one says, whether it follows the one before, and what of it cannot be read."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from shared.calendar import microseconds
from shared.facts.catalogue import accepted, catalogue
from shared.facts.envelope import AcceptedEvent, Pseudonym
from shared.facts.records import Record, record_number, record_of
from shared.streams import stream_name

RawEntry = tuple[bytes, bytes]
"""The id of a stream entry, `<position>-0`, and its field `event`."""


@dataclass(frozen=True, slots=True, order=True)
class Stream:
    """One partition of one service's facts."""

    service: str
    partition: int

    @property
    def name(self) -> str:
        return stream_name(self.service, self.partition)


class Readable(NamedTuple):
    """An entry with a fact that this version knows."""

    position: int
    prev: int
    body: str
    event: AcceptedEvent
    record: Record
    """The record that it says something about."""
    record_hash: int
    accepted_at_us: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A fact of a type that this version knows, but not as its data are: it is parked, and whom it is about waits."""

    position: int
    prev: int
    body: str
    reason: str
    type: str
    person: str | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact of a type that only a newer version knows: its stream stands still before it, until an upgrade."""

    position: int
    prev: int
    type: str


@dataclass(frozen=True, slots=True)
class Garbled:
    """No entry of a ledger: not JSON, or without its own place in it. Only the feed can say what belongs there."""

    position: int


Known = Readable | Unreadable
"""An entry that is projected or parked."""

Entry = Known | Unknown

_PSEUDONYM = TypeAdapter(Pseudonym)


def read(raw: RawEntry) -> Entry | Garbled:
    """What one stream entry says."""
    position = int(raw[0].partition(b"-")[0])
    entry = read_event(raw[1])
    return entry if entry.position == position else Garbled(position)


def read_event(event: bytes) -> Entry | Garbled:
    """What one event says, as streams and feeds carry it."""
    try:
        known = accepted().validate_json(event)
    except ValidationError as error:
        return _unreadable(event, error)
    record = record_of(known)
    at_us = microseconds(known.acceptedat)
    return Readable(known.position, known.prev, event.decode(), known, record, record_number(known, record), at_us)


def _unreadable(event: bytes, error: ValidationError) -> Unreadable | Unknown | Garbled:
    try:
        said = json.loads(event)
    except ValueError:
        return Garbled(-1)
    match said:
        case {"type": str(kind), "position": int(position), "prev": int(prev)}:
            if kind not in catalogue():
                return Unknown(position, prev, kind)
            return Unreadable(position, prev, event.decode(), reason(error), kind, _person(said.get("subject")))
    return Garbled(-1)


def _person(subject: object) -> str | None:
    try:
        return _PSEUDONYM.validate_python(subject)
    except ValidationError:
        return None


def reason(error: ValidationError) -> str:
    """Where and which kind of error, never the value: it may name a person."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"/{'/'.join(map(str, problem['loc']))} {problem['type']}" for problem in problems[:5])


@dataclass(frozen=True, slots=True)
class Run:
    """Entries that follow a position without a gap, and where the rest begins that does not."""

    entries: tuple[Known, ...]
    gap: int | None = None
    """Index of the first entry that does not follow; None when all do."""
    missing_until: int = 0
    """The last position that is missing before that entry; 0 when there is no gap."""
    unknown: Unknown | None = None
    """The entry before which it ends because this version does not know its type."""


def follow(entries: Sequence[Entry | Garbled], *, after: int) -> Run:
    """The part of the entries that follows `after` by their `prev`; what is at or before it is skipped."""
    run: list[Known] = []
    for index, entry in enumerate(entries):
        if entry.position <= after:
            continue
        if isinstance(entry, Garbled):
            return Run(tuple(run), index, entry.position)
        if entry.prev != after:
            return Run(tuple(run), index, entry.prev)
        if isinstance(entry, Unknown):
            return Run(tuple(run), unknown=entry)
        run.append(entry)
        after = entry.position
    return Run(tuple(run))


def readable(entries: Iterable[Entry]) -> list[Readable]:
    """Those with a fact that this version knows."""
    return [entry for entry in entries if isinstance(entry, Readable)]
