"""Other tables that would look the same: exchanges of persons between cells that leave all that is shown as it is.

To exchange along one axis, a person of one category is taken for one of another; along two, four cells change so that
the margins of both stay as they are, and so on. An axis along which nothing is exchanged changes in its margins too.
"""

from collections.abc import Callable, Iterator
from itertools import combinations, islice, product

from services.monitor.disclosure.fates import Room, Signed
from services.monitor.disclosure.grid import Axis, Grid, Level

_TRIES_MAX = 300
"""Moves looked at for one cell in one direction; not finding one only means that more is withheld."""


class Moves:
    """The moves in a table that goes no deeper than one level."""

    def __init__(self, grid: Grid, level: Level) -> None:
        self._grid, self._level = grid, level
        self._changes: list[dict[tuple[int, int], list[tuple[int, int]]]] = [{} for _ in grid.axes]

    def reach(self, cell: int, *, sign: int, room: Room, need: int) -> list[tuple[Signed, int]]:
        """Make moves that take the cell up (+1) or down (-1) by `need` together, or by as much as was found.

        They are made in `room`, and returned with how often each was made; undo them there.
        """
        made: list[tuple[Signed, int]] = []
        for move in islice(self.through(cell, sign=sign, room=room), _TRIES_MAX):
            times = min(need, room.for_move(move))
            if times > 0:
                room.make(move, times)
                made.append((move, times))
                need -= times
                if not need:
                    break
        return made

    def through(
        self, cell: int, *, sign: int, room: Room, prefer: Callable[[list[int]], list[int]] | None = None
    ) -> Iterator[Signed]:
        """Moves that take the cell up or down by one, and might fit the room; those over most axes first.

        `prefer` orders and may shorten the cells that would be exchanged with, of each axis.
        """
        nodes = self._grid.nodes(cell)
        axes = self._grid.axes
        free = [at for at, node in enumerate(nodes) if node]
        below = [axis.below(node, depth) for axis, node, depth in zip(axes, nodes, self._level, strict=True)]
        for base in product(*below):
            start = self._grid.cell(base)
            if room.of(start, sign) <= 0:
                continue
            partners = {at: self._partners(at, nodes, base, sign=sign, room=room) for at in free}
            if prefer:
                partners = {at: self._preferred(at, base, start, found, prefer) for at, found in partners.items()}
            for size in range(len(free), 0, -1):
                for chosen in combinations(free, size):
                    if self._margins_have_room(base, start, chosen, sign=sign, room=room):
                        for others in product(*(partners[at] for at in chosen)):
                            yield self._move(base, dict(zip(chosen, others, strict=True)), sign)

    def _preferred(
        self, at: int, base: tuple[int, ...], start: int, found: list[int], prefer: Callable[[list[int]], list[int]]
    ) -> list[int]:
        step = self._grid.axes[at].step
        offset = start - base[at] * step
        return [(cell - offset) // step for cell in prefer([offset + node * step for node in found])]

    def _partners(self, at: int, nodes: tuple[int, ...], base: tuple[int, ...], *, sign: int, room: Room) -> list[int]:
        """The nodes to exchange with along one axis, siblings first, where the cell beside the base has room."""
        axis, here = self._grid.axes[at], base[at]
        offset = self._grid.cell(base) - here * axis.step
        within = axis.siblings[here] if nodes[at] == here else ()
        found = [node for node in within if node != here and room.of(offset + node * axis.step, -sign) > 0]
        parent = axis.parent[here]
        if parent and room.of(offset + parent * axis.step, sign) > 0:
            found += [
                node
                for node in axis.levels[self._level[at]]
                if axis.parent[node] != parent
                and room.of(offset + node * axis.step, -sign) > 0
                and room.of(offset + axis.parent[node] * axis.step, -sign) > 0
            ]
        return found

    def _margins_have_room(
        self, base: tuple[int, ...], start: int, chosen: tuple[int, ...], *, sign: int, room: Room
    ) -> bool:
        """Whether the margins over the axes along which nothing is exchanged may change at all."""
        return all(
            room.of(start + (above - base[at]) * axis.step, sign) > 0
            for at, axis in enumerate(self._grid.axes)
            if at not in chosen
            for above in axis.chains[base[at]][1:]
        )

    def _move(self, base: tuple[int, ...], others: dict[int, int], sign: int) -> Signed:
        cells = [(0, sign)]
        for at, (axis, here) in enumerate(zip(self._grid.axes, base, strict=True)):
            pair = (here, others.get(at, here))
            changes = self._changes[at].get(pair)
            if changes is None:
                changes = self._changes[at][pair] = _changes(axis, *pair)
            cells = [(cell + offset, one * other) for cell, one in cells for offset, other in changes]
        return cells


def _changes(axis: Axis, here: int, there: int) -> list[tuple[int, int]]:
    """What changes along an axis, as distance and sign, when one is added here and one is taken there, if elsewhere."""
    up, down = axis.chains[here], axis.chains[there] if there != here else []
    return [(node * axis.step, 1) for node in up if node not in down] + [
        (node * axis.step, -1) for node in down if node not in up
    ]
