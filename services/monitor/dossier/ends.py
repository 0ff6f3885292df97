"""Ends: what is reported to have ended a placement, and which of several reports counts."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.monitor.dossier.flags import raised
from services.monitor.dossier.records import Reported, Standing, last_recorded
from services.monitor.dossier.state import Discharged, Flag, Moved
from shared.facts.discharge import DischargeRecorded
from shared.facts.doorplaatsing import DoorplaatsingRecorded
from shared.facts.placement import PlacementStarted

Report = Reported[DoorplaatsingRecorded | DischargeRecorded]


class Departure(NamedTuple):
    """One report that ends a placement."""

    placement: str
    """The key of the placement that it names."""
    end: Discharged | Moved
    report: Report


def departures(facts: Standing) -> Iterator[Departure]:
    """Everything that stands and ends a placement."""
    for moved in facts.of(DoorplaatsingRecorded):
        move = moved.fact
        yield Departure(move.placement, Moved(move.departed_on, move.reason, move.to_accommodation), moved)
    for discharged in facts.of(DischargeRecorded):
        discharge = discharged.fact
        end = Discharged(discharge.discharged_on, discharge.destination, discharge.end_mode, discharge.follow_up)
        yield Departure(discharge.placement, end, discharged)


def end_of(start: Reported[PlacementStarted], reported: Sequence[Departure], flags: list[Flag]) -> Departure | None:
    """Of what is reported for this placement what counts, None while it is open; adds what is wrong to `flags`.

    An end before the start is not believed (F5): an error must not make a young person disappear. Of several ends the
    earliest counts; on one date the doorplaatsing, because the clock of a closure must not stop on a doubt (F23).
    """
    started_on, believed = start.fact.started_on, []
    for departure in reported:
        if departure.end.on >= started_on:
            believed.append(departure)
        else:
            flags.append(raised("F5", about=departure.placement, since_on=started_on, source=departure.report.source))
    if len(believed) <= 1:
        return believed[0] if believed else None
    first = _earliest(believed)
    if not all(_say_one(departure.end, first.end) for departure in believed):
        source = last_recorded([departure.report for departure in believed]).source
        flags.append(raised("F23", about=start.fact.placement, since_on=first.end.on, source=source))
    return first


def _say_one(one: Discharged | Moved, other: Discharged | Moved) -> bool:
    """Whether two reports say one end; who is silent about the help that follows contradicts nobody."""
    if isinstance(one, Discharged) and isinstance(other, Discharged) and None in (one.follow_up, other.follow_up):
        return (one.on, one.destination, one.end_mode) == (other.on, other.destination, other.end_mode)
    return one == other


def _earliest(reported: Sequence[Departure]) -> Departure:
    first = min(departure.end.on for departure in reported)
    on_it = [departure for departure in reported if departure.end.on == first]
    moves = [departure for departure in on_it if isinstance(departure.end, Moved)]
    return max(moves or on_it, key=lambda departure: departure.report.recorded)
