"""Answers for everyone else: rounded and suppressed, a pure function of the whole exact answer (see Disclosure).

- Counts of persons go through `disclosure.disclosed`, with every margin of their table.
- A group whose number may not be seen has no statistics either, nor has a row that rests on fewer than ten.
- A share is whole percents of rounded counts, if both what it counts and what it does not may be seen.
- Of nested shares (within 30, 90, ... days) one is left out when it adds fewer than ten to the one before.
- Movements: what started and what ended follow from each other and the stocks, so either both are shown or neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import assert_never

from services.monitor.disclosure.counts import SMALLEST_SHOWN, Count, Published, TooSmall, percentage, rounded
from services.monitor.disclosure.disclose import Audience, disclosed
from services.monitor.disclosure.table import TOTAL, Dimension, DisclosedTable, Key, Table
from services.monitor.figures.answer import (
    Answer,
    AnswerTable,
    Column,
    CountTable,
    FlowTable,
    MeasureTable,
    Movement,
    Row,
)
from services.monitor.figures.inside import all_movements, count_columns, flow_columns, higher, total_key
from services.monitor.figures.shown import (
    NOT_ESTIMABLE,
    TOO_SMALL,
    WITHHELD,
    Cell,
    Shown,
    ShownColumn,
    ShownRow,
    ShownTable,
    of_count,
)
from services.monitor.figures.values import Given, Quantity, Share, Statistic, Tally, Value, Word
from services.monitor.statistics.estimable import NotEstimable

NOTE = (
    "Counts of young persons are rounded to 5, those below 10 are not shown, and some others are withheld because one "
    "below 10 would follow from them. Rounded counts need not add up."
)
_EVERYBODY = Dimension("everybody", ("everybody",))
_BINARY = Dimension("counted", ("yes", "no"))


def for_everyone(answer: Answer) -> Shown:
    """The answer as anybody may see it."""
    counted = of_count(_one(answer.n))
    inferred = answer.inferred
    if isinstance(inferred, Fraction):
        shown = _share(Share(int(inferred * answer.n), answer.n))
    else:
        shown = NOT_ESTIMABLE if answer.n else TOO_SMALL
    tables = tuple(
        _table(table) for table in answer.tables if not (isinstance(table, MeasureTable) and table.inside_only)
    )
    return Shown(
        answer=answer, audience="outside", n=counted, inferred=shown, tables=tables, notes=(*answer.notes, NOTE)
    )


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


def _outside(dimensions: tuple[Dimension, ...], counts: Mapping[Key, int]) -> DisclosedTable:
    return disclosed(Table(dimensions, counts), to=Audience.OUTSIDE)


def _one(count: int) -> Count:
    return Published(rounded(count)) if count >= SMALLEST_SHOWN else TooSmall.TOO_SMALL


def _counts(table: CountTable) -> ShownTable:
    names = [dimension.name for dimension in table.dimensions]
    cells = _outside(table.dimensions, table.counts).cells
    rows = []
    for key, count in cells.items():
        shown = [of_count(count)]
        if table.shares_of:
            whole = cells[total_key(key, names.index(table.shares_of))]
            shown.append(of_count(percentage(count, whole)))  # type: ignore[arg-type]
        if table.at_least:
            shown.append(_sum(cells[one] for one in higher(table, key)))
        rows.append(ShownRow(dict(zip(names, key, strict=True)), None, tuple(shown)))
    return ShownTable(table.name, table.title, table.unit, tuple(names), None, count_columns(table), tuple(rows))


def _sum(counts: Iterable[Count]) -> Cell:
    """The sum of what is shown, so that it says nothing more; nothing when any of it is not shown."""
    found = list(counts)
    if len(found) == 1:
        return of_count(found[0])
    values = [count.value for count in found if isinstance(count, Published)]
    return Cell("rounded", sum(values)) if len(values) == len(found) else WITHHELD


def _measures(table: MeasureTable) -> ShownTable:
    names = tuple(dimension.name for dimension in table.dimensions)
    fates = _outside(table.dimensions, table.sizes).cells if table.dimensions else {}
    columns = (
        ShownColumn("n", "number", "How many the row rests on."),
        *(ShownColumn(column.name, column.unit, column.meaning) for column in table.columns),
    )
    hidden = _not_nested(table) if table.nested else frozenset()
    unchained = _unchained(table)
    rows = []
    for row in table.rows:
        fate = of_count(fates[row.key] if table.dimensions else _one(row.n))
        if fate.status == "rounded":
            fate = of_count(_one(row.n))
        if fate.status == "rounded" and (row.key, row.at) in hidden:
            fate = WITHHELD
        values = _values(row, table.columns, fate)
        cells = [
            WITHHELD if (row.key, row.at, column.name) in unchained and cell.status == "rounded" else cell
            for column, cell in zip(table.columns, values, strict=True)
        ]
        rows.append(ShownRow(dict(zip(names, row.key, strict=True)), row.at, (fate, *cells)))
    return ShownTable(table.name, table.title, "number", names, table.at, columns, tuple(rows))


def _values(row: Row, columns: Sequence[Column], fate: Cell) -> list[Cell]:
    """The cells of a row: nothing when it may not be seen, and no statistic when a share in it may not.

    Limits of a share, and a mean beside it, would say what the share does not.
    """
    if fate.status != "rounded":
        return [_blank(value, fate) for value in row.values]
    cells = [_value(value, column) for value, column in zip(row.values, columns, strict=True)]
    hidden = [
        cell
        for value, cell in zip(row.values, cells, strict=True)
        if isinstance(value, Share) and cell.status not in ("rounded", "not-estimable")
    ]
    if not hidden:
        return cells
    return [hidden[0] if isinstance(value, Statistic) else cell for value, cell in zip(row.values, cells, strict=True)]


def _blank(value: Value, fate: Cell) -> Cell:
    return Cell("given", value.value) if isinstance(value, Given) else fate


def _value(value: Value, column: Column) -> Cell:
    if column.inside_only:
        return WITHHELD
    match value:
        case Tally(value=number):
            return of_count(_one(number))
        case Quantity(value=number):
            return Cell("rounded", rounded(number))
        case Statistic(value=number):
            return NOT_ESTIMABLE if isinstance(number, NotEstimable) else Cell("rounded", _to_step(number, column.step))
        case Share():
            return _share(value)
        case Given(value=given):
            return Cell("given", given)
        case Word(value=word):
            return Cell("rounded", word)
        case _:
            assert_never(value)


def _to_step(number: int | Fraction | float, step: Fraction) -> Fraction:
    """The nearest multiple of the step, halves upwards."""
    return floor(Fraction(number) / step + Fraction(1, 2)) * step


def _share(value: Share) -> Cell:
    counts: dict[Key, int] = {("yes",): value.part, ("no",): value.whole - value.part}
    cells = _outside((_BINARY,), counts)
    return of_count(percentage(cells.cell(counted="yes"), cells.cell()))  # type: ignore[arg-type]


def _not_nested(table: MeasureTable) -> frozenset[tuple[Key, object]]:
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


def _unchained(table: MeasureTable) -> frozenset[tuple[Key, object, str]]:
    """Cells of chained columns to leave out: they differ by fewer than ten from one that is shown.

    With a split what is left out in one category is left out in all, for the reason of `_not_nested`.
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


def _flows(table: FlowTable) -> ShownTable:
    names = tuple(dimension.name for dimension in table.dimensions)
    movements = all_movements(table)
    both = _both_shown(table, movements)
    stocks = [{at: _stocks(table, place, at) for at in (0, 3)} for place in range(len(table.periods))]
    rows = []
    for key, moved in movements.items():
        for place, (period, movement) in enumerate(zip(table.periods, moved, strict=True)):
            flows = [of_count(_one(number)) for number in (movement.started, movement.ended)]
            if not both[key][place]:
                flows = [WITHHELD, WITHHELD]
            begin, end = (of_count(stocks[place][at][key]) for at in (0, 3))
            cells = (Cell("given", period.b), begin, *flows, end)
            rows.append(ShownRow(dict(zip(names, key, strict=True)), period.a, cells))
    return ShownTable(table.name, table.title, table.unit, names, "from", flow_columns(table), tuple(rows))


def _stocks(table: FlowTable, place: int, at: int) -> Mapping[Key, Count]:
    """Begin (0) or end (3) of a period by cell, as the stock of that day shows it."""
    counts = {inner: moved[place][at] for inner, moved in table.movements.items()}
    return _outside(table.dimensions, counts).cells if table.dimensions else {(): _one(counts.get((), 0))}


def _both_shown(table: FlowTable, movements: Mapping[Key, Sequence[Movement]]) -> dict[Key, list[bool]]:
    """By cell and period whether what started and what ended may be seen.

    Both must be ten or more. When a category of the split fails so do all in that period: else the total less the
    others would tell. When one period fails so does a second, for the same reason over time.
    """
    total = tuple(TOTAL for _ in table.dimensions)
    large = {key: [_is_large(one) for one in moved] for key, moved in movements.items()}
    shown: dict[Key, list[bool]] = {}
    for key in movements:
        own = list(large[key])
        if key != total:
            own = [all(large[other][place] for other in movements if other != total) for place in range(len(own))]
        if sum(not one for one in own) == 1 and len(own) > 1:
            sizes = [(min(one.started, one.ended), place) for place, one in enumerate(movements[key]) if own[place]]
            own[min(sizes)[1]] = False
        shown[key] = own
    return shown


def _is_large(movement: Movement) -> bool:
    return min(movement.started, movement.ended) >= SMALLEST_SHOWN
