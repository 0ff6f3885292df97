"""Answers for operations: every number as it is."""

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from services.monitor.disclosure.counts import Exact
from services.monitor.disclosure.disclose import Audience, disclosed
from services.monitor.disclosure.table import TOTAL, DisclosedTable, Key, Table
from services.monitor.figures.answer import (
    Answer,
    AnswerTable,
    CountTable,
    FlowTable,
    MeasureTable,
    Movement,
    keys_above,
    keys_of,
)
from services.monitor.figures.shown import Cell, Shown, ShownColumn, ShownRow, ShownTable, exact
from services.monitor.figures.values import Given, Portion, Quantity, Share, Statistic, Tally, Value, Word
from services.monitor.statistics.quantiles import share

COUNT = "count"
SHARE = "share"
AT_LEAST = "atLeast"
FLOW_COLUMNS = ("until", "begin", "started", "ended", "end")


def for_operations(answer: Answer) -> Shown:
    """The answer, exact."""
    return Shown(
        answer=answer,
        audience="inside",
        n=exact(answer.n),
        inferred=exact(answer.inferred),
        tables=tuple(_table(table) for table in answer.tables),
        notes=(*answer.notes, *answer.inside_notes),
    )


def measure_columns(table: MeasureTable) -> tuple[ShownColumn, ...]:
    """The columns of a table of measures."""
    return (
        ShownColumn("n", "number", "How many the row rests on."),
        *(ShownColumn(column.name, column.unit, column.meaning) for column in table.columns),
    )


def count_columns(table: CountTable) -> tuple[ShownColumn, ...]:
    """The columns of a table of counts."""
    columns = [ShownColumn(COUNT, table.unit, "How many.")]
    if table.shares_of:
        columns.append(ShownColumn(SHARE, "share", f"The share of the total over {table.shares_of}."))
    if table.at_least:
        columns.append(
            ShownColumn(AT_LEAST, table.unit, f"How many in this category of {table.at_least} or a higher one.")
        )
    return tuple(columns)


def flow_columns(table: FlowTable) -> tuple[ShownColumn, ...]:
    """The columns of a table of movements."""
    meanings = (
        "The first day after the period.",
        "Open on the day before.",
        "Started in it.",
        "Ended in it.",
        "Open on its last day.",
    )
    units = ("date", *(table.unit,) * 4)
    return tuple(ShownColumn(*column) for column in zip(FLOW_COLUMNS, units, meanings, strict=True))  # type: ignore[arg-type]


def total_key(key: Key, place: int) -> Key:
    """The margin of a cell over one dimension."""
    return (*key[:place], TOTAL, *key[place + 1 :])


def all_movements(table: FlowTable) -> dict[Key, list[Movement]]:
    """The movements of every cell, margins included, by period."""
    sums = {key: [[0, 0, 0, 0] for _ in table.periods] for key in keys_of(table.dimensions)}
    for key, moved in table.movements.items():
        for above in keys_above(key, table.dimensions):
            for total, movement in zip(sums[above], moved, strict=True):
                for place, number in enumerate(movement):
                    total[place] += number
    return {key: [Movement(*total) for total in totals] for key, totals in sums.items()}


def higher(table: CountTable, key: Key) -> Iterator[Key]:
    """The cells that count as this one or more, by the order of the categories of `at_least`."""
    place = [dimension.name for dimension in table.dimensions].index(table.at_least or "")
    categories = table.dimensions[place].categories
    from_here = categories if key[place] == TOTAL else categories[categories.index(key[place]) :]
    return ((*key[:place], category, *key[place + 1 :]) for category in from_here)


def _table(table: AnswerTable) -> ShownTable:
    match table:
        case CountTable():
            return _counts(table)
        case MeasureTable():
            return _measures(table)
        case FlowTable():
            return _flows(table)
        case _:
            assert_never(table)


def _counts(table: CountTable) -> ShownTable:
    names = [dimension.name for dimension in table.dimensions]
    cells = disclosed(Table(table.dimensions, table.counts), to=Audience.INSIDE)
    rows = []
    for key in cells.cells:
        count = _value(cells, key)
        shown = [Cell("exact", count)]
        if table.shares_of:
            whole = _value(cells, total_key(key, names.index(table.shares_of)))
            shown.append(_share(count, whole))
        if table.at_least:
            shown.append(Cell("exact", sum(_value(cells, one) for one in higher(table, key))))
        rows.append(ShownRow(dict(zip(names, key, strict=True)), None, tuple(shown)))
    return ShownTable(table.name, table.title, table.unit, tuple(names), None, count_columns(table), tuple(rows))


def _value(table: DisclosedTable, key: Key) -> int:
    count = table.cells[key]
    assert isinstance(count, Exact)
    return count.value


def _measures(table: MeasureTable) -> ShownTable:
    names = tuple(dimension.name for dimension in table.dimensions)
    rows = tuple(
        ShownRow(
            dict(zip(names, row.key, strict=True)),
            row.at,
            (Cell("exact", row.n), *(_cell(value) for value in row.values)),
        )
        for row in table.rows
    )
    return ShownTable(table.name, table.title, "number", names, table.at, measure_columns(table), rows)


def _cell(value: Value) -> Cell:
    match value:
        case Tally(value=number) | Quantity(value=number):
            return Cell("exact", number)
        case Statistic(value=number) | Portion(value=number):
            return exact(number)
        case Share(part=part, whole=whole):
            return _share(part, whole)
        case Given(value=given):
            return Cell("given", given)
        case Word(value=word):
            return Cell("exact", word)
        case _:
            assert_never(value)


def _share(part: int, whole: int) -> Cell:
    found = share(part, whole)
    return Cell("exact", found, part, whole) if isinstance(found, Fraction) else exact(found)


def _flows(table: FlowTable) -> ShownTable:
    names = tuple(dimension.name for dimension in table.dimensions)
    rows = tuple(
        ShownRow(
            dict(zip(names, key, strict=True)),
            period.a,
            (Cell("given", period.b), *(Cell("exact", number) for number in movement)),
        )
        for key, moved in all_movements(table).items()
        for period, movement in zip(table.periods, moved, strict=True)
    )
    return ShownTable(table.name, table.title, table.unit, names, "from", flow_columns(table), rows)
