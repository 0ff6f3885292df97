"""The figures of one day that the metrics show, from tallies, the register and the sources; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.monitor.accommodations import Register
from services.monitor.figures.capacities import capacities_on
from services.monitor.figures.links import kind_of, providers
from services.monitor.flags.places import Places, differs
from services.monitor.flags.standing import silence
from services.monitor.metrics import spans
from services.monitor.metrics.tallies import Tallies

AreaAndDay = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The figures on one day. How long something lasts is told by the day since when it does."""

    on: date
    open_closures: Mapping[tuple[str, str], int]
    """By area, and the kind of the title that covers the day and lasts longest; none: nobody may keep them (D10)."""
    open_since: Mapping[AreaAndDay, int]
    """Open closures by area and first day; a doorplaatsing never restarts one (D7)."""
    without_title_since: Mapping[AreaAndDay, int]
    """Open closures without a title, by area and the first day in a row without one."""
    covered_until: Mapping[date, int]
    """Open closures with one, by the first day that no title covers any more, in one piece with today."""
    waiting_since: Mapping[date, int]
    with_title_since: Mapping[date, int]
    """Those who wait with a title that is not executed, by the first day of that title."""
    untitled_since: Mapping[date, int]
    """Those who wait without one, by the first day of the wait."""
    placements_started: int
    discharges: int
    doorplaatsingen: Mapping[str, int]
    """By kind: within-provider, between-providers, unknown (a provider is not registered)."""
    replacement_gaps: Mapping[int, int]
    """Closures after an earlier one (D9), by the days in between."""
    closure_days: Mapping[int, int]
    """Ended closures by their days."""
    placement_days: Mapping[int, int]
    """Ended placements by their days."""
    places: Mapping[str, int]
    """Places in force by closure mode."""
    occupied_places: int
    flags: Mapping[str, int]
    """By code."""


def snapshot(tallies: Tallies, register: Register, heard: Mapping[str, date]) -> Snapshot:
    """The figures of the day of the tallies; `heard` is by source the last day on which it was heard."""
    started = tallies.of(spans.STARTED_ON)
    return Snapshot(
        on=tallies.on,
        open_closures=tallies.of(spans.OPEN),
        open_since=tallies.of(spans.OPEN_SINCE),
        without_title_since=tallies.of(spans.WITHOUT_TITLE_SINCE),
        covered_until=tallies.of(spans.COVERED_UNTIL),
        waiting_since=tallies.of(spans.WAITING_SINCE),
        with_title_since=tallies.of(spans.WITH_TITLE_SINCE),
        untitled_since=tallies.of(spans.UNTITLED_SINCE),
        placements_started=sum(started.values()),
        discharges=tallies.of(spans.DISCHARGED).get(None, 0),
        doorplaatsingen=_moves(tallies, register),
        replacement_gaps=tallies.of(spans.REPLACED_AFTER),
        closure_days=tallies.of(spans.ENDED_AFTER),
        placement_days=tallies.of(spans.LEFT_AFTER),
        places=_places(register, tallies.on),
        occupied_places=tallies.of(spans.OCCUPIED).get(None, 0),
        flags=_flags(tallies, register, heard),
    )


def _moves(tallies: Tallies, register: Register) -> dict[str, int]:
    of = providers(register)
    found: Counter[str] = Counter()
    for (left, arrived), number in tallies.of(spans.MOVED).items():
        found[kind_of(left, arrived, of)] += number
    return dict(found)


def _places(register: Register, on: date) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in capacities_on(register, on):
        found[one.closure_mode] += one.places
    return dict(found)


def _flags(tallies: Tallies, register: Register, heard: Mapping[str, date]) -> dict[str, int]:
    on, places = tallies.on, Places(register)
    found = Counter(tallies.of(spans.FLAGS)) + Counter(tallies.of(spans.UNREGISTERED))
    for count in places.last_counts(on):
        found["F13"] += differs(count, tallies.on_day(spans.PLACED, count.accommodation, count.counted_on))
    found["F14"] += _number(places.empty_since(accommodation, on) for accommodation, _ in tallies.of(spans.INSIDE))
    day = timedelta(days=1)
    found["F22"] += _number(silence(source, last + day, on=on) for source, last in heard.items())
    return dict(found)


def _number(found: Iterable[object | None]) -> int:
    return sum(one is not None for one in found)
