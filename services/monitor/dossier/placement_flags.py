"""What the finished placements of one person show to be missing or contradicting: F1, F2, F3, F11, F12 and F21."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from services.monitor.dossier.days import days, open_on
from services.monitor.dossier.flags import raised
from services.monitor.dossier.placements import Stays
from services.monitor.dossier.state import Discharged, Flag, Moved, Placement, Superseded
from shared.facts.oddities import odd_age
from shared.facts.placement import CLOSED_REGIME


def placement_flags(stays: Stays, *, died_on: Iterable[date], link_days: int) -> Iterator[Flag]:
    """The flags on placements; `died_on` are the days on which something else than a discharge says that they died.

    What is odd about an end is told to who reported that.
    """
    placements = stays.placements
    if len(placements) > 1:
        yield from _overlaps(placements)
    yield from _after_death(placements, died_on)
    for position, placement in enumerate(placements):
        match placement.end:
            case Superseded(on):
                yield _on(placement, "F2", on)
            case Moved(on) if not _arrived(position, placements, on=on, link_days=link_days):
                yield raised("F3", about=placement.placement, since_on=on, source=stays.ender(placement))
            case Discharged(on, "unknown"):
                yield raised("F12", about=placement.placement, since_on=on, source=stays.ender(placement))
            case _:
                pass
        if placement.birth_month is not None and placement.regime == CLOSED_REGIME:
            yield from _age(placement, placement.birth_month)


def _on(placement: Placement, code: str, since_on: date) -> Flag:
    return raised(code, about=placement.placement, since_on=since_on, source=placement.source)


def _overlaps(placements: Sequence[Placement]) -> Iterator[Flag]:
    """F1 about both of two placements that share a day, so that both publishers see it.

    One look back is enough: whatever the next one overlaps is overlapped by the one that ends last so far too.
    """
    last = placements[0]
    overlapped: dict[Placement, date] = {}
    for placement in placements[1:]:
        start, end = placement.started_on, placement.ended_on
        if start != end and (last.ended_on is None or start < last.ended_on):
            overlapped.setdefault(last, start)
            overlapped.setdefault(placement, start)
        if last.ended_on is not None and (end is None or end >= last.ended_on):
            last = placement
    for placement, since_on in overlapped.items():
        yield _on(placement, "F1", since_on)


def _arrived(position: int, placements: Sequence[Placement], *, on: date, link_days: int) -> bool:
    """Whether it is known where the young person went on the day of the doorplaatsing, under whatever regime."""
    left = placements[position]
    for other_position, other in enumerate(placements):
        if other_position == position:
            continue
        if open_on(other, on) or (other.arrives_from == left.placement and other.started_on >= left.started_on):
            return True
        if other_position > position and 0 <= days(on, other.started_on) <= link_days:
            return True
    return False


def _after_death(placements: Sequence[Placement], died_on: Iterable[date]) -> Iterator[Flag]:
    deaths = [
        *died_on,
        *(
            stay.end.on
            for stay in placements
            if isinstance(stay.end, Discharged) and "deceased" in (stay.end.end_mode, stay.end.destination)
        ),
    ]
    if deaths:
        for placement in placements:
            if placement.started_on > min(deaths):
                yield _on(placement, "F21", placement.started_on)


def _age(placement: Placement, birth_month: str) -> Iterator[Flag]:
    severity = odd_age(placement.started_on, birth_month)
    if severity is not None:
        yield replace(_on(placement, "F11", placement.started_on), severity=severity)
