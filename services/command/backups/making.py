"""`doorstroom backup`: every database of the embedded default and the secrets of its folder, while everything runs.

Redis is no part of it: the relays fill its streams again from the ledgers.
"""

import fcntl
import glob
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from services.command.backups.copies import SECRETS, copy_database, copy_file, described, reached, synced
from services.command.backups.manifest import DATABASES, FORMAT, Manifest, write
from services.command.backups.verifying import verified
from services.command.failures import Failed
from shared.clock import Clock
from shared.databases import parsed_url
from shared.settings import Settings


def backup(settings: Settings, to: Path, *, clock: Clock) -> Manifest:
    """Make a whole, verified backup in a folder that is not there yet, or leave nothing. Raises Failed."""
    sources = _sources(settings)
    with _unfinished(to) as folder:
        begun = clock()
        for name in DATABASES:
            copy_database(sources[name], folder / f"{name}.sqlite")
        for secret in SECRETS:
            if (settings.data / secret).exists():
                copy_file(settings.data / secret, folder / secret)
        positions, files = reached(folder), described(folder)
        made = Manifest(
            format=FORMAT, doorstroom=version("doorstroom"), made_at=begun, positions=positions, files=files
        )
        write(folder, made)
        synced(folder)
        return verified(folder)


def _sources(settings: Settings) -> Mapping[str, Path]:
    found = {}
    for name in DATABASES:
        url = parsed_url(settings.database_url(name))
        if url.get_backend_name() != "sqlite":
            raise Failed(f"{name} is in PostgreSQL; use pg_dump, in the order of docs/running.md")
        file = Path(url.database or "")
        if not file.is_file():
            raise Failed(f"there is no {file}; choose the folder of the installation with --data")
        found[name] = file
    return found


@contextmanager
def _unfinished(to: Path) -> Iterator[Path]:
    """A folder beside the one that is wanted, which gets its name when everything went well, or is removed.

    One that was killed could remove nothing; the next to the same place does.
    """
    to = to.absolute()
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Failed(f"{to} is there already and not empty; a backup wants a folder of its own")
    beside = f".{to.name}.unfinished-"
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        for left in to.parent.glob(f"{glob.escape(beside)}*"):
            with _held(left) as abandoned:
                if abandoned:
                    shutil.rmtree(left)
        folder = Path(tempfile.mkdtemp(prefix=beside, dir=to.parent))
        try:
            with _held(folder):
                yield folder
                folder.rename(to)
            synced(to.parent)
        finally:
            if folder.exists():
                shutil.rmtree(folder)
    except (OSError, sqlite3.Error) as error:
        raise Failed(f"the backup could not be made: {error}") from error


@contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Whether nobody else has the folder; then it is ours until the block ends, or this process does."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)
