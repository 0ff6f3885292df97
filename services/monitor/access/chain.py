"""The lines of the access log, and the chain of hashes that a changed or missing line breaks; pure."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Literal

Action = Literal["C", "R", "U", "D", "E"]
"""Create, read, update, delete or execute: the action codes of NEN 7513."""

Outcome = Literal["granted", "refused", "not-found"]

BEFORE_THE_FIRST = bytes(32)
"""What the first line has for the hash of the line before it."""


@dataclass(frozen=True, slots=True)
class Line:
    """What happened, when, about whom, by whom and for whom; the fields of NEN 7513 (docs/access.md says which)."""

    number: int
    """Its place in the log; the first is 1 and none is left out."""
    happened_at_us: int
    event: str
    """What happened: `case-read`, `signed-in`."""
    action: Action
    outcome: Outcome
    person: str | None
    """The young person it is about; none where it is about none."""
    what: str
    """What was asked for: a route, or the name of an account."""
    user_name: str
    user_kind: str
    roles: str
    """Names of roles with a comma between; empty for a system."""
    organisation: str | None
    """On whose behalf."""
    scope: str | None
    """The authorisation it was allowed or refused on."""
    source_address: str | None
    trace_id: str
    span_id: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A line as it is kept: with the hash of the line before it, and its own."""

    line: Line
    previous_hash: bytes
    hash: bytes
    erased_by: int | None = None
    """The line that vouches for this one, whose young person was erased: its own hash is of what it said before."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain; whoever keeps one elsewhere can prove later that nothing before it was changed or removed."""

    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.hash.hex()}"


PERSON_ERASED = "person-erased"
"""The event of a line that tells of an erasure."""

EMPTY = Head(0, BEFORE_THE_FIRST)
"""The end of a chain without lines."""


class ChainBroken(Exception):
    """The log is not what was written; the message says where it goes wrong first."""


def link(line: Line, after: Head) -> Linked:
    """The line as the next of a chain that ends so."""
    return Linked(line, after.hash, hash_of(line, after.hash))


def hash_of(line: Line, previous_hash: bytes) -> bytes:
    """SHA-256 over the hash of the line before and every field of this one, as JSON in the order of the fields."""
    written = json.dumps(asdict(line), ensure_ascii=False, separators=(",", ":"))
    return sha256(previous_hash + written.encode()).digest()


def vouching(erased: Iterable[Linked]) -> str:
    """What a line that tells of an erasure says of the lines without their young person: how many, and a hash."""
    hashes = [hash_of(linked.line, linked.previous_hash) for linked in erased]
    return f"{len(hashes)} lines, {sha256(b''.join(hashes)).hexdigest()}"


def verify(lines: Iterable[Linked], *, noted: Head = EMPTY) -> Head:
    """The end of the chain, when every line from the first on fits. Raises ChainBroken.

    A line whose young person was erased keeps its place in the chain; the line that tells of the erasure vouches for
    what is left of it.

    `noted` is an end that was noted earlier: it must be among the lines.
    """
    head = EMPTY
    met = noted == EMPTY
    vouched: dict[int, list[Linked]] = {}
    for linked in lines:
        number = linked.line.number
        if number != head.number + 1:
            raise ChainBroken(f"after line {head.number} comes line {number}: lines were removed or added")
        own = linked.erased_by is None
        if linked.previous_hash != head.hash or (own and linked.hash != hash_of(linked.line, head.hash)):
            raise ChainBroken(f"line {number} is not what was written")
        if linked.erased_by is not None:
            vouched.setdefault(linked.erased_by, []).append(linked)
        vouches = own and (number in vouched or linked.line.event == PERSON_ERASED)
        if vouches and linked.line.what != vouching(vouched.pop(number, [])):
            raise ChainBroken(f"line {number} tells of other erased lines than there are")
        head = Head(number, linked.hash)
        met = met or head == noted
    if vouched:
        raise ChainBroken(f"line {min(vouched)}, which vouches for erased lines, is not there or is before them")
    if not met:
        raise ChainBroken(f"the noted end {noted} is not in the log: it was cut off, or written anew")
    return head
