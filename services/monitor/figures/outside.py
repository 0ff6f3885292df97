"""Answers for everyone else: rounded and suppressed, a pure function of the whole exact answer (see Disclosure).

- Counts of persons go through `disclosure.disclosed`, with every margin of their table.
- A group whose number may not be seen has no statistics either, nor has a row that rests on fewer than ten.
- A share is whole percents of rounded counts, if both what it counts and what it does not may be seen.
- Of nested shares (within 30, 90, ... days) one is left out when it adds fewer than ten to the one before. So a curve
  is shown at days between which ten or more left, and while ten or more are still there.
- What a statistic would tell of counts that are rounded it tells of the rounded ones (`told`): limits, rates, means.
- What started and what ended tell of each other and of the stocks: where a small number would follow both are withheld,
  in every figure (see Sight and Jointly).
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import assert_never

from services.monitor.disclosure.counts import Count, Published, percentage
from services.monitor.disclosure.table import TOTAL, Key
from services.monitor.figures.answer import (
    Answer,
    CountTable,
    FlowTable,
    MeasureTable,
    keys_of,
)
from services.monitor.figures.gate import cells_of, one_count, row_hidden, share_of
from services.monitor.figures.inside import count_columns, flow_columns, higher, total_key
from services.monitor.figures.measures import measures
from services.monitor.figures.shown import (
    NOT_ESTIMABLE,
    TOO_SMALL,
    WITHHELD,
    Cell,
    Shown,
    ShownRow,
    ShownTable,
    of_count,
)
from services.monitor.figures.sight import Sight, is_part
from services.monitor.figures.values import Share

NOTE = (
    "Counts of young persons are rounded to 5, those below 10 are not shown, and some others are withheld because one "
    "below 10 would follow from them. Rounded counts need not add up."
)
FOLLOWED = (
    "What comes after so many days is shown where all were followed so long, and ten or more are added to the last day "
    "that is shown."
)


def for_everyone(answer: Answer, sight: Sight) -> Shown:
    """The answer as anybody may see it."""
    hidden = sight.hides_number() or any(_hides_total(table) for table in answer.tables)
    counted = WITHHELD if hidden else of_count(one_count(answer.n))
    inferred = answer.inferred
    if counted is WITHHELD:
        shown = WITHHELD
    elif isinstance(inferred, Fraction):
        shown = share_of(Share(int(inferred * answer.n), answer.n))
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


def _hides_total(table: CountTable | MeasureTable | FlowTable) -> bool:
    """Whether the number that a table counts may not be seen of all together."""
    left = None if isinstance(table, FlowTable) else table.left
    return left is not None and left.hides((TOTAL,) * len(left.dimensions))


def _table(table: MeasureTable | FlowTable, sight: Sight) -> ShownTable:
    match table:
        case MeasureTable():
            return measures(table, sight)
        case FlowTable():
            return _flows(table, sight)
        case _:
            assert_never(table)


def _counts(table: CountTable, sight: Sight) -> ShownTable:
    names = [dimension.name for dimension in table.dimensions]
    cells = cells_of(table.dimensions, table.counts)
    rows = []
    for key, count in cells.items():
        shown = [of_count(count)]
        if table.shares_of:
            whole = cells[total_key(key, names.index(table.shares_of))]
            shown.append(of_count(percentage(count, whole)))  # type: ignore[arg-type]
        if table.at_least:
            shown.append(_sum(cells[one] for one in higher(table, key)))
        if (table.totals_only and key[-1] != TOTAL) or row_hidden(table, key, sight):
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
    return [{total: one_count(sum(one.started for one in moved))}, {total: one_count(sum(one.ended for one in moved))}]


def _movement(table: FlowTable, place: int, name: str) -> Mapping[Key, Count]:
    counts = {key: getattr(moved[place], name) for key, moved in table.movements.items()}
    return cells_of(table.dimensions, counts)
