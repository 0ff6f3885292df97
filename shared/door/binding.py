"""Whether an event may come from this publisher, at this service: what is refused although the event is right."""

from collections.abc import Mapping

from shared.facts.envelope import Event
from shared.facts.erasure import AUTHORITY
from shared.facts.fact import Owner
from shared.facts.record import RecordWithdrawn
from shared.problems import NOT_YOURS, OTHER_SERVICE, Fault, Problem
from shared.publishers.registry import ALL, Publisher


def refusal(event: Event, *, publisher: Publisher, service: Owner, addresses: Mapping[Owner, str]) -> Problem | None:
    """The problem with publishing this event here, or None (H3).

    A fact by the key of a placement or machtiging is bound through its source; one that names an accommodation is bound
    to that as well. Where a young person goes to is not bound. What only the pseudonym authority says is not among "all
    facts": a publisher is registered for it by name, and so it is to take it back.
    """
    fact = event.data
    if fact.owner not in (service, "either"):
        return Problem(
            OTHER_SERVICE,
            f"The fact {fact.fact_name} is taken by {fact.owner}.",
            members={"takenBy": f"{addresses[fact.owner]}/v1/events"},
        )
    if event.source not in publisher.sources:
        return _not_yours("/source", "source-not-yours", "This source is not one of the publisher's.")
    if fact.fact_name not in publisher.facts and (ALL not in publisher.facts or fact.fact_name in AUTHORITY):
        return _not_yours("/type", "fact-not-yours", "The publisher was not registered for this fact.")
    if isinstance(fact, RecordWithdrawn) and fact.of in AUTHORITY - publisher.facts:
        return _not_yours("/data/of", "fact-not-yours", "The publisher was not registered for the fact it takes back.")
    if ALL not in publisher.accommodations:
        accommodation = getattr(fact, "accommodation", None)
        if accommodation is not None and accommodation not in publisher.accommodations:
            detail = "This accommodation is not the publisher's."
            return _not_yours("/data/accommodation", "accommodation-not-yours", detail)
    return None


def _not_yours(pointer: str, code: str, detail: str) -> Problem:
    return Problem(NOT_YOURS, detail, faults=[Fault(detail, code, pointer)])
