"""Closures (D6 to D9): chains of placements that a doorplaatsing links; the clock of a chain never restarts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from services.monitor.dossier.days import days
from services.monitor.dossier.state import Closure, Doorplaatsing, Moved, Placement, Superseded
from shared.facts.placement import CLOSED_REGIME


@dataclass(slots=True)
class _Chain:
    """A closure while its placements are being found."""

    placements: list[Placement]
    doorplaatsingen: list[Doorplaatsing] = field(default_factory=list)

    @property
    def ended_on(self) -> date:
        """The latest end so far; the last day there is while one is open."""
        return max(placement.ended_on or date.max for placement in self.placements)


def closures(placements: Iterable[Placement], *, link_days: int) -> tuple[Closure, ...]:
    """The closures of a person, in order of start; no two share a day, each closed placement is in exactly one.

    `placements` are in order of start. A placement continues the closure before it (D6)
    - when it starts before that closure ended, whoever is wrong about the dates: nobody starts a closure inside one;
    - when it starts within `link_days` after the last placement of it ended in a doorplaatsing, reported or inferred:
      an open placement that a later start elsewhere ends was left without a discharge, so the clock goes on;
    - when it says that it arrives from a placement of it that ended at most `link_days` before.
    The last placement is the one that ends last, which with overlaps need not be the one before.
    """
    chains: list[_Chain] = []
    for placement in placements:
        if placement.regime != CLOSED_REGIME:
            continue
        origin = _continues(placement, chains[-1], link_days=link_days) if chains else None
        if origin is None:
            chains.append(_Chain([placement]))
            continue
        chain = chains[-1]
        if origin.accommodation != placement.accommodation:
            place = next(place for place, before in enumerate(chain.placements) if before is origin)
            chain.doorplaatsingen.append(_doorplaatsing(place, origin, placement))
        chain.placements.append(placement)
    return tuple(
        Closure(
            number=index + 1,
            placements=tuple(chain.placements),
            doorplaatsingen=tuple(chain.doorplaatsingen),
            previous_ended_on=chains[index - 1].ended_on if index else None,
        )
        for index, chain in enumerate(chains)
    )


def _continues(placement: Placement, chain: _Chain, *, link_days: int) -> Placement | None:
    """The placement of the chain that this one continues, or None."""
    start = placement.started_on
    if placement.arrives_from is not None:
        for before in chain.placements:
            if before.placement == placement.arrives_from and days(before.ended_on or start, start) <= link_days:
                return before
    ended_on = chain.ended_on
    last = [before for before in chain.placements if (before.ended_on or date.max) == ended_on]
    if start < ended_on:
        return last[-1]
    if days(ended_on, start) <= link_days:
        return next((before for before in reversed(last) if isinstance(before.end, Moved | Superseded)), None)
    return None


def _doorplaatsing(place: int, origin: Placement, arrival: Placement) -> Doorplaatsing:
    """A link between two accommodations (D8); inferred when nobody reported it, or nobody reported when it ended."""
    reported = isinstance(origin.end, Moved) or arrival.arrives_from == origin.placement
    return Doorplaatsing(
        on=arrival.started_on,
        from_place=place,
        from_accommodation=origin.accommodation,
        to_accommodation=arrival.accommodation,
        inferred=isinstance(origin.end, Superseded) or not reported,
    )
