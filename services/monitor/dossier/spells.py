"""Spells: each closure and each closed placement of a dossier, with everything about it that no question changes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from services.monitor.dossier.days import Interval, care_days, days, minus
from services.monitor.dossier.state import Closure, Doorplaatsing, Dossier, End, Placement, Superseded


class Spell(NamedTuple):
    """A placement or a closure, as all facts say it or as it is seen on a date."""

    dossier: Dossier
    closure: Closure
    """Itself, or the one that the placement is part of."""
    placement: Placement | None
    """None for a closure."""
    started_on: date
    ended_on: date | None
    """None while it lasts; as seen on a date also when it is known that it will end later."""
    final_end: End | None
    """How it ended; None while it lasts."""
    inferred: bool
    """Whether any of its placements ends only because a later start proves it (F2)."""
    doorplaatsingen: tuple[Doorplaatsing, ...]
    """Of a closure all; of a placement those that ended it."""
    alone: bool
    """Whether all its days are its own: of a closure with one placement, of a placement that began inside no other."""

    @property
    def stays(self) -> tuple[Placement, ...]:
        """The placements that it is made of."""
        return self.closure.placements if self.placement is None else (self.placement,)

    def days(self) -> int:
        """Whole days from its start to its end (D2). Only of what ended."""
        assert self.ended_on is not None
        return days(self.started_on, self.ended_on)

    def elapsed(self, on: date) -> int:
        """Whole days from its start to its end, or to the date while it lasts."""
        return days(self.started_on, self.ended_on or on)

    def lasting(self) -> "Spell":
        """The same while its end has not happened."""
        return self._replace(ended_on=None, final_end=None)


class Spells:
    """All spells of some dossiers, made when they are first asked for, and once."""

    def __init__(self, dossiers: Sequence[Dossier]) -> None:
        self.dossiers = dossiers

    @cached_property
    def closures(self) -> tuple[Spell, ...]:
        """Every closure, in the order of persons and starts."""
        return tuple(closure_spells(self.dossiers))

    @cached_property
    def placements(self) -> tuple[Spell, ...]:
        """Every placement of a closure, in the order of persons and starts."""
        return tuple(placement_spells(self.dossiers))


def closure_spells(dossiers: Iterable[Dossier]) -> Iterator[Spell]:
    """Every closure, in the order of persons and starts."""
    for dossier in dossiers:
        for closure in dossier.closures:
            stays, moves = closure.placements, closure.doorplaatsingen
            ends = [stay.end for stay in stays]
            end = last_to_end(stays).end if all(ends) else None
            ended_on, inferred = end.on if end else None, Superseded in map(type, ends)
            yield Spell(dossier, closure, None, stays[0].started_on, ended_on, end, inferred, moves, len(stays) == 1)


def placement_spells(dossiers: Iterable[Dossier]) -> Iterator[Spell]:
    """Every placement of a closure, in the order of persons and starts."""
    for dossier in dossiers:
        for closure in dossier.closures:
            moved = _moved(closure) if closure.doorplaatsingen else {}
            reached = date.min
            for place, stay in enumerate(closure.placements):
                started_on, end = stay.started_on, stay.end
                ended_on, inferred = end.on if end else None, type(end) is Superseded
                moves, alone = moved.get(place, ()), started_on >= reached
                yield Spell(dossier, closure, stay, started_on, ended_on, end, inferred, moves, alone)
                reached = max(reached, ended_on or date.max)


def own_days(spell: Spell, window: Interval) -> int:
    """Days of the window on which somebody is in this placement, or in any of this closure.

    A day in two placements at once counts for the one that began first, so that days add up to those of the closure.
    """
    start, end = _clipped(spell.started_on, spell.ended_on, window)
    if spell.alone:
        return days(start, end) if start < end else 0
    placements, mine = spell.closure.placements, spell.placement
    if mine is None:
        return care_days(placements, *window)
    before = placements[: next(place for place, stay in enumerate(placements) if stay is mine)]
    taken = [_clipped(stay.started_on, stay.ended_on, window) for stay in before]
    return sum(days(*one) for one in minus([(start, end)], taken))


def _clipped(start: date, end: date | None, window: Interval) -> tuple[date, date]:
    a, b = window
    return start if start > a else a, b if end is None or end > b else end


def last_to_end(stays: tuple[Placement, ...]) -> Placement:
    """The placement of a closure that ends last, one without an end before all; of several the one that began last."""
    if len(stays) == 1:
        return stays[0]
    return max(reversed(stays), key=lambda stay: (stay.ended_on or date.max, stay.started_on))


def _moved(closure: Closure) -> dict[int, tuple[Doorplaatsing, ...]]:
    """By place of a placement the doorplaatsingen from it."""
    found: dict[int, tuple[Doorplaatsing, ...]] = {}
    for move in closure.doorplaatsingen:
        found[move.from_place] = (*found.get(move.from_place, ()), move)
    return found
