"""A number that is shown, of a whole of which something else is shown too: what is left may be too few to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from services.monitor.disclosure.left import Kinds, unseen
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
    by_kind: tuple[Sequence[Kinds], Sequence[Kinds], Sequence[Kinds]] = ((), (), ())
    """Of each of the three the tables that show it by kind."""

    def hides(self, key: Key) -> bool:
        """Whether nothing of the number may be seen in the rows of this group, given with what else they are by."""
        return key[: len(self.dimensions)] in self._unseen

    @cached_property
    def _unseen(self) -> frozenset[Key]:
        if self.dimensions:
            return unseen(self.dimensions, self.whole, self.other, self.part, by_kind=self.by_kind)
        counts = [_of_everybody(of) for of in (self.whole, self.other, self.part)]
        by_kind = [[[_of_everybody(kind) for kind in kinds] for kinds in tables] for tables in self.by_kind]
        return frozenset({()} if unseen((EVERYBODY,), *counts, by_kind=by_kind) else ())


def _of_everybody(counts: Mapping[Key, int]) -> Mapping[Key, int]:
    return {EVERYBODY.categories: counts.get((), 0)}


def by_kind(counts: Mapping[Key, int], kinds: Sequence[str]) -> Kinds:
    """The counts of a table of which kinds are the last dimension, apart."""
    return [{key[:-1]: number for key, number in counts.items() if key[-1] == kind} for kind in kinds]
