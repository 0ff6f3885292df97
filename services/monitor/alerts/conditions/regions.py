"""Alerts on youth regions, A25: one that no consultation was held with for long, or that no plan holds for."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from services.monitor.alerts.conditions.alert import FOREVER, Alert, Because, Case, Facts, lasting
from services.monitor.alerts.conditions.path import COUNTRY
from services.monitor.alerts.conditions.rules import Rule
from services.monitor.consulting import Consulting
from services.monitor.dossier.days import minus
from shared.facts.regions import AREA_OF, REGIONS
from shared.facts.target import COUNTRY as WHOLE_COUNTRY


def no_consultation_or_plan(consulting: Consulting, rule: Rule) -> Iterator[Alert]:
    """A25: for so many days a region took part in no consultation; or no plan for it is in force.

    Of a region that never had one it counts from the first consultation, or plan, of any: while nobody publishes them
    nothing is missing.
    """
    for region in sorted(REGIONS):
        yield from _unconsulted(consulting, region, rule)
        yield from _unplanned(consulting, region, rule)


def _unconsulted(consulting: Consulting, region: str, rule: Rule) -> Iterator[Alert]:
    step = rule.threshold("183-days")
    if step is None or not consulting.consultations:
        return
    first = consulting.consultations[0].held_on
    own = [one.held_on for one in consulting.consultations if region in one.regions]
    for last, following in pairwise((*(own if first in own else (first, *own)), None)):
        assert last is not None
        about = region if last in own else COUNTRY
        facts = Facts(last, (Because("consultation-held", last, about),))
        since = last + timedelta(days=step.days or 0)
        yield from lasting(rule, step, Case("", region, (), region), since, (following, "consulted"), facts=facts)


def _unplanned(consulting: Consulting, region: str, rule: Rule) -> Iterator[Alert]:
    step = rule.threshold("no-plan")
    if step is None or not consulting.plans:
        return
    first, scopes = consulting.plans[0], {region, AREA_OF[region], WHOLE_COUNTRY}
    own = [one for one in consulting.plans if one.scope in scopes]
    held = [(one.adopted_on, one.until_on or FOREVER) for one in own]
    for begin, end in minus([(first.adopted_on, FOREVER)], held):
        ended = [Because("plan-ended", begin, one.plan) for one in own if one.until_on == begin]
        facts = Facts(begin, tuple(ended) or (Because("plan-adopted", first.adopted_on, first.plan),))
        yield from lasting(rule, step, Case("", region, (), region), begin, (end, "plan-adopted"), facts=facts)
