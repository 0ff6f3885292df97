"""How a placement is closed, from its start and from each change on, and how many days of a closure are in each way."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.monitor.dossier.course import Mode
from services.monitor.dossier.days import Interval, days, minus
from services.monitor.dossier.state import Placement


class InMode(NamedTuple):
    """A placement is closed in one way during [from_on, until_on)."""

    mode: str
    """gesloten, besloten, hybride or open."""
    from_on: date
    until_on: date | None
    """None while it lasts."""


def modes_of(stay: Placement, told: Sequence[Mode]) -> tuple[InMode, ...]:
    """The ways in which a placement is closed, in order of day: together they are the days of the placement.

    `told` are the changes of the whole dossier; those of other placements say nothing of this one.
    """
    own = [one for one in told if one.placement == stay.placement and one.source == stay.source]
    modes = [stay.closure_mode, *(one.closure_mode for one in own)]
    changes = [one.changed_on for one in own]
    return tuple(map(InMode, modes, [stay.started_on, *changes], [*changes, stay.ended_on]))


def days_by_mode(stays: Sequence[Placement], told: Sequence[Mode], *, a: date, b: date) -> Mapping[str, int]:
    """Days of [a, b) inside these placements, in order of start, by the way in which they are closed.

    A day in two placements at once counts once, in the way of the one that began first.
    """
    found: dict[str, int] = {}
    taken: list[Interval] = []
    last_on = date.min  # From then on no day is taken.
    for stay in stays:
        for mode, from_on, until_on in modes_of(stay, told):
            span = (max(from_on, a), b if until_on is None else min(until_on, b))
            left = [span] if from_on >= last_on else minus([span], taken)
            found[mode] = found.get(mode, 0) + sum([max(0, days(*one)) for one in left])
        ended_on = stay.ended_on or date.max
        taken.append((stay.started_on, ended_on))
        last_on = max(last_on, ended_on)
    return found
