"""Which movements of a group those outside may see beside its stocks, so that no small number follows from them.

What was there, what started, what ended and what is there next hang together: begin + started - ended = end, in every
group, in all groups together, and in one year after another. Where three of them tell a fourth below ten, what started
and what ended in its group is withheld.
"""

from collections.abc import Iterator, Mapping, Sequence

from services.monitor.disclosure.reader import Place, Reader, Sum
from services.monitor.disclosure.table import Dimension, Key

STOCK, STARTED, ENDED = range(3)


class Together(Reader):
    """Movements in periods that follow one another, by group."""

    withholds = (STARTED, ENDED)

    def __init__(
        self,
        dimensions: tuple[Dimension, ...],
        *,
        stocks: Sequence[Mapping[Key, int]],
        started: Sequence[Mapping[Key, int]],
        ended: Sequence[Mapping[Key, int]],
    ) -> None:
        """Counts of inner cells: stocks before the first period and after each, movements in each."""
        super().__init__(dimensions, periods=len(started))
        for measure, counts in ((STOCK, stocks), (STARTED, started), (ENDED, ended)):
            for at, table in enumerate(counts):
                self._note(measure, at, table)

    def _sums(self, cell: int) -> Iterator[Sum]:
        for at in range(self._periods):
            first, last = Place(STOCK, at, cell), Place(STOCK, at + 1, cell)
            yield [(first, 1), (Place(STARTED, at, cell), 1), (Place(ENDED, at, cell), -1), (last, -1)]

    def _times(self, measure: int) -> int:
        return self._periods + (measure == STOCK)

    def _periods_beside(self, place: Place) -> tuple[int, ...]:
        return (place.at - 1, place.at) if place.measure == STOCK else (place.at,)
