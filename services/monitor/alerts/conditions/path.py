"""Alerts on the country against its path to zero, A19: what was placed, and what the plans aim at together."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import ceil

from services.monitor.accommodations import Plan
from services.monitor.alerts.conditions.alert import Alert, Because, Case, Ending, Facts, lasting
from services.monitor.alerts.conditions.rules import Rule
from services.monitor.statistics.path import PLACEMENTS_TO_ZERO, Path, Target
from shared.calendar import add_months
from shared.facts.regions import AREAS, REGIONS

COUNTRY = "nl"


def off_path(started_on: Iterable[date], on: date, rule: Rule) -> Iterator[Alert]:
    """A19: the placements of twelve months were above the path at the end of this quarter and of the one before."""
    step = rule.threshold("two-quarters")
    if step is None:
        return
    starts = sorted(started_on)
    allowed = 1 + Fraction(step.percent or 0, 100)
    quarters = list(_quarters(until=on))
    above: dict[date, tuple[int, Fraction]] = {}
    for quarter in quarters:
        value = bisect_left(starts, quarter) - bisect_left(starts, add_months(quarter, -12))
        target = PLACEMENTS_TO_ZERO.target(quarter)
        if target is not None and value > allowed * target:
            above[quarter] = value, target
    for before, quarter in pairwise(quarters):
        if before in above and quarter in above:
            value, target = above[quarter]
            facts = Facts(
                quarter, (Because(f"{value}-placements-against-{round(target)}-on-the-path", quarter, COUNTRY),)
            )
            ends = _next(quarter, on), "back-on-the-path"
            yield from lasting(rule, step, Case("", COUNTRY), quarter, ends, facts=facts)


def plan_sum(plans: Sequence[Plan], on: date, rule: Rule) -> Iterator[Alert]:
    """A19: on the first day of a quarter the plans of all regions, or else of all areas, aim at more than the path.

    Plans aim at whole placements, so the path is rounded up.
    """
    step = rule.threshold("plan-sum")
    if step is None:
        return
    paths = {plan.scope: Path(tuple(Target(day, Fraction(value)) for day, value in plan.points)) for plan in plans}
    for quarter in _quarters(until=on):
        aimed, target = _together(paths, quarter), PLACEMENTS_TO_ZERO.target(quarter)
        if aimed is None or target is None or aimed <= ceil(target):
            continue
        what = f"{round(aimed)}-planned-against-{round(target)}-on-the-path"
        ends: Ending = _next(quarter, on), "plans-on-the-path"
        facts = Facts(quarter, (Because(what, quarter, COUNTRY),))
        yield from lasting(rule, step, Case("", COUNTRY), quarter, ends, facts=facts)


def _together(paths: Mapping[str, Path], day: date) -> Fraction | None:
    """What the plans of all regions, or else of all areas, aim at on a day; None while one of each has none yet."""
    for scopes in (REGIONS, AREAS):
        targets = [paths[scope].target(day) if scope in paths else None for scope in scopes]
        said = [target for target in targets if target is not None]
        if len(said) == len(targets):
            return sum(said, Fraction(0))
    return None


def _quarters(*, until: date) -> Iterator[date]:
    """The first day of each quarter from the begin of the path to its end, or up to and with a day."""
    day = PLACEMENTS_TO_ZERO.targets[0].on
    while day <= min(until, PLACEMENTS_TO_ZERO.targets[-1].on):
        yield day
        day = add_months(day, 3)


def _next(quarter: date, on: date) -> date | None:
    """The first day of the quarter after it, if that has come."""
    following = add_months(quarter, 3)
    return following if following <= on else None
