"""Discharges and what starts after them: what the figures on re-placement share."""

from collections.abc import Mapping
from datetime import date

from services.monitor.dossier.spells import Spell
from services.monitor.dossier.state import Discharged
from services.monitor.figures.exits import ended_in
from services.monitor.figures.population import Population, is_death
from services.monitor.figures.question import ParameterValue

HORIZONS = (30, 90, 180, 365)
"""Days within which somebody may come back."""


def followed_days(_parameters: Mapping[str, ParameterValue]) -> int:
    """For how long discharges are followed, whatever is asked about them."""
    return HORIZONS[-1]


def discharged_in(population: Population) -> list[Spell]:
    """Closures that ended in a discharge in the window, alive."""
    return [spell for spell in ended_in(population, "closures") if discharge_of(spell)]


def discharge_of(spell: Spell) -> Discharged | None:
    """The discharge alive in which it ended; None after death or a departure without arrival, or while it lasts."""
    end = spell.final_end
    return end if isinstance(end, Discharged) and not is_death(end) else None


def next_start(spell: Spell) -> date | None:
    """The start of the next closure of this person (D9), whatever the gap; None when none is known."""
    place = spell.closure.number  # Numbers count from 1, so this is the place of the next.
    closures = spell.dossier.closures
    return closures[place].started_on if place < len(closures) else None
