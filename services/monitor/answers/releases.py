"""Releases: the moments at which those outside may ask "as known at". The first is made by hand, then months follow.

The start of each month is a release. An installation whose history was brought in this month would show nothing until
the next: so a release can be made by hand, not within 28 days of the one before, and the month starts that fall within
28 days after it are none.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, insert, select

from services.monitor.disclosure.release import released
from services.monitor.tables import fact, release_made
from shared.calendar import microseconds, moment_of
from shared.databases import reading

APART = timedelta(days=28)
"""Two releases lie at least so far apart: nearer, and a single fact could be read from what changed."""


class ReleaseTooSoon(Exception):
    """A release was made less than 28 days before; the message says when the next may be."""


def release_at(known: datetime, made: Sequence[datetime]) -> datetime:
    """The last release at or before a moment, given those made by hand."""
    month = released(known)
    last = max((one for one in made if one <= known), default=None)
    return month if last is None or month >= last + APART else last


def releases_made(engine: Engine) -> tuple[datetime, ...]:
    """Those made by hand, in order. Blocking."""
    with reading(engine).begin() as connection:
        found = connection.scalars(select(release_made.c.known_us).order_by(release_made.c.known_us))
        return tuple(moment_of(one) for one in found)


def make_release(engine: Engine, *, now: datetime) -> datetime:
    """Make a release of what is known now, and return its moment. Blocking; give an engine whose commits are durable.

    A month start before the first fact was accepted released nothing, so it does not count.

    Raises:
        ReleaseTooSoon: when the last release is less than 28 days old.
    """
    made = releases_made(engine)
    last = release_at(now, made)
    first_us = _first_fact_us(engine)
    showed = last in made or (first_us is not None and first_us <= microseconds(last))
    if showed and now < last + APART:
        raise ReleaseTooSoon(
            f"The last release is of {last:%Y-%m-%d}; the next may be made on {last + APART:%Y-%m-%d}."
        )
    with engine.begin() as connection:
        connection.execute(insert(release_made).values(known_us=microseconds(now)))
    return now


def _first_fact_us(engine: Engine) -> int | None:
    with reading(engine).begin() as connection:
        first: int | None = connection.execute(select(func.min(fact.c.accepted_at_us))).scalar_one()
        return first
