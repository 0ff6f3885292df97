"""Consults of expert teams: asked, advised, and what became of the advice; F18, F24 and F26 of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from services.monitor.dossier.flags import raised
from services.monitor.dossier.records import Reported, Standing, last_recorded
from services.monitor.dossier.state import Consult, Flag, FollowUp
from shared.facts.expert import ExpertAdviceFollowedUp, ExpertAdviceIssued, ExpertAdviceRequested

F = TypeVar("F", ExpertAdviceRequested, ExpertAdviceIssued, ExpertAdviceFollowedUp)


class Consulted(NamedTuple):
    """The consults about a person in order of their first day, and what is wrong with the reports about them."""

    consults: tuple[Consult, ...] = ()
    flags: tuple[Flag, ...] = ()


def consulted(facts: Standing) -> Consulted:
    """A key means one consult, whoever names it. Of two records that say one thing the one recorded last counts.

    An advice needs no request that is known; what became of one that nobody reported is F26, and is no consult.
    """
    asked = _by_key(facts.of(ExpertAdviceRequested))
    advised = _by_key(facts.of(ExpertAdviceIssued))
    followed = _by_key(facts.of(ExpertAdviceFollowedUp))
    if not asked and not advised and not followed:
        return Consulted()
    found = [_consult(key, asked.get(key), advised.get(key), followed.get(key, ())) for key in {*asked, *advised}]
    return Consulted(
        tuple(sorted(found, key=lambda one: (one.began_on, one.consult))),
        tuple(_flags(asked, advised, followed)),
    )


def _by_key(reports: Sequence[Reported[F]]) -> Mapping[str, list[Reported[F]]]:
    found = defaultdict(list)
    for report in reports:
        found[report.fact.consult].append(report)
    return found


def _consult(
    key: str,
    asked: Sequence[Reported[ExpertAdviceRequested]] | None,
    advised: Sequence[Reported[ExpertAdviceIssued]] | None,
    followed: Sequence[Reported[ExpertAdviceFollowedUp]],
) -> Consult:
    request = last_recorded(asked) if asked else None
    advice = last_recorded(advised) if advised else None
    said = advice or request
    assert said is not None
    return Consult(
        consult=key,
        source=said.source,
        team_region=said.fact.team_region,
        requested_on=request.fact.requested_on if request else None,
        issued_on=advice.fact.issued_on if advice else None,
        binding=advice is not None and advice.fact.binding,
        follow_ups=tuple(_follow_up(report) for report in sorted(followed, key=_in_order)),
    )


def _follow_up(report: Reported[ExpertAdviceFollowedUp]) -> FollowUp:
    return FollowUp(report.fact.followed_up_on, report.fact.status, report.fact.reason)


def _in_order(report: Reported[ExpertAdviceFollowedUp]) -> tuple[object, ...]:
    """By day; of two on one day the one that was recorded last says how it stands."""
    return report.fact.followed_up_on, *report.recorded


def _flags(
    asked: Mapping[str, Sequence[Reported[ExpertAdviceRequested]]],
    advised: Mapping[str, Sequence[Reported[ExpertAdviceIssued]]],
    followed: Mapping[str, Sequence[Reported[ExpertAdviceFollowedUp]]],
) -> Iterator[Flag]:
    for key, requests in asked.items():
        if len(requests) > 1:
            last = last_recorded(requests)
            yield raised("F24", about=key, since_on=last.fact.requested_on, source=last.source)
    for key, issued in advised.items():
        advice = last_recorded(issued)
        if len(issued) > 1:
            yield raised("F24", about=key, since_on=advice.fact.issued_on, source=advice.source)
        for done in followed.get(key, ()):
            if done.fact.status == "executed" and done.fact.followed_up_on < advice.fact.issued_on:
                yield raised("F18", about=key, since_on=done.fact.followed_up_on, source=done.source)
    for key, reports in followed.items():
        if key not in advised:
            for report in reports:
                yield raised("F26", about=key, since_on=report.fact.followed_up_on, source=report.source)
