"""Tables of measures as those outside see them: which rows, and in these what of each value."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import floor
from typing import assert_never

from services.monitor.disclosure.counts import Count, Published, rounded
from services.monitor.disclosure.table import Key
from services.monitor.figures.answer import Column, MeasureTable, Row
from services.monitor.figures.differences import not_nested, unchained
from services.monitor.figures.gate import cells_of, one_count, row_hidden, share_of, table_of
from services.monitor.figures.inside import measure_columns
from services.monitor.figures.shown import (
    NOT_ESTIMABLE,
    TOO_SMALL,
    WITHHELD,
    Cell,
    ShownRow,
    ShownTable,
    of_count,
)
from services.monitor.figures.sight import Sight, is_part
from services.monitor.figures.values import Given, Portion, Quantity, Share, Statistic, Tally, Value, Word
from services.monitor.statistics.estimable import NotEstimable


def measures(table: MeasureTable, sight: Sight) -> ShownTable:
    """The table; rows of which nothing may be seen are there without a value."""
    names = tuple(dimension.name for dimension in table.dimensions)
    fates = _row_fates(table, sight)
    unseen = _unseen_tallies(table, sight)
    rows = []
    for row, fate in zip(table.rows, fates, strict=True):
        values = _values(row, table.columns, fate, sight)
        cells = [
            unseen.get((row.key, row.at, column.name), cell) if cell.status in ("rounded", "too-small") else cell
            for column, cell in zip(table.columns, values, strict=True)
        ]
        cells = _quotients(table.columns, cells)
        rows.append(ShownRow(dict(zip(names, row.key, strict=True)), row.at, (fate, *cells)))
    return ShownTable(table.name, table.title, "number", names, table.at, measure_columns(table), tuple(rows))


def _row_fates(table: MeasureTable, sight: Sight) -> list[Cell]:
    """What is shown of the number of each row; nothing else of a row is shown unless this is."""
    fates = _fates_alone(table, sight)
    if not table.nested:
        return fates
    near = _near(table, fates)
    if table.judged_with is not None:
        other = table.judged_with()
        near |= _near(other, _fates_alone(other, sight))
    return [
        WITHHELD if fate.status == "rounded" and (row.key, row.at) in near else fate
        for row, fate in zip(table.rows, fates, strict=True)
    ]


def _fates_alone(table: MeasureTable, sight: Sight) -> list[Cell]:
    """The same of each row by itself."""
    of_groups = _fates(table)
    fates = []
    for row in table.rows:
        fate = of_count(of_groups[row.at][row.key])
        if fate.status == "rounded":
            fate = of_count(one_count(row.n if row.told is None else row.told))
        fates.append(WITHHELD if _row_hidden(table, row, sight) else fate)
    return fates


def _near(table: MeasureTable, fates: Sequence[Cell]) -> frozenset[tuple[Key, object]]:
    return not_nested(table, {row.key for row, fate in zip(table.rows, fates, strict=True) if fate.status == "rounded"})


def _quotients(columns: Sequence[Column], cells: Sequence[Cell]) -> list[Cell]:
    """Those of columns of which one is not shown are not shown either, for the same reason."""
    of = dict(zip([column.name for column in columns], cells, strict=True))
    return [
        next((of[name] for name in column.of if of[name].status != "rounded"), cell)
        for column, cell in zip(columns, cells, strict=True)
    ]


def _fates(table: MeasureTable) -> Mapping[object, Mapping[Key, Count]]:
    """By point what the number of a group says: whether anything may be seen of it."""
    numbers: dict[object, dict[Key, int]] = {}
    for row in table.rows:
        numbers.setdefault(row.at, {})[row.key] = row.n
    if table.periods or not table.dimensions:
        return {at: cells_of(table.dimensions, _inner(table, found)) for at, found in numbers.items()}
    return dict.fromkeys(numbers, cells_of(table.dimensions, table.sizes))


def _inner(table: MeasureTable, counts: Mapping[Key, int]) -> dict[Key, int]:
    """Those of inner cells: totals and groups left out."""
    categories = [set(dimension.categories) for dimension in table.dimensions]
    return {
        key: count
        for key, count in counts.items()
        if all(name in names for name, names in zip(key, categories, strict=True))
    }


def _row_hidden(table: MeasureTable, row: Row, sight: Sight) -> bool:
    if table.withheld:
        return True
    if table.periods:
        period = next(one for one in table.periods if one.a == row.at)
        if is_part(period) and sight.hides_part(row.key, None, period):
            return True
        return any(sight.hides_period(row.key, one.moved, period) for one in table.columns if one.moved)
    if table.followed and isinstance(row.at, int) and not sight.followed(row.key, row.at):
        return True
    return row_hidden(table, row.key, sight)


def _values(row: Row, columns: Sequence[Column], fate: Cell, sight: Sight) -> list[Cell]:
    """The cells of a row: nothing when it may not be seen, and no statistic when a share in it may not.

    Limits of a share, and a mean beside it, would say what the share does not.
    """
    if fate.status != "rounded":
        return [_blank(value, fate) for value in row.values]
    cells = [
        WITHHELD if column.inside_only else _value(value, column, row, sight)
        for value, column in zip(row.values, columns, strict=True)
    ]
    hidden = [
        cell
        for value, cell, column in zip(row.values, cells, columns, strict=True)
        if isinstance(value, Share | Portion)
        and cell.status not in ("rounded", "not-estimable")
        and not column.inside_only
    ]
    if not hidden:
        return cells
    return [hidden[0] if isinstance(value, Statistic) else cell for value, cell in zip(row.values, cells, strict=True)]


def _blank(value: Value, fate: Cell) -> Cell:
    return Cell("given", value.value) if isinstance(value, Given) else fate


def _value(value: Value, column: Column, row: Row, sight: Sight) -> Cell:
    match value:
        case Tally(value=number):
            return of_count(one_count(number))
        case Quantity(value=number):
            return Cell("rounded", rounded(number))
        case Statistic():
            return _statistic(value, column, row, sight)
        case Share():
            return share_of(value)
        case Portion(value=number):
            return NOT_ESTIMABLE if isinstance(number, NotEstimable) else share_of(value)
        case Given(value=given):
            return Cell("given", given)
        case Word(value=word):
            return Cell("rounded", word)
        case _:
            assert_never(value)


def _statistic(statistic: Statistic, column: Column, row: Row, sight: Sight) -> Cell:
    if (row.n if statistic.of is None else statistic.of) < statistic.least:
        return TOO_SMALL
    number = statistic.value
    if isinstance(number, NotEstimable):
        return NOT_ESTIMABLE
    if statistic.follow and not sight.followed(row.key, statistic.follow):
        return WITHHELD
    if statistic.told is not None:
        number = statistic.told()
    return NOT_ESTIMABLE if isinstance(number, NotEstimable) else Cell("rounded", _to_step(number, column.step))


def _to_step(number: int | Fraction | float, step: Fraction) -> Fraction:
    """The nearest multiple of the step, halves upwards."""
    return floor(Fraction(number) / step + Fraction(1, 2)) * step


def _unseen_tallies(table: MeasureTable, sight: Sight) -> dict[tuple[Key, object, str], Cell]:
    """Counts in a row of a group that is seen, which are not seen themselves: each counts groups of its own."""
    found: dict[tuple[Key, object, str], Cell] = dict.fromkeys(unchained(table), WITHHELD)
    first = table.rows[0].values if table.rows else ()
    tallies = [column for column, value in zip(table.columns, first, strict=False) if isinstance(value, Tally)]
    for period, column in product(table.periods, tallies):
        counts = {row.key: _tally(row, table, column) for row in table.rows if row.at == period.a}
        if table.dimensions:
            fates = table_of(table.dimensions, _inner(table, counts)).cells
            found |= {
                (key, period.a, column.name): of_count(fate)
                for key, fate in fates.items()
                if not isinstance(fate, Published)
            }
        for key in counts:
            if sight.hides(key, column.moved, period=period):
                found[key, period.a, column.name] = WITHHELD
    return found


def _tally(row: Row, table: MeasureTable, column: Column) -> int:
    value = row.values[table.columns.index(column)]
    assert isinstance(value, Tally)
    return value.value
