"""Doorplaatsingen as things to count: each with the placement that it ended; and the care days of a placement."""

from datetime import date
from typing import NamedTuple

from services.monitor.accommodations import Register
from services.monitor.dossier.days import days, minus, union
from services.monitor.dossier.state import Closure, Discharged, Doorplaatsing, Placement
from services.monitor.figures.population import Population, Spell, is_death
from services.monitor.figures.question import Window

WITHIN, BETWEEN, UNKNOWN = "within-provider", "between-providers", "unknown"


class Link(NamedTuple):
    """A doorplaatsing and the placement that it ended."""

    spell: Spell
    move: Doorplaatsing


def links_of(population: Population) -> list[Link]:
    """Every doorplaatsing until the date from the placements that are counted."""
    on = population.question.on
    return [
        Link(spell, move)
        for spell in population.placements
        if spell.closure.doorplaatsingen
        for move, origin in _origins(spell.closure)
        if origin is spell.placement and move.on <= on
    ]


def ended_how(spell: Spell) -> str:
    """How a placement ended: in a doorplaatsing (D8), a move within one accommodation, a departure of which no arrival
    is known, a discharge, or death.
    """
    if is_death(spell.final_end):
        return "deceased"
    closure = spell.closure
    if closure.doorplaatsingen and any(origin is spell.placement for _, origin in _origins(closure)):
        return "doorplaatsing"
    if isinstance(spell.final_end, Discharged):
        return "discharged"
    return "departed" if spell.placement is closure.placements[-1] else "within"


def kind_of(move: Doorplaatsing, register: Register) -> str:
    """Whether it was within one provider, by the register."""
    of = {one.accommodation: one.provider for one in register.accommodations}
    left, arrived = of.get(move.from_accommodation), of.get(move.to_accommodation)
    if left is None or arrived is None:
        return UNKNOWN
    return WITHIN if left == arrived else BETWEEN


def own_days(spell: Spell, window: Window, on: date) -> int:
    """Days of the window, before the date, on which somebody is in this placement.

    A day in two placements at once counts for the one that began first, so that days add up to those of the closure.
    """
    a, b = window.a, min(window.b, on)
    mine = _clipped(spell.started_on, spell.ended_on, a, b)
    if spell.placement is None:
        intervals = union(_clipped(stay.started_on, stay.ended_on, a, b) for stay in spell.stays)
        return sum(days(*one) for one in intervals)
    if mine[0] >= mine[1]:
        return 0
    before: list[Placement] = []
    for stay in spell.closure.placements:
        if stay is spell.placement:
            break
        before.append(stay)
    taken = [_clipped(stay.started_on, stay.ended_on, a, b) for stay in before]
    return sum(days(*one) for one in minus([mine], taken))


def _clipped(start: date, end: date | None, a: date, b: date) -> tuple[date, date]:
    return max(start, a), b if end is None else min(end, b)


def _origins(closure: Closure) -> list[tuple[Doorplaatsing, Placement]]:
    """Each doorplaatsing of a closure with the placement that it is from: the last one there that had begun."""
    found = []
    for move in closure.doorplaatsingen:
        there = [stay for stay in closure.placements if stay.accommodation == move.from_accommodation]
        begun = [stay for stay in there if stay.started_on <= move.on]
        found.append((move, (begun or there)[-1]))
    return found
