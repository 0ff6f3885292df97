"""The statements of an append that differ between SQLite and PostgreSQL, each the fastest its driver has."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

Key = tuple[str, str]
"""(source, id)."""


class Row(NamedTuple):
    """A row of the table `fact`, in the order of its columns."""

    position: int
    partition: int
    prev: int
    source: str
    id: str
    name: str
    person: str | None
    content_hash: bytes
    accepted_at_us: int
    body: str


class Stored(NamedTuple):
    """What the ledger knows of a (source, id)."""

    position: int
    content_hash: bytes


# CROSS JOIN keeps SQLite from reading all facts to find the few that were asked for.
_KNOWN_SQLITE = text("""
    SELECT fact.source, fact.id, fact.position, fact.content_hash
    FROM json_each(:wanted) AS wanted CROSS JOIN fact
    ON fact.source = json_extract(wanted.value, '$[0]') AND fact.id = json_extract(wanted.value, '$[1]')
""")

_KNOWN_POSTGRESQL = text("""
    SELECT fact.source, fact.id, fact.position, fact.content_hash
    FROM unnest(CAST(:sources AS text[]), CAST(:ids AS text[])) AS wanted(source, id)
    JOIN fact ON fact.source = wanted.source AND fact.id = wanted.id
""")

_INSERT_SQLITE = """
    INSERT INTO fact ("position", "partition", prev, source, id, name, person, content_hash, accepted_at_us, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

# psycopg's executemany sends one statement for each row, and its arrays cost ten times as much to write as this.
_COPY_POSTGRESQL = """
    COPY fact ("position", "partition", prev, source, id, name, person, content_hash, accepted_at_us, body) FROM STDIN
"""

_KEYS_SQLITE = text("""
    SELECT known_key.key FROM json_each(:wanted) AS wanted CROSS JOIN known_key ON known_key.key = wanted.value
""")

_KEYS_POSTGRESQL = text("SELECT key FROM known_key WHERE key = ANY(CAST(:wanted AS bigint[]))")

_MOVE_SQLITE = text("""
    UPDATE ledger_head SET "position" = :position, accepted_at_us = :accepted_at_us, partition_heads = :partition_heads
""")

_LEARN_SQLITE = "INSERT OR IGNORE INTO known_key (key) VALUES (?)"

# One round trip for both.
_MOVE_AND_LEARN_POSTGRESQL = text("""
    WITH moved AS (
        UPDATE ledger_head
        SET "position" = :position, accepted_at_us = :accepted_at_us, partition_heads = :partition_heads
    )
    INSERT INTO known_key (key) SELECT * FROM unnest(CAST(:keys AS bigint[])) ON CONFLICT DO NOTHING
""")


def known(connection: Connection, keys: Sequence[Key]) -> dict[Key, Stored]:
    """Those of these (source, id) that are stored, in one query."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(_KNOWN_SQLITE, {"wanted": json.dumps(keys)})
    else:
        wanted = {"sources": [key[0] for key in keys], "ids": [key[1] for key in keys]}
        found = connection.execute(_KNOWN_POSTGRESQL, wanted)
    return {(row[0], row[1]): Stored(row[2], bytes(row[3])) for row in found}


def known_keys(connection: Connection, keys: Iterable[int]) -> set[int]:
    """Those of these keys that a stored fact has made known."""
    wanted = sorted(set(keys))
    if not wanted:
        return set()
    if connection.dialect.name == "sqlite":
        return set(connection.scalars(_KEYS_SQLITE, {"wanted": json.dumps(wanted)}))
    return set(connection.scalars(_KEYS_POSTGRESQL, {"wanted": wanted}))


def move(
    connection: Connection,
    *,
    position: int,
    accepted_at_us: int,
    partition_heads: Sequence[int],
    learned: Iterable[int],
) -> None:
    """Move the head of the ledger there, and keep these keys as known."""
    keys = sorted(set(learned))
    head = {
        "position": position,
        "accepted_at_us": accepted_at_us,
        "partition_heads": json.dumps(partition_heads),
    }
    if connection.dialect.name == "sqlite":
        connection.execute(_MOVE_SQLITE, head)
        if keys:
            connection.exec_driver_sql(_LEARN_SQLITE, [(key,) for key in keys])
    else:
        connection.execute(_MOVE_AND_LEARN_POSTGRESQL, {**head, "keys": keys})


def insert(connection: Connection, rows: Sequence[Row]) -> None:
    """Store these rows, at least one, in one call of the driver. On PostgreSQL it raises psycopg's own errors."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_INSERT_SQLITE, list(rows))
    else:
        with connection.connection.cursor() as cursor, cursor.copy(_COPY_POSTGRESQL) as copy:  # type: ignore[attr-defined]
            for row in rows:
                copy.write_row(row)
