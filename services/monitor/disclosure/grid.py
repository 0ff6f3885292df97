"""The cells of a table with all its margins, numbered, and how they hang together."""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

from services.monitor.disclosure.table import TOTAL, Dimension, Key, Table

Level = tuple[int, ...]
"""How deep cells lie in each dimension: 0 for the total, then groups, then categories."""


class Axis:
    """The tree of one dimension. Nodes count from the total (0) downwards; `step` is their distance in a grid."""

    def __init__(self, dimension: Dimension, *, step: int) -> None:
        groups = list(
            dict.fromkeys(dimension.groups[category] for category in dimension.categories if dimension.groups)
        )
        self.names = [TOTAL, *groups, *dimension.categories]
        number = {name: node for node, name in enumerate(self.names)}
        self.parent = [0] * (1 + len(groups)) + [
            number[dimension.groups.get(category, TOTAL)] for category in dimension.categories
        ]
        self.depth = [0, *[1] * len(groups), *[2 if groups else 1] * len(dimension.categories)]
        self.levels = [
            [node for node, at in enumerate(self.depth) if at == depth] for depth in range(self.depth[-1] + 1)
        ]
        self.step = step
        self.siblings = [
            [other for other in self.levels[at] if at and self.parent[other] == self.parent[node]]
            for node, at in enumerate(self.depth)
        ]
        self.chains = [self._chain(node) for node in range(len(self.names))]

    def _chain(self, node: int) -> list[int]:
        chain = [node]
        while chain[-1]:
            chain.append(self.parent[chain[-1]])
        return chain

    def below(self, node: int, depth: int) -> list[int]:
        """The nodes of that depth in the node's part of the tree, itself included."""
        return [other for other in self.levels[depth] if node in self.chains[other]]

    def is_only_child(self, node: int) -> bool:
        """Whether the node is all there is in its parent, so that they always have one count."""
        return bool(node) and len(self.siblings[node]) == 1


@dataclass(frozen=True)
class Grid:
    """All cells of a table; a cell is the sum of node times step over the axes."""

    axes: tuple[Axis, ...]
    counts: list[int]
    """Exact counts by cell."""

    @cached_property
    def levels(self) -> list[Level]:
        """Every level, no level before one that it refines."""
        return sorted(product(*(range(len(axis.levels)) for axis in self.axes)), key=sum)

    def nodes(self, cell: int) -> tuple[int, ...]:
        """The node of the cell on each axis."""
        return tuple(cell // axis.step % len(axis.names) for axis in self.axes)

    def cell(self, nodes: tuple[int, ...]) -> int:
        """The cell at these nodes."""
        return sum(node * axis.step for node, axis in zip(nodes, self.axes, strict=True))

    def level_of(self, nodes: tuple[int, ...]) -> Level:
        """The level at which these nodes lie."""
        return tuple(axis.depth[node] for node, axis in zip(nodes, self.axes, strict=True))

    def cells_at(self, level: Level) -> list[int]:
        """The cells of one level, in order."""
        cells = [0]
        for axis, depth in zip(self.axes, level, strict=True):
            cells = [cell + node * axis.step for cell in cells for node in axis.levels[depth]]
        return cells

    def keys(self) -> list[Key]:
        """The name of every cell, in order."""
        return list(product(*(axis.names for axis in self.axes)))


def grid_of(table: Table) -> Grid:
    """Lay a table out with all its margins."""
    axes: list[Axis] = []
    step = 1
    for dimension in reversed(table.dimensions):
        axes.insert(0, Axis(dimension, step=step))
        step *= len(axes[0].names)
    counts = [0] * step
    numbers = [{name: node * axis.step for node, name in enumerate(axis.names)} for axis in axes]
    for key, count in table.counts.items():
        counts[sum(number[name] for number, name in zip(numbers, key, strict=True))] += count
    for axis in axes:
        _add_margins(counts, axis)
    return Grid(tuple(axes), counts)


def _add_margins(counts: list[int], axis: Axis) -> None:
    """Add each node's counts to its parent's, the deepest nodes first."""
    span = axis.step * len(axis.names)
    for node in range(len(axis.names) - 1, 0, -1):
        here, there = node * axis.step, axis.parent[node] * axis.step
        for start in range(0, len(counts), span):
            for offset in range(start, start + axis.step):
                counts[offset + there] += counts[offset + here]
