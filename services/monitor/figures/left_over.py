"""A number that is shown, of a whole of which something else is shown too: what is left may be too few to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from services.monitor.disclosure.left import unseen
from services.monitor.disclosure.table import EVERYBODY, Dimension, Key


@dataclass(frozen=True)
class LeftOver:
    """Counts by inner cell of a split that is not one of years: of a whole, of a part that is always shown, and of the
    number itself.
    """

    dimensions: tuple[Dimension, ...]
    whole: Mapping[Key, int]
    other: Mapping[Key, int]
    part: Mapping[Key, int]

    def hides(self, key: Key) -> bool:
        """Whether nothing of the number may be seen in the rows of this group, given with what else they are by."""
        return key[: len(self.dimensions)] in self._unseen

    @cached_property
    def _unseen(self) -> frozenset[Key]:
        if self.dimensions:
            return unseen(self.dimensions, self.whole, self.other, self.part)
        counts = [{EVERYBODY.categories: of.get((), 0)} for of in (self.whole, self.other, self.part)]
        return frozenset({()} if unseen((EVERYBODY,), *counts) else ())
