"""Doorplaatsingen as things to count: each with the placement that it ended; and the care days of a placement."""

from datetime import date
from typing import NamedTuple

from services.monitor.accommodations import Register
from services.monitor.dossier.days import days, minus, union
from services.monitor.dossier.state import Discharged, Doorplaatsing, Placement
from services.monitor.figures.population import Population, Spell, is_death
from services.monitor.figures.question import Window

WITHIN, BETWEEN, UNKNOWN = "within-provider", "between-providers", "unknown"


class Link(NamedTuple):
    """A doorplaatsing and the placement that it ended."""

    spell: Spell
    move: Doorplaatsing


def links_of(population: Population) -> list[Link]:
    """Every doorplaatsing until the date from the placements that are counted."""
    on, link_days = population.question.on, population.question.conventions.link_days
    found = []
    for spell in population.placements:
        move = _ending(spell, link_days)
        if move is not None and move.on <= on:
            found.append(Link(spell, move))
    return found


def ended_how(spell: Spell, link_days: int) -> str:
    """How a placement ended: in a doorplaatsing (D8), a departure without a known arrival, a discharge or death."""
    if is_death(spell.final_end):
        return "deceased"
    if _ending(spell, link_days) is not None:
        return "doorplaatsing"
    return "discharged" if isinstance(spell.final_end, Discharged) else "departed"


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


def _ending(spell: Spell, link_days: int) -> Doorplaatsing | None:
    """The link from this placement to a next one: out of its accommodation, at most G days after its end."""
    stay = spell.placement
    if stay is None or spell.ended_on is None or not spell.closure.doorplaatsingen:
        return None
    for move in spell.closure.doorplaatsingen:
        leaves = move.from_accommodation == stay.accommodation and move.on >= stay.started_on
        if leaves and days(spell.ended_on, move.on) <= link_days:
            return move
    return None
