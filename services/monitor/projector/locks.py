"""Locks what one transaction is about to change, so that two workers lose nothing of one person or of one record."""

from collections.abc import Iterable
from zlib import crc32

from sqlalchemy import Connection, text

BUCKETS = 1_024
"""Locks at most, so that a large batch does not fill PostgreSQL's lock table."""

_NAMESPACE = 0x646F6F72  # keeps our advisory locks apart from anyone else's in the same database

_TAKE = text("SELECT pg_advisory_xact_lock(:namespace, bucket) FROM unnest(CAST(:buckets AS integer[])) AS bucket")
_TAKE_ALL = text("SELECT pg_advisory_xact_lock(:namespace, bucket) FROM generate_series(0, :last) AS bucket")


ALERTS = "alerts"
"""The key of the life of the alerts."""

ACCOMMODATIONS = "accommodations"
"""The key of the register of accommodations."""


def of_person(person: str) -> str:
    """The key of everything derived about one person."""
    return f"person {person}"


def of_record(record_hash: int) -> str:
    """The key of all revisions of one record."""
    return f"record {record_hash}"


def lock(connection: Connection, keys: Iterable[str]) -> None:
    """Hold these until the transaction ends. SQLite has one writer at a time, so its transaction is the lock.

    The order is fixed, so no two transactions ever wait for each other.
    """
    if connection.dialect.name == "postgresql":
        buckets = sorted({crc32(key.encode()) % BUCKETS for key in keys})
        connection.execute(_TAKE, {"namespace": _NAMESPACE, "buckets": buckets})


def lock_everything(connection: Connection) -> None:
    """Hold every one of these locks until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(_TAKE_ALL, {"namespace": _NAMESPACE, "last": BUCKETS - 1})
