"""Which plans for closed youth care hold, and when regions consulted each other, folded from all facts; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from services.monitor.accommodations import standing_facts
from shared.facts.envelope import AcceptedEvent
from shared.facts.landscape import ConsultationHeld, PlanAdopted


@dataclass(frozen=True, slots=True)
class Adopted:
    """A plan of one scope holds during [adopted_on, until_on)."""

    adopted_on: date
    scope: str
    """The country, an area or a youth region."""
    plan: str
    until_on: date | None
    """The end that it says itself, or else the day on which the next one of its scope was adopted; None without."""


@dataclass(frozen=True, slots=True, order=True)
class Consultation:
    """Regions consulted each other on a day."""

    held_on: date
    regions: tuple[str, ...]
    """In order, each once."""


@dataclass(frozen=True, slots=True)
class Consulting:
    """All plans and consultations, each in order of day."""

    plans: tuple[Adopted, ...] = ()
    consultations: tuple[Consultation, ...] = ()


NOTHING_PLANNED = Consulting()


def fold_consulting(facts: Iterable[AcceptedEvent]) -> Consulting:
    """What these facts say together: per record the winning revision (D12).

    Of two records of a source that say one plan or consultation the one recorded last counts; two sources may number
    theirs alike.
    """
    plans: dict[tuple[str, str], Adopted] = {}
    consultations: dict[tuple[str, str], Consultation] = {}
    for event in sorted(standing_facts(facts), key=lambda one: (one.time, one.id)):
        match event.data:
            case PlanAdopted(plan=plan, scope=scope, adopted_on=adopted_on, valid_until=valid_until):
                plans[event.source, plan] = Adopted(adopted_on, scope, plan, valid_until)
            case ConsultationHeld(consultation=consultation, held_on=held_on, regions=regions):
                consultations[event.source, consultation] = Consultation(held_on, tuple(sorted(set(regions))))
    every = plans.values()
    ended = (one if one.until_on else replace(one, until_on=_next(one, every)) for one in every)
    in_order = sorted(ended, key=lambda one: (one.adopted_on, one.scope, one.plan, one.until_on or date.max))
    return Consulting(tuple(in_order), tuple(sorted(consultations.values())))


def _next(plan: Adopted, plans: Iterable[Adopted]) -> date | None:
    later = (one.adopted_on for one in plans if one.scope == plan.scope and one.adopted_on > plan.adopted_on)
    return min(later, default=None)
