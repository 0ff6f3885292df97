"""A number that is shown, of a whole of which something else is shown too: what is left may be too few to be told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from services.monitor.disclosure.left import Kinds, unseen
from services.monitor.disclosure.table import EVERYBODY, Dimension, Key

ByKind = tuple[Sequence[Kinds], Sequence[Kinds], Sequence[Kinds]]
"""Of a whole, of a part of it and of the number itself the tables that show it by kind."""


@dataclass(frozen=True)
class LeftOver:
    """Counts by inner cell of a split that is not one of years: of a whole, of a part that is always shown, and of the
    number itself.
    """

    dimensions: tuple[Dimension, ...]
    whole: Mapping[Key, int]
    other: Mapping[Key, int]
    part: Mapping[Key, int]
    by_kind: Callable[[], ByKind]
    """Asked for those outside only."""

    def hides(self, key: Key) -> bool:
        """Whether nothing of the number may be seen in the rows of this group, given with what else they are by."""
        return key[: len(self.dimensions)] in self._unseen

    @cached_property
    def _unseen(self) -> frozenset[Key]:
        by_kind = self.by_kind()
        if self.dimensions:
            return unseen(self.dimensions, self.whole, self.other, self.part, by_kind=by_kind)
        counts = [_of_everybody(of) for of in (self.whole, self.other, self.part)]
        kinds = [[[_of_everybody(kind) for kind in table] for table in tables] for tables in by_kind]
        return frozenset({()} if unseen((EVERYBODY,), *counts, by_kind=kinds) else ())


def _of_everybody(counts: Mapping[Key, int]) -> Mapping[Key, int]:
    return {EVERYBODY.categories: counts.get((), 0)}


def by_kind(counts: Mapping[Key, int], kinds: Sequence[str]) -> Kinds:
    """The counts of a table of which kinds are the last dimension, apart."""
    return [{key[:-1]: number for key, number in counts.items() if key[-1] == kind} for kind in kinds]
