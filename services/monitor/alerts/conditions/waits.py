"""Alerts on waiting: A05 a machtiging that nobody executes, A11 a wait for a closed place or on a waiting list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.monitor.alerts.conditions.alert import FOREVER, Alert, Because, Case, Ending, Facts, first_of, lasting
from services.monitor.alerts.conditions.rules import Rule, Threshold
from services.monitor.dossier.days import Interval, minus, union
from services.monitor.dossier.execution import executed_on
from services.monitor.dossier.rules import CLOSED_SETTINGS
from services.monitor.dossier.state import Dossier, Order, Waiting


def not_executed(dossier: Dossier, rule: Rule) -> Iterator[Alert]:
    """A05: a machtiging waits for so many days; and it lapsed for want of a stay (Jeugdwet 6.1.12 lid 3)."""
    for order in dossier.orders:
        if order.kind == "voorwaardelijk":
            continue
        case, facts = case_of(dossier, order.machtiging), _of_order(order)
        lapsed_on, ended_on = order.lapsed_on, order.ended_on
        step = rule.threshold("lapsed")
        if step is not None and lapsed_on is not None and (ended_on is None or lapsed_on < ended_on):
            gone = (lapsed_on + timedelta(days=step.holds_days or 0), "time-passed")
            yield from lasting(rule, step, case, lapsed_on, gone, _placed(dossier, lapsed_on), facts=facts)
        ends: tuple[Ending, ...] = ((executed_on(dossier, order), "placed"), *_over(order))
        for step in rule.steps:
            if step.days is not None:
                since = max(order.granted_on, order.valid_from) + timedelta(days=step.days)
                yield from lasting(rule, step, case, since, *ends, facts=facts)


def waiting(dossier: Dossier, rule: Rule) -> Iterator[Alert]:
    """A11: somebody waits with a title, by the kind of it, or waits at all, for so many days."""
    spans: list[Interval] = []
    runs = _runs(dossier)
    referred = [wait for wait in dossier.waiting if wait.referral]
    for wait in referred:
        case, until = case_of(dossier, wait.referral or ""), wait.until_on or FOREVER
        facts = Facts(wait.since_on, (Because("referral-registered", wait.since_on, wait.referral or ""),))
        spans.append((wait.since_on, until))
        yield from _at_all(rule, case, spans[-1], facts=facts, why=_why(dossier, until))
        for run in runs:
            if _meet(run, wait):
                yield from _with_title(dossier, rule, run, case, asked=facts.because)
    for run in runs:
        if not any(_meet(run, wait) for wait in referred):
            first, last, case = run[0], _last(run), _on_titles(dossier, run)
            facts = Facts(first.from_on, _of_order(first.order).because)
            spans.append((first.from_on, last.until_on))
            yield from _at_all(rule, case, spans[-1], facts=facts, why=_why(dossier, last.until_on, last))
            yield from _with_title(dossier, rule, run, case)
    on_list = rule.threshold("list-64")
    if on_list is not None:
        yield from _listed(dossier, rule, on_list, spans)


@dataclass(frozen=True, slots=True)
class _Title:
    """A regulier or a spoed waits to be executed during [from_on, until_on)."""

    order: Order
    from_on: date
    until_on: date


def _runs(dossier: Dossier) -> list[list[_Title]]:
    """The titles that wait or waited, in order; those that adjoin or overlap are together.

    Nobody waits on one that was granted during a closure or executed before its grant, or that is voorwaardelijk.
    """
    titles = [title for order in dossier.orders if (title := _title(dossier, order))]
    found: list[list[_Title]] = []
    for title in sorted(titles, key=lambda one: (one.from_on, one.until_on, one.order.machtiging)):
        if found and title.from_on <= _last(found[-1]).until_on:
            found[-1].append(title)
        else:
            found.append([title])
    return found


def _title(dossier: Dossier, order: Order) -> _Title | None:
    if order.kind == "voorwaardelijk":
        return None
    from_on = max(order.granted_on, order.valid_from)
    for closure in dossier.closures:
        left_on = closure.ended_on or FOREVER
        if closure.started_on < order.granted_on < left_on:
            return None
        if closure.started_on < from_on and order.valid_from < left_on:
            return None
    until_on, _ = first_of(_placed(dossier, from_on), *_over(order))
    return _Title(order, from_on, until_on) if from_on < until_on else None


def _meet(run: Sequence[_Title], wait: Waiting) -> bool:
    return run[0].from_on < (wait.until_on or FOREVER) and wait.since_on < _last(run).until_on


def _last(run: Sequence[_Title]) -> _Title:
    return max(run, key=lambda title: title.until_on)


def _at_all(rule: Rule, case: Case, span: Interval, *, facts: Facts, why: str) -> Iterator[Alert]:
    step = rule.threshold("any-64")
    if step is not None:
        yield from lasting(rule, step, case, span[0] + timedelta(days=step.days or 0), (span[1], why), facts=facts)


def _with_title(
    dossier: Dossier, rule: Rule, run: Sequence[_Title], case: Case, *, asked: tuple[Because, ...] = ()
) -> Iterator[Alert]:
    """While a title of the kind waits: a spoed from its own first day, a regulier from that of all that adjoin it."""
    for step in rule.steps:
        kind = step.key.partition("-")[0]
        of_kind = [title for title in run if title.order.kind == kind]
        for begin, end in union((title.from_on, title.until_on) for title in of_kind):
            last = next(title for title in reversed(of_kind) if title.until_on == end)
            counted = begin if kind == "spoed" else run[0].from_on
            since = max(begin, counted + timedelta(days=step.days or 0))
            facts = Facts(counted, (*_of_order(last.order).because, *asked))
            yield from lasting(rule, step, case, since, (end, _why(dossier, end, last)), facts=facts)


def _listed(dossier: Dossier, rule: Rule, step: Threshold, spans: Sequence[Interval]) -> Iterator[Alert]:
    """A11 of whoever stands on a waiting list, for any setting.

    A closed placement ends a wait for one. On days on which a referral or a title tells of the wait for a closed place
    already, a list for a closed setting says nothing: it is the same wait.
    """
    after = timedelta(days=step.days or 0)
    told = [(begin + after, end) for begin, end in spans if end - begin > after]
    for one in dossier.course.listed:
        closed = one.setting in CLOSED_SETTINGS
        left: Ending = one.until_on, one.reason or ""
        until, why = first_of(left, _placed(dossier, one.since_on)) if closed else first_of(left)
        facts = Facts(one.since_on, (Because("waiting-started", one.since_on, one.waiting),))
        case = case_of(dossier, one.waiting)
        for begin, end in minus([(one.since_on + after, until)], told if closed else []):
            reason = "told-elsewhere" if end < until else why or ""
            yield from lasting(rule, step, case, begin, (end, reason), facts=facts)


def _of_order(order: Order) -> Facts:
    granted = Because("machtiging-granted", order.granted_on, order.machtiging)
    return Facts(order.valid_from, (granted, Because("title-ends", order.valid_until, order.machtiging)))


def case_of(dossier: Dossier, about: str, also: tuple[str, ...] = ()) -> Case:
    """A case of somebody who need not be inside: of the region that they come from, or were last placed from."""
    last = dossier.placements[-1].region if dossier.placements else None
    return Case(dossier.person, about, also, dossier.region or last, None)


def _on_titles(dossier: Dossier, run: Sequence[_Title]) -> Case:
    """The first title names the wait, and each of the others may come to be the first."""
    first, *others = [title.order.machtiging for title in run]
    return case_of(dossier, first, tuple(others))


def _placed(dossier: Dossier, after: date) -> Ending:
    starts = [stay.started_on for closure in dossier.closures for stay in closure.placements]
    return min((on for on in starts if on >= after), default=None), "placed"


def _over(order: Order) -> tuple[Ending, ...]:
    """What ends a machtiging that nobody executes."""
    return (order.lapsed_on, "lapsed"), (order.ended_on, "answered"), (order.valid_until, "answered")


def _why(dossier: Dossier, until: date, title: _Title | None = None) -> str:
    """What ended a wait: a placement, the lapse of its title, or something else."""
    if _placed(dossier, until)[0] == until:
        return "placed"
    return "lapsed" if title is not None and title.order.lapsed_on == until else "answered"
