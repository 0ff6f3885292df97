"""What becomes of each cell, and the room it leaves: how far its count could move without anything shown changing.

A published cell has no room at all, as if it were known to the person. So protection does not rest on rounding, and
holds for any two tables that share published margins.
"""

from collections.abc import Sequence
from enum import IntEnum

from services.monitor.disclosure.counts import SMALLEST_SHOWN, rounded
from services.monitor.disclosure.grid import Grid

Signed = Sequence[tuple[int, int]]
"""A move: cells, each with +1 or -1. Adding it to the counts any number of times leaves a table that adds up."""

_ANY = 1 << 60


class Fate(IntEnum):
    """What is shown of a cell, and so what is known of it."""

    PUBLISHED = 0
    SMALL = 1
    """Shown as too small: 0 to 9."""
    WITHHELD = 2
    """Not shown beside cells that are: 10 or more, as those who know the procedure can tell."""
    BLANK = 3
    """Not shown, nor any cell beside it: of any size."""


class Room:
    """How far counts may go up and down: by each cell."""

    def __init__(self, cells: int) -> None:
        self.up, self.down = [0] * cells, [0] * cells

    def of(self, cell: int, sign: int) -> int:
        """How far the cell may go up (+1) or down (-1)."""
        return self.up[cell] if sign > 0 else self.down[cell]

    def for_move(self, move: Signed) -> int:
        """How often the move can be made."""
        up, down = self.up, self.down
        return min(up[cell] if sign > 0 else down[cell] for cell, sign in move)

    def make(self, move: Signed, times: int) -> None:
        """Make the move so often (a negative number undoes it)."""
        for cell, sign in move:
            self.up[cell] -= sign * times
            self.down[cell] += sign * times

    def widen(self, cell: int, *, up: int, down: int) -> None:
        """Set the room of a cell."""
        self.up[cell], self.down[cell] = up, down


class Fates:
    """The fate of every cell decided so far, its room, and the room it would have if what may be withheld were."""

    def __init__(self, grid: Grid) -> None:
        cells = len(grid.counts)
        self._counts = grid.counts
        self.of = [Fate.PUBLISHED] * cells
        self.room, self.room_if_withheld = Room(cells), Room(cells)

    def start(self, cell: int, fate: Fate) -> None:
        """Give a cell its first fate; a published one may be withheld until `settle`."""
        self._set(cell, fate)
        if fate is Fate.PUBLISHED:
            self.room_if_withheld.widen(cell, up=_ANY, down=self._counts[cell] - SMALLEST_SHOWN)

    def withhold(self, cell: int, fate: Fate) -> None:
        """Show a cell no longer; its room only grows."""
        self._set(cell, fate)

    def settle(self, cell: int) -> None:
        """What is published by now stays so."""
        if self.of[cell] is Fate.PUBLISHED:
            self.room_if_withheld.widen(cell, up=0, down=0)

    def cost(self, cell: int) -> int:
        """What is lost by withholding the cell: its rounded count, 0 if it is not shown anyway."""
        return rounded(self._counts[cell]) if self.of[cell] is Fate.PUBLISHED else 0

    def _set(self, cell: int, fate: Fate) -> None:
        self.of[cell], count = fate, self._counts[cell]
        if fate is Fate.SMALL:
            up, down = SMALLEST_SHOWN - 1 - count, count
        elif fate is Fate.WITHHELD:
            up, down = _ANY, count - SMALLEST_SHOWN
        elif fate is Fate.BLANK:
            up, down = _ANY, count
        else:
            up, down = 0, 0
        self.room.widen(cell, up=up, down=down)
        self.room_if_withheld.widen(cell, up=up, down=down)
