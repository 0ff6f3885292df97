"""An answer as it is shown: rows of cells, each a value or the word that says why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from services.monitor.disclosure.counts import (
    Count,
    Exact,
    Percentage,
    Published,
    TooSmall,
    Withheld,
)
from services.monitor.figures.answer import Answer, Unit
from services.monitor.statistics.estimable import NotEstimable

Status = Literal["exact", "rounded", "given", "not-estimable", "too-small", "withheld"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with its status; no value unless the status is exact, rounded or given."""

    status: Status
    value: int | Fraction | float | str | date | None = None
    part: int | None = None
    """Of an exact share: the count above the line, and below it the whole."""
    whole: int | None = None


TOO_SMALL = Cell("too-small")
WITHHELD = Cell("withheld")
NOT_ESTIMABLE = Cell("not-estimable")


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """What stands in a column."""

    name: str
    unit: Unit
    meaning: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One line."""

    key: Mapping[str, str]
    """A category, a group or the total of each dimension."""
    at: int | str | date | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as it is shown to those who asked."""

    name: str
    title: str
    unit: Unit
    dimensions: tuple[str, ...]
    at: str | None
    columns: tuple[ShownColumn, ...]
    rows: tuple[ShownRow, ...]

    def cell(self, column: str, *, at: int | str | date | None = None, **key: str) -> Cell:
        """One cell: by column, point and category (the total of a dimension that is not named). KeyError: none such."""
        wanted = {name: key.get(name, "total") for name in self.dimensions}
        place = [one.name for one in self.columns].index(column)
        for row in self.rows:
            if row.key == wanted and row.at == at:
                return row.cells[place]
        raise KeyError(f"no row {wanted} at {at}")


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as those who asked may see it."""

    answer: Answer
    """The explanation; its own tables and cases are exact and not for those outside."""
    audience: Literal["inside", "outside"]
    n: Cell
    inferred: Cell
    tables: tuple[ShownTable, ...]
    notes: tuple[str, ...]

    def table(self, name: str) -> ShownTable:
        """A table by its name. KeyError: the figure has none such."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(f"no table {name}")


def exact(value: int | Fraction | float | NotEstimable) -> Cell:
    """A number as it is."""
    return NOT_ESTIMABLE if isinstance(value, NotEstimable) else Cell("exact", value)


def of_count(count: Count | Percentage) -> Cell:
    """What the disclosure of a table says of a cell."""
    match count:
        case Exact(value=value):
            return Cell("exact", value)
        case Published(value=value):
            return Cell("rounded", value)
        case Percentage(value=value):
            return Cell("rounded", Fraction(value, 100))
        case TooSmall():
            return TOO_SMALL
        case Withheld():
            return WITHHELD
