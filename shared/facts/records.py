"""Which record a fact says something about, and the number that stands for it; pure."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from shared.facts.envelope import AcceptedEvent
from shared.facts.erasure import FactErased
from shared.facts.record import RecordWithdrawn

Record = tuple[str, str, str]
"""Source, fact name and key."""


def record_of(event: AcceptedEvent) -> Record:
    """The record a fact says something about: source, fact name, key. A withdrawal says it about another one."""
    data = event.data
    if type(data) is RecordWithdrawn:
        return event.source, data.of, data.record
    return event.source, data.fact_name, event.record or event.id


def record_number(event: AcceptedEvent, record: Record) -> int:
    """The number of the record that a fact says something about; an erased one kept only the number."""
    data = event.data
    if type(data) is FactErased and data.record is not None:
        return int(data.record)
    return record_hash(record)


def record_hash(record: Record) -> int:
    """A number for a record. Two records with one number only mean that a fold is handed facts it has no use for."""
    return int.from_bytes(blake2b("\0".join(record).encode(), digest_size=8).digest(), "big", signed=True)


def key_of(said: Mapping[str, Any]) -> Record | None:
    """The record that an event in JSON says something about; None where it cannot be read."""
    data, source, kind = said.get("data"), said.get("source"), str(said.get("type")).split(".")
    if not isinstance(data, dict) or not isinstance(source, str) or len(kind) < 2:
        return None
    if kind[-2] == RecordWithdrawn.fact_name:
        name, record = data.get("of"), data.get("record")
    else:
        name, record = kind[-2], said.get("record") or said.get("id")
    return (source, name, record) if isinstance(name, str) and isinstance(record, str) else None


def number_of(record: Record) -> str:
    """The number of a record as the tombstone of a fact has it."""
    return str(record_hash(record))
