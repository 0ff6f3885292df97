"""Requests for a machtiging, and the day on which the court answered each of them."""

from collections.abc import Iterable

from services.monitor.dossier.machtigingen import Machtiging
from services.monitor.dossier.records import Reported, Standing, last_recorded
from services.monitor.dossier.state import Request
from shared.facts.machtiging import MachtigingRefused, MachtigingRequested


def requests(facts: Standing, granted: Iterable[Machtiging]) -> tuple[Request, ...]:
    """All requests of a person in order of their day; a key means one request, whoever names it.

    The first answer counts: the grant that names the request, or its refusal; of both on one day the grant. Of two
    records that say one request the one recorded last counts, and so of two that say one grant (`granted`).
    """
    asked = facts.of(MachtigingRequested)
    if not asked:
        return ()
    answers = [
        *((one.grant.request, one.grant.granted_on, False) for one in granted),
        *((report.fact.request, report.fact.refused_on, True) for report in facts.of(MachtigingRefused)),
    ]
    by_key: dict[str, list[Reported[MachtigingRequested]]] = {}
    for report in asked:
        by_key.setdefault(report.fact.request, []).append(report)
    found = []
    for key, reports in by_key.items():
        last = last_recorded(reports)
        first = min(((on, refused) for request, on, refused in answers if request == key), default=(None, False))
        found.append(Request(key, last.source, last.fact.kind, last.fact.requested_on, *first))
    return tuple(sorted(found, key=lambda request: (request.requested_on, request.request)))
