"""Readiness to leave: from which day a closed placement could end, and a closure; F4 and F24 of what is said of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.monitor.dossier.flags import raised
from services.monitor.dossier.placements import Stays
from services.monitor.dossier.records import Reported, Standing, last_recorded
from services.monitor.dossier.state import Closure, Dossier, Flag, Placement, Ready
from shared.facts.discharge import DischargeReady
from shared.facts.placement import CLOSED_REGIME


class Readied(NamedTuple):
    """From when on a person could leave, by day, and what is wrong with the reports about it."""

    ready: tuple[Ready, ...] = ()
    flags: tuple[Flag, ...] = ()


def readiness(facts: Standing, stays: Stays) -> Readied:
    """Of each closed placement the first day on which it could end.

    Of two records about one placement the one recorded last counts (F24). One that names a placement that nobody
    started is F4. One dated after the end of its placement says nothing of what came after it.
    """
    said = facts.of(DischargeReady)
    if not said:
        return Readied()
    about: dict[Placement, list[Reported[DischargeReady]]] = defaultdict(list)
    flags: list[Flag] = []
    for report in said:
        stay = stays.named(report.fact.placement, report.source)
        if stay is None:
            fact = report.fact
            flags.append(raised("F4", about=fact.placement, since_on=fact.ready_on, source=report.source))
        else:
            about[stay].append(report)
    found = [ready for stay, those in about.items() if (ready := _ready(stay, last_recorded(those))) is not None]
    flags += _repeated(about)
    return Readied(tuple(sorted(found, key=lambda one: (one.ready_on, one.placement, one.source))), tuple(flags))


def ready_in(closure: Closure, dossier: Dossier) -> tuple[Ready, ...]:
    """What was said of the placements of a closure, in order of day.

    The young person could leave from the day of the first on: a doorplaatsing does not restart that clock. What the
    last says is needed is needed now.
    """
    if not dossier.ready:
        return ()
    started_on, ended_on = closure.started_on, closure.ended_on or date.max
    return tuple(one for one in dossier.ready if started_on <= one.ready_on < ended_on)


def _ready(stay: Placement, report: Reported[DischargeReady]) -> Ready | None:
    """None for a placement that is not closed, or was over by then."""
    ready_on = max(report.fact.ready_on, stay.started_on)
    if stay.regime != CLOSED_REGIME or (stay.ended_on is not None and ready_on >= stay.ended_on):
        return None
    return Ready(stay.placement, stay.source, ready_on, report.fact.needed)


def _repeated(about: Mapping[Placement, Sequence[Reported[DischargeReady]]]) -> Iterator[Flag]:
    for stay, those in about.items():
        if len(those) > 1:
            last = last_recorded(those)
            yield raised("F24", about=stay.placement, since_on=last.fact.ready_on, source=last.source)
