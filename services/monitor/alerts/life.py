"""What happens to alerts: those on record and those that hold now in, the happenings that make them agree out; pure.

An alert has a key for ever and is opened once. It is open, or escalated while a higher threshold of the same case
holds, or closed; a later fact may reopen it. Only what was seen when depends on the order in which facts came.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from services.monitor.alerts.conditions.alert import Alert, Because
from services.monitor.alerts.conditions.judging import leading
from services.monitor.alerts.conditions.rules import Rulebook
from shared.calendar import calendar_date

State = Literal["open", "escalated", "closed"]
Key = tuple[str, str, str, str]

LATE_DATA = "late-data"
"""Closed because a later fact shows that it did not hold when it was opened."""

OF_ARRIVAL = frozenset({"A23"})
"""Rules about facts that arrive or do not: when one arrives the alert ends, and was right until then."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An alert on record, as far as its life goes."""

    id: str
    alert: Alert
    """What was known of it when it was last looked at."""
    state: State
    seen_at: datetime
    version: int
    missing: tuple[str, ...] = ()
    missed: bool = False
    closed_on: date | None = None
    closed_reason: str | None = None

    @property
    def key(self) -> Key:
        """Rule, threshold, person and case."""
        return self.alert.key


@dataclass(frozen=True, slots=True)
class Happening:
    """What happens to an alert; it is on record for ever."""

    kind: Literal["opened", "escalated", "leading", "reopened", "moved", "closed", "missed"]
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """An alert after what happened to it; `before` is None for a new one."""

    before: Kept | None
    after: Kept
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Now:
    """The moment of looking, and what everything is held against."""

    moment: datetime
    rules: Rulebook
    began_on: date
    """Nobody was to see what ended before."""

    @property
    def today(self) -> date:
        """The date in Europe/Amsterdam."""
        return calendar_date(self.moment)

    def holds(self, alert: Alert) -> bool:
        """Whether it holds at this moment."""
        return alert.holds_at(self.moment, self.today)

    def on_record(self, alert: Alert) -> bool:
        """Whether an alert that has ended unseen is young enough to be kept on record."""
        earliest = max(self.began_on, self.today - timedelta(days=self.rules.catch_up_days))
        return alert.until is not None and alert.until > earliest


@dataclass(slots=True)
class _Found:
    """The spells of one key."""

    holding: Alert | None = None
    ended: list[Alert] = field(default_factory=list)


def life(kept: Iterable[Kept], spells: Iterable[Alert], *, now: Now, missing: Sequence[str] = ()) -> list[Change]:
    """What happens to the alerts of one person, or of all units, for what is on record to say what holds now.

    `spells` are all spells through time; those that begin later are left alone. New alerts come without an id.
    """
    found = _by_key(spells, now)
    lead = {alert.key for alert in leading((one.holding for one in found.values() if one.holding), rules=now.rules)}
    changes: list[Change] = []
    left = dict(found)
    for one in _under_their_new_keys(kept, found):
        here = left.pop(one.alert.key, _Found())
        changes += _known(one, here, now=now, lead=lead, missing=tuple(missing))
    for here in left.values():
        changes += _new(here, now=now, lead=lead, missing=tuple(missing))
    return changes


def _by_key(spells: Iterable[Alert], now: Now) -> dict[Key, _Found]:
    found: dict[Key, _Found] = {}
    for alert in sorted(spells, key=lambda alert: (alert.since, alert.key)):
        if now.holds(alert):
            found.setdefault(alert.key, _Found()).holding = alert
        elif alert.over_at(now.moment, now.today):
            found.setdefault(alert.key, _Found()).ended.append(alert)
    return found


def _under_their_new_keys(kept: Iterable[Kept], found: Mapping[Key, _Found]) -> list[Kept]:
    """An alert whose case got another first placement goes on under the key that stands for the case now."""
    known = list(kept)
    taken = {one.key for one in known}
    for position, one in enumerate(known):
        if one.key in found:
            continue
        for alert in (here.holding for here in found.values()):
            same = alert is not None and (alert.rule, alert.threshold) == (one.alert.rule, one.alert.threshold)
            if alert is not None and same and one.alert.case.about in alert.case.also and alert.key not in taken:
                known[position] = replace(one, alert=replace(one.alert, case=alert.case))
                taken.add(alert.key)
                break
    return known


def _known(one: Kept, here: _Found, *, now: Now, lead: set[Key], missing: tuple[str, ...]) -> list[Change]:
    holding = here.holding
    if holding is None:
        return [] if one.state == "closed" else [_closed(one, here.ended, now)]
    state: State = "open" if holding.key in lead else "escalated"
    happenings = []
    if one.state == "closed":
        happenings.append(Happening("reopened", {"was": one.closed_reason}))
    if (one.alert.since, one.alert.level) != (holding.since, holding.level):
        happenings.append(Happening("moved", {"was": _told(one.alert), "now": _told(holding)}))
    if state != one.state and state == "escalated":
        happenings.append(Happening("escalated", {}))
    if state != one.state and one.state == "escalated":
        happenings.append(Happening("leading", {}))
    after = replace(
        one,
        alert=_as_kept(holding),
        state=state,
        missing=missing,
        closed_on=None,
        closed_reason=None,
        version=one.version + len(happenings),
    )
    return [] if after == one else [Change(one, after, tuple(happenings))]


def _closed(one: Kept, ended: Sequence[Alert], now: Now) -> Change:
    """By the world when it held at the moment at which it was opened here; otherwise a later fact undoes it."""
    last = ended[-1] if ended else None
    right = last is not None and _reached(last, one.seen_at)
    if last is not None and right:
        closed_on, reason = last.until, last.ended or "ended"
    elif one.alert.rule in OF_ARRIVAL:
        closed_on, reason = now.today, "heard-again"
    elif not any(rule.rule == one.alert.rule for rule in now.rules.on(now.today)):
        closed_on, reason = now.today, "rule-changed"
    else:
        closed_on, reason = now.today, LATE_DATA
    detail = {"reason": reason, "was": _told(one.alert), "now": _told(last) if last else None}
    after = replace(one, state="closed", closed_on=closed_on, closed_reason=reason, version=one.version + 1)
    return Change(one, after, (Happening("closed", detail),))


def _reached(alert: Alert, seen_at: datetime) -> bool:
    """Whether it still held when it was seen."""
    if alert.until_at is not None:
        return alert.until_at > seen_at
    return alert.until is None or alert.until > calendar_date(seen_at)


def _new(here: _Found, *, now: Now, lead: set[Key], missing: tuple[str, ...]) -> list[Change]:
    if here.holding is not None:
        alert = here.holding
        state: State = "open" if alert.key in lead else "escalated"
        happenings = [Happening("opened", _told(alert))]
        if state == "escalated":
            happenings.append(Happening("escalated", {}))
        after = Kept("", _as_kept(alert), state, now.moment, len(happenings), missing)
        return [Change(None, after, tuple(happenings))]
    last = here.ended[-1]
    if not now.on_record(last):
        return []
    reason = last.ended or "ended"
    after = Kept("", _as_kept(last), "closed", now.moment, 1, missed=True, closed_on=last.until, closed_reason=reason)
    return [Change(None, after, (Happening("missed", _told(last)),))]


def _as_kept(alert: Alert) -> Alert:
    """Without what is known of its end: that may change any day, and is told when it comes."""
    return replace(alert, case=replace(alert.case, also=()), until=None, ended=None, since_at=None, until_at=None)


def _told(alert: Alert) -> dict[str, Any]:
    return {
        "level": alert.level,
        "since": str(alert.since),
        "countedFrom": str(alert.counted_from),
        "until": str(alert.until) if alert.until else None,
        "ended": alert.ended,
        "because": [told(one) for one in alert.because],
    }


def told(one: Because) -> dict[str, str]:
    """A fact behind an alert, as JSON has it."""
    return {"what": one.what, "on": str(one.on), "about": one.about}
