"""Alerts about no person: A17, A18 accommodations, A19 the path, A20 groups, A21 measures, A23 sources, A25 regions."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from types import MappingProxyType

from services.monitor.accommodations import Accommodation, Capacity, Register
from services.monitor.alerts.conditions.alert import FOREVER, Alert, Because, Case, Facts, joined, lasting, within
from services.monitor.alerts.conditions.measures import above_limits
from services.monitor.alerts.conditions.path import off_path, plan_sum
from services.monitor.alerts.conditions.regions import no_consultation_or_plan
from services.monitor.alerts.conditions.rules import Needs, Rule, Rulebook, unsaid
from services.monitor.alerts.conditions.small_scale import large_groups
from services.monitor.consulting import NOTHING_PLANNED, Consulting
from services.monitor.dossier.days import Interval, union
from services.monitor.dossier.state import Dossier


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody stays at an accommodation during [started_on, ended_on), reported by this source."""

    accommodation: str
    source: str
    started_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Landscape:
    """All that alerts about units are judged by."""

    stays: Sequence[Stay]
    register: Register
    heard_on: Mapping[str, date]
    """By source the last day on which a fact of it was accepted, heartbeats included."""
    consulting: Consulting = NOTHING_PLANNED
    lately: Sequence[Dossier] = ()
    """Those who were inside from `measured_since` on."""


def stays_of(dossiers: Iterable[Dossier]) -> Iterator[Stay]:
    """Every closed stay of these persons."""
    for dossier in dossiers:
        for closure in dossier.closures:
            for stay in closure.placements:
                yield Stay(stay.accommodation, stay.source, stay.started_on, stay.ended_on)


def unit_spells(landscape: Landscape, *, on: date, rules: Rulebook) -> tuple[Alert, ...]:
    """Every alert about a unit through all time up to this date, and those that begin later if nothing changes."""
    units = _units(landscape)
    found: list[Alert] = []
    for rule in rules.rules:
        match rule.rule:
            case "A17":
                found += within((alert for unit in units for alert in _occupancy(unit, rule)), rule)
            case "A18":
                found += within((alert for unit in units for alert in _closing(unit, rule)), rule)
            case "A19":
                found += within(off_path((stay.started_on for stay in landscape.stays), on, rule), rule)
                found += within(plan_sum(landscape.register.plans, on, rule), rule)
            case "A20":
                found += within(large_groups(landscape.register, rule), rule)
            case "A21":
                found += within(above_limits(landscape.lately, landscape.register, on, rule), rule)
            case "A23":
                found += within(_silence(landscape, on, rule), rule)
            case "A25":
                found += within(no_consultation_or_plan(landscape.consulting, rule), rule)
            case _:
                pass
    return joined(found)


@dataclass(frozen=True, slots=True)
class _Unit:
    """An accommodation with its heads and places: on each day of [day, next day) so many."""

    register: Accommodation
    steps: tuple[tuple[date, int, int], ...]

    @property
    def case(self) -> Case:
        key = self.register.accommodation
        return Case("", key, (), self.register.region, key)

    def runs(self, holds: Callable[[int, int], bool]) -> tuple[Interval, ...]:
        """The days on which it holds for heads and places, as intervals in order; the last may end in FOREVER."""
        found = []
        for (day, heads, places), after in pairwise((*self.steps, (FOREVER, 0, 0))):
            if holds(heads, places):
                found.append((day, after[0]))
        return union(found)


def _units(landscape: Landscape) -> list[_Unit]:
    """Every accommodation, also one that nobody registered (F10): young people live there all the same."""
    heads: dict[str, Counter[date]] = {}
    for stay in landscape.stays:
        changes = heads.setdefault(stay.accommodation, Counter())
        changes[stay.started_on] += 1
        if stay.ended_on is not None:
            changes[stay.ended_on] -= 1
    capacities: dict[str, list[Capacity]] = {}
    for capacity in landscape.register.capacities:
        capacities.setdefault(capacity.accommodation, []).append(capacity)
    registered = {one.accommodation: one for one in landscape.register.accommodations}
    units = [registered.get(name) or Accommodation(name) for name in sorted({*registered, *heads, *capacities})]
    return [
        _Unit(one, _steps(heads.get(one.accommodation, Counter()), capacities.get(one.accommodation, ()), one))
        for one in units
    ]


def _steps(
    heads: Counter[date], capacities: Sequence[Capacity], one: Accommodation
) -> tuple[tuple[date, int, int], ...]:
    places: dict[date, list[Capacity]] = {}
    for capacity in capacities:
        places.setdefault(capacity.from_on, []).append(capacity)
    groups: dict[str, int] = {}
    inside, steps = 0, []
    turns = {day for span in one.closed for day in span if day != date.max}
    for day in sorted({*heads, *places, *turns}):
        inside += heads[day]
        groups |= {capacity.group: capacity.places for capacity in places.get(day, ())}
        there = 0 if one.closed_since(day) else sum(groups.values())
        steps.append((day, inside, there))
    return tuple(steps)


def _ending(day: date) -> date | None:
    return None if day == FOREVER else day


def _occupancy(unit: _Unit, rule: Rule) -> Iterator[Alert]:
    """A17: too few or too many of its places were taken for so many days on end."""
    for step in rule.steps:
        beyond = partial(_beyond, low=step.key == "low", percent=step.percent or 0)
        for begin, end in unit.runs(beyond):
            heads, places = next((h, p) for day, h, p in reversed(unit.steps) if day <= begin)
            facts = Facts(begin, (Because(f"{heads}-heads-in-{places}-places", begin, unit.register.accommodation),))
            since = begin + timedelta(days=step.days or 0) if begin < FOREVER else begin
            yield from lasting(rule, step, unit.case, since, (_ending(end), "within-limits"), facts=facts)


def _beyond(heads: int, places: int, *, low: bool, percent: int) -> bool:
    if places == 0:
        return False
    return heads * 100 < percent * places if low else heads * 100 > percent * places


def _closing(unit: _Unit, rule: Rule) -> Iterator[Alert]:
    """A18: its last place goes within so many days, and somebody lives there."""
    gone = next(iter(reversed(unit.runs(lambda _, places: places == 0))), None)
    if gone is None or gone[1] != FOREVER or not any(places for _, _, places in unit.steps):
        return
    closes_on = gone[0]
    facts = Facts(closes_on, (Because("last-place-goes", closes_on, unit.register.accommodation),))
    for begin, end in unit.runs(lambda heads, _: heads > 0):
        for step in rule.steps:
            since = max(begin, closes_on - timedelta(days=step.days or 0))
            yield from lasting(rule, step, unit.case, since, (_ending(end), "residents-left"), facts=facts)


def _silence(landscape: Landscape, on: date, rule: Rule) -> Iterator[Alert]:
    """A23: a source was not heard for so many days, and not all that it reports on is closed."""
    closed = {one.accommodation for one in landscape.register.accommodations if one.closed_since(on)}
    reports: dict[str, set[str]] = {}
    for stay in landscape.stays:
        reports.setdefault(stay.source, set()).add(stay.accommodation)
    for source, heard_on in sorted(landscape.heard_on.items()):
        if source in reports and reports[source] <= closed:
            continue
        facts = Facts(heard_on, (Because("last-fact-accepted", heard_on, source),))
        for step in rule.steps:
            if step.key != "stay":
                since = heard_on + timedelta(days=step.days or 0)
                yield from lasting(rule, step, Case("", source), since, facts=facts)


_NEEDS: Needs = MappingProxyType(
    {
        "A17": {"low": ("percent", "days"), "high": ("percent", "days")},
        "A18": {"*": ("days",)},
        "A19": {"plan-sum": (), "two-quarters": ("percent",)},
        "A20": {"large-groups": ("heads",)},
        "A25": {"no-plan": (), "183-days": ("days",)},
    }
)


def unit_faults(rules: Rulebook) -> Iterator[str]:
    """What the conditions about units need and the rules do not say; each is a reason not to start."""
    for rule in rules.rules:
        yield from unsaid(rule, _NEEDS)
