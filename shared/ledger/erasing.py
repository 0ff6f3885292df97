"""Takes a young person out of a ledger, in the transaction of the append that says so: tombstones stay in their place.

It reads every fact under the lock, and those of others once more where a key of this person might be theirs too: an
erasure is rare, and nothing may be missed.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, or_, select, update

from shared.databases import place_in
from shared.erasure import Seal, marked, named, tombstone
from shared.facts.erasure import FactErased
from shared.facts.naming import said_by, saying
from shared.ledger import rows
from shared.ledger.errors import ErasureKeyDiffers
from shared.ledger.tables import erased_place, erasure, fact, known_key, ledger_head

MERGED = "pseudonyms-merged"
PAGE_FACTS = 2_000


@dataclass(frozen=True, slots=True)
class Erasure:
    """One decision, without the pseudonym."""

    token: str
    """The keyed hash that stands for the young person."""
    basis: str
    erased_on: date
    accepted_at_us: int
    facts: int
    """Facts that were taken out of this ledger."""
    cleaned_at_us: int | None
    """When the files of every store were written anew; None while they were not."""
    searched_at_us: int | None
    """When the pseudonym was looked for everywhere, and was nowhere; None while nobody did."""


def tokens(connection: Connection, seal: Seal | None) -> set[str]:
    """Everybody on the list. Raises ErasureKeyDiffers when it was made with another key, or there is none."""
    found = connection.execute(select(erasure.c.token, erasure.c.proof)).all()
    if found and (seal is None or any(row.proof != seal.proof for row in found)):
        raise ErasureKeyDiffers(
            "somebody was erased under another key than this one; set DOORSTROOM_ERASURE_KEY to the key of then"
        )
    return {row.token for row in found}


def renamed(connection: Connection) -> dict[rows.Key, rows.Stored]:
    """Facts about others under the hash of the id that they were sent with, where that held a pseudonym."""
    places = select(fact.c.source, erased_place.c.sent_as, fact.c.position, fact.c.content_hash).join_from(
        erased_place, fact, fact.c.position == erased_place.c.position
    )
    found = connection.execute(places.where(erased_place.c.sent_as.is_not(None)))
    return {(row[0], row[1]): rows.Stored(row[2], bytes(row[3])) for row in found}


def listed(connection: Connection) -> list[Erasure]:
    """Every decision, the oldest first."""
    columns = [column for column in erasure.c if column.name != "proof"]
    found = connection.execute(select(*columns).order_by(erasure.c.accepted_at_us, erasure.c.token))
    return [Erasure(*row) for row in found]


@dataclass(frozen=True, slots=True)
class Due:
    """An erasure that is accepted and not done yet."""

    row: rows.Row
    """It tells which facts about others are written anew, so that whoever has them reads them again."""
    token: str
    pseudonym: str | None
    """None when it is not known any more: then nothing here is about that person, and only the decision is noted."""
    places: tuple[int, ...]
    """Where the pseudonym is in the ledger, and in what comes with it."""


def due(
    connection: Connection, row: rows.Row, new: Iterable[rows.Row], *, token: str, pseudonym: str | None, seal: Seal
) -> Due:
    """What this row of an erasure will change, among what is stored and what is `new`."""
    if pseudonym is None:
        return Due(row, token, None, ())
    stored = connection.execute(
        select(fact.c.position, fact.c.person, fact.c.name, fact.c.body).where(_holds(pseudonym))
    )
    found = [*stored, *(one for one in new if pseudonym == one.person or pseudonym in one.body)]
    others = [one for one in found if not _is_mine(one, pseudonym)]
    changed = sorted(one.position for one in others if marked(one.body, seal, pseudonym) != one.body)
    if changed:
        said = json.loads(row.body) | {"rewritten": " ".join(map(str, changed))}
        row = row._replace(body=json.dumps(said, ensure_ascii=False, separators=(",", ":")))
    return Due(row, token, pseudonym, tuple(one.position for one in found))


def erase(connection: Connection, one: Due, *, seal: Seal) -> int:
    """Do what an erasure says, and note the decision; how many facts there were. All rows are stored."""
    mine, others = _found(connection, one)
    pseudonym, token = one.pseudonym, one.token
    _note(connection, one.row, token=token, facts=len(mine), seal=seal)
    if pseudonym is None:
        return 0
    buried = [_buried(one, seal, pseudonym) for one in mine]
    changed = [new for one in others if (new := _marked(one, seal, pseudonym))["body"] != one.body]
    _keep_places(connection, [*buried, *changed], token)
    _forget_keys(connection, mine, pseudonym)
    _change(connection, [*buried, *changed])
    return len(mine)


def mentioned_in_facts(connection: Connection, tokens: Collection[str], seal: Seal) -> dict[str, str]:
    """By keyed hash the pseudonym of each of these that any fact has anywhere."""
    found: dict[str, str] = {}
    after = 0
    page = select(fact.c.position, fact.c.body).where(fact.c.position > bindparam("after"))
    page = page.order_by(fact.c.position).limit(PAGE_FACTS)
    while len(found) < len(tokens) and (part := connection.execute(page, {"after": after}).all()):
        found |= named((json.loads(row.body) for row in part), seal, tokens)
        after = part[-1].position
    return found


def _found(connection: Connection, due: Due) -> tuple[list[Any], list[Any]]:
    """The facts about a young person, with the merges of another pseudonym with theirs; and the facts about others that
    have the pseudonym somewhere, in a key that a publisher made with it.
    """
    parts: tuple[list[Any], list[Any]] = ([], [])
    for places in _parts(due.places):
        # What another erasure of the same append changed is here no more.
        here = select(fact).where(fact.c.position.in_(places), _holds(due.pseudonym or ""))
        for one in connection.execute(here):
            parts[not _is_mine(one, due.pseudonym)].append(one)
    return parts


def _holds(pseudonym: str) -> ColumnElement[bool]:
    return or_(fact.c.person == pseudonym, place_in(fact.c.body, pseudonym) > 0)


def _is_mine(row: Any, pseudonym: str | None) -> bool:
    return bool(row.person == pseudonym or row.name == MERGED)


def _note(connection: Connection, row: rows.Row, *, token: str, facts: int, seal: Seal) -> None:
    data = json.loads(row.body)["data"]
    again = {"facts": erasure.c.facts + facts, "cleaned_at_us": None, "searched_at_us": None}
    known = connection.execute(update(erasure).where(erasure.c.token == token).values(again))
    if known.rowcount == 0:
        connection.execute(
            insert(erasure).values(
                token=token,
                proof=seal.proof,
                basis=data["basis"],
                erased_on=date.fromisoformat(data["erased_on"]),
                accepted_at_us=row.accepted_at_us,
                facts=facts,
            )
        )
    connection.execute(update(ledger_head).values(erasures=ledger_head.c.erasures + 1))


def _keep_places(connection: Connection, changes: Iterable[dict[str, Any]], token: str) -> None:
    known = set(connection.scalars(select(erased_place.c.position).where(erased_place.c.token == token)))
    new = [
        {"position": one["at"], "token": token, "sent_as": one["sent_as"]} for one in changes if one["at"] not in known
    ]
    if new:
        connection.execute(insert(erased_place), new)


def _forget_keys(connection: Connection, mine: Iterable[Any], pseudonym: str) -> None:
    """Forget the keys that only these facts said: they are made of what a publisher calls a stay of this person."""
    said = [(one.name, json.loads(one.body)["data"]) for one in mine]
    keys = {key for name, data in said for key in said_by(name, data)}
    if not keys:
        return
    values = sorted({str(value) for name, data in said for value in saying(name, data)})
    says = re.compile("|".join(f'"{re.escape(value)}"' for value in values))
    for name, body in _others_that_say(connection, pseudonym):
        if says.search(body):
            keys -= set(said_by(name, json.loads(body)["data"]))
    for part in _parts(sorted(keys)):
        connection.execute(delete(known_key).where(known_key.c.key.in_(part)))


def _others_that_say(connection: Connection, pseudonym: str) -> Iterator[tuple[str, str]]:
    after = 0
    page = (
        select(fact.c.position, fact.c.name, fact.c.body)
        .where(fact.c.position > bindparam("after"), fact.c.person.is_not(None), fact.c.person != pseudonym)
        .order_by(fact.c.position)
        .limit(PAGE_FACTS)
    )
    while found := connection.execute(page, {"after": after}).all():
        yield from ((row.name, row.body) for row in found)
        after = found[-1].position


def _buried(one: Any, seal: Seal, pseudonym: str) -> dict[str, Any]:
    return {
        "at": one.position,
        "sent_as": None,
        "id": seal.event(one.source, one.id),
        "name": FactErased.fact_name,
        "person": None,
        "content_hash": seal.content(bytes(one.content_hash)),
        "body": tombstone(one.body, seal, pseudonym=pseudonym),
    }


def _marked(one: Any, seal: Seal, pseudonym: str) -> dict[str, Any]:
    body = marked(one.body, seal, pseudonym)
    id_ = json.loads(body)["id"]
    return {
        "at": one.position,
        "sent_as": None if id_ == one.id else seal.event(one.source, one.id),
        "id": id_,
        "name": one.name,
        "person": one.person,
        "content_hash": bytes(one.content_hash),
        "body": body,
    }


_CHANGED = ("id", "name", "person", "content_hash", "body")
_CHANGE = update(fact).where(fact.c.position == bindparam("at")).values({name: bindparam(name) for name in _CHANGED})


def _change(connection: Connection, changes: Sequence[dict[str, Any]]) -> None:
    if changes:
        connection.execute(_CHANGE, [{name: one[name] for name in ("at", *_CHANGED)} for one in changes])


def _parts(keys: Sequence[int], size: int = 5_000) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
