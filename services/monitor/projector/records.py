"""Which record a fact says something about, and the number that stands for it in an index."""

from hashlib import blake2b

from shared.facts.envelope import AcceptedEvent
from shared.facts.record import RecordWithdrawn

Record = tuple[str, str, str]
"""Source, fact name and key."""


def record_of(event: AcceptedEvent) -> Record:
    """The record a fact says something about: source, fact name, key. A withdrawal says it about another one."""
    match event.data:
        case RecordWithdrawn(of=name, record=record):
            return event.source, name, record
        case data:
            return event.source, data.fact_name, event.record_key


def record_hash(record: Record) -> int:
    """A number for a record. Two records with one number only mean that a fold is handed facts it has no use for."""
    return int.from_bytes(blake2b("\0".join(record).encode(), digest_size=8).digest(), "big", signed=True)
