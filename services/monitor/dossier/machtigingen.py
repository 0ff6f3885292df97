"""Machtigingen: what a court granted, how long it holds, and whether it was ever executed (Jeugdwet 6.1.12)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from services.monitor.dossier.days import Interval
from services.monitor.dossier.records import Reported, Standing, last_recorded
from services.monitor.dossier.rules import Rules
from services.monitor.dossier.state import Order, Placement
from shared.calendar import add_months
from shared.facts.machtiging import MachtigingEnded, MachtigingGranted, MachtigingResumed, MachtigingSuspended
from shared.facts.placement import CLOSED_REGIME

M = TypeVar("M", MachtigingGranted, MachtigingEnded, MachtigingSuspended, MachtigingResumed)


@dataclass(frozen=True, slots=True)
class Machtiging:
    """One granted machtiging, which allows a closure during [valid_from, holds_until), suspensions aside."""

    grant: MachtigingGranted
    source: str
    holds_until: date
    """The first day on which it no longer covers a stay: the end of its term, an end before it, or its lapse."""
    ended_on: date | None
    """The first day on which it was reported to have ended, if it was."""
    lapsed_on: date | None
    """The day on which it lapsed because nobody executed it; that day may lie ahead."""
    suspensions: tuple[Interval, ...]
    """Until date.max while it is not resumed."""
    ended_cause: str | None = None
    """Why it ended, of the end that counts."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What is reported about machtigingen, by key: a key means one machtiging, whoever names it."""

    grants: Mapping[str, Sequence[Reported[MachtigingGranted]]]
    ends: Mapping[str, Sequence[Reported[MachtigingEnded]]]
    suspended: Mapping[str, Sequence[Reported[MachtigingSuspended]]]
    resumed: Mapping[str, Sequence[Reported[MachtigingResumed]]]


def orders(facts: Standing) -> Orders:
    """Everything that stands about machtigingen."""
    return Orders(
        _by_key(facts.of(MachtigingGranted)),
        _by_key(facts.of(MachtigingEnded)),
        _by_key(facts.of(MachtigingSuspended)),
        _by_key(facts.of(MachtigingResumed)),
    )


def machtigingen(said: Orders, reported: Sequence[Placement], *, rules: Rules) -> tuple[Machtiging, ...]:
    """All granted machtigingen in order of their first day.

    `reported` are the placements as they were reported: a stay of regime jw6 executes a machtiging. Of two grants of
    one machtiging the one recorded last counts.
    """
    found = []
    for key, reports in said.grants.items():
        report = last_recorded(reports)
        grant, stops_on, ended_on, cause = report.fact, report.fact.valid_until, None, None
        if key in said.ends:
            ends = [end.fact for end in said.ends[key]]
            stops_on = min(stops_on, *(_leaves_on(grant, end, rules=rules) for end in ends))
            ended_on = min(end.ended_on for end in ends)
            cause = last_recorded([end for end in said.ends[key] if end.fact.ended_on == ended_on]).fact.cause
        lapsed_on = _lapsed_on(grant, stops_on, reported, rules=rules)
        found.append(
            Machtiging(
                grant=grant,
                source=report.source,
                holds_until=lapsed_on or stops_on,
                ended_on=ended_on,
                lapsed_on=lapsed_on,
                suspensions=_suspensions(said, key) if key in said.suspended else (),
                ended_cause=cause,
            )
        )
    return tuple(sorted(found, key=lambda machtiging: (machtiging.grant.valid_from, machtiging.grant.machtiging)))


def granted_orders(found: Iterable[Machtiging]) -> tuple[Order, ...]:
    """The same as a dossier keeps them."""
    return tuple(
        Order(
            machtiging=one.grant.machtiging,
            source=one.source,
            kind=one.grant.kind,
            granted_on=one.grant.granted_on,
            valid_from=one.grant.valid_from,
            valid_until=one.grant.valid_until,
            holds_until=one.holds_until,
            ended_on=one.ended_on,
            ended_cause=one.ended_cause,
            lapsed_on=one.lapsed_on,
            suspensions=one.suspensions,
            without_hearing=bool(one.grant.without_hearing),
            court=one.grant.court,
        )
        for one in found
    )


def executes(stay: Placement, *, begin: date, until: date) -> bool:
    """Whether a stay executes a machtiging that waits for one during [begin, until).

    It does when it is closed and open on one of these days, or began and ended on one of them.
    """
    if stay.regime != CLOSED_REGIME or stay.started_on >= until:
        return False
    ended_on = stay.ended_on
    return ended_on is None or ended_on > begin or stay.started_on >= begin


def _by_key(reports: Iterable[Reported[M]]) -> Mapping[str, Sequence[Reported[M]]]:
    groups: dict[str, list[Reported[M]]] = {}
    for report in reports:
        groups.setdefault(report.fact.machtiging, []).append(report)
    return groups


def _leaves_on(grant: MachtigingGranted, end: MachtigingEnded, *, rules: Rules) -> date:
    """The first day on which a young person may no longer stay after this end.

    It is the day of the end, but when consent is withdrawn a stay may last 14 days more (Jeugdwet 6.1.2 lid 9) and one
    under a spoedmachtiging the rest of its term (6.1.3 lid 5).
    """
    if end.cause != "consent-withdrawn":
        return end.ended_on
    return grant.valid_until if grant.kind == "spoed" else end.ended_on + timedelta(days=rules.consent_days)


def _lapsed_on(grant: MachtigingGranted, stops_on: date, reported: Iterable[Placement], *, rules: Rules) -> date | None:
    """The day on which it lapsed for want of a stay within three calendar months (Jeugdwet 6.1.12 lid 3), or None.

    A voorwaardelijke machtiging is there to prevent a stay, so it does not lapse for want of one.
    """
    begin = grant.valid_from
    lapse = add_months(begin, rules.lapse_months)
    if lapse >= stops_on or grant.kind == "voorwaardelijk":
        return None
    return None if any(executes(stay, begin=begin, until=lapse) for stay in reported) else lapse


def _suspensions(said: Orders, key: str) -> tuple[Interval, ...]:
    """Half-open: from a suspension to the first resumption that is not before it, to date.max without one.

    A second suspension within the first, or on its day, says nothing new; on one day a resumption comes before a new
    suspension (D11).
    """
    resumed = sorted(report.fact.resumed_on for report in said.resumed.get(key, ()))
    found: list[Interval] = []
    for begin in sorted({report.fact.suspended_on for report in said.suspended[key]}):
        before = found[-1][1] if found else date.min
        if begin >= before:
            found.append((begin, next((day for day in resumed if day >= begin and day > before), date.max)))
    return tuple(found)
