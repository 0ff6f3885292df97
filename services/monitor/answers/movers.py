"""Which of the facts between two moments moved which figure, a page of facts at a time, in the order of the ledgers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Select, func, select, tuple_

from services.monitor.answers.answering import Figures
from services.monitor.answers.asking import Asked
from services.monitor.answers.comparing import Compared
from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.merging import pseudonyms
from services.monitor.dossier.state import Dossier
from services.monitor.figures.figure import Figure
from services.monitor.figures.publication import published
from services.monitor.history.known import Known
from services.monitor.projector.facts import ACCOMMODATION_FACTS, in_parts
from services.monitor.tables import fact
from shared.calendar import microseconds, moment_of
from shared.databases import reading
from shared.facts.accommodation import OccupancyCounted

_OF_FIGURES = frozenset(ACCOMMODATION_FACTS) - {OccupancyCounted.fact_name}
"""The facts about no person that figures are made of; what accommodations count themselves only checks them."""


class Place(NamedTuple):
    """Where a fact stands in the ledgers."""

    service: str
    position: int


class Turn(NamedTuple):
    """Which page."""

    after: Place | None
    """The fact with which the page before ended; None for the first page."""
    limit: int
    """How many facts a page looks at."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A fact that was accepted in between, and moved a figure."""

    id: str
    source: str
    name: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the facts that were accepted in between."""

    total: int
    """How many facts were accepted in between, on all pages together, whether they moved a figure or not."""
    facts: Mapping[str, Sequence[Moved]]
    """By figure those of this page that moved it; a fact may move several, and most figures or none."""
    following: Place | None
    """The last fact of this page when there are more; None on the last page."""


@dataclass(frozen=True, slots=True)
class Span:
    """Two moments, what is known at each, and who has another dossier at the one than at the other."""

    earlier: Known
    later: Known
    changed: frozenset[str]
    """By the name of the dossier at either moment."""


def span(earlier: Known, later: Known) -> Span:
    """Compare the dossiers. One that did not change is the very same object, so this is quick."""
    before = {one.person: one for one in earlier.dossiers}
    after = {one.person: one for one in later.dossiers}
    names = [name for name, one in after.items() if (old := before.get(name)) is not one and old != one]
    return Span(earlier, later, frozenset([*names, *(name for name in before if name not in after)]))


def page_of(
    figures: Figures, engine: Engine, wanted: Asked, between: Span, found: Collection[Compared], turn: Turn
) -> Page:
    """The next `limit` facts that were accepted in between, under each figure that they moved."""
    with reading(engine).begin() as connection:
        more = _rows(connection, between, turn.after, turn.limit + 1)
        rows = more[: turn.limit]
        about = _about(connection, {row.record_hash for row in rows})
        total = connection.execute(_accepted(select(func.count()), between)).scalar_one()
    people = _People(figures, wanted, between, {name for names in about.values() for name in names})
    facts = {
        one.figure.name: tuple(
            Moved(row.id, row.source, row.name, moment_of(row.accepted_at_us))
            for row in rows
            if _moved(figures, wanted, between, one, row) or people.moved(one.figure, about.get(row.record_hash, ()))
        )
        for one in found
    }
    return Page(total, facts, Place(rows[-1].service, rows[-1].position) if len(more) > turn.limit else None)


Row = Any
"""A row of the table of facts, by column."""


def _rows(connection: Connection, between: Span, after: Place | None, limit: int) -> Sequence[Row]:
    columns = (
        *(fact.c.service, fact.c.position, fact.c.person, fact.c.id, fact.c.source, fact.c.name, fact.c.of),
        *(fact.c.accepted_at_us, fact.c.recorded_on, fact.c.record_hash),
    )
    place = fact.c.service, fact.c.position
    query = _accepted(select(*columns), between).order_by(*place).limit(limit)
    if after is not None:
        query = query.where(tuple_(*place) > tuple_(*after))
    return connection.execute(query).all()


def _about(connection: Connection, records: Collection[int]) -> Mapping[int, set[str]]:
    """By record everybody about whom it ever said something: a correction may move it to another person."""
    found: dict[int, set[str]] = {}
    for part in in_parts(records):
        query = select(fact.c.record_hash, fact.c.person).where(
            fact.c.record_hash.in_(part), fact.c.person.is_not(None)
        )
        for record, name in connection.execute(query.distinct()):
            found.setdefault(record, set()).add(name)
    return found


def _accepted(query: Select[Any], between: Span) -> Select[Any]:
    """Only the facts accepted after the one moment and up to the other."""
    since, known = microseconds(between.earlier.known), microseconds(between.later.known)
    return query.where(fact.c.accepted_at_us > since, fact.c.accepted_at_us <= known)


def _moved(figures: Figures, wanted: Asked, between: Span, one: Compared, row: Row) -> bool:
    """Whether the fact moved the figure whomever it is about."""
    if row.person is None:
        return one.by_register and row.of in _OF_FIGURES
    if row.recorded_on is None:
        return False
    if one.figure.reads_told and figures.question(one.figure, wanted, between.later).window.holds(row.recorded_on):
        return True
    began = between.later.observed_from.get(row.source)
    changed = began != between.earlier.observed_from.get(row.source)
    return one.by_observation and changed and row.recorded_on == began


Part = tuple[str, ...]
"""All pseudonyms of one person, theirs at one of the two moments."""


class _People:
    """Whether a figure of some person alone is another one than it was: then the facts about them moved the figure."""

    def __init__(self, figures: Figures, wanted: Asked, between: Span, people: Collection[str]) -> None:
        """`people` are those who are asked about, by any pseudonym."""
        self._figures, self._wanted, self._between = figures, wanted, between
        both = between.earlier, between.later
        several = pseudonyms(dossier for known in both for dossier in known.dossiers)
        parts = {name: several.get(name, (name,)) for name in people}
        names = {member for part in parts.values() for member in part}
        self._dossiers = [{one.person: one for one in known.dossiers if one.person in names} for known in both]
        self._parts = {name: part for name, part in parts.items() if not between.changed.isdisjoint(part)}
        self._found: dict[tuple[str, Part], bool] = {}

    def moved(self, figure: Figure, people: Iterable[str]) -> bool:
        """Whether the figure of one of these alone changed, all else being as it is known later."""
        return any(self._changed(figure, part) for name in people if (part := self._parts.get(name)))

    def _changed(self, figure: Figure, part: Part) -> bool:
        key = figure.name, part
        if key not in self._found:
            before, after = (self._alone(figure, dossiers, part) for dossiers in self._dossiers)
            self._found[key] = before != after
        return self._found[key]

    def _alone(self, figure: Figure, dossiers: Mapping[str, Dossier], part: Part) -> object:
        alone = [dossiers[name] for name in part if name in dossiers]
        known = replace(self._between.later, dossiers=alone, told=())
        asked = self._figures.question(figure, self._wanted, known)
        return published(figure, known, asked, to=Audience.INSIDE).tables
