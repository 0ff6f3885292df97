"""Waiting: from a referral, or from a machtiging that nobody executes yet, until the first closed placement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import NamedTuple

from services.monitor.dossier.days import Interval
from services.monitor.dossier.machtigingen import Machtiging
from services.monitor.dossier.pairs import paired
from services.monitor.dossier.records import Reported, Standing
from services.monitor.dossier.rules import Rules
from services.monitor.dossier.state import Closure, Flag, Unexecuted, Waiting
from shared.facts.machtiging import MachtigingGranted
from shared.facts.referral import ReferralClosed, ReferralRegistered

DAY = timedelta(days=1)


class Said(NamedTuple):
    """What a referral or a placement says of the young person, on a day."""

    on: date
    region: str | None
    birth_month: str | None
    sex: str | None


class Asked(NamedTuple):
    """A referral for a closed place, during [since_on, until_on)."""

    fact: ReferralRegistered
    closed: ReferralClosed | None
    since_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Waits:
    """What a person waits and waited for."""

    waiting: tuple[Waiting, ...]
    flags: list[Flag]


def waits(facts: Standing, granted: Iterable[Machtiging], closures: Sequence[Closure], *, rules: Rules) -> Waits:
    """All waits of a person in order of their first day.

    A wait on a referral for closed care lasts from `referred_on` until the first closed placement that starts on or
    after it, or until the referral is closed. It is one with a title while a granted machtiging waits to be executed.
    Such a machtiging without a referral is a wait of its own.
    """
    starts = sorted({placement.started_on for closure in closures for placement in closure.placements})
    inside = [(closure.started_on, closure.ended_on or date.max) for closure in closures]
    unexecuted = _unexecuted(granted, inside, starts)
    referrals, flags = _referrals(facts, starts, rules=rules)
    said = _said(facts, closures)
    found: list[Waiting] = []
    attached: set[Unexecuted] = set()
    for asked in referrals:
        during = tuple(title for title in unexecuted if _during(title, asked.since_on, asked.until_on, starts))
        attached.update(during)
        found.append(_on_referral(asked, during, said))
    alone = [title for title in unexecuted if title not in attached]
    found += [_on_title(title, said) for title in alone]
    found.sort(key=lambda wait: (wait.since_on, wait.referral or "", [one.machtiging for one in wait.titles]))
    return Waits(tuple(found), flags)


def region(facts: Standing) -> str | None:
    """The youth region that the latest referral says, for whatever it asks; None without a referral.

    Of two of one day it is the one recorded last.
    """
    said = [(report.day, report.recorded, report.fact.region) for report in _counted(facts)]
    return max(said)[2] if said else None


def _counted(facts: Standing) -> Sequence[Reported[ReferralRegistered]]:
    """Of each referral what counts: of two records that say it the one recorded last (F24)."""
    reports = facts.of(ReferralRegistered)
    if len(reports) == 1:
        return reports
    return list({one.fact.referral: one for one in sorted(reports, key=lambda one: one.recorded)}.values())


def _on_referral(asked: Asked, titles: tuple[Unexecuted, ...], said: Sequence[Said]) -> Waiting:
    fact, closed = asked.fact, asked.closed
    whose = _known_by(asked.since_on, said, own=_of_referral(fact))
    return Waiting(
        since_on=asked.since_on,
        until_on=asked.until_on,
        referral=fact.referral,
        titles=titles,
        region=whose.region,
        birth_month=whose.birth_month,
        sex=whose.sex,
        referrer=fact.referrer,
        urgency=fact.urgency,
        closed_on=closed.closed_on if closed else None,
        outcome=closed.outcome if closed else None,
        alternative=closed.alternative if closed else None,
    )


def _on_title(title: Unexecuted, said: Sequence[Said]) -> Waiting:
    known = _known_by(title.from_on, said)
    return Waiting(
        since_on=title.from_on,
        until_on=title.until_on,
        referral=None,
        titles=(title,),
        region=known.region,
        birth_month=known.birth_month,
        sex=known.sex,
    )


def _of_referral(fact: ReferralRegistered) -> Said:
    return Said(fact.referred_on, fact.region, fact.birth_month, fact.sex)


def _said(facts: Standing, closures: Sequence[Closure]) -> list[Said]:
    """Everything that is said of the young person, in an order that does not depend on that of arrival."""
    found = [_of_referral(report.fact) for report in _counted(facts)]
    # What a placement says is known from the day after its start: on that day itself it may be what ended the wait.
    found += [
        Said(stay.started_on + DAY, stay.region, stay.birth_month, stay.sex)
        for closure in closures
        for stay in closure.placements
    ]
    return sorted(found, key=lambda one: (one.on, one.region or "", one.birth_month or "", one.sex or ""))


def _known_by(day: date, said: Sequence[Said], *, own: Said | None = None) -> Said:
    """What the referral itself says; what it does not say as it was last said up to and with the day."""
    before = [one for one in said if one.on <= day]
    latest = [*([own] if own else ()), *reversed(before)]
    return Said(
        day,
        next((one.region for one in latest if one.region), None),
        next((one.birth_month for one in latest if one.birth_month), None),
        next((one.sex for one in latest if one.sex), None),
    )


def _during(title: Unexecuted, since_on: date, until_on: date | None, starts: Sequence[date]) -> bool:
    """Whether the title waits during [since_on, until_on); one granted on the day of the placement waits 0 days."""
    begun = until_on is None or title.from_on < until_on or (title.from_on == until_on and until_on in starts)
    return begun and (title.until_on > since_on or title.from_on >= since_on)


def _referrals(facts: Standing, starts: Sequence[date], *, rules: Rules) -> tuple[list[Asked], list[Flag]]:
    """Each referral that asks for closed care, and what is wrong with referrals."""
    pairs, flags = paired(facts.of(ReferralRegistered), facts.of(ReferralClosed), attrgetter("referral"))
    found = []
    for begin, end in pairs:
        fact = begin.fact
        if fact.requested in rules.closed_settings:
            placed_on = next((start for start in starts if start >= fact.referred_on), None)
            closed = end and end.fact
            days = (placed_on, closed and closed.closed_on)
            found.append(Asked(fact, closed, fact.referred_on, min((day for day in days if day), default=None)))
    return found, flags


def _unexecuted(granted: Iterable[Machtiging], inside: Sequence[Interval], starts: Sequence[date]) -> list[Unexecuted]:
    """The titles that wait or waited to be executed, in order; those that adjoin or overlap are one."""
    single = [(one.grant, title) for one in granted if (title := _single(one, inside, starts))]
    open_still = {grant.machtiging: grant for grant, title in single if title.until_on not in starts}
    waited = [title for grant, title in single if _from_the_first(grant, open_still)]
    joined: list[Unexecuted] = []
    for title in sorted(waited, key=lambda title: (title.from_on, title.until_on, title.machtiging)):
        if joined and title.from_on <= joined[-1].until_on:
            before = joined.pop()
            last = title if title.until_on >= before.until_on else before
            title = Unexecuted(last.machtiging, before.from_on, last.until_on)
        joined.append(title)
    return joined


def _single(machtiging: Machtiging, inside: Sequence[Interval], starts: Sequence[date]) -> Unexecuted | None:
    """The wait on one machtiging, or None when nobody waits on it.

    Nobody waits on one that was granted during a closure, that was executed before it was granted, or that is
    voorwaardelijk: that one is there to prevent a stay.
    """
    grant = machtiging.grant
    if grant.kind == "voorwaardelijk":
        return None
    from_on = max(grant.granted_on, grant.valid_from)
    for started_on, ended_on in inside:
        if started_on < grant.granted_on < ended_on or (started_on < from_on and ended_on > grant.valid_from):
            return None
    placed_on = next((start for start in starts if start >= from_on), date.max)
    stops_on = min(machtiging.ended_on or date.max, machtiging.lapsed_on or date.max, grant.valid_until)
    if stops_on <= from_on:
        return None
    return Unexecuted(grant.machtiging, from_on, min(placed_on, stops_on))


def _from_the_first(grant: MachtigingGranted, unexecuted: Mapping[str, MachtigingGranted]) -> bool:
    """Whether nobody was placed on what this one extends, so that the wait on that goes on."""
    passed = {grant.machtiging}
    while grant.extends is not None:
        if grant.extends in passed or grant.extends not in unexecuted:
            return False
        passed.add(grant.extends)
        grant = unexecuted[grant.extends]
    return True
