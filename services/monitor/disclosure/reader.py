"""Whoever reads all that is shown of some numbers, of each group and of all groups together, and puts it together.

Each number may be shown by itself, rounded, and yet several of them may tell one below ten. So the reader narrows what
each can be by every sum that is known to hold. Where too few counts stay possible for a small one, something is left
out.
"""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from services.monitor.disclosure.counts import SMALLEST_SHOWN, STEP, Count, Published, TooSmall, Withheld, rounded
from services.monitor.disclosure.disclose import Audience, disclosed
from services.monitor.disclosure.grid import Grid, Level, grid_of
from services.monitor.disclosure.table import Dimension, Key, Table

NARROWEST = 3
"""Of a small number at least so many counts more than one stay possible for whoever puts all of it together.

Here rounding is relied on: each number that is shown stands for five, and two tables are never withheld for each other.
"""
_ANY = 1 << 40


class Place(NamedTuple):
    """One number: what is counted, in which period, of which group."""

    measure: int
    at: int
    cell: int


Sum = list[tuple[Place, int]]
"""Terms, each with its sign, that are 0 together."""


class Reader(ABC):
    """Numbers by group and period, as whoever reads all that is shown of them puts them together."""

    withholds: tuple[int, ...]
    """The measures of which nothing is shown of a group and period that is withheld."""

    def __init__(self, dimensions: tuple[Dimension, ...], *, periods: int) -> None:
        self._dimensions, self._periods = dimensions, periods
        self._grid: Grid = grid_of(Table(dimensions, {}))
        self._low: dict[Place, int] = {}
        self._high: dict[Place, int] = {}
        self._small: list[Place] = []

    def withheld(self) -> frozenset[tuple[Key, int]]:
        """The groups, margins included, and periods of which nothing may be shown of what is withheld.

        Margins are decided before what they hold, so the fate of a group is the same however finely it is split.
        """
        hidden: set[tuple[int, int]] = set()
        for level in self._grid.levels:
            cells = [cell for one in self._grid.levels if _within(one, level) for cell in self._grid.cells_at(one)]
            here = set(self._grid.cells_at(level))
            while narrow := self._narrow(cells, hidden):
                more = {one for place in narrow for one in self._around(place, here)} - hidden
                if not more:
                    more = {(cell, at) for cell in here for at in range(self._periods)} - hidden
                if not more:
                    break
                hidden |= more
        keys = self._grid.keys()
        return frozenset((keys[cell], at) for cell, at in hidden)

    def _note(self, measure: int, at: int, counts: Mapping[Key, int], *, guarded: bool = True) -> None:
        """What is shown of a count, as the counts it may stand for; a small one is told to nobody if it is guarded."""
        table = Table(self._dimensions, counts)
        exact = grid_of(table).counts
        for cell, shown in enumerate(disclosed(table, to=Audience.OUTSIDE).cells.values()):
            place = Place(measure, at, cell)
            self._low[place], self._high[place] = _stands_for(shown, exact[cell])
            if guarded and isinstance(shown, TooSmall):
                self._small.append(place)

    def _note_unseen(self, measure: int, at: int, counts: Sequence[int]) -> None:
        """Counts by cell of which nothing is shown anywhere; a small one is told to nobody."""
        for cell, count in enumerate(counts):
            place = Place(measure, at, cell)
            self._low[place], self._high[place] = 0, _ANY
            if count < SMALLEST_SHOWN:
                self._small.append(place)

    @abstractmethod
    def _sums(self, cell: int) -> Iterator[Sum]:
        """What is known to be 0 of one group."""

    @abstractmethod
    def _times(self, measure: int) -> int:
        """How many numbers there are of a measure."""

    def _periods_beside(self, place: Place) -> tuple[int, ...]:
        """The periods of which something is withheld for a number."""
        return (place.at,)

    def _around(self, place: Place, here: set[int]) -> list[tuple[int, int]]:
        """What may be withheld for a number: of its group, or of the groups of this level that its group holds."""
        nodes = self._grid.nodes(place.cell)
        below = [
            cell
            for cell in here
            if all(
                node in axis.chains[other]
                for axis, node, other in zip(self._grid.axes, nodes, self._grid.nodes(cell), strict=True)
            )
        ]
        return [(cell, at) for cell in below for at in self._periods_beside(place) if 0 <= at < self._periods]

    def _narrow(self, cells: Sequence[int], hidden: set[tuple[int, int]]) -> list[Place]:
        """The small numbers of these cells for which too few counts stay possible."""
        wanted = set(cells)
        small = [place for place in self._small if place.cell in wanted]
        if not small:
            return []
        bounds = _Bounds(self._low, self._high)
        for measure in self.withholds:
            for cell, at in hidden:
                bounds.forget(Place(measure, at, cell))
        for cell in cells:
            for terms in self._sums(cell):
                bounds.add(terms)
        for cell, parts in self._parts(cells, wanted):
            for measure in {place.measure: None for place in self._low}:
                for at in range(self._times(measure)):
                    bounds.add([(Place(measure, at, cell), 1), *((Place(measure, at, part), -1) for part in parts)])
        bounds.narrow()
        return [place for place in small if bounds.high[place] - bounds.low[place] < NARROWEST]

    def _parts(self, cells: Sequence[int], wanted: set[int]) -> list[tuple[int, list[int]]]:
        """Each margin with the cells it is the sum of, along each axis."""
        found = []
        for cell in cells:
            for axis, node in zip(self._grid.axes, self._grid.nodes(cell), strict=True):
                parts = [
                    cell + (other - node) * axis.step
                    for other in range(len(axis.names))
                    if other and axis.parent[other] == node
                ]
                if parts and parts[0] in wanted:
                    found.append((cell, parts))
        return found


class _Bounds:
    """Numbers between bounds, and sums of them that are 0: each sum narrows the bounds of what is in it."""

    def __init__(self, low: Mapping[Place, int], high: Mapping[Place, int]) -> None:
        self.low, self.high = dict(low), dict(high)
        self._sums: list[Sum] = []
        self._holding: dict[Place, list[int]] = {}

    def forget(self, place: Place) -> None:
        """A number of which nothing is shown."""
        self.low[place], self.high[place] = 0, _ANY

    def add(self, terms: Sum) -> None:
        """What is known to hold."""
        for place, _ in terms:
            self._holding.setdefault(place, []).append(len(self._sums))
        self._sums.append(terms)

    def narrow(self) -> None:
        """Until no sum says more."""
        waiting, queued = deque(range(len(self._sums))), set(range(len(self._sums)))
        while waiting:
            number = waiting.popleft()
            queued.discard(number)
            for place in self._narrowed(self._sums[number]):
                for other in self._holding[place]:
                    if other != number and other not in queued:
                        queued.add(other)
                        waiting.append(other)

    def _narrowed(self, terms: Sequence[tuple[Place, int]]) -> list[Place]:
        low, high = self.low, self.high
        least = sum(low[place] if sign > 0 else -high[place] for place, sign in terms)
        most = sum(high[place] if sign > 0 else -low[place] for place, sign in terms)
        changed = []
        for place, sign in terms:
            # The term is what the others leave: 0 less their sum.
            mine = (low[place], high[place]) if sign > 0 else (-high[place], -low[place])
            from_, to = -(most - mine[1]), -(least - mine[0])
            bounds = (from_, to) if sign > 0 else (-to, -from_)
            if bounds[0] > low[place] or bounds[1] < high[place]:
                low[place], high[place] = max(low[place], bounds[0]), min(high[place], bounds[1])
                changed.append(place)
                least += (low[place] if sign > 0 else -high[place]) - mine[0]
                most += (high[place] if sign > 0 else -low[place]) - mine[1]
        return changed


def range_of(count: int) -> tuple[int, int]:
    """The least and the most that a count may be by what is shown of it, where it is not withheld."""
    if count < SMALLEST_SHOWN:
        return 0, SMALLEST_SHOWN - 1
    middle = rounded(count)
    return max(SMALLEST_SHOWN, middle - STEP // 2), middle + STEP // 2


def _stands_for(shown: Count, count: int) -> tuple[int, int]:
    match shown:
        case Published() | TooSmall():
            return range_of(count)
        case Withheld():
            return (SMALLEST_SHOWN if count >= SMALLEST_SHOWN else 0), _ANY
        case _:
            raise ValueError(f"{shown} is not for those outside")


def _within(level: Level, limit: Level) -> bool:
    return all(depth <= most for depth, most in zip(level, limit, strict=True))
