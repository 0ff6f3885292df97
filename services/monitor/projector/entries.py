"""Reads stream entries: what each one says, whether it follows the one before, and what of it cannot be read."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from shared.facts.catalogue import accepted
from shared.facts.envelope import AcceptedEvent
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


@dataclass(frozen=True, slots=True)
class Readable:
    """An entry with a fact that this version knows."""

    position: int
    prev: int
    body: str
    event: AcceptedEvent


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An entry in its place whose fact this version cannot read; it is parked with the reason."""

    position: int
    prev: int
    body: str
    reason: str


@dataclass(frozen=True, slots=True)
class Garbled:
    """No entry of a ledger: not JSON, or without its own place in it. Only the feed can say what belongs there."""

    position: int


Entry = Readable | Unreadable


def read(raw: RawEntry) -> Entry | Garbled:
    """What one stream entry says."""
    position = int(raw[0].partition(b"-")[0])
    entry = read_event(raw[1])
    return entry if isinstance(entry, Readable | Unreadable) and entry.position == position else Garbled(position)


def read_event(event: bytes) -> Entry | Garbled:
    """What one event says, as streams and feeds carry it."""
    try:
        known = accepted().validate_json(event)
    except ValidationError as error:
        return _unreadable(event, error)
    return Readable(known.position, known.prev, event.decode(), known)


def _unreadable(event: bytes, error: ValidationError) -> Unreadable | Garbled:
    try:
        match json.loads(event):
            case {"position": int(position), "prev": int(prev)}:
                return Unreadable(position, prev, event.decode(), _reason(error))
    except ValueError:
        pass  # Not JSON, or not UTF-8: that it is garbled is all there is to say.
    return Garbled(-1)


def _reason(error: ValidationError) -> str:
    """Where and which kind of error, never the value: it may name a person."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"/{'/'.join(map(str, problem['loc']))} {problem['type']}" for problem in problems[:5])


@dataclass(frozen=True, slots=True)
class Run:
    """Entries that follow a position without a gap, and where the rest begins that does not."""

    entries: tuple[Entry, ...]
    gap: int | None
    """Index of the first entry that does not follow; None when all do."""
    missing_until: int
    """The last position that is missing before that entry; 0 when there is no gap."""


def follow(entries: Sequence[Entry | Garbled], *, after: int) -> Run:
    """The part of the entries that follows `after` by their `prev`; what is at or before it is skipped."""
    run: list[Entry] = []
    for index, entry in enumerate(entries):
        if entry.position <= after:
            continue
        if isinstance(entry, Garbled):
            return Run(tuple(run), index, entry.position)
        if entry.prev != after:
            return Run(tuple(run), index, entry.prev)
        run.append(entry)
        after = entry.position
    return Run(tuple(run), None, 0)


def readable(entries: Iterable[Entry]) -> list[Readable]:
    """Those with a fact that this version knows."""
    return [entry for entry in entries if isinstance(entry, Readable)]
