"""Alerts on accommodations of which many restrictive measures were told over a quarter, A21: more than by chance."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from services.monitor.accommodations import Register
from services.monitor.alerts.conditions.alert import Alert, Because, Case, Facts, lasting
from services.monitor.alerts.conditions.rules import Rule, Rulebook
from services.monitor.dossier.restrictions import restrictions_at
from services.monitor.dossier.spells import Spells, own_days
from services.monitor.dossier.state import Dossier
from services.monitor.statistics.funnel import poisson_funnel
from shared.facts.restriction import days_of, quarter_of

DAY = timedelta(days=1)

QUARTERS = 4
"""So many are judged, the last that is settled among them. What was told of an older one and is still open, because
nobody looked for most of a year, is closed as late data."""

OTHERS_MIN = 3
"""With fewer others of which anything was told, what is expected here would say what was told of one of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of one accommodation over a quarter."""

    number: int
    """Measures: of young people during their placements there, and of the accommodation as a whole."""
    care_days: int
    """Of everybody there, whether a measure was told of them or not."""


def above_limits(dossiers: Sequence[Dossier], register: Register, on: date, rule: Rule) -> Iterator[Alert]:
    """A21: over a whole quarter more measures were told of an accommodation than chance gives, by the limit of 99.8 %.

    Expected is what its care days make of the rate of that quarter, of all accommodations together of which any was
    told: those that tell nothing say nothing of how often measures are taken, and with their care days whoever tells
    would be above the limit. Held against the year before, all would be told of when the country takes more measures,
    or begins to tell them. It is told for a while, from the day on which the quarter is settled.
    """
    step = rule.threshold("above-limits")
    if step is None:
        return
    regions = {one.accommodation: one.region for one in register.accommodations}
    spells = Spells(dossiers)
    for quarter in _quarters(on, rule):
        _, after = days_of(quarter)
        since = after + timedelta(days=step.days or 0)
        gone = (since + timedelta(days=step.holds_days or 0), "time-passed")
        for name, (one, expected) in _above(told_over(quarter, spells, register)).items():
            because = [Because(f"{one.number}-measures-in-{one.care_days}-care-days", after - DAY, name)]
            if expected is not None:
                because.append(Because(f"{round(expected)}-expected", after - DAY, name))
            case = Case("", f"{name} {quarter}", (), regions.get(name), name)
            yield from lasting(rule, step, case, since, gone, facts=Facts(after, tuple(because)))


def _above(told: Mapping[str, Told]) -> dict[str, tuple[Told, Fraction | None]]:
    """Those above their limit, with what was expected; None where that would tell of single others."""
    number, care_days = sum(one.number for one in told.values()), sum(one.care_days for one in told.values())
    found: dict[str, tuple[Told, Fraction | None]] = {}
    for name, one in sorted(told.items()):
        expected = Fraction(number * one.care_days, care_days)
        if one.number > expected and poisson_funnel(float(expected)).position(one.number) == "above-outer":
            found[name] = one, expected if len(told) > OTHERS_MIN else None
    return found


def measured_since(rules: Rulebook, *, on: date) -> date | None:
    """The first day of the quarters that are judged on a date; None where none is."""
    return min((days_of(quarter)[0] for rule in rules.versions("A21") for quarter in _quarters(on, rule)), default=None)


def told_over(quarter: str, spells: Spells, register: Register) -> dict[str, Told]:
    """By accommodation what was told of it, counted as the figure `restrictions` does.

    One without a care day is left out: there is nothing to hold its measures against.
    """
    a, b = days_of(quarter)
    of_all = register.surroundings.measures_over(a, b)
    number = Counter({at: sum(one.count for one in found) for at, found in of_all.items()})
    for dossier in spells.dossiers:
        for at, one in restrictions_at(dossier, a=a, b=b) if dossier.course.restrictions else ():
            number[at] += one.count
    care: Counter[str] = Counter()
    for spell in spells.placements:
        care[spell.stays[0].accommodation] += own_days(spell, (a, b))
    return {at: Told(number[at], care[at]) for at in number if care[at]}


def _quarters(on: date, rule: Rule) -> Iterator[str]:
    """Those that are settled on a date, the last first, but for what this version of the rule says nothing of."""
    step = rule.threshold("above-limits")
    if step is None:
        return
    settling, holds = timedelta(days=step.days or 0), timedelta(days=step.holds_days or 0)
    after, _ = days_of(quarter_of(on - settling))
    for _ in range(QUARTERS):
        if after + settling + holds <= rule.valid_from:
            return
        quarter = quarter_of(after - DAY)
        yield quarter
        after, _ = days_of(quarter)
