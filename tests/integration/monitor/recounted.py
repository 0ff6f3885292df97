"""The figures of one date counted anew from the rows, in SQL: what the tallies of the metrics must say too.

Everything counts stays of regime jw6 (Jeugdwet chapter 6). A date after the asked one has not happened: a start that is
announced does not count, nor does an end (D3).
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, and_, case, distinct, func, or_, select

from services.monitor.derived import accommodation, capacity, closure, doorplaatsing, placement, title, waiting

COUNTED_REGIME = "jw6"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OpenClosure:
    """A closure that goes on today."""

    area: str
    started_on: date
    days: int
    """Whole days since its start; a doorplaatsing never restarts it (D7)."""
    title: str | None
    """The kind of the title that covers today and lasts longest; None: nobody may keep this person closed (D10)."""
    covered_until: date | None
    """The first day that no title covers any more, in one piece with today."""
    uncovered_days: int
    """Whole days in a row up to today without a title; 0 while one covers today."""


@dataclass(frozen=True, slots=True)
class OpenWait:
    """Someone who waits for a closed place today."""

    days: int
    title_days: int | None
    """Whole days since the first day of the title that is not executed; None without a title."""

    @property
    def with_title(self) -> bool:
        """Whether a granted title waits to be executed."""
        return self.title_days is not None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The figures on one date."""

    on: date
    open_closures: Sequence[OpenClosure]
    waiting: Sequence[OpenWait]
    placements_started: int
    discharges: int
    doorplaatsingen: Mapping[str, int]
    """By kind: within-provider, between-providers, unknown (a provider is not registered)."""
    replacement_gaps: Mapping[int, int]
    """Closures after an earlier one (D9), by the days in between."""
    closure_days: Mapping[int, int]
    """Ended closures by their days."""
    placement_days: Mapping[int, int]
    """Ended placements by their days."""
    places: Mapping[str, int]
    """Places in force by closure mode."""
    occupied_places: int

    def open_for(self, days: int) -> int:
        """Open closures that last at least so many days."""
        return sum(found.days >= days for found in self.open_closures)

    def replacements_within(self, days: int) -> int:
        """Closures that started within so many days of the end of an earlier one, that day included."""
        return sum(count for gap, count in self.replacement_gaps.items() if gap <= days)


def snapshot(connection: Connection, *, on: date) -> Snapshot:
    """The figures of this date, from one transaction."""
    started, ended = placement.c.started_on <= on, placement.c.ended_on <= on
    return Snapshot(
        on=on,
        open_closures=_open_closures(connection, on),
        waiting=_waits(connection, on),
        placements_started=_number(connection, _COUNTED, started),
        discharges=_number(connection, _COUNTED, placement.c.end_kind == "discharged", ended),
        doorplaatsingen=_doorplaatsingen(connection, on),
        replacement_gaps=_tally(
            connection, closure.c.gap_days, closure.c.gap_days.is_not(None), closure.c.started_on <= on
        ),
        closure_days=_tally(connection, closure.c.days, closure.c.ended_on <= on),
        placement_days=_tally(connection, placement.c.days, _COUNTED, ended),
        places=_places(connection, on),
        occupied_places=_occupied(connection, on),
    )


_COUNTED = placement.c.regime == COUNTED_REGIME


def _open(start: ColumnElement[Any], end: ColumnElement[Any], on: date) -> ColumnElement[bool]:
    """Open on a date (D3)."""
    return and_(start <= on, or_(end.is_(None), end > on))


def _number(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(placement).where(*conditions)).scalar_one()


def _tally(connection: Connection, by: Column[T], *conditions: ColumnElement[bool]) -> dict[T, int]:
    rows = connection.execute(select(by, func.count()).where(*conditions).group_by(by))
    return {row[0]: row[1] for row in rows}


def _open_closures(connection: Connection, on: date) -> list[OpenClosure]:
    is_open = _open(closure.c.started_on, closure.c.ended_on, on)
    titles: dict[str, list[tuple[str, date, date]]] = {}
    for row in connection.execute(
        select(title.c.person, title.c.kind, title.c.from_on, title.c.until_on)
        .join_from(closure, title, title.c.person == closure.c.person)
        .where(is_open)
        .order_by(title.c.person, title.c.from_on)
    ):
        titles.setdefault(row.person, []).append((row.kind, row.from_on, row.until_on))
    found = []
    closures = select(closure.c.person, closure.c.area, closure.c.started_on).where(is_open)
    for person, area, started_on in connection.execute(closures):
        kind, until = covering(titles.get(person, ()), on=on)
        uncovered = 0 if kind else _uncovered_days(titles.get(person, ()), started_on=started_on, on=on)
        found.append(OpenClosure(area, started_on, (on - started_on).days, kind, until, uncovered))
    return found


def _uncovered_days(titles: Iterable[tuple[str, date, date]], *, started_on: date, on: date) -> int:
    """Days since the last title ended or, where none covered the closure, since it started; today is not covered."""
    ends = [until_on for _, _, until_on in titles if until_on <= on]
    return (on - max([started_on, *ends])).days


def covering(titles: Iterable[tuple[str, date, date]], *, on: date) -> tuple[str | None, date | None]:
    """The kind of the title that covers a day and lasts longest, and the end of the unbroken cover that starts there.

    Titles are kind, from, until (half-open), in order of from; both None when no title covers the day (D10).
    """
    kind: str | None = None
    longest = until = on
    for found, from_on, until_on in titles:
        if from_on <= on and until_on > longest:
            kind, longest = found, until_on
        if from_on <= until:
            until = max(until, until_on)
    return (kind, until) if kind else (None, None)


def _waits(connection: Connection, on: date) -> list[OpenWait]:
    rows = connection.execute(
        select(waiting.c.since_on, waiting.c.titles).where(_open(waiting.c.since_on, waiting.c.until_on, on))
    )
    return [OpenWait((on - since).days, _days_with(titles, on)) for since, titles in rows]


def _days_with(titles: str | None, on: date) -> int | None:
    """Days since the title began that waits on this day; None without one."""
    held = [one["from_on"] for one in json.loads(titles or "[]") if one["from_on"] <= str(on) < one["until_on"]]
    return (on - date.fromisoformat(held[0])).days if held else None


def _doorplaatsingen(connection: Connection, on: date) -> dict[str, int]:
    left, arrived = accommodation.alias(), accommodation.alias()
    kind = case(
        (left.c.provider == arrived.c.provider, "within-provider"),
        (left.c.provider != arrived.c.provider, "between-providers"),
        else_="unknown",
    )
    rows = connection.execute(
        select(kind, func.count())
        .select_from(doorplaatsing)
        .outerjoin(left, left.c.accommodation == doorplaatsing.c.from_accommodation)
        .outerjoin(arrived, arrived.c.accommodation == doorplaatsing.c.to_accommodation)
        .where(doorplaatsing.c.moved_on <= on)
        .group_by(kind)
    )
    return {row[0]: row[1] for row in rows}


def _places(connection: Connection, on: date) -> dict[str, int]:
    """Of each accommodation and group the last change up to today, where the accommodation is not closed today."""
    closed = [
        row.accommodation
        for row in connection.execute(select(accommodation))
        if (row.closed_on and row.closed_on <= on)
        or any(begin <= str(on) < opened_again for begin, opened_again in json.loads(row.shut))
    ]
    last = (
        select(capacity.c.accommodation, capacity.c.group, func.max(capacity.c.from_on).label("from_on"))
        .where(capacity.c.from_on <= on)
        .group_by(capacity.c.accommodation, capacity.c.group)
        .subquery()
    )
    rows = connection.execute(
        select(capacity.c.closure_mode, func.sum(capacity.c.places))
        .join(
            last,
            and_(
                last.c.accommodation == capacity.c.accommodation,
                last.c.group == capacity.c.group,
                last.c.from_on == capacity.c.from_on,
            ),
        )
        .where(capacity.c.accommodation.not_in(closed))
        .group_by(capacity.c.closure_mode)
    )
    return {mode: int(places) for mode, places in rows}


def _occupied(connection: Connection, on: date) -> int:
    """Persons with a placement that is open; someone with two overlapping ones takes one place (F1)."""
    stays = _open(placement.c.started_on, placement.c.ended_on, on)
    return connection.execute(select(func.count(distinct(placement.c.person))).where(_COUNTED, stays)).scalar_one()


def marginals(found: Snapshot) -> Mapping[str, Mapping[Any, int]]:
    """The same, as far as the tallies of the metrics say it, by what each is called there."""
    on, without = found.on, [one for one in found.open_closures if one.title is None]
    day = timedelta(days=1)
    return {
        "open_closures": Counter((one.area, one.title or "none") for one in found.open_closures),
        "open_since": Counter((one.area, one.started_on) for one in found.open_closures),
        "without_title_since": Counter((one.area, on - one.uncovered_days * day) for one in without),
        "covered_until": Counter(one.covered_until for one in found.open_closures if one.covered_until),
        "waiting_since": Counter(on - one.days * day for one in found.waiting),
        "with_title_since": Counter(on - one.title_days * day for one in found.waiting if one.title_days is not None),
        "untitled_since": Counter(on - one.days * day for one in found.waiting if one.title_days is None),
        "doorplaatsingen": found.doorplaatsingen,
        "replacement_gaps": found.replacement_gaps,
        "closure_days": found.closure_days,
        "placement_days": found.placement_days,
        "places": found.places,
        "": {
            "placements_started": found.placements_started,
            "discharges": found.discharges,
            "occupied_places": found.occupied_places,
        },
    }
