"""`doorstroom pseudonymise`: puts pseudonyms in the place of BSNs, at the publisher, before anything is sent."""

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from services.command.events_file import Line, opened, text_of
from services.command.failures import Failed, WrongCall
from shared.facts.content import repeated_paths
from shared.facts.erasure import PseudonymsMerged
from shared.pseudonym import KEY_BYTES_MIN, contains_bsn, pseudonym_of

NO_BSN = "is no BSN: write its nine digits, with a zero at the front where it has one"

NO_EVENT = "this is no event: one JSON object stands on each line"


@dataclass(frozen=True, slots=True)
class Pseudonymised:
    """One line of the file."""

    number: int
    """Its line, counted from 1."""
    text: str
    """The event without a BSN, or the pseudonym of the BSN that stood there."""
    people: int
    """How many BSNs gave way to a pseudonym."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A line in which a BSN could not be replaced, or would be left."""

    number: int
    why: str
    """What to do, without any value."""


def make_key(file: Path) -> None:
    """Write a new key that only this user can read. Raises WrongCall when the file is there or cannot be written."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
            written.write(secrets.token_urlsafe(KEY_BYTES_MIN) + "\n")
            written.flush()
            os.fsync(written.fileno())
    except FileExistsError as error:
        raise WrongCall(f"{file} is there already; with another key everybody would get another pseudonym") from error
    except OSError as error:
        raise WrongCall(f"{file} cannot be written: {error.strerror}") from error


def read_key(file: Path) -> bytes:
    """The text of the file without white space around it, as bytes. Raises WrongCall, or Failed when it is short."""
    try:
        key = file.read_bytes().strip()
    except OSError as error:
        raise WrongCall(f"{file} cannot be read: {error.strerror}") from error
    if len(key) < KEY_BYTES_MIN:
        raise Failed(f"{file} holds no key: it has at least {KEY_BYTES_MIN} characters; --make-key writes one")
    return key


def of_events(file: Path, key: bytes) -> Iterator[Pseudonymised | Refused]:
    """Every event of the file, NDJSON or CSV, with the pseudonym of its subject, and of whom it merges it with."""
    with opened(file) as lines:
        for line in lines:
            yield _of_event(line, key)


def of_bsns(file: Path, key: bytes) -> Iterator[Pseudonymised | Refused]:
    """The pseudonym of each BSN of a file that has one on every line."""
    with text_of(file) as text:
        for number, line in enumerate(text, start=1):
            if written := line.strip():
                try:
                    yield Pseudonymised(number, _pseudonym(written, key), 1)
                except ValueError:
                    yield Refused(number, f"this {NO_BSN}")


def _of_event(line: Line, key: bytes) -> Pseudonymised | Refused:
    try:
        event = from_json(line.event, allow_inf_nan=False)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        return Refused(line.number, NO_EVENT)
    if repeated_paths(line.event):
        return Refused(line.number, "a key stands here more than once, so nobody can tell which value is meant")
    people = 0
    for place, name, where in _people(event):
        try:
            place[name] = _pseudonym(place[name], key)
        except ValueError:
            return Refused(line.number, f"{where} {NO_BSN}")
        people += 1
    try:
        text = json.dumps(event, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError:
        return Refused(line.number, NO_EVENT)  # No number of a fact is so large.
    if contains_bsn(text):
        return Refused(line.number, "a BSN stands elsewhere in this event; leave it out, of its keys too")
    return Pseudonymised(line.number, text, people)


def _people(event: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Where the event names a young person: the object, the field in it, and how that is told."""
    if event.get("subject") is not None:
        yield event, "subject", "`subject`"
    data = event.get("data")
    if event.get("type") == PseudonymsMerged.type() and isinstance(data, dict) and "other" in data:
        yield data, "other", "`other`"


def _pseudonym(written: object, key: bytes) -> str:
    """Raises ValueError when this is no BSN; dots and spaces between its digits do not matter."""
    digits = written if isinstance(written, str) else ""
    return pseudonym_of(digits.replace(".", "").replace(" ", ""), key)
