"""Numbers that hold each other: which to leave out, so that the difference of two that are shown is not too small."""

from collections.abc import Sequence

from services.monitor.disclosure.counts import SMALLEST_SHOWN
from services.monitor.disclosure.table import TOTAL, Key
from services.monitor.figures.answer import MeasureTable, Row
from services.monitor.figures.values import Share, Tally


def not_nested(table: MeasureTable) -> frozenset[tuple[Key, object]]:
    """The rows to leave out because they would give away how many the next point adds.

    With a split a point at which any category has to be left out is left out for all of them: else the total less the
    others is the category.
    """
    by_key: dict[Key, list[Row]] = {}
    for row in table.rows:
        by_key.setdefault(row.key, []).append(row)
    left_out = {(key, row.at) for key, rows in by_key.items() for row in _too_near(rows)}
    total = tuple(TOTAL for _ in table.dimensions)
    points = {at for key, at in left_out if key != total}
    return frozenset(left_out | {(row.key, row.at) for row in table.rows if row.at in points and row.key != total})


def _too_near(rows: Sequence[Row]) -> list[Row]:
    """The points of one group that add between 1 and 9 to the last point before them that is shown."""
    found, before = [], 0
    for row in rows:
        part = next(value.part for value in row.values if isinstance(value, Share))
        if 0 < part - before < SMALLEST_SHOWN:
            found.append(row)
        else:
            before = part
    return found


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
