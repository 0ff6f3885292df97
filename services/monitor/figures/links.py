"""Doorplaatsingen as things to count: each with the placement that it ended."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from services.monitor.accommodations import Register
from services.monitor.dossier.spells import Spell
from services.monitor.dossier.state import Discharged, Doorplaatsing
from services.monitor.figures.population import Population, is_death

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
        if spell.doorplaatsingen
        for move in spell.doorplaatsingen
        if move.on <= on
    ]


def ended_how(spell: Spell, on: date) -> str:
    """How a placement ended: in a doorplaatsing (D8), a move within one accommodation, a departure after which nobody
    arrived by the date, a discharge, or death.
    """
    if is_death(spell.final_end):
        return "deceased"
    if spell.doorplaatsingen and spell.doorplaatsingen[0].on <= on:  # They are in order of day.
        return "doorplaatsing"
    if isinstance(spell.final_end, Discharged):
        return "discharged"
    stays, left = spell.closure.placements, spell.placement
    assert left is not None
    later = stays[1 + next(place for place, stay in enumerate(stays) if stay is left) :]
    within = any(stay.accommodation == left.accommodation and stay.started_on <= on for stay in later)
    return "within" if within else "departed"


def providers(register: Register) -> Mapping[str, str | None]:
    """The provider of each accommodation, by the register."""
    return {one.accommodation: one.provider for one in register.accommodations}


def kind_of(left: str, arrived: str, of: Mapping[str, str | None]) -> str:
    """Whether a move between these accommodations was within one provider, by the provider of each."""
    before, after = of.get(left), of.get(arrived)
    if before is None or after is None:
        return UNKNOWN
    return WITHIN if before == after else BETWEEN
