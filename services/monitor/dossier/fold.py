"""The fold: a set of facts about one person in, the dossier out; the same for any order and any repetition (D13)."""

from collections.abc import Iterable, Iterator
from datetime import date

from services.monitor.dossier.absences import absences
from services.monitor.dossier.closures import closures
from services.monitor.dossier.consults import consulted
from services.monitor.dossier.courses import courses
from services.monitor.dossier.flags import in_order
from services.monitor.dossier.machtiging_flags import machtiging_flags
from services.monitor.dossier.machtigingen import Machtiging, granted_orders, machtigingen, orders
from services.monitor.dossier.merge_flags import merge_flags
from services.monitor.dossier.placement_flags import placement_flags
from services.monitor.dossier.placements import stays
from services.monitor.dossier.readiness import readiness
from services.monitor.dossier.records import standing
from services.monitor.dossier.requests import requests
from services.monitor.dossier.rules import Rules
from services.monitor.dossier.state import Dossier, Placement, Waiting
from services.monitor.dossier.titles import titles
from services.monitor.dossier.waiting import region, waits
from shared.facts.envelope import AcceptedEvent
from shared.facts.erasure import PseudonymsMerged


def fold(person: str, facts: Iterable[AcceptedEvent], *, rules: Rules) -> Dossier:
    """Everything that follows from the facts about this person.

    `facts` are all facts of the records that the person ever had, about others too (D12), with each (source, id) in one
    content; in any order, as often as you like. Neither that order nor the place that a ledger gave a fact changes
    anything. What depends on the day of asking (open or not, F6, how old a flag is) is left to whoever reads it.
    """
    said = standing(person, facts)
    stayed = stays(said)
    closed = closures(stayed.placements, link_days=rules.link_days)
    reported = orders(said)
    granted = machtigingen(reported, stayed.reported, rules=rules)
    waited = waits(said, granted, closed, rules=rules)
    experts = consulted(said)
    leaving = readiness(said, stayed)
    told = courses(said, stayed)
    died = [one.until_on for one in told.course.listed if one.reason == "deceased" and one.until_on is not None]
    merges = said.of(PseudonymsMerged)
    return Dossier(
        person=person,
        placements=stayed.placements,
        closures=closed,
        titles=titles(granted, stayed, closed, rules=rules),
        waiting=waited.waiting,
        flags=in_order(
            [
                *said.flags,
                *stayed.flags,
                *waited.flags,
                *placement_flags(stayed, died_on=died, link_days=rules.link_days),
                *machtiging_flags(reported, granted, rules=rules),
                *experts.flags,
                *leaving.flags,
                *told.flags,
                *(merge_flags(merges, _beginnings(stayed.placements, waited.waiting, granted)) if merges else ()),
            ]
        ),
        orders=granted_orders(granted),
        requests=requests(said, granted),
        absences=absences(said, stayed),
        ready=leaving.ready,
        consults=experts.consults,
        course=told.course,
        region=region(said),
    )


def _beginnings(
    placements: Iterable[Placement], waits: Iterable[Waiting], granted: Iterable[Machtiging]
) -> Iterator[date]:
    """The days on which something of the dossier begins."""
    yield from (one.started_on for one in placements)
    yield from (one.since_on for one in waits)
    yield from (one.grant.granted_on for one in granted)
