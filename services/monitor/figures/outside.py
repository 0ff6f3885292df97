"""Answers for everyone else: rounded and suppressed, a pure function of the whole exact answer (see Disclosure).

- Counts of persons go through `disclosure.disclosed`, with every margin of their table.
- A group whose number may not be seen has no statistics either, nor has a row that rests on fewer than ten.
- A share is whole percents of rounded counts, if both what it counts and what it does not may be seen.
- Of nested shares (within 30, 90, ... days) one is left out when it adds fewer than ten to the one before.
- What started and what ended tell of each other and of the stocks: where a small number would follow both are withheld,
  in every figure (see Sight and Jointly).
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import floor
from typing import assert_never

from services.monitor.disclosure.counts import SMALLEST_SHOWN, Count, Published, TooSmall, Withheld, percentage, rounded
from services.monitor.disclosure.disclose import Audience, disclosed
from services.monitor.disclosure.table import TOTAL, Dimension, DisclosedTable, Key, Table
from services.monitor.figures.answer import (
    Answer,
    Column,
    CountTable,
    FlowTable,
    MeasureTable,
    Row,
    keys_of,
)
from services.monitor.figures.differences import not_nested, unchained
from services.monitor.figures.inside import count_columns, flow_columns, higher, total_key
from services.monitor.figures.jointly import YEAR
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
from services.monitor.figures.sight import Sight, is_part, month_of
from services.monitor.figures.values import Given, Quantity, Share, Statistic, Tally, Value, Word
from services.monitor.statistics.estimable import NotEstimable

NOTE = (
    "Counts of young persons are rounded to 5, those below 10 are not shown, and some others are withheld because one "
    "below 10 would follow from them. Rounded counts need not add up."
)
FOLLOWED = "What comes after so many days is shown where all were followed so long."
_EVERYBODY = Dimension("everybody", ("everybody",))
_BINARY = Dimension("counted", ("yes", "no"))


def for_everyone(answer: Answer, sight: Sight) -> Shown:
    """The answer as anybody may see it."""
    counted = WITHHELD if sight.hides_number() else of_count(_one(answer.n))
    inferred = answer.inferred
    if counted is WITHHELD:
        shown = WITHHELD
    elif isinstance(inferred, Fraction):
        shown = _share(Share(int(inferred * answer.n), answer.n))
    else:
        shown = NOT_ESTIMABLE if answer.n else TOO_SMALL
    tables = tuple(
        _counts(table, sight) if isinstance(table, CountTable) else _table(table, sight)
        for table in answer.tables
        if not (isinstance(table, MeasureTable) and table.inside_only)
    )
    notes = (NOTE, FOLLOWED) if any(getattr(table, "followed", False) for table in answer.tables) else (NOTE,)
    return Shown(
        answer=answer, audience="outside", n=counted, inferred=shown, tables=tables, notes=(*answer.notes, *notes)
    )


def _table(table: MeasureTable | FlowTable, sight: Sight) -> ShownTable:
    match table:
        case MeasureTable():
            return _measures(table, sight)
        case FlowTable():
            return _flows(table, sight)
        case _:
            assert_never(table)


def _outside(dimensions: tuple[Dimension, ...], counts: Mapping[Key, int]) -> DisclosedTable:
    return disclosed(Table(dimensions, counts), to=Audience.OUTSIDE)


def _cells(dimensions: tuple[Dimension, ...], counts: Mapping[Key, int]) -> Mapping[Key, Count]:
    """What is shown of each cell. Several years are a table each, as if only that one were asked for."""
    if not dimensions:
        return {(): _one(counts.get((), 0))}
    names = [dimension.name for dimension in dimensions]
    if YEAR not in names or len(dimensions[names.index(YEAR)].categories) == 1:
        return _outside(dimensions, counts).cells
    at = names.index(YEAR)
    rest = (*dimensions[:at], *dimensions[at + 1 :])
    of_year: dict[str, dict[Key, int]] = {year: {} for year in dimensions[at].categories}
    for key, count in counts.items():
        of_year[key[at]][(*key[:at], *key[at + 1 :])] = count
    shown = {year: _cells(rest, found) for year, found in of_year.items()}
    return {
        key: shown[key[at]][(*key[:at], *key[at + 1 :])] if key[at] in shown else Withheld.WITHHELD
        for key in keys_of(dimensions)
    }


def _one(count: int) -> Count:
    return Published(rounded(count)) if count >= SMALLEST_SHOWN else TooSmall.TOO_SMALL


def _hidden(table: CountTable | MeasureTable, key: Key, sight: Sight) -> bool:
    """Whether a row may not be seen, for the group and the window that it is of."""
    if isinstance(table, CountTable) and table.of_date:
        return False
    names = [dimension.name for dimension in table.dimensions]
    if table.parts and (part := key[names.index(table.parts)]) != TOTAL:
        return sight.hides_part(key, table.moved, month_of(part))
    return sight.hides(key, table.moved)


def _counts(table: CountTable, sight: Sight) -> ShownTable:
    names = [dimension.name for dimension in table.dimensions]
    cells = _cells(table.dimensions, table.counts)
    rows = []
    for key, count in cells.items():
        shown = [of_count(count)]
        if table.shares_of:
            whole = cells[total_key(key, names.index(table.shares_of))]
            shown.append(of_count(percentage(count, whole)))  # type: ignore[arg-type]
        if table.at_least:
            shown.append(_sum(cells[one] for one in higher(table, key)))
        if (table.totals_only and key[-1] != TOTAL) or _hidden(table, key, sight):
            shown = [WITHHELD] * len(shown)
        rows.append(ShownRow(dict(zip(names, key, strict=True)), None, tuple(shown)))
    return ShownTable(table.name, table.title, table.unit, tuple(names), None, count_columns(table), tuple(rows))


def _sum(counts: Iterable[Count]) -> Cell:
    """The sum of what is shown, so that it says nothing more; nothing when any of it is not shown."""
    found = list(counts)
    if len(found) == 1:
        return of_count(found[0])
    values = [count.value for count in found if isinstance(count, Published)]
    return Cell("rounded", sum(values)) if len(values) == len(found) else WITHHELD


def _measures(table: MeasureTable, sight: Sight) -> ShownTable:
    names = tuple(dimension.name for dimension in table.dimensions)
    columns = (
        ShownColumn("n", "number", "How many the row rests on."),
        *(ShownColumn(column.name, column.unit, column.meaning) for column in table.columns),
    )
    fates, hidden = _fates(table), not_nested(table) if table.nested else frozenset()
    unseen = _unseen_tallies(table, sight)
    rows = []
    for row in table.rows:
        fate = of_count(fates[row.at][row.key])
        if fate.status == "rounded":
            fate = of_count(_one(row.n))
        if (fate.status == "rounded" and (row.key, row.at) in hidden) or _row_hidden(table, row, sight):
            fate = WITHHELD
        values = _values(row, table.columns, fate)
        cells = [
            unseen.get((row.key, row.at, column.name), cell) if cell.status in ("rounded", "too-small") else cell
            for column, cell in zip(table.columns, values, strict=True)
        ]
        rows.append(ShownRow(dict(zip(names, row.key, strict=True)), row.at, (fate, *cells)))
    return ShownTable(table.name, table.title, "number", names, table.at, columns, tuple(rows))


def _fates(table: MeasureTable) -> Mapping[object, Mapping[Key, Count]]:
    """By point what the number of a group says: whether anything may be seen of it."""
    numbers: dict[object, dict[Key, int]] = {}
    for row in table.rows:
        numbers.setdefault(row.at, {})[row.key] = row.n
    if table.periods or not table.dimensions:
        return {at: _cells(table.dimensions, _inner(table, found)) for at, found in numbers.items()}
    return dict.fromkeys(numbers, _cells(table.dimensions, table.sizes))


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
    return _hidden(table, row.key, sight)


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


def _unseen_tallies(table: MeasureTable, sight: Sight) -> dict[tuple[Key, object, str], Cell]:
    """Counts in a row of a group that is seen, which are not seen themselves: each counts groups of its own."""
    found: dict[tuple[Key, object, str], Cell] = dict.fromkeys(unchained(table), WITHHELD)
    first = table.rows[0].values if table.rows else ()
    tallies = [column for column, value in zip(table.columns, first, strict=False) if isinstance(value, Tally)]
    for period, column in product(table.periods, tallies):
        counts = {row.key: _tally(row, table, column) for row in table.rows if row.at == period.a}
        if table.dimensions:
            fates = _outside(table.dimensions, _inner(table, counts)).cells
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


def _flows(table: FlowTable, sight: Sight) -> ShownTable:
    names = tuple(dimension.name for dimension in table.dimensions)
    moving = [_moving(table, place) for place in range(len(table.periods))]
    # What is there at the end of a period is what is there at the beginning of the next.
    there = [_movement(table, place, "begin") for place in range(len(table.periods))]
    there += [_movement(table, place, "end") for place in range(len(table.periods))[-1:]]
    rows = []
    for key in keys_of(table.dimensions):
        for place, period in enumerate(table.periods):
            hides = sight.hides_part if is_part(period) else sight.hides_period
            hidden = hides(key, table.moved, period)
            started, ended = [WITHHELD if hidden else of_count(column[key]) for column in moving[place]]
            begin, end = of_count(there[place][key]), of_count(there[place + 1][key])
            cells = (Cell("given", period.b), begin, started, ended, end)
            rows.append(ShownRow(dict(zip(names, key, strict=True)), period.a, cells))
    return ShownTable(table.name, table.title, table.unit, names, "from", flow_columns(table), tuple(rows))


def _moving(table: FlowTable, place: int) -> list[Mapping[Key, Count]]:
    """What started and what ended in a period; of a part of a year only of all together, as no more is shown."""
    if not table.dimensions or not is_part(table.periods[place]):
        return [_movement(table, place, "started"), _movement(table, place, "ended")]
    total = tuple(TOTAL for _ in table.dimensions)
    moved = [movements[place] for movements in table.movements.values()]
    return [{total: _one(sum(one.started for one in moved))}, {total: _one(sum(one.ended for one in moved))}]


def _movement(table: FlowTable, place: int, name: str) -> Mapping[Key, Count]:
    counts = {key: getattr(moved[place], name) for key, moved in table.movements.items()}
    return _cells(table.dimensions, counts)
