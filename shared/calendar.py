"""Moments and calendar dates: a day is a date in Europe/Amsterdam, a moment is stored as whole microseconds in UTC."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def calendar_date(moment: datetime) -> date:
    """The date on which this aware moment falls in Europe/Amsterdam (00:30 there is the day before in UTC)."""
    return moment.astimezone(AMSTERDAM).date()


def midnight(day: date) -> datetime:
    """The first moment of this day in Europe/Amsterdam."""
    return datetime.combine(day, time(), AMSTERDAM)


def next_midnight(moment: datetime) -> datetime:
    """The first midnight in Europe/Amsterdam after this moment."""
    return midnight(calendar_date(moment) + timedelta(days=1))


def end_of(day: date) -> datetime:
    """The last microsecond of this day in Europe/Amsterdam; 23, 24 or 25 hours after its midnight."""
    return midnight(day + timedelta(days=1)) - _MICROSECOND


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970-01-01 UTC, exact where a float of seconds is not."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(microseconds_since_epoch: int) -> datetime:
    """The moment, in UTC, of that many microseconds since 1970-01-01 UTC."""
    return _EPOCH + timedelta(microseconds=microseconds_since_epoch)


def rfc3339(moment: datetime) -> str:
    """The moment in UTC with six decimals and an upper-case Z, so that text order is time order."""
    written = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return f"{written.removesuffix('+00:00')}Z"


def add_months(day: date, months: int) -> date:
    """The same day of the month so many calendar months later; the last day of a month that is too short.

    Terms of deprivation of liberty are not stretched over weekends (Algemene termijnenwet, article 4 under c).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= 28:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
