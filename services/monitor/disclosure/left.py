"""Which part of a whole those outside may not see, because a small number is what is left of it.

Of placements that ended some were the last of a closure that ended, some led to a doorplaatsing, and the rest were
moves within one accommodation, of which nothing is shown; and so with those that began. The first three are shown, each
rounded by itself; where they lie on the far side of their rounding, together they tell how few were left. So does each
of them by kind, such as how long they lasted: where the kinds lie on one side of their rounding, their sum tells more
of the number than itself.
"""

from collections.abc import Iterator, Mapping, Sequence

from services.monitor.disclosure.flow import Flow
from services.monitor.disclosure.grid import grid_of
from services.monitor.disclosure.reader import NARROWEST, Place, Reader, Sum, range_of
from services.monitor.disclosure.table import Dimension, Key, Table

WHOLE, OTHER, PART, LEFT = range(4)


Kinds = Sequence[Mapping[Key, int]]
"""A number by kind, as a table shows it: for each kind the counts of inner cells."""


def unseen(
    dimensions: tuple[Dimension, ...],
    whole: Mapping[Key, int],
    other: Mapping[Key, int],
    part: Mapping[Key, int],
    *,
    by_kind: Sequence[Sequence[Kinds]] = ((), (), ()),
) -> frozenset[Key]:
    """The groups, margins included, of which the part may not be shown, from the counts of inner cells.

    `by_kind` has for the whole, the other and the part the tables by kind; that all of it can be seen is supposed.
    None so deep as parts are more than their whole: there groups of them are not groups of one another, and nothing
    follows. It does of what lies above them.
    """
    return frozenset(key for key, _ in _Reader(dimensions, (whole, other, part), by_kind).withheld())


class _Reader(Reader):
    """Exact along one axis, where all sums are a network; where two cross, what one sum after the other tells."""

    withholds = (PART,)

    def __init__(
        self,
        dimensions: tuple[Dimension, ...],
        shown: Sequence[Mapping[Key, int]],
        by_kind: Sequence[Sequence[Kinds]],
    ) -> None:
        super().__init__(dimensions, periods=1)
        for measure, counts in enumerate(shown):
            self._note(measure, 0, counts, guarded=False)
            for kinds in by_kind[measure]:
                self._note_kinds(measure, kinds)
        exact = [grid_of(Table(dimensions, counts)).counts for counts in shown]
        left = [whole - other - part for whole, other, part in zip(*exact, strict=True)]
        self._note_unseen(LEFT, 0, left)
        self._counts = (*exact, left)
        """By measure, then by cell."""

    def _note_kinds(self, measure: int, kinds: Kinds) -> None:
        """What the sum of the kinds tells of a number."""
        of_kinds = [grid_of(Table(self._dimensions, counts)).counts for counts in kinds]
        for cell, counts in enumerate(zip(*of_kinds, strict=True)):
            place, ranges = Place(measure, 0, cell), [range_of(count) for count in counts]
            self._low[place] = max(self._low[place], sum(low for low, _ in ranges))
            self._high[place] = min(self._high[place], sum(high for _, high in ranges))

    def _sums(self, cell: int) -> Iterator[Sum]:
        yield [(Place(measure, 0, cell), -1 if measure else 1) for measure in (WHOLE, OTHER, PART, LEFT)]

    def _times(self, measure: int) -> int:
        return 1

    def _narrow(self, cells: Sequence[int], hidden: set[tuple[int, int]]) -> list[Place]:
        if any(self._counts[LEFT][cell] < 0 for cell in cells):
            return []
        along = {at for cell in cells for at, node in enumerate(self._grid.nodes(cell)) if node}
        if len(along) > 1:
            return super()._narrow(cells, hidden)
        flow, edges = self._flow(cells, next(iter(along), 0), hidden)
        wanted = set(cells)
        small = [place for place in self._small if place.cell in wanted]
        return [place for place in small if flow.range(edges[place], limit=NARROWEST) < NARROWEST]

    def _flow(self, cells: Sequence[int], at: int, hidden: set[tuple[int, int]]) -> tuple[Flow, dict[Place, int]]:
        """From everybody down to groups, by part, and by the wholes of these back to everybody."""
        axis, flow, edges = self._grid.axes[at], Flow(), {}
        above = {cell: axis.parent[self._grid.nodes(cell)[at]] * axis.step for cell in cells if cell}
        holding = {*above.values()}
        for cell in cells:
            for measure in (WHOLE, OTHER, PART, LEFT):
                place = Place(measure, 0, cell)
                begin = (measure, above[cell]) if cell else "all"
                end = (measure if cell in holding else WHOLE, cell)
                if measure == WHOLE:
                    begin, end = (WHOLE, cell), begin
                up, down = self._room(place, hidden)
                edges[place] = flow.add(begin, end, up=up, down=down)
        return flow, edges

    def _room(self, place: Place, hidden: set[tuple[int, int]]) -> tuple[int, int]:
        count = self._counts[place.measure][place.cell]
        if place.measure == PART and (place.cell, 0) in hidden:
            return NARROWEST, count
        return min(NARROWEST, self._high[place] - count), count - self._low[place]
