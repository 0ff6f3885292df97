"""Which part of a whole those outside may not see, because a small number is what is left of it.

Of placements that ended some were the last of a closure that ended, some led to a doorplaatsing, and the rest were
moves within one accommodation, of which nothing is shown. The first three are shown, each rounded by itself; where they
lie on the far side of their rounding, together they tell how few were left.
"""

from collections.abc import Iterator, Mapping, Sequence

from services.monitor.disclosure.reader import Place, Reader, Sum
from services.monitor.disclosure.table import Dimension, Key

WHOLE, OTHER, PART, LEFT = range(4)


def unseen(
    dimensions: tuple[Dimension, ...], whole: Mapping[Key, int], other: Mapping[Key, int], part: Mapping[Key, int]
) -> frozenset[Key]:
    """The groups, margins included, of which the part may not be shown, from the counts of inner cells.

    None where parts are more than their whole: then groups of them are not groups of one another, and nothing follows.
    """
    left = {key: whole.get(key, 0) - other.get(key, 0) - part.get(key, 0) for key in {*whole, *other, *part}}
    if any(count < 0 for count in left.values()):
        return frozenset()
    return frozenset(key for key, _ in _Reader((whole, other, part), left, dimensions).withheld())


class _Reader(Reader):
    withholds = (PART,)

    def __init__(
        self, shown: Sequence[Mapping[Key, int]], left: Mapping[Key, int], dimensions: tuple[Dimension, ...]
    ) -> None:
        super().__init__(dimensions, periods=1)
        for measure, counts in enumerate(shown):
            self._note(measure, 0, counts, guarded=False)
        self._note_unseen(LEFT, 0, left)

    def _sums(self, cell: int) -> Iterator[Sum]:
        yield [(Place(measure, 0, cell), -1 if measure else 1) for measure in (WHOLE, OTHER, PART, LEFT)]

    def _times(self, measure: int) -> int:
        return 1
