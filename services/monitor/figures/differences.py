"""Numbers that hold each other: which to leave out, so that the difference of two that are shown is not too small."""

from collections.abc import Container, Iterator, Mapping, Sequence

from services.monitor.disclosure.counts import SMALLEST_SHOWN
from services.monitor.disclosure.table import TOTAL, Dimension, Key
from services.monitor.figures.answer import Column, MeasureTable, Row, keys_of
from services.monitor.figures.jointly import YEAR
from services.monitor.figures.values import Portion, Share, Tally

_LevelsOf = Mapping[tuple[Key, object], tuple[int, ...]]
"""What is shown of a group at a point."""


def not_nested(table: MeasureTable, seen: Container[Key]) -> frozenset[tuple[Key, object]]:
    """The rows to leave out because they would give away how many the next point adds, or adds to what is over.

    `seen` are the groups that are shown. With a split a point at which any of these has to be left out is left out for
    all of them: else the total less the others is that one. What is not shown of a margin follows from it together, so
    it counts as one more. Years are each by themselves, for nothing is shown of several together.
    """
    names = [dimension.name for dimension in table.dimensions]
    year = names.index(YEAR) if YEAR in names else None
    levels: _LevelsOf = {(row.key, row.at): _levels(row, table.columns) for row in table.rows}
    points = list(dict.fromkeys(row.at for row in table.rows))
    wholes = [key for key in dict.fromkeys(row.key for row in table.rows) if _is_whole(key, year)]
    parts: dict[str | None, list[list[Key]]] = {}
    for family in _families(table.dimensions, year):
        shown = [[key] for key in family if key in seen]
        rest = [key for key in family if key not in seen]
        parts.setdefault(_year(family[0], year), []).extend([*shown, rest])
    left_out = {(whole, at) for whole in wholes for at in _too_near([[whole]], points, levels)}
    for of, groups in parts.items():
        out = _too_near(groups, points, levels)
        left_out |= {
            (row.key, row.at)
            for row in table.rows
            if row.at in out and _year(row.key, year) == of and not _is_whole(row.key, year)
        }
    return frozenset(left_out)


def _levels(row: Row, columns: Sequence[Column]) -> tuple[int, ...]:
    """What its shares count, and what is over: whoever sees all of them computes that."""
    shares = [
        value
        for value, column in zip(row.values, columns, strict=True)
        if isinstance(value, Share | Portion) and not column.inside_only
    ]
    return (*(share.part for share in shares), shares[0].whole - sum(share.part for share in shares), *row.beside)


def _too_near(groups: Sequence[Sequence[Key]], points: Sequence[object], levels: _LevelsOf) -> set[object]:
    """The points at which any of these (each a sum) is less than ten, or differs so little from the last that is kept.

    A sum of nobody differs from nothing. To add nobody at all is to add fewer than ten.
    """
    found: set[object] = set()
    before: list[tuple[int, ...]] = []
    for at in points:
        now = [tuple(map(sum, zip(*(levels[key, at] for key in keys), strict=True))) for keys in groups]
        if any(sum(own) and _near(own, last) for own, last in zip(now, before or [()] * len(now), strict=True)):
            found.add(at)
        else:
            before = now
    return found


def _near(now: tuple[int, ...], before: tuple[int, ...]) -> bool:
    """Whether anything is fewer than ten, or differs by fewer from the last time."""
    apart = [abs(one - other) for one, other in zip(now, before, strict=True)] if before else []
    return min(*now, *apart) < SMALLEST_SHOWN


def _families(dimensions: Sequence[Dimension], year: int | None) -> Iterator[list[Key]]:
    """The parts of each margin over each dimension; of the dimension year there is no margin."""
    for key in keys_of(dimensions):
        for place, (name, dimension) in enumerate(zip(key, dimensions, strict=True)):
            if place == year:
                continue
            below = [one for one in dimension.categories if dimension.groups.get(one) == name]
            if name == TOTAL:
                below = list(dict.fromkeys(dimension.groups.values())) or list(dimension.categories)
            if below:
                yield [(*key[:place], one, *key[place + 1 :]) for one in below]


def _year(key: Key, year: int | None) -> str | None:
    return None if year is None else key[year]


def _is_whole(key: Key, year: int | None) -> bool:
    return all(category == TOTAL for place, category in enumerate(key) if place != year)


def unchained(table: MeasureTable) -> frozenset[tuple[Key, object, str]]:
    """Cells of chained columns to leave out: they differ by fewer than ten from one that is shown.

    With a split what is left out in one category is left out in all, for the reason of `not_nested`.
    """
    if not table.chained:
        return frozenset()
    names = [column.name for column in table.columns]
    total = tuple(TOTAL for _ in table.dimensions)
    found: set[tuple[Key, object, str]] = set()
    for row in table.rows:
        shown: list[int] = []
        for name in table.chained:
            value = row.values[names.index(name)]
            assert isinstance(value, Tally)
            if any(abs(value.value - other) < SMALLEST_SHOWN for other in shown):
                found.add((row.key, row.at, name))
            else:
                shown.append(value.value)
    cut = {(at, name) for key, at, name in found if key != total}
    everywhere = {(row.key, at, name) for at, name in cut for row in table.rows if row.at == at and row.key != total}
    return frozenset(found | everywhere)
