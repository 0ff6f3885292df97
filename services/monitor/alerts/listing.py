"""The list of alerts as people work through it: read from the tables, ranked, with why and what to do next."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, func, or_, select

from services.monitor.alerts.conditions.judging import MISSING_STEPS
from services.monitor.alerts.conditions.rules import LEVELS, Level, Rule, Rulebook, Text
from services.monitor.alerts.conditions.titles import TITLE_ENDS
from services.monitor.alerts.kept import kept_from
from services.monitor.alerts.life import Kept
from services.monitor.alerts.tables import alert as alerts
from services.monitor.alerts.tables import alert_happening
from shared.calendar import microseconds, moment_of

State = Literal["open", "acknowledged", "escalated", "closed"]

MISSING = {
    "no-title": Text(en="no title today", nl="vandaag geen titel"),
    "whereabouts-unknown": Text(en="left, and no arrival is known", nl="vertrokken, aankomst niet bekend"),
    "no-request": Text(
        en="the title ends soon and nothing was asked for", nl="titel loopt af en er is niets aangevraagd"
    ),
    "no-place": Text(en="no place yet", nl="nog geen plek"),
    "plan-overdue": Text(en="the care plan is overdue", nl="hulpverleningsplan niet op tijd geëvalueerd"),
    "no-school": Text(en="no schooling", nl="geen onderwijs"),
}
"""What is missing, in words."""


SAID_BY_NAME = {
    "A02": "no-request",
    "A03": "no-title",
    "A04": "no-title",
    "A11": "no-place",
    "A13": "no-school",
    "A24": "whereabouts-unknown",
    "A26": "plan-overdue",
}
"""The missing step that the name of a rule says already."""

OF_TITLES_THAT_END = frozenset({"A02", "A04", "A06"})
"""Rules about a title that ends soon: what counts is how long it lasts yet, not for how long that has been told."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody has seen it and says what they do; until that day it is not on the open list."""

    by: str
    at: datetime
    note: str
    until: date


@dataclass(frozen=True, slots=True)
class Entry:
    """An alert on the list."""

    kept: Kept
    rule: Rule
    acknowledgement: Acknowledgement | None
    closed_at: datetime | None
    area: str | None
    today: date

    @property
    def state(self) -> State:
        """Open becomes acknowledged until the day that was said; then it is open again."""
        acknowledged = self.acknowledgement is not None and self.acknowledgement.until > self.today
        return "acknowledged" if acknowledged and self.kept.state == "open" else self.kept.state

    @property
    def days(self) -> int:
        """How long the case lasts, in whole days; of a closed alert until it was closed."""
        return ((self.kept.closed_on or self.today) - self.kept.alert.counted_from).days

    @property
    def days_left(self) -> int | None:
        """Until what is still to come: the end of a title, a birthday, the last place; None where nothing is.

        Of a closed alert as it stood when it was closed.
        """
        alert, day = self.kept.alert, self.kept.closed_on or self.today
        ends = [one.on for one in alert.because if one.what == TITLE_ENDS and alert.rule in OF_TITLES_THAT_END]
        comes_on = min(ends, default=alert.counted_from)
        return max((comes_on - day).days, 0) if ends or comes_on > day else None

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """Its place on the list: the level, the most pressing step that is missing, then how long the case lasts."""
        missing = [MISSING_STEPS.index(step) for step in self.kept.missing]
        return -self.kept.alert.level.rank, min(missing, default=len(MISSING_STEPS)), -self.days, self.kept.id

    @property
    def next_step(self) -> Text:
        """What to do."""
        return self.rule.next_step_at(self.kept.alert.threshold)

    @property
    def why(self) -> Text:
        """Why it is on the list, in one line without a name."""
        named = SAID_BY_NAME.get(self.kept.alert.rule)
        said = [MISSING[step] for step in self.kept.missing if step != named]
        days, left = self.days, self.days_left
        lasts = _in_days(days)
        if left is not None:
            lasts = Text(en=f"{_in_days(left).en} to go", nl=f"nog {_in_days(left).nl}")
        return Text(
            en="; ".join([f"{self.rule.name.en}, {lasts.en}", *(one.en for one in said)]),
            nl="; ".join([f"{self.rule.name.nl}, {lasts.nl}", *(one.nl for one in said)]),
        )


def _in_days(days: int) -> Text:
    english = f"{days:,}"
    dutch = english.replace(",", ".")
    return Text(en=f"{english} {'day' if days == 1 else 'days'}", nl=f"{dutch} {'dag' if days == 1 else 'dagen'}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which alerts are asked for; an empty tuple asks for all."""

    states: tuple[State, ...] = ("open",)
    levels: tuple[Level, ...] = ()
    rules: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    accommodations: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    closed_since: datetime | None = None
    """Of what is closed only what was so at this moment or later; all of it where none is given."""


def listed(connection: Connection, wanted: Wanted, *, rules: Rulebook, today: date) -> list[Entry]:
    """The alerts that are asked for, the most pressing first."""
    conditions: list[ColumnElement[bool]] = [
        column.in_(values)
        for column, values in (
            (alerts.c.level, tuple(map(str, wanted.levels))),
            (alerts.c.rule, _rules(wanted, rules)),
            (alerts.c.area, wanted.areas),
            (alerts.c.accommodation, wanted.accommodations),
            (alerts.c.person, wanted.persons),
            (alerts.c.state, tuple({"open" if state == "acknowledged" else state for state in wanted.states})),
        )
        if values
    ]
    if wanted.closed_since is not None:
        lately = alerts.c.closed_at_us >= microseconds(wanted.closed_since)
        conditions.append(or_(alerts.c.state != "closed", lately))
    rows = connection.execute(select(alerts).where(*conditions))
    entries = (entry_of(row, rules=rules, today=today) for row in rows)
    found = [entry for entry in entries if not wanted.states or entry.state in wanted.states]
    return sorted(found, key=lambda entry: entry.rank)


def _rules(wanted: Wanted, rules: Rulebook) -> tuple[str, ...]:
    if not wanted.owners:
        return wanted.rules
    owned = {rule.rule for rule in rules.rules if rule.owner in wanted.owners}
    chosen = owned & set(wanted.rules) if wanted.rules else owned
    return tuple(sorted(chosen)) or ("none",)


def find(connection: Connection, identity: str, *, rules: Rulebook, today: date) -> Entry | None:
    """The alert with this id."""
    row = connection.execute(select(alerts).where(alerts.c.id == identity)).one_or_none()
    return None if row is None else entry_of(row, rules=rules, today=today)


def entry_of(row: Any, *, rules: Rulebook, today: date) -> Entry:
    """What a row of the table says, with the rule it rests on."""
    kept = kept_from(row)
    acknowledgement = None
    if row.acknowledged_by is not None:
        at = moment_of(row.acknowledged_at_us)
        acknowledgement = Acknowledgement(row.acknowledged_by, at, row.note or "", row.acknowledged_until)
    closed_at = None if row.closed_at_us is None else moment_of(row.closed_at_us)
    return Entry(kept, rule_of(kept, rules), acknowledgement, closed_at, row.area, today)


def rule_of(kept: Kept, rules: Rulebook) -> Rule:
    """The version of the rule that was in force when it began to hold, or else the newest."""
    rule = kept.alert.rule
    found = next((one for one in rules.versions(rule) if _held(one, kept)), None) or rules.newest(rule)
    assert found is not None, f"no rule {rule}: a rule that held is never taken out of the file"
    return found


def _held(rule: Rule, kept: Kept) -> bool:
    """Whether this version has the threshold and was in force on its first day."""
    since = kept.alert.since
    in_force = rule.valid_from <= since and (rule.valid_until is None or since < rule.valid_until)
    return in_force and rule.threshold(kept.alert.threshold) is not None


_AT = alert_happening.c.happened_at_us
_LATEST = select(func.max(_AT), func.count()).where(select(func.max(_AT)).scalar_subquery() == _AT)


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the history of an alert."""

    at: datetime
    kind: str
    by: str | None
    detail: dict[str, Any]


def histories(connection: Connection, identities: Collection[str]) -> dict[str, list[Happened]]:
    """Everything that happened to each of these alerts, in order."""
    lines = select(alert_happening).where(alert_happening.c.alert.in_(identities)).order_by(alert_happening.c.number)
    found: dict[str, list[Happened]] = {identity: [] for identity in identities}
    for row in connection.execute(lines):
        found[row.alert].append(Happened(moment_of(row.happened_at_us), row.kind, row.by, json.loads(row.detail)))
    return found


def latest(connection: Connection) -> tuple[int | None, int]:
    """When something last happened to any alert, in microseconds since 1970, and how much did at that moment: all that
    one look finds happens at one. Another answer means that something happened since.
    """
    at_us, count = connection.execute(_LATEST).one()
    return at_us, count


def by_person(entries: Sequence[Entry]) -> list[tuple[Entry, Sequence[Entry]]]:
    """Each young person once, with the most pressing alert and the others; what is about no person stands alone."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.kept.alert.case.person or entry.kept.id, []).append(entry)
    return [(first, others) for first, *others in groups.values()]


def tally(entries: Iterable[Entry]) -> dict[str, int]:
    """How many of each level, the most pressing first."""
    counts = dict.fromkeys((str(level) for level in reversed(LEVELS)), 0)
    for entry in entries:
        counts[str(entry.kept.alert.level)] += 1
    return counts


def persons_of(entries: Sequence[Entry]) -> list[str]:
    """The young persons that these are about, once each."""
    return sorted({entry.kept.alert.case.person for entry in entries} - {""})
