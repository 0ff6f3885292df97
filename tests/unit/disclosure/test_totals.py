"""How closely running totals tell a small number: the shortest path finds what trying every one of them finds."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from services.monitor.disclosure.counts import SMALLEST_SHOWN, rounded
from services.monitor.disclosure.reader import NARROWEST
from services.monitor.disclosure.totals import Grown, Totals

MONTHS, LENGTH, MOST = 4, 2, 23
WINDOWS = [(first, first + months) for months in (1, LENGTH) for first in range(MONTHS + 1 - months)]
COUNTS = [*range(MOST + 1)]


def bounds(count: int) -> tuple[int, int]:
    return (0, 9) if count < SMALLEST_SHOWN else (max(10, rounded(count) - 2), rounded(count) + 2)


def possible(months: tuple[int, ...], shown: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Every other course of months of which the same would be shown."""
    limits = [(first, last, *bounds(sum(months[first:last]))) for first, last in shown]
    near = [[one for one in COUNTS if abs(one - month) <= 10] for month in months]
    return [
        other
        for other in product(*near)
        if all(low <= sum(other[first:last]) <= high for first, last, low, high in limits)
    ]


def told(months: tuple[int, ...], shown: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The small windows of which too few counts are possible."""
    others = possible(months, shown)
    found = []
    for first, last in WINDOWS:
        counts = [sum(other[first:last]) for other in others]
        if sum(months[first:last]) < SMALLEST_SHOWN and max(counts) - min(counts) < NARROWEST:
            found.append((first, last))
    return found


def withheld(months: tuple[int, ...]) -> frozenset[object]:
    totals = [sum(months[:place]) for place in range(MONTHS + 1)]
    shown = [Grown(first, last, (first, last), last - first) for first, last in WINDOWS]
    return Totals(totals, shown=shown, growing=[(place, place + 1) for place in range(MONTHS)]).withheld()


@settings(max_examples=30, deadline=None)
@given(st.tuples(*[st.integers(0, 14)] * MONTHS))
def test_nothing_is_told_after_it_and_nothing_is_withheld_without_need(months: tuple[int, ...]) -> None:
    hidden = withheld(months)
    assert not told(months, [one for one in WINDOWS if one not in hidden])
    assert bool(told(months, WINDOWS)) == bool(hidden)


def test_the_shortest_that_tell_it_are_withheld() -> None:
    """9 and 9 are 18, shown as 20, which is 18 to 22: so each was 9. One month is withheld, and not both together."""
    assert withheld((9, 8, 0, 30)) == frozenset()
    assert withheld((9, 9, 0, 30)) == {(0, 1)}
