"""In which groups and windows those outside may not see what started and what ended: a small number would follow."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import combinations, pairwise
from typing import NamedTuple

from services.monitor.disclosure.across import Across, Group
from services.monitor.disclosure.table import EVERYBODY, TOTAL, Dimension, Key
from services.monitor.disclosure.together import Together
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Moving, keys_above
from services.monitor.figures.figure import grouped
from services.monitor.figures.population import Population
from services.monitor.figures.question import Question, Window
from services.monitor.figures.remembering import Remembering
from services.monitor.figures.running import Dates, is_judged, totals_of
from services.monitor.history.known import Known
from shared.calendar import add_months, calendar_date

YEAR = "year"
"""The split that is one of time: a group of it is a window."""
LENGTHS = (12, 3, 1)
"""Months of the windows that are judged with those before and after them."""
BESIDE = 1
"""Of two splits at once, so many windows on each side: their groups are many, and each is small for itself."""

Parts = tuple[Window, ...]
UNITS: tuple[Moving, ...] = ("closures", "placements")
"""What is withheld of one is withheld of the other: those that began a closure are among those that started."""


class _Dated(NamedTuple):
    """When those of each group of a split started and ended."""

    dimensions: tuple[Dimension, ...]
    groups: Mapping[Key, Dates]
    """By inner cell."""

    def each(self) -> Iterator[tuple[Key, Dates]]:
        """Every group, those that hold others too, but no margin of all together."""
        held: dict[Key, list[Dates]] = {}
        for inner, dates in self.groups.items():
            for key in keys_above(inner, self.dimensions):
                if TOTAL not in key:
                    held.setdefault(key, []).append(dates)
        return ((key, dates[0] if len(dates) == 1 else Dates.of_all(dates)) for key, dates in held.items())


_DATED = Remembering[tuple[Moving, tuple[str, ...], date], _Dated](most=100)
_FOUND = Remembering[tuple[Moving, tuple[str, ...], Parts], frozenset[tuple[Key, int]]](most=1_000)
"""The same for every figure and question; by region it takes a second."""
_RUNNING = Remembering[tuple[tuple[str, ...], date], Mapping[Key, frozenset[Hashable]]](most=100)
"""By group of a split; the same for every window."""


class Jointly:
    """What is shown of stocks and movements, put together over groups and time; the same for every figure.

    A window is judged with those of its length before and after it that are known, whatever was asked: the end of one
    is the beginning of the next. And a group is judged by its own splits. So every question that shows a window of a
    group withholds the same.
    """

    def __init__(self, known: Known, question: Question) -> None:
        self._known, self._question = known, question
        self._split = tuple(name for name in question.split if name != YEAR)
        self._until = calendar_date(known.known)
        self._populations: dict[tuple[str, ...], Population] = {}

    def hides(self, key: Key, window: Window) -> bool:
        """Whether of this group (a category or total of each split but the year) nothing is shown in this window."""
        # In one order, so that it is the same whichever split was named first.
        named = sorted(one for one in zip(self._split, key, strict=True) if one[1] != TOTAL)
        split, own = tuple(name for name, _ in named), tuple(category for _, category in named)
        if is_judged(window, whole=not split, until=self._until):
            running = _RUNNING.of(self._known.spells, (split, self._until), lambda: self._running(split))
            if window in running.get(own or EVERYBODY.categories, ()):
                return True
            if not split:
                return False
        parts = self._parts(window, most=BESIDE if len(split) > 1 else None)
        at = own or (TOTAL,), parts.index(window)
        return any(at in self._found(unit, split, parts) for unit in UNITS)

    def _found(self, moved: Moving, split: tuple[str, ...], parts: Parts) -> frozenset[tuple[Key, int]]:
        judged = moved, split, parts
        return _FOUND.of(self._known.spells, judged, lambda: self._withheld(*judged))

    def _dated(self, moved: Moving, split: tuple[str, ...]) -> "_Dated":
        return _DATED.of(self._known.spells, (moved, split, self._until), lambda: self._grouped(moved, split))

    def _running(self, split: tuple[str, ...]) -> Mapping[Key, frozenset[Hashable]]:
        """By group what its own numbers tell of each other, and what those of all the others tell of them.

        Margins are decided before what they hold, so the fate of a group is the same however finely it is split.
        """
        totals = {unit: self._totals(unit, split) for unit in UNITS}
        found: dict[Key, set[Hashable]] = {}
        for groups in totals.values():
            for key, group in groups.items():
                found.setdefault(key, set()).update(group.totals.withheld())
        if split:
            for unit, groups in totals.items():
                above = self._above(unit, split)
                hidden = {key: self._told(key, split) for key in above} | found
                across = Across(self._dated(unit, split).dimensions, above | groups).withheld(hidden)
                for key in groups:
                    found[key] |= across[key]
        return {key: frozenset(windows) for key, windows in found.items()}

    def _totals(self, unit: Moving, split: tuple[str, ...]) -> dict[Key, Group]:
        whole, until = not split, self._until
        shown = {key: totals_of(dates, whole=whole, until=until) for key, dates in self._dated(unit, split).each()}
        return {key: group for key, group in shown.items() if group}

    def _above(self, unit: Moving, split: tuple[str, ...]) -> dict[Key, Group]:
        """The margins of a split: the groups of each part of it, and all together."""
        found: dict[Key, Group] = {}
        for size in range(len(split)):
            for some in combinations(split, size):
                for key, group in self._totals(unit, some).items():
                    own = dict(zip(some, key, strict=False))
                    found[tuple(own.get(name, TOTAL) for name in split)] = group
        return found

    def _told(self, key: Key, split: tuple[str, ...]) -> frozenset[Hashable]:
        """What is withheld of a margin."""
        some = tuple(name for name, category in zip(split, key, strict=True) if category != TOTAL)
        own = tuple(category for category in key if category != TOTAL) or EVERYBODY.categories
        judged = _RUNNING.of(self._known.spells, (some, self._until), lambda: self._running(some))
        return judged.get(own, frozenset())

    def _parts(self, window: Window, *, most: int | None) -> Parts:
        """The window among so many before and after it; one of another length is judged by itself."""
        months = next((one for one in LENGTHS if add_months(window.a, one) == window.b), None)
        if months is None:
            return (window,)
        first = self._first_start or window.a
        starts = [window.a]
        before, after = 0, 0
        while starts[0] > first and before != most:
            starts.insert(0, add_months(starts[0], -months))
            before += 1
        while add_months(starts[-1], 2 * months) <= self._until and after != most:
            starts.append(add_months(starts[-1], months))
            after += 1
        ends: list[date] = [*starts[1:], add_months(starts[-1], months)]
        return tuple(map(Window, starts, ends))

    @cached_property
    def _first_start(self) -> date | None:
        return min((spell.started_on for spell in self._population(()).closures), default=None)

    def _population(self, split: tuple[str, ...]) -> Population:
        if split not in self._populations:
            asked = replace(self._question, on=self._until, split=split, where={})
            self._populations[split] = Population(self._known, asked)
        return self._populations[split]

    def _grouped(self, moved: Moving, split: tuple[str, ...]) -> _Dated:
        population = self._population(split)
        groups = grouped(population, population.spells(moved))
        inner: dict[Key, list[Spell]] = {}
        for key, spell in groups.inner:
            inner.setdefault(key or EVERYBODY.categories, []).append(spell)
        return _Dated(groups.dimensions or (EVERYBODY,), {key: Dates(spells) for key, spells in inner.items()})

    def _withheld(self, moved: Moving, split: tuple[str, ...], parts: Parts) -> frozenset[tuple[Key, int]]:
        dated = self._dated(moved, split)
        turns = [parts[0].a, *(part.b for part in parts)]
        started, ended = (
            [{key: count(dates, turn) for key, dates in dated.groups.items()} for turn in turns]
            for count in (Dates.started, Dates.ended)
        )
        return Together(
            dated.dimensions,
            stocks=[_less(came, left) for came, left in zip(started, ended, strict=True)],
            started=[_less(until, before) for before, until in pairwise(started)],
            ended=[_less(until, before) for before, until in pairwise(ended)],
        ).withheld()


def _less(more: Mapping[Key, int], less: Mapping[Key, int]) -> dict[Key, int]:
    return {key: count - less[key] for key, count in more.items()}
