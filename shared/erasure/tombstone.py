"""What stands in the place of an erased fact: its source, when it was recorded, and which record it said anew; pure."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from shared.erasure.seal import Seal
from shared.facts.erasure import FactErased
from shared.facts.records import key_of, number_of

_KEPT = ("specversion", "source", "time", "revision")
_PLACE = ("acceptedat", "position", "prev")
_STAYS = ("specversion", "source", "type", "subject", "time")
"""What says whose event it is and how to read it; a pseudonym in a source is found by the search."""

_NAMES = re.compile(r"[A-Za-z0-9_-]{16,}")
"""Where a pseudonym may be: in a row of the characters that it is made of, of which it has 16 to 64."""
_CHARACTERS_MIN, _CHARACTERS_MAX = 16, 64


def tombstone(body: str, seal: Seal, *, pseudonym: str) -> str:
    """The event that stands where this one stood, as JSON; with its place when it has one.

    Of the record only a number stays, so that a correction that moved a record to the erased person still beats what
    was said before of somebody else. Of a key that holds the pseudonym not even that stays.
    """
    said: Mapping[str, Any] = json.loads(body)
    kept = {name: said[name] for name in _KEPT if name in said}
    event = {
        "specversion": kept.pop("specversion"),
        "id": seal.event(said["source"], said["id"]),
        **kept,
        "type": FactErased.type(),
        "data": _data(said, pseudonym),
        **{name: said[name] for name in _PLACE if name in said},
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


def marked(body: str, seal: Seal, pseudonym: str) -> str:
    """An event about somebody else that mentions the pseudonym, such as in a key, with a mark in its place.

    In its id too: whatever names the id as the key of a record names the same one afterwards.
    """
    mark = seal.mark(pseudonym)
    event = {
        name: value if name in _STAYS else _replaced(value, pseudonym, mark) for name, value in json.loads(body).items()
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


def mentioned(body: str, seal: Seal, tokens: Collection[str]) -> str | None:
    """A pseudonym in an event about somebody else that one of these keyed hashes stands for; None: there is none.

    Everything there that may be one is hashed, a few hundred times in an event as they are: for few events only.
    """
    said = {name: value for name, value in json.loads(body).items() if name not in _STAYS}
    return next((name for name in _possible(said) if seal.person(name) in tokens), None)


def named(values: Iterable[Any], seal: Seal, tokens: Collection[str]) -> dict[str, str]:
    """By keyed hash the pseudonym of each of these that is anywhere in these texts, or JSON."""
    names = {name for value in values for name in _possible(value)}
    return {token: name for name in names if (token := seal.person(name)) in tokens}


def _possible(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        for row in _NAMES.findall(value):
            for start in range(len(row) - _CHARACTERS_MIN + 1):
                for end in range(start + _CHARACTERS_MIN, min(start + _CHARACTERS_MAX, len(row)) + 1):
                    yield row[start:end]
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _possible(one)


def _replaced(value: Any, word: str, by: str) -> Any:
    if isinstance(value, str):
        return value.replace(word, by)
    if isinstance(value, dict):
        return {name: _replaced(one, word, by) for name, one in value.items()}
    return [_replaced(one, word, by) for one in value] if isinstance(value, list) else value


def _data(said: Mapping[str, Any], pseudonym: str) -> dict[str, Any]:
    key = key_of(said)
    if key is None or any(pseudonym in part for part in key):
        return {}
    withdrawal = {"withdrawal": True} if key[1] != _name(said) else {}
    return {"record": number_of(key), **withdrawal}


def _name(said: Mapping[str, Any]) -> str:
    return str(said["type"]).split(".")[-2]
