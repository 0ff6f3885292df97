"""The processes of a month counted anew from the rows, in SQL: what the tallies of the metrics must say too."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, FromClause, and_, or_, select

from services.monitor.derived import closure, doorplaatsing, placement
from services.monitor.metrics.process import RECENT_DAYS, YEAR_DAYS, Interval, Process
from services.monitor.metrics.spans import REPLACED_WITHIN_DAYS
from tests.integration.monitor.recounted import COUNTED_REGIME


def processes(connection: Connection, *, on: date) -> dict[str, Process]:
    """Doorplaatsingen per day inside, and re-placements within 90 days per day at risk of one, up to today."""
    recent = on - timedelta(days=RECENT_DAYS - 1), on + timedelta(days=1)
    before = recent[0] - timedelta(days=YEAR_DAYS), recent[0]
    moves = list(_moves(connection, before[0], on))
    inside = list(_inside(connection, before[0], on))
    # Those who came back before the year began were not at risk in it any more.
    again = list(_again(connection, before[0] - timedelta(days=REPLACED_WITHIN_DAYS), on))
    risk = list(_at_risk(connection, before[0], on))
    # After a re-placement nobody is at risk of the next one until the next discharge.
    over = [(moved, ended + timedelta(days=REPLACED_WITHIN_DAYS + 1)) for moved, ended in again]
    returns = [moved for moved, _ in again]
    return {
        "doorplaatsing": Process(
            _within(moves, recent), _within(moves, before), _days(inside, recent), _days(inside, before)
        ),
        "replacement": Process(
            _within(returns, recent),
            _within(returns, before),
            _days(risk, recent) - _days(over, recent),
            _days(risk, before) - _days(over, before),
        ),
    }


def _within(dates: list[date], window: Interval) -> int:
    return sum(window[0] <= one < window[1] for one in dates)


def _days(intervals: list[Interval], window: Interval) -> int:
    """Days of these intervals in a window, both half-open (D2, D4)."""
    return sum(max(0, (min(end, window[1]) - max(start, window[0])).days) for start, end in intervals)


def _moves(connection: Connection, since: date, on: date) -> Iterator[date]:
    moved_on = doorplaatsing.c.moved_on
    yield from connection.scalars(select(moved_on).where(moved_on >= since, moved_on <= on))


def _inside(connection: Connection, since: date, on: date) -> Iterator[Interval]:
    started_on, ended_on = placement.c.started_on, placement.c.ended_on
    overlaps = and_(started_on <= on, or_(ended_on.is_(None), ended_on > since))
    for start, end in connection.execute(
        select(started_on, ended_on).where(placement.c.regime == COUNTED_REGIME, overlaps)
    ):
        yield start, end or date.max


def _again(connection: Connection, since: date, on: date) -> Iterator[tuple[date, date]]:
    """When a closure within 90 days of an earlier one started, and when the earlier one had ended, alive (D9)."""
    started_on, ended_on, gap = closure.c.started_on, closure.c.previous_ended_on, closure.c.gap_days
    earlier = closure.alias()
    before = and_(earlier.c.person == closure.c.person, earlier.c.number == closure.c.number - 1)
    rows = connection.execute(
        select(started_on, ended_on)
        .join_from(closure, earlier, before)
        .where(gap <= REPLACED_WITHIN_DAYS, started_on >= since, started_on <= on, _alive(earlier))
    )
    yield from ((start, end) for start, end in rows)


def _at_risk(connection: Connection, since: date, on: date) -> Iterator[Interval]:
    """Each end of a closure but a death, and the 90 days after it: a gap of 90 days still counts."""
    ended_on, horizon = closure.c.ended_on, timedelta(days=REPLACED_WITHIN_DAYS + 1)
    ended = ended_on > since - horizon, ended_on <= on, _alive(closure)
    for end in connection.scalars(select(ended_on).where(*ended)):
        yield end, end + horizon


def _alive(closures: FromClause) -> ColumnElement[bool]:
    return or_(closures.c.end_mode.is_(None), closures.c.end_mode != "deceased")
