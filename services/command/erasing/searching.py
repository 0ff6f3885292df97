"""Looks for a pseudonym in every row of every table, every entry of every stream and every byte of every file."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from services.command.erasing.cleaning import stream_mentions
from services.command.erasing.stores import Stores
from shared.scrubbing import mentions

_BLOCK = 1 << 20


def search(stores: Stores, word: str) -> Mapping[str, int]:
    """By place how often it was found: rows of a table, entries of a stream, 1 for a file."""
    found: dict[str, int] = {}
    for name, engine in stores.databases.items():
        found |= {f"{name}: table {table}": rows for table, rows in mentions(engine, word).items()}
    found |= {f"redis: {name}": entries for name, entries in stream_mentions(stores, word).items()}
    for engine in stores.engines.values():
        # Who closes a file loses every lock of the process on it, that of an open SQLite too: somebody else would take
        # themselves for the last one, and remove the log that the next transactions go to.
        engine.dispose()
    return found | {str(file): 1 for place in _files(stores) for file in files_with(place, word)}


def unsearched(stores: Stores) -> list[str]:
    """Where the search does not come, in words."""
    found = []
    if any(engine.dialect.name == "postgresql" for engine in stores.engines.values()):
        found.append("the files of PostgreSQL, of which only the tables were searched")
    if stores.settings.redis_url is not None:
        found.append("the files of Redis, of which only the streams were searched")
    elif found:
        found.append("Redis, whose address is not set here")
    return [*found, "backups"]


def _files(stores: Stores) -> Iterator[Path]:
    """The data folder, and the databases in files elsewhere, each with the files that SQLite has beside it."""
    yield stores.settings.data
    for engine in stores.engines.values():
        if engine.dialect.name == "sqlite" and engine.url.database:
            file = Path(engine.url.database)
            if not file.is_relative_to(stores.settings.data):
                yield from file.parent.glob(f"{file.name}*")


def files_with(folder: Path, word: str) -> Iterator[Path]:
    """The files below a folder, or the one file, that have this word anywhere in them."""
    for file in [folder] if folder.is_file() else sorted(folder.rglob("*")):
        if file.is_file() and _has(file, word.encode()):
            yield file


def _has(file: Path, word: bytes) -> bool:
    tail = b""
    try:
        with file.open("rb") as read:
            while block := read.read(_BLOCK):
                if word in tail + block:
                    return True
                tail = block[-len(word) :]
    except FileNotFoundError:
        return False  # A file that went while we looked, such as an older one of Redis.
    return False
