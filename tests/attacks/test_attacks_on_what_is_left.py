"""What is left beside the parts that are shown is told to nobody where it is small; tried by integer programming."""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.monitor.disclosure.counts import Published, TooSmall
from services.monitor.disclosure.disclose import Audience, disclosed
from services.monitor.disclosure.left import unseen
from services.monitor.disclosure.reader import NARROWEST
from services.monitor.disclosure.table import EVERYBODY, TOTAL, Dimension, Key, Table
from tests.attacks.attacker import UNLIMITED, narrower

SEX = Dimension("sex", ("m", "f", "x"))
TOWNS = Dimension("town", ("a", "b", "c", "d"), {"a": "left", "b": "left", "c": "right", "d": "right"})
PARTS = ("other", "part", "left")
Number = tuple[str, Key]
"""What is counted, and of which group."""
Counts = tuple[int, int, int]
"""Of a group: the other part, the part that may be withheld, and what is left."""

few = st.tuples(st.integers(10, 40), st.integers(10, 40), st.integers(0, 4))


def shown(counts: Mapping[Key, Counts]) -> dict[str, dict[Key, int]]:
    """The counts of each table that is shown."""
    return {
        "whole": {key: sum(parts) for key, parts in counts.items()},
        "other": {key: other for key, (other, _, _) in counts.items()},
        "part": {key: part for key, (_, part, _) in counts.items()},
    }


def withheld(dimension: Dimension, counts: Mapping[Key, Counts]) -> frozenset[Key]:
    return unseen((dimension,), *shown(counts).values())


def told(dimension: Dimension, counts: Mapping[Key, Counts], hidden: frozenset[Key]) -> list[Number]:
    """The groups of which it is known too closely how few were left."""
    kinds = list(product(counts, PARTS))

    def counted(number: Number) -> list[bool]:
        what, key = number
        return [
            what in ("whole", part) and key[0] in (TOTAL, own[0], dimension.groups.get(own[0])) for own, part in kinds
        ]

    def really(number: Number) -> int:
        return sum(
            counts[own][PARTS.index(part)] for (own, part), one in zip(kinds, counted(number), strict=True) if one
        )

    said = (*_said(dimension, counts, hidden), *((("left", (name,)), (0, UNLIMITED)) for name in _names(dimension)))
    return [number for number, *_ in narrower(said, counted, really, NARROWEST) if number[0] == "left"]


def _names(dimension: Dimension) -> tuple[str, ...]:
    return (TOTAL, *dict.fromkeys(dimension.groups.values()), *dimension.categories)


def _said(
    dimension: Dimension, counts: Mapping[Key, Counts], hidden: frozenset[Key]
) -> Iterator[tuple[Number, tuple[int, int]]]:
    for what, table in shown(counts).items():
        cells = disclosed(Table((dimension,), table), to=Audience.OUTSIDE).cells
        for key, cell in cells.items():
            match cell:
                case Published(value=value) if what != "part" or key not in hidden:
                    yield (what, key), (max(10, value - 2), value + 2)
                case TooSmall() if what != "part" or key not in hidden:
                    yield (what, key), (0, 9)
                case _:
                    yield (what, key), (0, UNLIMITED)


@settings(deadline=None)
@given(few)
def test_of_all_together_it_is_withheld_where_it_is_told_and_nowhere_else(parts: Counts) -> None:
    counts = {EVERYBODY.categories: parts}
    hidden = withheld(EVERYBODY, counts)
    assert bool(told(EVERYBODY, counts, frozenset())) == bool(hidden)
    assert not told(EVERYBODY, counts, hidden)


@settings(max_examples=100, deadline=None)
@given(st.tuples(few, few, few))
@example(((58, 38, 0), (58, 38, 0), (30, 20, 9)))
@example(((10, 10, 0), (11, 11, 0), (12, 17, 2)))
def test_nor_is_it_told_of_a_group(parts: tuple[Counts, ...]) -> None:
    assert_not_told(SEX, parts)


@settings(max_examples=60, deadline=None)
@given(st.tuples(few, few, few, few))
def test_nor_of_groups_that_lie_in_others(parts: tuple[Counts, ...]) -> None:
    assert_not_told(TOWNS, parts)


def assert_not_told(dimension: Dimension, parts: tuple[Counts, ...]) -> None:
    """Unless nothing of the smallest groups is shown: what is then told follows from what is shown of others."""
    counts = {(name,): one for name, one in zip(dimension.categories, parts, strict=True)}
    hidden = withheld(dimension, counts)
    assert not told(dimension, counts, hidden) or counts.keys() <= hidden


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [
        pytest.param((58, 38, 0), True, id="93 to 97, less 58 to 62, less 38 to 42: none or one"),
        pytest.param((58, 38, 1), True, id="one more"),
        pytest.param((60, 40, 0), False, id="in the middle of their rounding"),
        pytest.param((58, 38, 30), False, id="enough were left"),
    ],
)
def test_it_is_withheld_where_all_lie_on_the_far_side_of_their_rounding(parts: Counts, *, hidden: bool) -> None:
    assert bool(withheld(EVERYBODY, {EVERYBODY.categories: parts})) == hidden


def test_nothing_follows_where_parts_are_more_than_their_whole() -> None:
    """Those who ended a closure are counted where it began: in another region than some of their placements."""
    assert not unseen((SEX,), {("m",): 30, ("f",): 20}, {("m",): 10, ("f",): 22}, {("m",): 18, ("f",): 0})


def test_so_deep_only_and_what_lies_above_is_withheld_in_every_split() -> None:
    whole, other, part = {("m",): 50, ("f",): 46}, {("m",): 30, ("f",): 28}, {("m",): 28, ("f",): 10}
    assert unseen((SEX,), whole, other, part) == {(TOTAL,)}
