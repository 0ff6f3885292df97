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
    for name, engine in stores.engines.items():
        found |= {f"{name}: table {table}": rows for table, rows in mentions(engine, word).items()}
    found |= {f"redis: {name}": entries for name, entries in stream_mentions(stores, word).items()}
    return found | {str(file): 1 for file in files_with(stores.settings.data, word)}


def files_with(folder: Path, word: str) -> Iterator[Path]:
    """The files below a folder that have this word anywhere in them."""
    for file in sorted(folder.rglob("*")):
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
