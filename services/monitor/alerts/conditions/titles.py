"""Alerts on the title of a closure: A02 expires, A03 none, A04 spoed, A06 admission, A08 consent withdrawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from services.monitor.alerts.conditions.alert import FOREVER, Alert, Because, Ending, Facts, lasting
from services.monitor.alerts.conditions.inside import Inside, key_of
from services.monitor.alerts.conditions.rules import Rule, Threshold
from services.monitor.dossier.days import Interval, minus, union
from services.monitor.dossier.rules import ADMISSION_MONTHS
from services.monitor.dossier.state import Dossier, Order
from services.monitor.dossier.titles import uncovered
from shared.calendar import add_months

TITLE_ENDS = "title-ends"
"""What is said, among the facts of an alert, of the day on which a title ends."""


@dataclass(frozen=True, slots=True)
class Cover:
    """During [begin, end) it is known that the unbroken cover by titles ends on `until`, with this machtiging."""

    begin: date
    end: date
    until: date
    last: Order


def covers(dossier: Dossier, inside: Inside) -> Iterator[Cover]:
    """What was known of the end of the cover, day by day: a machtiging counts from the day on which it was granted.

    So an alert that a machtiging runs out held until the day on which the next one was granted, and does not vanish
    from the past when that happens.
    """
    for (begin, end), terms in _known(dossier, inside):
        for start, until in union(term for term, _ in terms):
            if max(start, begin) < min(until, end):
                last = max((order for term, order in terms if term[1] == until), key=lambda order: order.granted_on)
                yield Cover(max(start, begin), min(until, end), until, last)


def _known(dossier: Dossier, inside: Inside) -> Iterator[tuple[Interval, list[tuple[Interval, Order]]]]:
    """Spans of days, and what was known on each of them: which days each machtiging covers."""
    changes = {inside.start}
    for order in dossier.orders:
        changes |= {order.granted_on, *(day for suspension in order.suspensions for day in suspension)}
        changes |= {day for day in (order.ended_on, order.lapsed_on) if day is not None}
        if order.kind == "voorwaardelijk":
            changes.update(_admitted(dossier, order))
    marks = [*sorted(day for day in changes if inside.start <= day < inside.end), inside.end]
    for begin, end in pairwise(marks):
        yield (begin, end), [(term, order) for order in dossier.orders for term in _terms(dossier, order, on=begin)]


def _terms(dossier: Dossier, order: Order, *, on: date) -> list[Interval]:
    """The days that a machtiging covers, as far as that could be known on a day."""
    if order.granted_on > on:
        return []
    ended = any(day is not None and day <= on for day in (order.ended_on, order.lapsed_on))
    until = order.holds_until if ended else order.valid_until
    terms = [(order.valid_from, until)]
    if order.kind == "voorwaardelijk":
        begun = [began_on for began_on in _admitted(dossier, order) if began_on <= on]
        terms = [(max(day, order.valid_from), min(add_months(day, ADMISSION_MONTHS), until)) for day in begun]
    suspended = [(begin, end if end <= on else FOREVER) for begin, end in order.suspensions if begin <= on]
    return list(minus(terms, suspended))


def _admitted(dossier: Dossier, order: Order) -> set[date]:
    """The first days of the stays that named a voorwaardelijke machtiging; its six months count from there."""
    return {one.admitted_on for one in dossier.titles if one.machtiging == order.machtiging and one.admitted_on}


def pending(dossier: Dossier) -> list[Interval]:
    """The days on which a request waits for the answer of a court.

    A grant of the same kind on that day or later answers it, whether it names the request or not: who publishes may
    leave that out, and then the request for this title would stand for one for the next for ever.
    """
    found = []
    for one in dossier.requests:
        grants = [order.granted_on for order in dossier.orders if order.kind == one.kind]
        answers = [one.answered_on or FOREVER, *(day for day in grants if day >= one.requested_on)]
        found.append((one.requested_on, min(answers)))
    return found


def _expiring(
    dossier: Dossier, inside: Inside, rule: Rule, step: Threshold, cover: Cover, since: date
) -> Iterator[Alert]:
    """From `since` while this cover is the last there is and no request for more is pending."""
    order = cover.last
    facts = Facts(
        since,
        (
            Because("machtiging-granted", order.granted_on, order.machtiging),
            Because(TITLE_ENDS, cover.until, order.machtiging),
            *inside.facts.because,
        ),
    )
    for begin, end in minus([(max(since, cover.begin), cover.end)], pending(dossier)):
        why = (
            "expired" if end == cover.until else "requested" if any(p == end for p, _ in pending(dossier)) else "titled"
        )
        case = inside.case_of(order.machtiging)
        yield from lasting(rule, step, case, begin, inside.ending, (end, why), facts=facts)


def expires(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A02: the cover ends within so many days, and nobody asked for more; A04 and A06 look after the other kinds."""
    for cover in covers(dossier, inside):
        if cover.last.kind == "regulier" and not _is_ended(cover):
            for step in rule.steps:
                since = cover.until - timedelta(days=step.days or 0)
                yield from _expiring(dossier, inside, rule, step, cover, since)


def _is_ended(cover: Cover) -> bool:
    """Whether its last machtiging was ended and lasts a while yet: consent was withdrawn (A08)."""
    return cover.last.ended_on is not None and cover.begin >= cover.last.ended_on


def spoed(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A04: the clocks of a spoedmachtiging: no request to follow it, and no title after it until A03 takes over."""
    asked = rule.threshold("no-request")
    if asked is not None:
        for cover in covers(dossier, inside):
            if cover.last.kind == "spoed":
                since = cover.last.valid_from + timedelta(days=asked.days or 0)
                yield from _expiring(dossier, inside, rule, asked, cover, since)
    untitled = rule.threshold("no-title")
    if untitled is not None:
        for begin, end in uncovered(inside.closure, dossier.titles, until=inside.end):
            before = _before(dossier, begin)
            if before is not None and before.kind == "spoed" and begin >= before.holds_until:
                taken = (begin + timedelta(days=rule.parameters["grace-days"]), "no-title")
                facts = _untitled(inside, begin, before)
                case = inside.case_of(before.machtiging)
                yield from lasting(rule, untitled, case, begin, inside.ending, (end, "titled"), taken, facts=facts)


def no_title(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A03: care days that no title covers (D10, F6), from the day on which the first of them is so many days old."""
    for begin, end in uncovered(inside.closure, dossier.titles, until=inside.end):
        before = _before(dossier, begin)
        case = inside.case_of(_gap(inside, begin, before))
        for step in rule.steps:
            since = begin + timedelta(days=step.days or 0)
            ends: tuple[Ending, ...] = (inside.ending, (end, "titled"))
            yield from lasting(rule, step, case, since, *ends, facts=_untitled(inside, begin, before))


def _gap(inside: Inside, begin: date, before: Order | None) -> str:
    """The key of days without a title: the machtiging that they follow, so that a correction of it changes no key."""
    if before is None:
        return f"start of {key_of(inside.closure.placements[0])}"
    return f"after {before.machtiging}" if begin >= before.holds_until else f"suspended {before.machtiging} {begin}"


def _before(dossier: Dossier, day: date) -> Order | None:
    """The machtiging that covered up to this day, of several the one granted last; None when none did."""
    ended = {title.machtiging for title in dossier.titles if title.until_on <= day and title.until_on >= day}
    return max(
        (order for order in dossier.orders if order.machtiging in ended),
        key=lambda order: order.granted_on,
        default=None,
    )


def _untitled(inside: Inside, begin: date, before: Order | None) -> Facts:
    known = (Because("machtiging-granted", before.granted_on, before.machtiging),) if before else ()
    return Facts(begin, (Because("first-day-without-title", begin, ""), *known, *inside.facts.because))


def admission(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A06: an admission under a voorwaardelijke machtiging comes to its end after six months (Jeugdwet 6.1.6), or
    before with the machtiging.
    """
    for cover in covers(dossier, inside):
        if cover.last.kind != "voorwaardelijk":
            continue
        ends = [(add_months(day, ADMISSION_MONTHS), day) for day in _admitted(dossier, cover.last)]
        six_months_on, began_on = max(one for one in ends if one[1] <= cover.begin and cover.until <= one[0])
        for step in rule.steps:
            if step.months is not None:
                yield from _expiring(dossier, inside, rule, step, cover, add_months(began_on, step.months))
            elif cover.until < six_months_on and not _is_ended(cover):
                since = cover.until - timedelta(days=step.days or 0)
                yield from _expiring(dossier, inside, rule, step, cover, since)


def consent(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A08: consent was withdrawn and somebody is still inside, without a title of another kind."""
    for order in dossier.orders:
        withdrawn = order.ended_on
        if order.ended_cause != "consent-withdrawn" or order.kind == "spoed" or withdrawn is None:
            continue
        if not inside.start <= withdrawn < inside.end:
            continue
        last = withdrawn + timedelta(days=rule.parameters["leave-within-days"])
        titled = [
            span
            for span, terms in _known(dossier, inside)
            if any(begin <= last < end for (begin, end), other in terms if other is not order)
        ]
        facts = Facts(withdrawn, (Because("consent-withdrawn", withdrawn, order.machtiging), *inside.facts.because))
        taken_on = last + timedelta(days=rule.parameters["grace-days"])
        for step in rule.steps:
            case, since = inside.case_of(order.machtiging), withdrawn + timedelta(days=step.days or 0)
            for begin, end in minus([(since, taken_on)], titled):
                taken = (end, "no-title" if end == taken_on else "titled")
                yield from lasting(rule, step, case, begin, inside.ending, taken, facts=facts)
