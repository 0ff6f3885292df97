"""Alerts on waiting: A05 a machtiging that nobody executes, A11 a wait for a closed place or on a waiting list."""

from collections.abc import Iterator
from datetime import date, timedelta

from services.monitor.alerts.conditions.alert import FOREVER, Alert, Because, Case, Ending, Facts, first_of, lasting
from services.monitor.alerts.conditions.rules import Rule, Threshold
from services.monitor.dossier.days import minus
from services.monitor.dossier.rules import CLOSED_SETTINGS
from services.monitor.dossier.state import Dossier, Order, Waiting


def not_executed(dossier: Dossier, rule: Rule) -> Iterator[Alert]:
    """A05: a title waits for so many days; and it lapsed for want of a stay (Jeugdwet 6.1.12 lid 3)."""
    for order in dossier.orders:
        step = rule.threshold("lapsed")
        if step is not None and order.lapsed_on is not None and order.ended_on is None:
            gone = (order.lapsed_on + timedelta(days=step.holds_days or 0), "time-passed")
            case, facts = case_of(dossier, order.machtiging), _of_order(order)
            yield from lasting(rule, step, case, order.lapsed_on, gone, _placed(dossier, order.lapsed_on), facts=facts)
    for wait in dossier.waiting:
        title = _order(dossier, wait)
        if title is None or wait.title_from_on is None:
            continue
        for step in rule.steps:
            if step.days is not None:
                since = wait.title_from_on + timedelta(days=step.days)
                ends = _ends(dossier, wait, wait.title_until_on)
                yield from lasting(rule, step, case_of(dossier, title.machtiging), since, *ends, facts=_of_order(title))


def waiting(dossier: Dossier, rule: Rule) -> Iterator[Alert]:
    """A11: somebody waits with a title, by the kind of it, or waits at all, for so many days."""
    for wait in dossier.waiting:
        title = _order(dossier, wait)
        case = case_of(dossier, wait.referral or wait.machtiging or "")
        asked = (Because("referral-registered", wait.since_on, wait.referral),) if wait.referral else ()
        for step in rule.steps:
            kind = step.key.partition("-")[0]
            if kind == "any":
                since = wait.since_on + timedelta(days=step.days or 0)
                facts = Facts(wait.since_on, asked or (_of_order(title).because if title else ()))
                yield from lasting(rule, step, case, since, *_ends(dossier, wait, wait.until_on), facts=facts)
            elif title is not None and wait.title_from_on is not None and kind == title.kind:
                since = wait.title_from_on + timedelta(days=step.days or 0)
                facts = Facts(wait.title_from_on, (*_of_order(title).because, *asked))
                yield from lasting(rule, step, case, since, *_ends(dossier, wait, wait.title_until_on), facts=facts)
    on_list = rule.threshold("list-64")
    if on_list is not None:
        yield from _listed(dossier, rule, on_list)


def _listed(dossier: Dossier, rule: Rule, step: Threshold) -> Iterator[Alert]:
    """A11 of whoever stands on a waiting list, for any setting.

    A closed placement ends a wait for one. On days on which a referral or a title tells of the wait for a closed place
    already, a list for a closed setting says nothing: it is the same wait.
    """
    after = timedelta(days=step.days or 0)
    told = [(wait.since_on + after, wait.until_on or FOREVER) for wait in dossier.waiting]
    for one in dossier.course.listed:
        closed = one.setting in CLOSED_SETTINGS
        left: Ending = one.until_on, one.reason or ""
        until, why = first_of(left, _placed(dossier, one.since_on)) if closed else first_of(left)
        facts = Facts(one.since_on, (Because("waiting-started", one.since_on, one.waiting),))
        case = case_of(dossier, one.waiting)
        for begin, end in minus([(one.since_on + after, until)], told if closed else []):
            reason = "told-elsewhere" if end < until else why or ""
            yield from lasting(rule, step, case, begin, (end, reason), facts=facts)


def _order(dossier: Dossier, wait: Waiting) -> Order | None:
    return next((order for order in dossier.orders if order.machtiging == wait.machtiging), None)


def _of_order(order: Order) -> Facts:
    granted = Because("machtiging-granted", order.granted_on, order.machtiging)
    return Facts(order.valid_from, (granted, Because("title-ends", order.valid_until, order.machtiging)))


def case_of(dossier: Dossier, about: str) -> Case:
    """A case of somebody who need not be inside: of the region that they come from, or were last placed from."""
    last = dossier.placements[-1].region if dossier.placements else None
    return Case(dossier.person, about, (), dossier.region or last, None)


def _placed(dossier: Dossier, after: date) -> Ending:
    starts = [stay.started_on for closure in dossier.closures for stay in closure.placements]
    return min((on for on in starts if on >= after), default=None), "placed"


def _ends(dossier: Dossier, wait: Waiting, until: date | None) -> tuple[Ending, ...]:
    """The end of the wait or of its title: by a placement, a lapse, or something else."""
    if until is None:
        return ()
    if any(stay.started_on == until for closure in dossier.closures for stay in closure.placements):
        return ((until, "placed"),)
    if any(order.lapsed_on == until for order in dossier.orders if order.machtiging == wait.machtiging):
        return ((until, "lapsed"),)
    return ((until, "answered"),)
