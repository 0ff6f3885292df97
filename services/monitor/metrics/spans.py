"""What one person counts in the metrics, as spans of days; pure, and the same whatever day it is.

Everything counts stays of regime jw6 (Jeugdwet chapter 6), by the spells that the figures count too. A date after the
day that is asked about has not happened: a start that is announced does not count, nor does an end (D3).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from services.monitor.dossier.days import Interval, days, union
from services.monitor.dossier.spells import Spell, closure_spells, placement_spells
from services.monitor.dossier.state import Discharged, Dossier, Waiting
from services.monitor.figures.population import is_death
from services.monitor.figures.splits import NONE, covering
from services.monitor.flags.places import Places
from services.monitor.flags.standing import raised_spans, unregistered_spans
from services.monitor.metrics.tallies import Span
from shared.facts.regions import AREA_OF

REPLACED_WITHIN_DAYS = 90
"""A re-placement that the processes follow: so many days after a discharge at most."""

# The tallies, each with its key.
OPEN = "open closures"  # area, kind of the title that covers the day and lasts longest, or none
OPEN_SINCE = "open closures since"  # area, first day
WITHOUT_TITLE_SINCE = "open closures without title since"  # area, first day in a row
COVERED_UNTIL = "open closures covered until"  # the first day that no title covers any more, in one piece with the day
ENDED_AFTER = "ended closures after"  # days
REPLACED_AFTER = "re-placements after"  # days since the closure before
DISCHARGED_ON = "closures that ended alive on"  # day
RETURNED_ON = "re-placements within 90 days on"  # day
RETURNED_UNTIL = "risk of re-placements within 90 days would have lasted until"  # day
STARTED_ON = "placements started on"  # day
LEFT_ON = "placements ended on"  # day
LEFT_AFTER = "ended placements after"  # days
DISCHARGED = "placements ended in a discharge"
MOVED = "doorplaatsingen"  # from and to accommodation
MOVED_ON = "doorplaatsingen on"  # day
INSIDE = "open placements"  # accommodation, source
OCCUPIED = "persons inside"
WAITING_SINCE = "waits since"  # day
WITH_TITLE_SINCE = "waits with a title since"  # the first day of the title
UNTITLED_SINCE = "waits without a title since"  # the first day of the wait
FLAGS = "flags"  # code
PLACED = "persons placed"  # accommodation; kept for any day
UNREGISTERED = "flags on accommodations that were not registered"  # code

KEPT = frozenset({PLACED})
"""The tallies that are asked for on other days too."""

DAY = timedelta(days=1)


def spans_of(dossier: Dossier) -> Iterator[Span]:
    """Everything about this person that follows from their facts alone."""
    before: Spell | None = None
    for spell in closure_spells((dossier,)):
        yield from _closure(spell)
        if before is not None:
            yield from _return(before, spell)
        before = spell
    inside = []
    placed: dict[str, list[Interval]] = {}
    for spell in placement_spells((dossier,)):
        assert spell.placement is not None
        yield from _placement(spell)
        inside.append((spell.started_on, spell.ended_on or date.max))
        placed.setdefault(spell.placement.accommodation, []).append(inside[-1])
    # Someone with two overlapping placements takes one place (F1).
    for start, end in union(inside):
        yield Span(OCCUPIED, None, start, _unless_last(end))
    for accommodation, stays in placed.items():
        for start, end in union(stays):
            yield Span(PLACED, accommodation, start, _unless_last(end))
    for wait in dossier.waiting:
        yield from _wait(wait)
    for one in raised_spans(dossier):
        yield Span(FLAGS, one.flag.code, one.from_on, one.until_on)


def spans_by_register(dossier: Dossier, places: Places) -> Iterator[Span]:
    """Everything about this person that depends on the register of accommodations too."""
    for one in unregistered_spans(dossier, places):
        yield Span(UNREGISTERED, one.flag.code, one.from_on, one.until_on)


def _closure(spell: Spell) -> Iterator[Span]:
    area, start, end = AREA_OF[spell.stays[0].region], spell.started_on, spell.ended_on
    yield Span(OPEN_SINCE, (area, start), start, end)
    yield from _titles(spell, area)
    if end is not None:
        yield Span(ENDED_AFTER, spell.days(), end, None)
        if not is_death(spell.final_end):
            yield Span(DISCHARGED_ON, end, end, None)
    for move in spell.doorplaatsingen:
        yield Span(MOVED, (move.from_accommodation, move.to_accommodation), move.on, None)
        yield Span(MOVED_ON, move.on, move.on, None)


def _return(before: Spell, spell: Spell) -> Iterator[Span]:
    """A re-placement (D9). After a death (F21) nobody was at risk of one, so it is none of those that are expected."""
    start, previous = spell.started_on, before.ended_on
    assert previous is not None
    gap = days(previous, start)
    yield Span(REPLACED_AFTER, gap, start, None)
    if gap <= REPLACED_WITHIN_DAYS and not is_death(before.final_end):
        yield Span(RETURNED_ON, start, start, None)
        yield Span(RETURNED_UNTIL, previous + (REPLACED_WITHIN_DAYS + 1) * DAY, start, None)


def _titles(spell: Spell, area: str) -> Iterator[Span]:
    """By what title it is closed, from one change of that to the next."""
    start, end = spell.started_on, spell.ended_on or date.max
    held = [one for one in spell.dossier.titles if one.until_on > start and one.from_on < end]
    turns = {day for one in held for day in (one.from_on, one.until_on) if start < day < end}
    cuts = [start, *sorted(turns), end]
    for since, until in pairwise(cuts):
        title = covering(held, since)
        yield Span(OPEN, (area, title.kind if title else NONE), since, _unless_last(until))
        if title is None:
            yield Span(WITHOUT_TITLE_SINCE, (area, since), since, _unless_last(until))
    for since, until in union((one.from_on, one.until_on) for one in spell.dossier.titles) if held else ():
        yield Span(COVERED_UNTIL, until, max(since, start), _unless_last(min(until, end)))


def _placement(spell: Spell) -> Iterator[Span]:
    stay, start, end = spell.placement, spell.started_on, spell.ended_on
    assert stay is not None
    yield Span(STARTED_ON, start, start, None)
    yield Span(INSIDE, (stay.accommodation, stay.source), start, end)
    if end is not None:
        yield Span(LEFT_ON, end, end, None)
        yield Span(LEFT_AFTER, spell.days(), end, None)
        if isinstance(stay.end, Discharged):
            yield Span(DISCHARGED, None, end, None)


def _wait(wait: Waiting) -> Iterator[Span]:
    start, end = wait.since_on, wait.until_on or date.max
    yield Span(WAITING_SINCE, start, start, wait.until_on)
    untitled_from = start
    for title in wait.titles:
        begin = min(max(title.from_on, start), end)
        until = min(title.until_on, end)
        yield Span(UNTITLED_SINCE, start, untitled_from, _unless_last(begin))
        yield Span(WITH_TITLE_SINCE, title.from_on, begin, _unless_last(until))
        untitled_from = until
    yield Span(UNTITLED_SINCE, start, untitled_from, _unless_last(end))


def _unless_last(day: date) -> date | None:
    return None if day == date.max else day
