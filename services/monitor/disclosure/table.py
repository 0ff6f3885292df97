"""A table of counts as pure data: dimensions, whose categories may lie in groups, and the count of each inner cell."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from services.monitor.disclosure.counts import Count

TOTAL = "total"
"""The category of a dimension that holds all others."""

Key = tuple[str, ...]
"""Names a cell: a category, a group or TOTAL of each dimension, in the order of the dimensions."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a table is split by. Every person falls in exactly one category, so that the total is their sum."""

    name: str
    categories: tuple[str, ...]
    """All there are, also those nobody falls in: a table that leaves some out is another table with another total."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """The group of each category (the area of each region), or empty for a flat dimension."""

    def __post_init__(self) -> None:
        names = [TOTAL, *dict.fromkeys(self.groups.values()), *self.categories]
        if not self.categories or len(set(names)) < len(names):
            raise ValueError(f"{self.name}: categories and groups need names of their own, other than {TOTAL!r}")
        if self.groups and set(self.groups) != set(self.categories):
            raise ValueError(f"{self.name}: either each category has a group or none has")


EVERYBODY = Dimension("everybody", ("everybody",))
"""Where a dimension is needed and there is none to split by."""


@dataclass(frozen=True, slots=True)
class Table:
    """Exact counts of persons, or of things that happened to persons, by inner cell; what is not named is 0."""

    dimensions: tuple[Dimension, ...]
    counts: Mapping[Key, int]

    def __post_init__(self) -> None:
        if not self.dimensions:
            raise ValueError("a table needs a dimension")
        for key, count in self.counts.items():
            fits = len(key) == len(self.dimensions) and all(
                category in dimension.categories for category, dimension in zip(key, self.dimensions, strict=True)
            )
            if not fits or count < 0:
                raise ValueError(f"{key}: {count} is no count of an inner cell")


@dataclass(frozen=True, slots=True)
class DisclosedTable:
    """Every cell of a table, margins included, as it may be shown."""

    dimensions: tuple[Dimension, ...]
    cells: Mapping[Key, Count]

    def cell(self, **categories: str) -> Count:
        """The cell of these categories by dimension; of a dimension that is not named, the total."""
        unknown = categories.keys() - {dimension.name for dimension in self.dimensions}
        if unknown:
            raise KeyError(f"no dimension {sorted(unknown)}")
        return self.cells[tuple(categories.get(dimension.name, TOTAL) for dimension in self.dimensions)]

    def rows(self) -> Iterator[tuple[Mapping[str, str], Count]]:
        """Each cell with its category by dimension, margins first: the lines of a CSV."""
        names = [dimension.name for dimension in self.dimensions]
        for key, count in self.cells.items():
            yield dict(zip(names, key, strict=True)), count


def table_of(dimensions: tuple[Dimension, ...], rows: Iterable[Mapping[str, str]]) -> Table:
    """Count rows, one per person (or per placement, closure, ...), by the category each has in every dimension.

    Raises:
        ValueError: for a category that its dimension does not have; KeyError for a row without a dimension.
    """
    return Table(dimensions, Counter(tuple(row[dimension.name] for dimension in dimensions) for row in rows))
