"""A number that is shown, of a whole of which something else is shown too: what is left may be too few to be told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from services.monitor.disclosure.left import Kinds, unseen
from services.monitor.disclosure.table import EVERYBODY, Dimension, Key

Tables = Sequence[Kinds]
"""The tables that show a number by kind."""


@dataclass(frozen=True)
class Beside:
    """What is shown beside the number, by inner cell: a whole that it is of, and a part of that which is always shown;
    with what those outside see of both by kind.
    """

    whole: Mapping[Key, int]
    other: Mapping[Key, int]
    whole_by_kind: Tables = ()
    other_by_kind: Tables = ()


@dataclass(frozen=True)
class LeftOver:
    """A number by inner cell of a split that is not one of years, and each whole of which it is a part."""

    dimensions: tuple[Dimension, ...]
    part: Mapping[Key, int]
    look: Callable[[], tuple[Sequence[Beside], Tables]]
    """The wholes, and what those outside see of the number by kind. Asked for those outside only."""

    def hides(self, key: Key) -> bool:
        """Whether nothing of the number may be seen in the rows of this group, given with what else they are by."""
        return key[: len(self.dimensions)] in self._unseen

    @cached_property
    def _unseen(self) -> frozenset[Key]:
        wholes, by_kind = self.look()
        return frozenset().union(*(self._unseen_beside(one, by_kind) for one in wholes))

    def _unseen_beside(self, one: Beside, part_by_kind: Tables) -> frozenset[Key]:
        counts = (one.whole, one.other, self.part)
        by_kind = (one.whole_by_kind, one.other_by_kind, part_by_kind)
        if self.dimensions:
            return unseen(self.dimensions, *counts, by_kind=by_kind)
        everybody = [_of_everybody(of) for of in counts]
        kinds = [[[_of_everybody(kind) for kind in table] for table in tables] for tables in by_kind]
        return frozenset({()} if unseen((EVERYBODY,), *everybody, by_kind=kinds) else ())


def _of_everybody(counts: Mapping[Key, int]) -> Mapping[Key, int]:
    return {EVERYBODY.categories: counts.get((), 0)}


def by_kind(counts: Mapping[Key, int], kinds: Sequence[str]) -> Kinds:
    """The counts of a table of which kinds are the last dimension, apart."""
    return [{key[:-1]: number for key, number in counts.items() if key[-1] == kind} for kind in kinds]
