"""One alert: a rule and a threshold that hold for a case since a day, and what that rests on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter

from services.monitor.alerts.conditions.rules import Level, Rule, Threshold

FOREVER = date.max
"""The end of what has none yet."""


@dataclass(frozen=True, slots=True)
class Because:
    """A fact behind an alert: what happened, on which day, and the publisher's key of it."""

    what: str
    on: date
    about: str


@dataclass(frozen=True, slots=True)
class Case:
    """What an alert is about: a closure, a wait, a placement or an absence of a person; an accommodation; a source."""

    person: str
    """Empty when it is not about a person."""
    about: str
    also: tuple[str, ...] = ()
    """Other keys of the same case: the further placements of a closure, of which each may become the first."""
    region: str | None = None
    accommodation: str | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """It holds during [since, until); its key is rule, threshold, and the person and key of the case."""

    rule: str
    threshold: str
    level: Level
    case: Case
    since: date
    """The first day on which the condition holds."""
    until: date | None
    """The first day on which it no longer holds; None while nothing that is known ends it."""
    ended: str | None
    """Why it no longer holds from `until` on."""
    counted_from: date
    """The day from which the elapsed time of the case counts."""
    because: tuple[Because, ...]
    since_at: datetime | None = None
    """The moment, for what is counted in hours."""
    until_at: datetime | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """At most one alert has this key, for ever."""
        return self.rule, self.threshold, self.case.person, self.case.about

    def holds_on(self, day: date) -> bool:
        """Whether the condition holds on a day."""
        return self.since <= day and (self.until is None or day < self.until)

    def holds_at(self, moment: datetime, today: date) -> bool:
        """Whether it holds at a moment; `today` is the date then."""
        if self.since_at is None:
            return self.holds_on(today)
        return self.since_at <= moment and (self.until_at is None or moment < self.until_at)

    def over_at(self, moment: datetime, today: date) -> bool:
        """Whether it has ended by a moment; `today` is the date then."""
        if self.until_at is not None:
            return self.until_at <= moment
        return self.until is not None and self.until <= today


Ending = tuple[date | None, str]
"""A day on which something ends, if it does, and what that is."""


def first_of(*endings: Ending) -> tuple[date, str | None]:
    """The earliest of these endings; of two on one day the one that is named first."""
    day, why = FOREVER, None
    for on, reason in endings:
        if on is not None and on < day:
            day, why = on, reason
    return day, why


def lasting(rule: Rule, step: Threshold, case: Case, since: date, *endings: Ending, facts: "Facts") -> Iterator[Alert]:
    """The alert from `since` until the first of these endings; nothing when that leaves no day."""
    until, ended = first_of(*endings)
    if since < until:
        last = None if until == FOREVER else until
        yield Alert(rule.rule, step.key, step.level, case, since, last, ended, facts.counted_from, facts.because)


@dataclass(frozen=True, slots=True)
class Facts:
    """What an alert rests on, and the day from which its elapsed time counts."""

    counted_from: date
    because: tuple[Because, ...]


def within(alerts: Iterable[Alert], rule: Rule) -> Iterator[Alert]:
    """The part of these alerts that falls in the days of this version of the rule."""
    begin, end = rule.valid_from, rule.valid_until or FOREVER
    for alert in alerts:
        since, until = max(alert.since, begin), min(alert.until or FOREVER, end)
        if since > until or (since == until and alert.since_at is None):
            continue
        cut = alert.until is None or alert.until > end
        yield replace(
            alert,
            since=since,
            until=None if until == FOREVER else until,
            ended="rule-changed" if cut and end != FOREVER else alert.ended,
        )


def joined(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Alerts of one key that adjoin are one, with the level of the later; in order of key and day."""
    found: list[Alert] = []
    for alert in sorted(alerts, key=attrgetter("key", "since")):
        before = found[-1] if found else None
        if before is not None and before.key == alert.key and (before.until or FOREVER) >= alert.since:
            reaches = (alert.until or FOREVER) >= (before.until or FOREVER)
            found[-1] = replace(alert if reaches else before, since=before.since, since_at=before.since_at)
        else:
            found.append(alert)
    return tuple(found)
