"""What goes into a ledger and what comes out: drafts, the outcome of each, and stored entries."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from shared.calendar import moment_of, rfc3339
from shared.facts.envelope import Event
from shared.facts.erasure import PseudonymsMerged, YouthErased
from shared.facts.naming import Naming, ReceiptWarning, named, said
from shared.facts.oddities import odd

CONTENT_HASH_BYTES = 16

_TRANSPORT = frozenset({"datacontenttype", "dataschema", "sequence", "sequencetype", "traceparent", "tracestate"})
"""Attributes that say how an event travelled and may differ between two sendings of one event."""


_ERASES = f'"type":"{YouthErased.type()}"'


class Draft(NamedTuple):
    """An event ready to be stored. (source, id) is its idempotency key, for ever."""

    source: str
    id: str
    name: str
    person: str | None
    content_hash: bytes
    body: str
    """The normalised event as a JSON object."""
    said: tuple[int, ...] = ()
    """Keys that it makes known."""
    named: tuple[Naming, ...] = ()
    """Keys that it names."""
    odd: tuple[ReceiptWarning, ...] = ()
    """What it shows to be odd by itself."""
    other: str | None = None
    """A second young person that it names, by pseudonym."""
    token: str | None = None
    """Of an erasure whose pseudonym is not known any more: the keyed hash of it."""


@dataclass(frozen=True, slots=True)
class Submission:
    """Drafts that were sent together. `strict`: one that is refused keeps all of them out."""

    drafts: tuple[Draft, ...]
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """Stored now, at this position."""

    position: int
    warnings: tuple[ReceiptWarning, ...] = ()
    """What it names and nobody has made known yet."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Stored before with the same content, at this position."""

    position: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Not stored: (source, id) has other content at this position; 0 when that is in the same strict submission."""

    position: int


@dataclass(frozen=True, slots=True)
class Withheld:
    """Not stored, because another draft of its strict submission is refused."""


@dataclass(frozen=True, slots=True)
class Erased:
    """Not stored, because it is about somebody who was erased."""


@dataclass(frozen=True, slots=True)
class Keyless:
    """An erasure that cannot be done, because this ledger was given no key for it."""


Outcome = Accepted | Duplicate | Conflict | Withheld | Erased | Keyless


class Entry(NamedTuple):
    """One stored fact. `prev` is the position before it in its partition, 0 for the first."""

    position: int
    partition: int
    prev: int
    accepted_at_us: int
    source: str
    body: str

    @property
    def erases(self) -> bool:
        """Whether it says that somebody is erased."""
        return _ERASES in self.body

    def event_json(self) -> str:
        """The event as streams and feeds carry it: the stored JSON with its place in the ledger appended."""
        accepted_at = rfc3339(moment_of(self.accepted_at_us))
        place = f',"acceptedat":"{accepted_at}","position":{self.position},"prev":{self.prev}}}'
        return self.body[:-1] + place


def draft(event: Event, written: str) -> Draft:
    """The draft of an event that the door let in, with the event as it is written."""
    content = written
    if not event.model_fields_set.isdisjoint(_TRANSPORT):
        content = event.model_dump_json(exclude_none=True, exclude=set(_TRANSPORT))
    return Draft(
        source=event.source,
        id=event.id,
        name=event.data.fact_name,
        person=event.subject,
        content_hash=blake2b(content.encode(), digest_size=CONTENT_HASH_BYTES).digest(),
        body=written,
        said=said(event),
        named=named(event),
        odd=odd(event),
        other=event.data.other if type(event.data) is PseudonymsMerged else None,
    )
