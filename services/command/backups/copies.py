"""One copy of a database while it is in use, and what can be read from a copy."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from services.command.backups.manifest import DATABASES, CopiedFile, Reached
from services.command.erasure_key import KEY
from services.command.failures import Failed
from services.command.supervision.system import LEDGER_SERVICES
from shared.databases import BUSY_TIMEOUT_MS
from shared.streams import stream_name

SECRETS = ("feed.token", KEY)
"""Files that are no databases: without them the services would not know each other, or who was erased."""
_STREAMS = "SELECT stream, position, entries FROM checkpoint WHERE stream >= ? AND stream < ?"


def copy_database(source: Path, target: Path) -> None:
    """Copy what is committed at one moment, through SQLite's backup API. Nobody who reads or writes has to wait.

    It is one step, so one snapshot: in several it would begin again whenever somebody writes in between.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        closing(sqlite3.connect(address(source, "mode=rw"), uri=True, timeout=BUSY_TIMEOUT_MS / 1000)) as used,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        used.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # All of it in one file.
    synced(target)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file for this user's eyes only, to the disk."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as read, os.fdopen(descriptor, "wb") as written:
        while block := read.read(1 << 20):
            written.write(block)
        written.flush()
        os.fsync(written.fileno())


def synced(path: Path) -> None:
    """Wait until the file, or the names in the folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def described(folder: Path) -> tuple[CopiedFile, ...]:
    """Every file of a backup as it is. Raises Failed when a database is damaged."""
    names = [f"{name}.sqlite" for name in DATABASES] + [name for name in SECRETS if (folder / name).exists()]
    return tuple(_described(folder / name) for name in names)


def reached(folder: Path) -> Mapping[str, Reached]:
    """How far the facts had come. Raises Failed when the monitor knows facts that the ledger does not have."""
    found = {}
    for service in LEDGER_SERVICES:
        with opened(folder / f"{service}.sqlite") as ledger:
            row = ledger.execute("SELECT position FROM ledger_head").fetchone()
        head = 0 if row is None else int(row[0])
        first = stream_name(service, 0).removesuffix("0")
        with opened(folder / "monitor.sqlite") as monitor:
            read = monitor.execute(_STREAMS, (first, first + "~")).fetchall()
        ahead = [position for _stream, position, _entries in read if position > head]
        projected = sum(entries for _stream, _position, entries in read)
        if ahead or projected > head:
            raise Failed(
                f"the monitor has {projected} facts of {service} up to position {max(ahead, default=head)}, "
                f"but its ledger ends at {head}: they do not belong together"
            )
        found[service] = Reached(ledger=head, projected=projected)
    return found


@contextmanager
def opened(copy: Path) -> Iterator[sqlite3.Connection]:
    """A copy for reading, which leaves no file beside it. Raises Failed when it is no database."""
    try:
        with closing(sqlite3.connect(address(copy, "mode=ro&immutable=1"), uri=True)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise Failed(f"{copy} is damaged: {error}") from error


def digest(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()


def _described(file: Path) -> CopiedFile:
    steps = {} if file.name in SECRETS else _steps(file)
    return CopiedFile.model_validate(
        {"name": file.name, "bytes": file.stat().st_size, "sha256": digest(file), "steps": steps}
    )


def _steps(file: Path) -> dict[str, str]:
    with opened(file) as database:
        (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise Failed(f"{file} is damaged: {found}")
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        chains = sorted(name.removesuffix("_version") for name in tables if name.endswith("_version"))
        return {
            chain: str(step)
            for chain in chains
            for (step,) in database.execute(f'SELECT version_num FROM "{chain}_version"')  # noqa: S608 - its own table
        }


def address(path: Path, options: str) -> str:
    """A database file as SQLite's own URI."""
    return f"file:{quote(str(path.absolute()))}?{options}"
