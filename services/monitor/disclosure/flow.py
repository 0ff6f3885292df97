"""A flow through a network in which each edge has room for so much more and so much less: what else it might be.

Sums of which each number is in two, on opposite sides, are a network; so whatever whole numbers an edge may have while
all sums hold are those between the least and the most that can be sent along it.
"""

from collections import deque
from collections.abc import Hashable


class Flow:
    """A flow that goes in circles: as much leaves each place as comes there."""

    def __init__(self) -> None:
        self._from: dict[Hashable, list[int]] = {}
        self._to: list[Hashable] = []
        self._room: list[int] = []

    def add(self, start: Hashable, end: Hashable, *, up: int, down: int) -> int:
        """An edge, along which so much more or less may go for itself; the name by which it is asked about."""
        edge = len(self._to)
        for place, there, room in ((start, end, up), (end, start, down)):
            self._from.setdefault(place, []).append(len(self._to))
            self._to.append(there)
            self._room.append(room)
        return edge

    def range(self, edge: int, *, limit: int) -> int:
        """How far apart the least and the most are that may go along an edge, or the limit where they are farther."""
        up = self._reached(edge, limit)
        return up if up == limit else up + self._reached(edge + 1, limit - up)

    def _reached(self, arc: int, limit: int) -> int:
        """How much more may go along an arc, and back by all others."""
        room = self._room.copy()
        limit = min(limit, room[arc])
        room[arc] = room[arc ^ 1] = 0
        reached = 0
        while reached < limit and (way := self._way(self._to[arc], self._to[arc ^ 1], room)):
            more = min(limit - reached, *(room[step] for step in way))
            for step in way:
                room[step] -= more
                room[step ^ 1] += more
            reached += more
        return reached

    def _way(self, start: Hashable, goal: Hashable, room: list[int]) -> list[int]:
        """The arcs of a shortest way with room; empty where there is none."""
        came: dict[Hashable, int] = {start: -1}
        waiting = deque([start])
        while waiting and goal not in came:
            place = waiting.popleft()
            for arc in self._from[place]:
                if room[arc] > 0 and self._to[arc] not in came:
                    came[self._to[arc]] = arc
                    waiting.append(self._to[arc])
        way: list[int] = []
        while goal in came and (arc := came[goal]) >= 0:
            way.append(arc)
            goal = self._to[arc ^ 1]
        return way
