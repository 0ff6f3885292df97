"""The one gate for counts of persons: each cell of a table, margins included, as it may be shown to those who ask.

Levels are decided from the total downwards, and to protect a cell only cells of the level at hand are withheld. So
the fate of a cell follows from its own dimensions, and is the same in every table in which it is a margin.
"""

from enum import Enum
from itertools import product
from typing import assert_never

from services.monitor.disclosure.counts import (
    SMALLEST_SHOWN,
    TOO_SMALL,
    WITHHELD,
    Exact,
    PublicCount,
    Published,
    rounded,
)
from services.monitor.disclosure.fates import Fate, Fates, Signed
from services.monitor.disclosure.grid import Grid, Level, grid_of
from services.monitor.disclosure.moves import Moves
from services.monitor.disclosure.table import DisclosedTable, Table

RANGE_MIN = 5
"""A cell below 10 is protected when tables that look the same have counts in it that lie at least this far apart."""

_PARTNERS_MAX = {1: 64, 2: 8, 3: 4}
"""Cells on each axis that are considered for withholding, by the number of axes."""


class Audience(Enum):
    """Who asks."""

    INSIDE = "inside"
    """Operations, about their own organisations."""
    OUTSIDE = "outside"


def disclosed(table: Table, *, to: Audience) -> DisclosedTable:
    """Every cell of the table as it may be shown: exact to those inside, rounded and suppressed to all others.

    A pure function of the table: ask for whole tables, and pick from the answer, never from the question. Source:
    definitions, Disclosure; the goal of protection stands in this package's docstring.
    """
    grid = grid_of(table)
    match to:
        case Audience.INSIDE:
            return DisclosedTable(table.dimensions, dict(zip(grid.keys(), map(Exact, grid.counts), strict=True)))
        case Audience.OUTSIDE:
            fates = _Suppression(grid).fates()
            shown = (_shown(count, fate) for count, fate in zip(grid.counts, fates.of, strict=True))
            return DisclosedTable(table.dimensions, dict(zip(grid.keys(), shown, strict=True)))
        case _:
            assert_never(to)


def _shown(count: int, fate: Fate) -> PublicCount:
    match fate:
        case Fate.PUBLISHED:
            return Published(rounded(count))
        case Fate.SMALL:
            return TOO_SMALL
        case Fate.WITHHELD | Fate.BLANK:
            return WITHHELD
        case _:
            assert_never(fate)


class _Suppression:
    """Decides fates level by level, and withholds until every cell below 10 could as well be another."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._fates = Fates(grid)
        self._implied: set[int] = set()
        """Cells too small because a margin of theirs is: they say nothing that it does not, and stay so."""
        self._twins: set[int] = set()
        """Cells that are all there is in a margin, and share its fate."""
        self._small: list[int] = []

    def fates(self) -> Fates:
        """The fate of every cell."""
        if self._grid.counts[0] < SMALLEST_SHOWN:
            for cell in range(len(self._grid.counts)):
                self._fates.start(cell, Fate.SMALL)
            return self._fates
        for level in self._grid.levels:
            self._decide(level)
        return self._fates

    def _decide(self, level: Level) -> None:
        cells = self._grid.cells_at(level)
        for cell in cells:
            self._start(cell)
        moves = Moves(self._grid, level)
        protected: set[int] = set()
        for cell in self._small:
            nodes = self._grid.nodes(cell)
            refined = all(depth <= limit for depth, limit in zip(self._grid.level_of(nodes), level, strict=True))
            if not refined or cell in protected:
                continue
            if not self._protect(cell, moves=moves, level=level, protected=protected):
                self._blank_across(level)
                break
        for cell in cells:
            self._fates.settle(cell)

    def _start(self, cell: int) -> None:
        """Give a cell of the level at hand the fate that its own count and its margins ask for."""
        if self._follows(cell):
            return
        small = self._grid.counts[cell] < SMALLEST_SHOWN
        self._fates.start(cell, Fate.SMALL if small else Fate.PUBLISHED)
        if small:
            self._small.append(cell)
            if self._is_implied(cell):
                self._implied.add(cell)

    def _follows(self, cell: int) -> bool:
        """Give a cell that is all there is in a margin the fate of that; false for any other."""
        twin = next((margin for margin, only in self._margins(cell) if only), None)
        if twin is None:
            return False
        self._twins.add(cell)
        self._fates.start(cell, self._fates.of[twin])
        self._fates.settle(cell)
        return True

    def _is_implied(self, cell: int) -> bool:
        return any(self._fates.of[margin] is Fate.SMALL for margin, _ in self._margins(cell))

    def _margins(self, cell: int) -> list[tuple[int, bool]]:
        """The margins right above a cell, each with whether the cell is all there is in it."""
        return [
            (cell + (axis.parent[node] - node) * axis.step, axis.is_only_child(node))
            for axis, node in zip(self._grid.axes, self._grid.nodes(cell), strict=True)
            if node
        ]

    def _protect(self, cell: int, *, moves: Moves, level: Level, protected: set[int]) -> bool:
        """Withhold cells of this level until the cell has its range, in the end all around it.

        The answer is false when that does not help.
        """
        while not self._has_range(cell, moves, protected):
            if not self._withhold_cheapest(cell, moves) and not self._blank(self._around(cell, level)):
                return False
        return True

    def _has_range(self, cell: int, moves: Moves, protected: set[int]) -> bool:
        """Whether moves that change nothing shown take the cell over its range; notes what else they take so far."""
        first = 1 if self._grid.counts[cell] < RANGE_MIN else -1
        far = self._reached(cell, first, moves)
        reach = abs(far.get(cell, 0))
        if reach < RANGE_MIN:
            reach += abs(self._reached(cell, -first, moves).get(cell, 0))
        if reach < RANGE_MIN:
            return False
        protected.update(other for other, distance in far.items() if abs(distance) >= RANGE_MIN)
        protected.add(cell)
        return True

    def _reached(self, cell: int, sign: int, moves: Moves) -> dict[int, int]:
        """How far the moves that were found for this cell take every cell."""
        room = self._fates.room
        made = moves.reach(cell, sign=sign, room=room, need=RANGE_MIN)
        reached = sum(times for _, times in made)
        if reached < RANGE_MIN:
            made += self._margin_moves(cell, sign, moves)
            reached = sign * _distances(made).get(cell, 0)
            made += moves.reach(cell, sign=sign, room=room, need=RANGE_MIN - reached) if reached < RANGE_MIN else []
        for move, times in made:
            room.make(move, -times)
        return _distances(made)

    def _margin_moves(self, cell: int, sign: int, moves: Moves) -> list[tuple[Signed, int]]:
        """Make the moves that first take the margins of the cell that are not shown the same way."""
        made: list[tuple[Signed, int]] = []
        for axis, node in zip(self._grid.axes, self._grid.nodes(cell), strict=True):
            margin = cell + (axis.parent[node] - node) * axis.step
            if node and self._fates.of[margin] is not Fate.PUBLISHED:
                made += moves.reach(margin, sign=sign, room=self._fates.room, need=RANGE_MIN)
        return made

    def _withhold_cheapest(self, cell: int, moves: Moves) -> bool:
        """Withhold the cells of the move that, for the least loss, gives the cell most of its range."""
        fates, best, rank = self._fates, None, (0, 0)
        for sign in (1, -1):
            before = self._margin_moves(cell, sign, moves)
            for move, times in before:
                fates.room_if_withheld.make(move, times)
            for move in moves.through(cell, sign=sign, room=fates.room_if_withheld, prefer=self._prefer):
                cost = sum(fates.cost(one) for one, _ in move)
                if cost:
                    gain = min(RANGE_MIN, fates.room_if_withheld.for_move(move))
                    if gain > 0 and (best is None or (gain, -cost) > rank):
                        best, rank = move, (gain, -cost)
            for move, times in before:
                fates.room.make(move, -times)
                fates.room_if_withheld.make(move, -times)
        for one, _ in best or ():
            if fates.cost(one):
                fates.withhold(one, Fate.WITHHELD)
        return best is not None

    def _prefer(self, cells: list[int]) -> list[int]:
        limit = _PARTNERS_MAX.get(len(self._grid.axes), 2)
        return sorted(cells, key=self._fates.cost)[:limit]

    def _around(self, cell: int, level: Level) -> list[int]:
        """The cells of this level in the cell's margins: under its siblings on every axis."""
        nodes = [
            [below for sibling in axis.siblings[node] or (node,) for below in axis.below(sibling, depth)]
            for axis, node, depth in zip(self._grid.axes, self._grid.nodes(cell), level, strict=True)
        ]
        return [self._grid.cell(one) for one in product(*nodes)]

    def _blank(self, cells: list[int]) -> bool:
        """Show nothing of these cells, not even that they are too small; false when that was so already."""
        shown = [
            cell
            for cell in cells
            if self._fates.of[cell] is not Fate.BLANK and cell not in self._implied and cell not in self._twins
        ]
        for cell in shown:
            self._fates.withhold(cell, Fate.BLANK)
        return bool(shown)

    def _blank_across(self, level: Level) -> None:
        """Show nothing of this level; where it crosses dimensions, nor of those above that cross the same ones.

        What is known of a cell is then what the margins of fewer dimensions say, and those were checked. The levels
        that cross were checked each alone: groups by kind say more beside what is shown of each category.
        """
        for above in self._grid.levels:
            crosses = all((one > 0) == (limit > 0) and one <= limit for one, limit in zip(above, level, strict=True))
            if above == level or (crosses and sum(limit > 0 for limit in level) > 1):
                for cell in self._grid.cells_at(above):
                    self._start_blank(cell)

    def _start_blank(self, cell: int) -> None:
        if self._follows(cell) or (cell in self._implied and self._is_implied(cell)):
            return
        self._implied.discard(cell)
        self._fates.withhold(cell, Fate.BLANK)


def _distances(made: list[tuple[Signed, int]]) -> dict[int, int]:
    """How far these moves together take every cell, up or down."""
    distances: dict[int, int] = {}
    for move, times in made:
        for cell, sign in move:
            distances[cell] = distances.get(cell, 0) + sign * times
    return distances
