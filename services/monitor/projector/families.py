"""Families: persons of whom stored facts ever said, step by step, that they are one, whether that stands or not.

Who is one person now, or was at a moment, is a question of the facts of one family only. So what is about one of them
is locked, folded and held up for all of them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from services.monitor.dossier.merging import connected
from services.monitor.projector.among import among
from services.monitor.projector.bulk import insert_rows
from services.monitor.projector.entries import Readable
from services.monitor.tables import fact, merged
from shared.facts.erasure import PseudonymsMerged

Family = frozenset[str]
"""Two persons at least."""

_merge = fact.alias("merge")
_MERGES = select(fact.c.record_hash, fact.c.person, fact.c.accepted_at_us).where(
    fact.c.record_hash.in_(select(_merge.c.record_hash).where(_merge.c.of == PseudonymsMerged.fact_name))
)
_ANY = select(merged.c.person).limit(1)
_EVERY = select(merged.c.person, merged.c.other)
_OF_PEOPLE = _EVERY.where(among(merged.c.person, "people"))


def families(connection: Connection, people: Collection[str]) -> dict[str, Family]:
    """The families that these persons are in, by each of their members; who is in none is not in there.

    While no fact ever merged anybody this asks one row, however many persons there are.
    """
    if connection.execute(_ANY).first() is None:
        return {}
    pairs: set[tuple[str, str]] = set()
    known: set[str] = set()
    new = list(people)
    while new:
        known.update(new)
        pairs.update((person, other) for person, other in connection.execute(_OF_PEOPLE, {"people": new}))
        new = sorted({other for _, other in pairs} - known)
    return _by_member(pairs)


@dataclass(frozen=True, slots=True)
class Families:
    """All of them."""

    of: Mapping[str, Family]
    """By each of their members."""
    last_us: Mapping[Family, int]
    """When the last fact was accepted by which somebody is one with them, or no longer; in microseconds since 1970."""


def every_family(connection: Connection) -> Families:
    """All families, and since when they are what they are."""
    found = _by_member({(person, other) for person, other in connection.execute(_EVERY)})
    last_us = dict.fromkeys(found.values(), 0)
    records: dict[int, tuple[set[Family], int]] = {}
    for record, person, accepted_at_us in connection.execute(_MERGES) if found else ():
        whose, last = records.get(record, (set(), 0))
        records[record] = whose | ({found[person]} if person in found else set()), max(last, accepted_at_us)
    for whose, last in records.values():
        last_us.update((family, max(last, last_us[family])) for family in whose)
    return Families(found, last_us)


def named_by(entry: object) -> str | None:
    """The other pseudonym that a merge names; None of anything else."""
    said = entry.event.data if isinstance(entry, Readable) else None
    return said.other if type(said) is PseudonymsMerged else None


def keep(connection: Connection, entries: Sequence[tuple[str, Readable]]) -> None:
    """Keep whom these facts of services merge."""
    insert_rows(connection, merged, [row for service, entry in entries for row in _rows(service, entry)])


def _rows(service: str, entry: Readable) -> Iterator[dict[str, Any]]:
    other, person = named_by(entry), entry.event.subject
    if other is None or person is None or other == person:
        return
    place = {"service": service, "position": entry.position}
    yield {"person": person, "other": other, **place}
    yield {"person": other, "other": person, **place}


def _by_member(pairs: Collection[tuple[str, str]]) -> dict[str, Family]:
    parts = map(frozenset, connected({name for pair in pairs for name in pair}, pairs))
    return {name: family for family in parts for name in family}
