"""Locks what one transaction is about to change, so that two workers lose nothing of one person."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from shared.streams import partition_of

PERSON_BUCKETS = 960
"""Locks on persons at most, so that a large batch does not fill PostgreSQL's lock table. A multiple of the
usual numbers of partitions: there, monitors that read different ones have no bucket in common and do not wait for each
other here; they still do, shortly, for the numbers of their changes."""

BUCKETS = PERSON_BUCKETS + 64
"""The rest is for what has a name."""

_NAMESPACE = 0x646F6F72  # keeps our advisory locks apart from anyone else's in the same database

_TAKE = text("SELECT pg_advisory_xact_lock(:namespace, bucket) FROM unnest(CAST(:buckets AS integer[])) AS bucket")
_TAKE_ALL = text("SELECT pg_advisory_xact_lock(:namespace, bucket) FROM generate_series(0, :last) AS bucket")
_ERASE = text("SELECT pg_advisory_xact_lock(:namespace, :erasing)")
_TAKE_FACTS = text("SELECT pg_advisory_xact_lock_shared(:namespace, :erasing)")


ALERTS = "alerts"
"""The key of the life of the alerts."""

ACCOMMODATIONS = "accommodations"
"""The key of the register of accommodations."""


_PERSON = "person "


def of_person(person: str) -> str:
    """The key of everything derived about one person."""
    return f"{_PERSON}{person}"


def hold(connection: Connection, *, erasing: bool) -> None:
    """Keep everybody from erasing somebody until the transaction ends; or everybody from taking facts, to do that.

    So nobody takes what was read before an erasure and says what that took out. Before any other of these locks.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_ERASE if erasing else _TAKE_FACTS, {"namespace": _NAMESPACE, "erasing": BUCKETS})


def lock(connection: Connection, keys: Iterable[str]) -> None:
    """Hold these until the transaction ends. SQLite has one writer at a time, so its transaction is the lock.

    The order is fixed, so no two transactions ever wait for each other.
    """
    if connection.dialect.name == "postgresql":
        buckets = sorted(set(map(_bucket, keys)))
        connection.execute(_TAKE, {"namespace": _NAMESPACE, "buckets": buckets})


def lock_everything(connection: Connection) -> None:
    """Hold every one of these locks until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(_TAKE_ALL, {"namespace": _NAMESPACE, "last": BUCKETS - 1})


def _bucket(key: str) -> int:
    if key.startswith(_PERSON):
        return partition_of(key.removeprefix(_PERSON), PERSON_BUCKETS)
    return PERSON_BUCKETS + partition_of(key, BUCKETS - PERSON_BUCKETS)
