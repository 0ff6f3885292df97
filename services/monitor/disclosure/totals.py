"""Which windows to withhold where running totals tell a small number: each shown number is how far one grew.

What started before a day only grows, as does what ended. A month, a quarter, twelve months and a stock are each the
difference of two such totals, so together they are differences that lie between bounds. How far a difference may be
from what it is without anything shown becoming untrue is then the length of a shortest path: exactly, in whole numbers.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import NamedTuple

from services.monitor.disclosure.counts import SMALLEST_SHOWN, STEP, rounded
from services.monitor.disclosure.reader import NARROWEST


class Grown(NamedTuple):
    """A number: how much more the total at one place is than that at another."""

    first: int
    last: int
    window: Hashable = None
    """With what it is withheld; None where it is always shown."""
    rank: int = 0
    """What is withheld first: the least."""


class Slack(NamedTuple):
    """How much more a number may be than it is, and how much less: NARROWEST stands for that and more."""

    up: int
    down: int

    def capped(self) -> "Slack":
        """With no more than NARROWEST."""
        return Slack(min(self.up, NARROWEST), min(self.down, NARROWEST))


_Edge = tuple[int, int, Hashable, int]
"""To which place, how much further the total there may be above than it is, and the window and rank of what says so."""


class Totals:
    """Running totals, and what those outside know of how they grow. Rounding is relied on, as in `Together`."""

    def __init__(self, totals: Sequence[int], *, shown: Iterable[Grown], growing: Iterable[tuple[int, int]]) -> None:
        """The totals by place; numbers that are shown, rounded; and pairs of places of which the second is no less."""
        self._totals = totals
        self._edges: list[list[_Edge]] = [[] for _ in totals]
        self._small: list[Grown] = []
        for number in shown:
            count = totals[number.last] - totals[number.first]
            if count < SMALLEST_SHOWN:
                self._small.append(number)
            up, down = _slack(count)
            self.bound(number, up=up, down=down)
        for first, last in growing:
            if (grown := totals[last] - totals[first]) < NARROWEST:
                self._edges[last].append((first, grown, None, 0))

    def bound(self, number: Grown, *, up: int, down: int) -> None:
        """It is known to be no further above what it is, and no further below it."""
        first, last, window, rank = number
        if up < NARROWEST:
            self._edges[first].append((last, up, window, rank))
        if down < NARROWEST:
            self._edges[last].append((first, down, window, rank))

    def shown(self, number: Grown, hidden: Collection[Hashable]) -> Slack:
        """How far a number may be from what it is by what is shown of it alone."""
        count = self._totals[number.last] - self._totals[number.first]
        return Slack(NARROWEST, min(count, NARROWEST)) if number.window in hidden else Slack(*_slack(count)).capped()

    def slack(self, number: Grown, hidden: Collection[Hashable], *, upwards: bool) -> int:
        """How much more it may be by all that is known, or how much less."""
        start, goal = (number.first, number.last) if upwards else (number.last, number.first)
        return self._room(start, goal, NARROWEST, hidden)

    def withheld(self, already: Collection[Hashable] = ()) -> frozenset[Hashable]:
        """The windows to withhold so that each small number has its range: those by which it was told, and no others.

        Of these the shortest: months rather than years. Where none is on the way, what tells it is always shown.
        """
        hidden: set[Hashable] = set(already)
        narrow = self._small
        while True:
            narrow = [number for number in narrow if self._is_narrow(number, hidden)]
            telling = [found for number in narrow if (found := self._telling(number, hidden))]
            if not telling:
                return frozenset(hidden)
            hidden |= _one_of_each(telling)

    def _is_narrow(self, number: Grown, hidden: Collection[Hashable]) -> bool:
        one, other, _, _ = number
        if self._totals[other] - self._totals[one] > SMALLEST_SHOWN // 2:
            one, other = other, one  # Where there is more room by itself is looked first: that mostly is enough.
        there = self._room(one, other, NARROWEST, hidden)
        return there < NARROWEST and self._room(other, one, NARROWEST - there, hidden) < NARROWEST - there

    def _room(self, start: int, goal: int, limit: int, hidden: Collection[Hashable]) -> int:
        """How much further the total at `goal` may be above that at `start`, if less than the limit."""
        done: set[int] = set()
        edges, reached = self._edges, [[start], *([] for _ in range(limit - 1))]
        for far, places in enumerate(reached):
            for place in places:  # More is reached on the way.
                if place in done:
                    continue
                if place == goal:
                    return far
                done.add(place)
                for to, slack, window, _ in edges[place]:
                    if to not in done and far + slack < limit and (not hidden or window not in hidden):
                        reached[far + slack].append(to)
        return limit

    def _telling(self, number: Grown, hidden: Collection[Hashable]) -> list[Hashable]:
        """The windows that may be withheld of those by which a number is told: the ones that come first."""
        first, last, _, _ = number
        way = self._way(first, last, hidden) + self._way(last, first, hidden)
        found = [(window, rank) for _, _, window, rank in way if window is not None]
        least = min((rank for _, rank in found), default=0)
        return list(dict.fromkeys(window for window, rank in found if rank == least))

    def _way(self, start: int, goal: int, hidden: Collection[Hashable]) -> list[_Edge]:
        """What says that the total at `goal` may be no further above that at `start`."""
        came: dict[int, tuple[int, _Edge] | None] = {}
        reached: list[list[tuple[int, tuple[int, _Edge] | None]]] = [
            [(start, None)],
            *([] for _ in range(NARROWEST - 1)),
        ]
        for far, steps in enumerate(reached):
            for place, step in steps:
                if place in came:
                    continue
                came[place] = step
                for edge in self._edges[place]:
                    to, slack, window, _ = edge
                    if to not in came and far + slack < NARROWEST and window not in hidden:
                        reached[far + slack].append((to, (place, edge)))
        way = []
        while back := came[goal]:
            goal, edge = back
            way.append(edge)
        return way


def _slack(count: int) -> tuple[int, int]:
    """How far what is shown of a count may be above it, and below it."""
    if count < SMALLEST_SHOWN:
        return SMALLEST_SHOWN - 1 - count, count
    middle = rounded(count)
    return middle + STEP // 2 - count, count - max(SMALLEST_SHOWN, middle - STEP // 2)


def _one_of_each(telling: Sequence[Sequence[Hashable]]) -> set[Hashable]:
    """Windows of which each of these holds one, those that most of them hold before others."""
    often = Counter(window for windows in telling for window in windows)
    chosen: set[Hashable] = set()
    for windows in telling:
        if chosen.isdisjoint(windows):
            chosen.add(max(windows, key=lambda window: often[window]))
    return chosen
