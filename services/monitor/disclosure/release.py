"""The moments at which those outside may ask "as known at": the start of a month, in Europe/Amsterdam.

Two answers a few minutes apart differ by one fact. When a rounded count steps from 10 to 15 between them, it was 12
and is 13, and what arrived in between is known. A month apart, such a step says only that something changed.
"""

from datetime import UTC, date, datetime, time

from shared.calendar import AMSTERDAM, calendar_date


def month_start(day: date) -> date:
    """The first day of its month: the only dates and window limits that those outside may choose."""
    return day.replace(day=1)


def released(known: datetime) -> datetime:
    """The last release at or before this aware moment, in UTC: midnight in Amsterdam on the first day of the month.

    Idempotent and monotone. An answer to those outside shows the release as its `known`, not the moment asked for.

    Raises:
        ValueError: for a moment without a time zone.
    """
    if known.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return datetime.combine(month_start(calendar_date(known)), time(), tzinfo=AMSTERDAM).astimezone(UTC)
