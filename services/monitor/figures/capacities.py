"""Places in force, by what the register says: on a day, and over the days of a window."""

from datetime import date

from services.monitor.accommodations import Capacity, Register, in_force
from services.monitor.dossier.days import days
from services.monitor.figures.question import Window


def capacities_on(register: Register, day: date) -> list[Capacity]:
    """Those in force in accommodations that are not closed on the day."""
    closed = {one.accommodation for one in register.accommodations if one.closed_since(day)}
    return [one for one in in_force(register.capacities, day) if one.accommodation not in closed]


def places_on(register: Register, day: date) -> dict[str, int]:
    """Places in force by accommodation."""
    found: dict[str, int] = {}
    for one in capacities_on(register, day):
        found[one.accommodation] = found.get(one.accommodation, 0) + one.places
    return found


def place_days(register: Register, window: Window) -> dict[str, int]:
    """Places times days of the window, by accommodation."""
    changes = {one.from_on for one in register.capacities}
    changes |= {day for one in register.accommodations for span in one.closed for day in span}
    cuts = sorted({window.a, *(day for day in changes if window.holds(day))})
    found: dict[str, int] = {}
    for start, end in zip(cuts, [*cuts[1:], window.b], strict=True):
        for accommodation, places in places_on(register, start).items():
            found[accommodation] = found.get(accommodation, 0) + places * days(start, end)
    return found
