"""The alerts of one person: dossier, date and rules in, alerts out; the same for any order in which the facts came."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType

from services.monitor.alerts.conditions.absences import absent, unheard
from services.monitor.alerts.conditions.alert import Alert, joined, within
from services.monitor.alerts.conditions.closures import doorplaatsing, eighteen, long_closure, pairing, replacement
from services.monitor.alerts.conditions.courses import (
    care_plan,
    emergency_measure,
    is_overdue,
    is_untaught,
    school_gap,
)
from services.monitor.alerts.conditions.experts import expert_advice, open_until
from services.monitor.alerts.conditions.inside import insides
from services.monitor.alerts.conditions.leaving import nothing_known_to_follow, ready_but_inside
from services.monitor.alerts.conditions.rules import Needs, Rulebook, unsaid
from services.monitor.alerts.conditions.titles import (
    Cover,
    admission,
    consent,
    covers,
    expires,
    no_title,
    pending,
    spoed,
)
from services.monitor.alerts.conditions.waits import not_executed, waiting
from services.monitor.dossier.days import days
from services.monitor.dossier.state import Dossier, Moved
from services.monitor.dossier.titles import uncovered
from shared.calendar import calendar_date
from shared.facts.restriction import days_of

_OF_CLOSURE = MappingProxyType(
    {
        "A01": long_closure,
        "A02": expires,
        "A03": no_title,
        "A04": spoed,
        "A06": admission,
        "A07": eighteen,
        "A08": consent,
        "A09": doorplaatsing,
        "A10": replacement,
        "A13": school_gap,
        "A14": ready_but_inside,
        "A15": nothing_known_to_follow,
        "A16": absent,
        "A21": emergency_measure,
        "A26": care_plan,
    }
)
_OF_PERSON = MappingProxyType({"A05": not_executed, "A11": waiting, "A12": expert_advice, "A24": pairing})

NEEDS: Needs = MappingProxyType(
    {
        "A01": {"*": ("days",)},
        "A02": {"*": ("days",)},
        "A03": {"*": ("days",)},
        "A04": {"no-request": ("days",), "no-title": (), "hearing": ()},
        "A05": {"unexecuted-60": ("days",), "unexecuted-75": ("days",), "lapsed": ("holds_days",)},
        "A06": {"last-30-days": ("days",), "month-5": ("months",), "notice": ()},
        "A07": {"180-days": ("days",), "90-days": ("days",), "no-title": (), "5-months": ("months",)},
        "A08": {"*": ("days",)},
        "A09": {"*": ("holds_days",)},
        "A10": {"*": ("days", "holds_days")},
        "A11": {"*": ("days",)},
        "A12": {"not-issued": ("days",), "not-executed": ("days",), "deviated": ()},
        "A13": {"*": ("school_days",)},
        "A14": {"*": ("days",)},
        "A15": {"no-follow-up": ("holds_days",), "destination-unknown": ("days", "holds_days")},
        "A16": {"*": ("hours",)},
        "A21": {
            "12-hours": ("hours", "holds_days"),
            "3-days": ("hours", "holds_days"),
            "above-limits": ("days", "holds_days"),
        },
        "A23": {"*": ("days",)},
        "A24": {"*": ("days",)},
        "A26": {"overdue": (), "42-days": ("days",)},
    }
)
"""What the steps of each rule about a person must say."""

PARAMETERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "A04": frozenset({"grace-days"}),
        "A08": frozenset({"grace-days", "leave-within-days"}),
        "A09": frozenset({"again-days", "early-days", "often"}),
        "A24": frozenset({"give-up-days"}),
    }
)
"""The parameters that a rule about a person must have."""

MISSING_STEPS = ("no-title", "whereabouts-unknown", "no-request", "no-place", "plan-overdue", "no-school")
"""What may be missing for a person, the most pressing first: a title today; an arrival after a doorplaatsing; a request
for what follows a title that ends soon; a place for somebody with a title; a care plan in time; schooling."""

REQUEST_DAYS = 42
"""A title that ends within so many days, without a request for more, misses a step."""


def spells(dossier: Dossier, *, rules: Rulebook, link_days: int, heard_on: date | None = None) -> tuple[Alert, ...]:
    """Every alert of a person through all time, also those that begin later if no further fact comes in.

    Each holds during [since, until); several may have one key, then no two of them share a day. `heard_on` is the last
    day on which a fact about the person was accepted.
    """
    closures = tuple(insides(dossier, between_days=link_days))
    found: list[Alert] = []
    for rule in rules.rules:
        if rule.about != "person" and rule.rule != "A23":
            continue
        if (of_person := _OF_PERSON.get(rule.rule)) is not None:
            found += within(of_person(dossier, rule), rule)
        of_closure = _OF_CLOSURE.get(rule.rule)
        for inside in closures:
            if of_closure is not None:
                found += within(of_closure(dossier, inside, rule), rule)
            if rule.rule == "A23":
                found += within(unheard(dossier, inside, rule, heard_on=heard_on), rule)
    return joined(found)


def long_past(dossier: Dossier, *, on: date, rules: Rulebook) -> bool:
    """Whether all of it ended so long ago that no rule has anything to say: most persons of a register of years."""
    ends = [
        *(stay.ended_on for stay in dossier.placements),
        *(wait.until_on for wait in dossier.waiting),
        *(one.until_on for one in dossier.course.listed),
        *(order.lapsed_on or order.valid_until for order in dossier.orders),
        *(open_until(consult) for consult in dossier.consults),
        *(one.on or days_of(one.quarter)[1] for one in dossier.course.restrictions),
    ]
    last = on - timedelta(days=rules.reach_days)
    return all(end is not None and end < last for end in ends)


def alerts(dossier: Dossier, *, at: datetime, rules: Rulebook, link_days: int) -> tuple[Alert, ...]:
    """The alerts of a person at a moment: of each rule and case the highest threshold that holds, by level and day."""
    today = calendar_date(at)
    holding = [alert for alert in spells(dossier, rules=rules, link_days=link_days) if alert.holds_at(at, today)]
    return tuple(sorted(leading(holding, rules=rules), key=lambda alert: (-alert.level.rank, alert.since, alert.key)))


def leading(holding: Iterable[Alert], *, rules: Rulebook) -> list[Alert]:
    """Of those that hold at one moment: for each rule and case the one with the highest threshold."""
    best: dict[tuple[str, str, str], Alert] = {}
    for alert in holding:
        group = alert.rule, alert.case.person, alert.case.about
        held = best.setdefault(group, alert)
        if rules.order(alert.rule, alert.threshold) > rules.order(held.rule, held.threshold):
            best[group] = alert
    return list(best.values())


def missing_steps(dossier: Dossier, *, on: date, link_days: int) -> tuple[str, ...]:
    """What is missing for this person on a date, the most pressing first (MISSING_STEPS)."""
    found: set[str] = set()
    for inside in insides(dossier, between_days=link_days):
        if not inside.start <= on < inside.end:
            continue
        if any(begin <= on < end for begin, end in uncovered(inside.closure, dossier.titles, until=inside.end)):
            found.add("no-title")
        elif _unasked(dossier, covers(dossier, inside), on=on):
            found.add("no-request")
        if is_overdue(dossier, inside.start, on):
            found.add("plan-overdue")
        if is_untaught(dossier, on):
            found.add("no-school")
    last = dossier.placements[-1] if dossier.placements else None
    if last is not None and last.regime == "jw6" and isinstance(last.end, Moved) and last.end.on <= on:
        found.add("whereabouts-unknown")
    if any(wait.title_on(on) for wait in dossier.waiting):
        found.add("no-place")
    return tuple(step for step in MISSING_STEPS if step in found)


def _unasked(dossier: Dossier, known: Iterable[Cover], *, on: date) -> bool:
    ends_soon = any(one.begin <= on < one.end and days(on, one.until) <= REQUEST_DAYS for one in known)
    return ends_soon and not any(asked <= on < answered for asked, answered in pending(dossier))


def faults(rules: Rulebook) -> Iterator[str]:
    """What the conditions need and the rules do not say; each is a reason not to start."""
    for rule in rules.rules:
        yield from unsaid(rule, NEEDS)
        for name in sorted(PARAMETERS.get(rule.rule, frozenset()) - rule.parameters.keys()) if rule.fed else ():
            yield f"{rule.rule}: the parameter {name} is missing"
