"""Counts as those outside see them: by table, one by one, and as shares; and which rows may not be seen at all."""

from collections.abc import Mapping

from services.monitor.disclosure.counts import SMALLEST_SHOWN, Count, Published, TooSmall, Withheld, percentage, rounded
from services.monitor.disclosure.disclose import Audience, disclosed
from services.monitor.disclosure.table import TOTAL, Dimension, DisclosedTable, Key, Table
from services.monitor.figures.answer import CountTable, MeasureTable, keys_of
from services.monitor.figures.jointly import YEAR
from services.monitor.figures.shown import Cell, of_count
from services.monitor.figures.sight import Sight, month_of
from services.monitor.figures.values import Portion, Share

_BINARY = Dimension("counted", ("yes", "no"))


def table_of(dimensions: tuple[Dimension, ...], counts: Mapping[Key, int]) -> DisclosedTable:
    """What is shown of these counts, with every margin."""
    return disclosed(Table(dimensions, counts), to=Audience.OUTSIDE)


def cells_of(dimensions: tuple[Dimension, ...], counts: Mapping[Key, int]) -> Mapping[Key, Count]:
    """What is shown of each cell. Several years are a table each, as if only that one were asked for."""
    if not dimensions:
        return {(): one_count(counts.get((), 0))}
    names = [dimension.name for dimension in dimensions]
    if YEAR not in names or len(dimensions[names.index(YEAR)].categories) == 1:
        return table_of(dimensions, counts).cells
    at = names.index(YEAR)
    rest = (*dimensions[:at], *dimensions[at + 1 :])
    of_year: dict[str, dict[Key, int]] = {year: {} for year in dimensions[at].categories}
    for key, count in counts.items():
        of_year[key[at]][(*key[:at], *key[at + 1 :])] = count
    shown = {year: cells_of(rest, found) for year, found in of_year.items()}
    return {
        key: shown[key[at]][(*key[:at], *key[at + 1 :])] if key[at] in shown else Withheld.WITHHELD
        for key in keys_of(dimensions)
    }


def one_count(count: int) -> Count:
    """What is shown of a count that is in no table."""
    return Published(rounded(count)) if count >= SMALLEST_SHOWN else TooSmall.TOO_SMALL


def row_hidden(table: CountTable | MeasureTable, key: Key, sight: Sight) -> bool:
    """Whether a row may not be seen, for the group and the window that it is of."""
    if isinstance(table, CountTable) and table.of_date:
        return False
    if table.left is not None and table.left.hides(key):
        return True
    names = [dimension.name for dimension in table.dimensions]
    if table.parts and (part := key[names.index(table.parts)]) != TOTAL:
        return sight.hides_part(key, table.moved, month_of(part))
    return sight.hides(key, table.moved)


def share_of(value: Share | Portion) -> Cell:
    """Whole percents of rounded counts, if both what it counts and what it does not may be seen."""
    counts: dict[Key, int] = {("yes",): value.part, ("no",): value.whole - value.part}
    cells = table_of((_BINARY,), counts)
    return of_count(percentage(cells.cell(counted="yes"), cells.cell()))  # type: ignore[arg-type]
