"""Looks into a document that may be no event at all: every value in it, however it is nested, escaped or repeated."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from shared.pseudonym import contains_bsn

Path = tuple[int | str, ...]
"""The keys and indexes that lead to a value."""


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a JSON object as they were written: a key that stands there twice keeps both its values."""

    pairs: list[tuple[str, "Json"]]


Json: TypeAlias = Members | list["Json"] | str | bool | None
"""A JSON value; numbers are left as the text that they were."""

_TEN_DIGITS = 1e9
_SPACES = b" \t\r\n"
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})")


def read_leniently(raw: bytes | str) -> Json:
    """The document, or None when it is no JSON or nested beyond all reason."""
    try:
        document: Json = json.loads(
            raw, object_pairs_hook=Members, parse_int=str, parse_float=_both_ways, parse_constant=str
        )
    except (ValueError, RecursionError):
        return None
    return document


def bsn_paths(raw: bytes | str) -> tuple[Path, ...]:
    """Where a BSN stands in a document; the empty path when it stands in a key at the top, or in what is no JSON."""
    try:
        found = tuple(_walk(read_leniently(raw), ()))
    except RecursionError:
        found = ()
    return found or (((),) if contains_bsn(_as_text(raw)) else ())


def keys_written_max(raw: bytes) -> int:
    """How many members the objects of a JSON document have together; never fewer, more when a string looks like one.

    A reader keeps the last of two members with one key. When it kept as many as this, no key was repeated.
    """
    return raw.translate(None, _SPACES).count(b'":')


def repeated_paths(raw: bytes | str) -> tuple[Path, ...]:
    """Where a key stands more than once in its object; nothing for what is no JSON, or is nested beyond all reason."""
    try:
        return tuple(_repeated(read_leniently(raw), ()))
    except RecursionError:
        return ()


def _repeated(value: Json, path: Path) -> Iterator[Path]:
    if isinstance(value, Members):
        seen: set[str] = set()
        for key, member in value.pairs:
            if key in seen:
                yield (*path, key)
            seen.add(key)
            yield from _repeated(member, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _repeated(item, (*path, index))


def _walk(value: Json, path: Path) -> Iterator[Path]:
    if isinstance(value, Members):
        for key, member in value.pairs:
            if contains_bsn(key):
                yield path
            yield from _walk(member, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, (*path, index))
    elif isinstance(value, str) and contains_bsn(value):
        yield path


def _both_ways(number: str) -> str:
    # 1.23456782e8 is nine digits too, and so is 123456782.0.
    value = float(number)
    return f"{number}/{value:.0f}" if abs(value) < _TEN_DIGITS else number


def _as_text(raw: bytes | str) -> str:
    text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace").replace("\0", "")
    return _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), text)
