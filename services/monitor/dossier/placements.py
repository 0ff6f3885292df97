"""Placements (D5): the starts that stand, the ends that name them, what a later start proves, and restarts joined."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.monitor.dossier.ends import Departure, departures, end_of
from services.monitor.dossier.flags import raised
from services.monitor.dossier.records import Reported, Standing, last_recorded
from services.monitor.dossier.state import End, Flag, Moved, Placement, Superseded
from shared.facts.placement import PlacementStarted

Start = Reported[PlacementStarted]
Key = tuple[str, str]
"""What a publisher calls a placement, and its source."""


@dataclass(frozen=True, slots=True)
class Stays:
    """The placements of one person."""

    reported: tuple[Placement, ...]
    """One for each start that was reported; a machtiging is executed by these."""
    placements: tuple[Placement, ...]
    """The same with administrative restarts joined, in order of start; everything is counted in these."""
    joined_to: Mapping[Key, Key]
    """The reported ones that were joined, and the placement that each is part of."""
    ended_by: Mapping[Key, str]
    """By counted placement the source that told its end; not where nobody did."""
    flags: list[Flag]

    def named(self, placement: str, source: str) -> Placement | None:
        """The placement that a source names, or that is part of after an administrative restart (D6)."""
        stay = named_stay(placement, source, self.reported)
        return None if stay is None else self.whole(stay)

    def whole(self, stay: Placement) -> Placement:
        """The placement that a reported one is, or is part of after an administrative restart (D6)."""
        key = self.joined_to.get(_key(stay), _key(stay))
        return next(one for one in self.placements if _key(one) == key)

    def is_joined(self, stay: Placement) -> bool:
        """Whether a reported one is part of the placement before it after an administrative restart (D6)."""
        return _key(stay) in self.joined_to

    def ender(self, placement: Placement) -> str:
        """The source that told its end; of one that nobody told, who told the start."""
        return self.ended_by.get(_key(placement), placement.source)


def stays(facts: Standing) -> Stays:
    """All placements of a person, of every regime (D5)."""
    flags: list[Flag] = []
    starts = _starts(facts.of(PlacementStarted), flags)
    told_by: dict[Key, str] = {}
    reported = tuple(sorted(_with_ends(starts, departures(facts), told_by, flags), key=_order))
    placements, joined_to = _joined(reported, flags)
    _flag_unknown_origins(reported, flags)
    # Of one that was joined it is the last part that says the end.
    ended_by = {joined_to.get(key, key): told_by[key] for key in map(_key, reported) if key in told_by}
    return Stays(reported, placements, joined_to, ended_by, flags)


def named_stay(placement: str, source: str, reported: Sequence[Placement]) -> Placement | None:
    """The reported one that a source names; where two institutions number alike, the one of the same source."""
    named = [stay for stay in reported if stay.placement == placement]
    if len(named) > 1:
        named = [stay for stay in named if stay.source == source]
    return named[0] if len(named) == 1 else None


def _order(placement: Placement) -> tuple[date, date, str, str]:
    """By start; of those that start on one day the one that ends first comes first (D11), an open one last."""
    return placement.started_on, placement.ended_on or date.max, placement.placement, placement.source


def _starts(reports: Iterable[Start], flags: list[Flag]) -> dict[str, list[Start]]:
    """The starts that count, by the publisher's key of the placement.

    Two records that say one start are one placement: the one recorded last counts (F24). Only when two sources use one
    key for different accommodations these are two institutions that number alike, and both stay: the other reading
    would make one of the placements disappear.
    """
    by_key = _grouped(reports, lambda start: start.fact.placement)
    for key, said in by_key.items():
        if len(said) > 1:
            by_source = [last_recorded(same) for same in _grouped(said, lambda start: start.source).values()]
            by_place = _grouped(by_source, lambda start: start.fact.accommodation)
            kept = [last_recorded(same) for same in by_place.values()]
            if len(kept) < len(said):
                last = last_recorded(said)
                flags.append(raised("F24", about=key, since_on=last.fact.started_on, source=last.source))
            by_key[key] = kept
    return by_key


def _grouped(starts: Iterable[Start], key: Callable[[Start], str]) -> dict[str, list[Start]]:
    groups: dict[str, list[Start]] = {}
    for start in starts:
        groups.setdefault(key(start), []).append(start)
    return groups


def _with_ends(
    by_key: Mapping[str, Sequence[Start]], reported: Iterable[Departure], told_by: dict[Key, str], flags: list[Flag]
) -> list[Placement]:
    """Every start with the end that counts: reported, or proved by a later start (F2), or none.

    Adds to `told_by` which source reported it.
    """
    of_start: dict[tuple[str, str], list[Departure]] = {}
    for departure in reported:
        key = departure.placement
        begun = by_key.get(key, ())
        if len(begun) > 1:
            begun = [start for start in begun if start.source == departure.report.source]
        if len(begun) == 1:
            of_start.setdefault((key, begun[0].source), []).append(departure)
        else:
            flags.append(raised("F4", about=key, since_on=departure.end.on, source=departure.report.source))
    starts = [start for said in by_key.values() for start in said]
    found = []
    for start in starts:
        named = start.fact.placement, start.source
        left = end_of(start, of_start.get(named, ()), flags)
        if left is not None:
            told_by[named] = left.report.source
        found.append(_placement(start, left.end if left else _superseded(start, starts)))
    return found


def _superseded(start: Start, starts: Sequence[Start]) -> Superseded | None:
    """The end of an open placement that a later start proves (D5): the first later one under the same regime.

    A start under another regime proves nothing: regimes overlap in practice, and a closed stay must not end on a doubt.
    """
    began, regime = start.fact.started_on, start.fact.regime
    later = [s.fact.started_on for s in starts if s.fact.started_on > began and s.fact.regime == regime]
    return Superseded(min(later)) if later else None


def _placement(start: Start, end: End | None) -> Placement:
    fact = start.fact
    return Placement(
        placement=fact.placement,
        source=start.source,
        accommodation=fact.accommodation,
        region=fact.region,
        regime=fact.regime,
        closure_mode=fact.closure,
        route=fact.route,
        started_on=fact.started_on,
        end=end,
        arrives_from=fact.arrives_from,
        machtiging=fact.machtiging,
        origin=fact.origin,
        birth_month=fact.birth_month,
        sex=fact.sex,
    )


def _key(placement: Placement) -> Key:
    return placement.placement, placement.source


def _joined(reported: Sequence[Placement], flags: list[Flag]) -> tuple[tuple[Placement, ...], Mapping[Key, Key]]:
    """Administrative restarts joined (D6, F20): a gap of 0 days at one accommodation without a doorplaatsing.

    The first one gives the key, the start and what was said at the start, the last one the end; month of birth and sex
    are of whichever says them first. Whoever arrives from one that was joined arrives from the first. Another stay
    there that began in between, and was over before or lasts longer, changes nothing of this.
    """
    placements: list[Placement] = []
    left: dict[tuple[str, str, date], int] = {}
    joined_to: dict[Key, Key] = {}
    for placement in reported:
        there = placement.regime, placement.accommodation
        place = left.pop((*there, placement.started_on), None)
        if place is not None and not isinstance(placements[place].end, Moved):
            first = placements[place]
            placements[place] = _continued(first, placement)
            joined_to[_key(placement)] = _key(first)
            flags.append(
                raised("F20", about=placement.placement, since_on=placement.started_on, source=placement.source)
            )
        else:
            place = len(placements)
            placements.append(placement)
        if placement.ended_on is not None:
            left[*there, placement.ended_on] = place
    if not joined_to:
        return tuple(placements), joined_to
    first_key = {placement: first for (placement, _), (first, _) in joined_to.items()}
    renamed = (replace(p, arrives_from=first_key.get(p.arrives_from or "", p.arrives_from)) for p in placements)
    return tuple(sorted(renamed, key=_order)), joined_to


def _continued(first: Placement, second: Placement) -> Placement:
    """What is told of either part is told of the whole (D6)."""
    return replace(
        first,
        end=second.end,
        birth_month=first.birth_month or second.birth_month,
        sex=first.sex or second.sex,
    )


def _flag_unknown_origins(placements: Iterable[Placement], flags: list[Flag]) -> None:
    known = {placement.placement for placement in placements}
    flags.extend(
        raised("F4", about=p.arrives_from, since_on=p.started_on, source=p.source)
        for p in placements
        if p.arrives_from and p.arrives_from not in known
    )
