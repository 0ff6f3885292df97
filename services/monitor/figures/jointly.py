"""In which groups and windows those outside may not see what started and what ended: a small number would follow."""

from collections.abc import Hashable
from dataclasses import replace
from datetime import date

from services.monitor.disclosure.table import TOTAL, Dimension, Key
from services.monitor.disclosure.together import Together
from services.monitor.dossier.days import add_months
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Moving
from services.monitor.figures.everybody import is_judged, withheld_of_everybody
from services.monitor.figures.figure import grouped
from services.monitor.figures.flow import movements
from services.monitor.figures.population import Population
from services.monitor.figures.question import Question, Window
from services.monitor.figures.remembering import Remembering
from services.monitor.history.known import Known
from shared.calendar import calendar_date

YEAR = "year"
"""The split that is one of time: a group of it is a window."""
LENGTHS = (12, 3, 1)
"""Months of the windows that are judged with those before and after them."""
BESIDE = 1
"""Of two splits at once, so many windows on each side: their groups are many, and each is small for itself."""
_EVERYBODY = Dimension("everybody", ("everybody",))

Parts = tuple[Window, ...]
_FOUND = Remembering[tuple[Moving, tuple[str, ...], Parts], frozenset[tuple[Key, int]]](most=1_000)
"""The same for every figure and question; by region it takes a second."""
_EVERYBODYS = Remembering[date, frozenset[Hashable]](most=8)


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
        self._firsts: dict[Moving, date | None] = {}
        self._populations: dict[tuple[str, ...], Population] = {}

    def hides(self, moved: Moving, key: Key, window: Window) -> bool:
        """Whether of this group (a category or total of each split but the year) nothing is shown in this window."""
        split = tuple(name for name, category in zip(self._split, key, strict=True) if category != TOTAL)
        if not split and is_judged(window, until=self._until):
            return window in _EVERYBODYS.of(self._known.spells, self._until, self._withheld_of_everybody)
        parts = self._parts(moved, window, most=BESIDE if len(split) > 1 else None)
        judged = moved, split, parts
        found = _FOUND.of(self._known.spells, judged, lambda: self._withheld(*judged))
        own = tuple(category for category in key if category != TOTAL) or (TOTAL,)
        return (own, parts.index(window)) in found

    def _parts(self, moved: Moving, window: Window, *, most: int | None) -> Parts:
        """The window among so many before and after it; one of another length is judged by itself."""
        months = next((one for one in LENGTHS if add_months(window.a, one) == window.b), None)
        if months is None:
            return (window,)
        first = self._first_start(moved) or window.a
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

    def _first_start(self, moved: Moving) -> date | None:
        if moved not in self._firsts:
            spells = self._population(()).spells(moved)
            self._firsts[moved] = min((spell.started_on for spell in spells), default=None)
        return self._firsts[moved]

    def _population(self, split: tuple[str, ...]) -> Population:
        if split not in self._populations:
            asked = replace(self._question, on=self._until, split=split, where={})
            self._populations[split] = Population(self._known, asked)
        return self._populations[split]

    def _withheld_of_everybody(self) -> frozenset[Hashable]:
        """Of placements or of closures: those that started are among these, so a number of one bounds that of both."""
        everybody = self._population(())
        of_both = (
            withheld_of_everybody(spells, until=self._until) for spells in (everybody.closures, everybody.placements)
        )
        return frozenset().union(*of_both)

    def _withheld(self, moved: Moving, split: tuple[str, ...], parts: Parts) -> frozenset[tuple[Key, int]]:
        population = self._population(split)
        groups = grouped(population, population.spells(moved))
        inner: dict[Key, list[Spell]] = {}
        for key, spell in groups.inner:
            inner.setdefault(key or _EVERYBODY.categories, []).append(spell)
        counted = {key: movements(spells, parts) for key, spells in inner.items()}
        places = range(len(parts))
        stocks = [{key: found[at].begin for key, found in counted.items()} for at in places]
        stocks.append({key: found[-1].end for key, found in counted.items()})
        return Together(
            groups.dimensions or (_EVERYBODY,),
            stocks=stocks,
            started=[{key: found[at].started for key, found in counted.items()} for at in places],
            ended=[{key: found[at].ended for key, found in counted.items()} for at in places],
        ).withheld()
