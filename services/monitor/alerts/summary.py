"""How alerts were followed up: of those opened in a window how soon somebody said what they do, and how they ended.

False alarms are those of which a later fact shows that they did not hold when they were opened (`late-data`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from services.monitor.alerts.life import LATE_DATA
from services.monitor.alerts.tables import alert as alerts
from services.monitor.alerts.tables import alert_happening
from services.monitor.dossier.days import days
from services.monitor.statistics.estimable import NotEstimable
from services.monitor.statistics.quantiles import median, quantile, share
from shared.calendar import calendar_date, microseconds, midnight, moment_of

ALERTS_MAX = 100_000
"""So many are looked at for one summary: more than the whole country has in some years."""
HOUR = 3_600_000_000
"""Microseconds."""


class TooMany(Exception):
    """More alerts were opened in the window than are looked at: ask for fewer days."""


class Outcome(NamedTuple):
    """What became of one alert that was opened in the window, by what is on record now."""

    step: tuple[str, str, str]
    """Rule, threshold and level."""
    missed: bool
    """It began and ended before anybody looked, so it was never open."""
    acknowledged_after: int | None
    """Microseconds from its opening until somebody first acknowledged it; None while nobody has."""
    closed_reason: str | None
    """None while it is not closed."""
    stood: int | None
    """Days from the date on which it was opened to that on which it was closed here; None while it is not closed."""


@dataclass(frozen=True, slots=True)
class Line:
    """What became of the alerts of a rule, threshold and level that were opened in the window."""

    rule: str
    threshold: str
    level: str
    opened: int
    missed: int
    acknowledged: int
    hours_to_acknowledgement_median: Fraction | None
    hours_to_acknowledgement_p90: Fraction | None
    closed: int
    closed_by_late_data: int
    late_data_share: Fraction | None
    days_open_median: Fraction | None
    still_open: int


Seen = Callable[[str | None, str | None], bool]
"""Whether somebody may see an alert about a case in this region and at this accommodation."""


def outcomes(connection: Connection, *, from_on: date, until_on: date, seen: Seen) -> list[Outcome]:
    """The alerts that were opened on the days [from_on, until_on), of those that may be seen. Raises TooMany."""
    acknowledged = (
        select(func.min(alert_happening.c.happened_at_us))
        .where(alert_happening.c.alert == alerts.c.id, alert_happening.c.kind == "acknowledged")
        .scalar_subquery()
    )
    of = alerts.c
    # No index says when each was opened: of 500,000, in sixteen years, it would spare 0.1 of the 0.2 or 0.3 seconds
    # that those of 91 days take, and most of what is left goes into their happenings.
    first, after = (microseconds(midnight(day)) for day in (from_on, until_on))
    rows = connection.execute(
        select(
            *(of.rule, of.threshold, of.level, of.state, of.missed, of.seen_at_us, of.closed_at_us, of.closed_reason),
            *(of.region, of.accommodation, acknowledged.label("acknowledged_at_us")),
        )
        .where(of.seen_at_us >= first, of.seen_at_us < after)
        .limit(ALERTS_MAX + 1)
    ).all()
    if len(rows) > ALERTS_MAX:
        raise TooMany
    found = []
    for row in rows:
        if not seen(row.region, row.accommodation):
            continue
        closed, at = row.state == "closed", row.acknowledged_at_us
        found.append(
            Outcome(
                (row.rule, row.threshold, row.level),
                row.missed and closed,
                None if at is None else at - row.seen_at_us,
                row.closed_reason if closed else None,
                days(_day(row.seen_at_us), _day(row.closed_at_us)) if closed else None,
            )
        )
    return found


def _day(at_us: int) -> date:
    return calendar_date(moment_of(at_us))


def lines(found: Iterable[Outcome]) -> list[Line]:
    """One for each rule, threshold and level of which any was opened or missed, in that order."""
    steps: dict[tuple[str, str, str], list[Outcome]] = {}
    for one in found:
        steps.setdefault(one.step, []).append(one)
    return [_line(step, steps[step]) for step in sorted(steps)]


def _line(step: tuple[str, str, str], every: list[Outcome]) -> Line:
    opened = [one for one in every if not one.missed]
    hours = [one.acknowledged_after for one in opened if one.acknowledged_after is not None]
    closed = [one for one in opened if one.closed_reason is not None]
    late = sum(one.closed_reason == LATE_DATA for one in closed)
    return Line(
        *step,
        opened=len(opened),
        missed=len(every) - len(opened),
        acknowledged=len(hours),
        hours_to_acknowledgement_median=_per(median(hours), HOUR),
        hours_to_acknowledgement_p90=_per(quantile(hours, Fraction(9, 10)), HOUR),
        closed=len(closed),
        closed_by_late_data=late,
        late_data_share=_per(share(late, len(closed)), 1),
        days_open_median=_per(median([one.stood for one in closed if one.stood is not None]), 1),
        still_open=len(opened) - len(closed),
    )


def _per(number: int | Fraction | NotEstimable, unit: int) -> Fraction | None:
    return None if isinstance(number, NotEstimable) else Fraction(number) / unit
