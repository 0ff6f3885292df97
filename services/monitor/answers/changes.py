"""What changed between two moments K: every figure that did, both its values, and the facts that moved it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, Select, select

from services.monitor.access.reader import Reader
from services.monitor.answers.answering import Figures
from services.monitor.answers.asking import Asked
from services.monitor.answers.audience import to_release
from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.merging import pseudonyms
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.figure import Figure
from services.monitor.figures.publication import published
from services.monitor.figures.question import Window
from services.monitor.figures.shown import Cell, Shown
from services.monitor.history.known import Known
from services.monitor.projector.facts import in_parts
from services.monitor.tables import fact
from shared.calendar import calendar_date, microseconds, moment_of
from shared.databases import reading

PERSONS_MAX = 500
"""Of more persons than this whose dossier changed it is not told which figure each moved."""
FACTS_MAX = 1_000
VALUES_MAX = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """A fact that was accepted in between, about somebody whose part in the figure changed."""

    id: str
    source: str
    name: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One cell of a figure, before and after."""

    table: str
    key: dict[str, str]
    at: int | str | date | None
    measure: str
    before: Cell | None
    after: Cell | None


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that changed."""

    figure: Figure
    before: Cell
    after: Cell
    values: tuple[ChangedValue, ...]
    facts: tuple[Moved, ...] | None
    """None for those outside, and when too many persons changed."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that changed between two moments, on one date."""

    on: date
    since: datetime
    known: datetime
    final: bool
    audience: str
    persons: int | None
    """How many dossiers changed; None for those outside."""
    changes: tuple[Change, ...]


def changes_of(figures: Figures, engine: Engine, reader: Reader, wanted: Asked, since: datetime) -> Changes:
    """Compare all figures with their defaults on one date, between `since` and the K of the question. Blocking."""
    inside = figures.audience(reader, wanted) is Audience.INSIDE
    if not inside:
        since = figures.release(since)
        wanted, _ = to_release(FIGURES["stock"], wanted, figures.release(wanted.known))
    earlier, later = figures.known_at(since), figures.known_at(wanted.known)
    on = wanted.on or calendar_date(later.known)
    audience = Audience.INSIDE if inside else Audience.OUTSIDE
    moved = _changed_persons(earlier, later) if inside else None
    told = moved is not None and len(moved) <= PERSONS_MAX
    facts = _facts_between(engine, _persons(moved or (), earlier, later), since, later.known) if told else {}
    found = []
    for figure in FIGURES.values():
        asked = replace(wanted, on=on)
        before, after = (_shown(figures, figure, asked, known, audience) for known in (earlier, later))
        values = tuple(_differences(before, after))
        if values or before.n != after.n:
            also: Sequence[Moved] = facts.get((), ()) if figure.name == "occupancy" else ()
            if figure.reads_told:
                also = _recorded(engine, figures.question(figure, asked, later).window, since, later.known)
            movers = _movers(figures, figure, asked, (earlier, later), facts, also=also) if told else None
            found.append(Change(figure, before.n, after.n, values[:VALUES_MAX], movers))
    return Changes(
        on=on,
        since=earlier.known,
        known=later.known,
        final=earlier.final and later.final,
        audience=audience.value,
        persons=None if moved is None else len(moved),
        changes=tuple(found),
    )


def _shown(figures: Figures, figure: Figure, asked: Asked, known: Known, audience: Audience) -> Shown:
    return figures.shown(figure, asked, known, to=audience)


def _differences(before: Shown, after: Shown) -> Iterator[ChangedValue]:
    """Each cell that differs; steps of a curve that are in one of the two only are in the table's other cells."""
    old, new = dict(_cells(before)), dict(_cells(after))
    for place in dict.fromkeys((*old, *new)):
        one, other = old.get(place), new.get(place)
        if one != other:
            table, key, at, measure = place
            yield ChangedValue(table, dict(key), at, measure, one, other)


Place = tuple[str, tuple[tuple[str, str], ...], int | str | date | None, str]


def _cells(shown: Shown) -> Iterator[tuple[Place, Cell]]:
    inside_only = {table.name for table in shown.answer.tables if getattr(table, "inside_only", False)}
    for table in shown.tables:
        if table.name in inside_only:
            continue
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                yield (table.name, tuple(row.key.items()), row.at, column.name), cell


def _changed_persons(earlier: Known, later: Known) -> list[str]:
    """Whoever has another dossier now. One that did not change is the very same object, so this is quick."""
    before = {one.person: one for one in earlier.dossiers}
    after = {one.person: one for one in later.dossiers}
    names = [name for name, one in after.items() if (old := before.get(name)) is not one and old != one]
    return sorted([*names, *(name for name in before if name not in after)])


Names = tuple[str, ...]
"""All pseudonyms of a person that were theirs at one of the two moments; none for what is about nobody."""


def _persons(moved: Iterable[str], earlier: Known, later: Known) -> dict[str, Names]:
    """These persons, by each of their pseudonyms."""
    several = pseudonyms((*earlier.dossiers, *later.dossiers))
    return {name: names for one in moved for names in [several.get(one, (one,))] for name in names}


def _movers(
    figures: Figures,
    figure: Figure,
    asked: Asked,
    moments: tuple[Known, Known],
    facts: Mapping[Names, Sequence[Moved]],
    *,
    also: Iterable[Moved],
) -> tuple[Moved, ...]:
    """The facts in between about persons whose own part in the figure changed: a figure of one person is that part.

    `also` are facts that it counts or reads whomever they are about.
    """
    people = [{one.person: one for one in known.dossiers} for known in moments]
    found = {*also}
    for names, about in facts.items():
        if not names:
            continue
        parts = []
        for known, dossiers in zip(moments, people, strict=True):
            alone: Sequence[Dossier] = [dossiers[name] for name in names if name in dossiers]
            part = replace(known, dossiers=alone, told=())
            parts.append(published(figure, part, figures.question(figure, asked, part), to=Audience.INSIDE).tables)
        if parts[0] != parts[1]:
            found.update(about)
    return tuple(sorted(found, key=_in_time)[:FACTS_MAX])


def _in_time(one: Moved) -> tuple[datetime, str, str]:
    return one.accepted_at, one.source, one.id


def _facts_between(
    engine: Engine, people: Mapping[str, Names], since: datetime, known: datetime
) -> Mapping[Names, Sequence[Moved]]:
    """The facts accepted after the one moment and up to the other, by person."""
    found: dict[Names, list[Moved]] = {}
    wanted = _accepted(since, known)
    with reading(engine).begin() as connection:
        for query in (*(wanted.where(fact.c.person.in_(part)) for part in in_parts(people)), _of_nobody(wanted)):
            for person, *said in connection.execute(query):
                found.setdefault(people[person] if person else (), []).append(_moved(*said))
    return found


def _recorded(engine: Engine, window: Window, since: datetime, known: datetime) -> Sequence[Moved]:
    """The facts about persons that were recorded in the window, and accepted in between; the first ones of many."""
    recorded = (fact.c.recorded_on >= window.a, fact.c.recorded_on < window.b)
    query = _accepted(since, known).where(*recorded).order_by(fact.c.accepted_at_us).limit(FACTS_MAX)
    with reading(engine).begin() as connection:
        return [_moved(*said) for _person, *said in connection.execute(query)]


def _accepted(since: datetime, known: datetime) -> Select[Any]:
    columns = fact.c.person, fact.c.id, fact.c.source, fact.c.name, fact.c.accepted_at_us
    between = (fact.c.accepted_at_us > microseconds(since), fact.c.accepted_at_us <= microseconds(known))
    return select(*columns).where(*between)


def _of_nobody(wanted: Select[Any]) -> Select[Any]:
    return wanted.where(fact.c.person.is_(None))


def _moved(name: str, source: str, kind: str, accepted_at_us: int) -> Moved:
    return Moved(name, source, kind, moment_of(accepted_at_us))
