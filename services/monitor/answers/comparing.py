"""Every figure at two moments K: both values of each cell that changed, and what changed it besides persons."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.monitor.answers.answering import Figures
from services.monitor.answers.asking import Asked
from services.monitor.disclosure.disclose import Audience
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.figure import Figure
from services.monitor.figures.remembering import Remembering
from services.monitor.figures.shown import Cell, Shown, ShownTable
from services.monitor.history.known import Known


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One cell of a figure, before and after."""

    table: str
    key: Mapping[str, str]
    at: int | str | date | None
    measure: str
    before: Cell | None
    after: Cell | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure that changed."""

    figure: Figure
    before: Cell
    after: Cell
    values: tuple[ChangedValue, ...]
    """Of its tables all cells that changed; those of a curve with a line for each day are counted in `further`."""
    further: Mapping[str, int]
    """By table for those inside only (the steps of a curve, each gap): how many of its cells changed."""
    by_register: bool
    """Whether it would be another one too if only the register of accommodations were what it was."""
    by_observation: bool
    """Whether it would be another one too if only the first days of the sources were what they were."""


_KEPT = Remembering[Hashable, tuple[Compared, ...]](most=4)
"""Who reads one page after another asks about the same two moments each time."""


def compared(figures: Figures, wanted: Asked, earlier: Known, later: Known, *, to: Audience) -> tuple[Compared, ...]:
    """Each figure that changed, with its defaults on the date that is wanted. Kept for what never changes again."""

    def compare() -> tuple[Compared, ...]:
        return tuple(_changed(figures, wanted, earlier, later, to))

    if not (earlier.final and later.final):
        return compare()
    key = earlier.known, earlier.spells, later.known, wanted.on, to, figures.conventions
    return _KEPT.of(later.spells, key, compare)


def _changed(figures: Figures, wanted: Asked, earlier: Known, later: Known, to: Audience) -> Iterator[Compared]:
    for figure in FIGURES.values():

        def shown(known: Known, figure: Figure = figure) -> Shown:
            return figures.shown(figure, wanted, known, to=to)

        before, after = shown(earlier), shown(later)
        values, further = tuple(_differences(before, after)), _counted(figure, before, after)
        if values or further or before.n != after.n:
            with_register = replace(later, register=earlier.register)
            with_observed = replace(later, observed_from=earlier.observed_from)
            yield Compared(
                figure=figure,
                before=before.n,
                after=after.n,
                values=values,
                further=further,
                by_register=earlier.register != later.register and _differ(shown, with_register, after),
                by_observation=earlier.observed_from != later.observed_from and _differ(shown, with_observed, after),
            )


def _differ(shown: Callable[[Known], Shown], known: Known, after: Shown) -> bool:
    found = shown(known)
    return found.n != after.n or found.tables != after.tables


def _differences(before: Shown, after: Shown) -> Iterator[ChangedValue]:
    """Each cell that differs, of the tables that are not for those inside only."""
    old, new = (dict(_cells(_tables(one, inside_only=False))) for one in (before, after))
    for place in dict.fromkeys((*old, *new)):
        one, other = old.get(place), new.get(place)
        if one != other:
            table, key, at, measure = place
            yield ChangedValue(table, dict(key), at, measure, one, other)


def _counted(figure: Figure, before: Shown, after: Shown) -> Mapping[str, int]:
    """By table for those inside only how many cells differ.

    How long a source is silent changes with the day and no fact, so what is said by source (`reads_told`) is left out.
    """
    if figure.reads_told:
        return {}
    old, new = (dict(_cells(_tables(one, inside_only=True))) for one in (before, after))
    found: dict[str, int] = {}
    for place in dict.fromkeys((*old, *new)):
        if old.get(place) != new.get(place):
            found[place[0]] = found.get(place[0], 0) + 1
    return found


def _tables(shown: Shown, *, inside_only: bool) -> list[ShownTable]:
    names = {table.name for table in shown.answer.tables if getattr(table, "inside_only", False)}
    return [table for table in shown.tables if (table.name in names) is inside_only]


Place = tuple[str, tuple[tuple[str, str], ...], int | str | date | None, str]


def _cells(tables: list[ShownTable]) -> Iterator[tuple[Place, Cell]]:
    for table in tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                yield (table.name, tuple(row.key.items()), row.at, column.name), cell
