"""An answer: the numbers in typed tables, and everything that explains them."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar, overload

from services.monitor.disclosure.table import TOTAL, Dimension, Key
from services.monitor.figures.left_over import LeftOver
from services.monitor.figures.question import Question, Window
from services.monitor.figures.values import Value
from services.monitor.statistics.estimable import NotEstimable

Counted = TypeVar("Counted", bound=Hashable)

Unit = Literal[
    "persons",
    "closures",
    "placements",
    "facts",
    "days",
    "months",
    "hours",
    "share",
    "rate",
    "places",
    "euro",
    "number",
    "date",
    "word",
]
Moving = Literal["closures", "placements"]
"""Of what the number that started or ended in a window is shown."""
View = Literal["stock", "flow", "exit", "entry"]
"""Which population: those there on a date, those that come and go, those that ended, those that began in a window."""


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts of persons or of things that happened to them, by inner cell of dimensions that partition them."""

    name: str
    title: str
    unit: Unit
    dimensions: tuple[Dimension, ...]
    """Those of the split first, then the table's own; with a row for each total."""
    counts: Mapping[Key, int]
    shares_of: str | None = None
    """Show each cell also as a share of the total over this dimension."""
    at_least: str | None = None
    """Show with each category of this dimension, which are in order, also the sum from it upwards."""
    moved: Moving | None = None
    """Those counted are what started, or what ended, of these in the window: left out where these may not be seen."""
    parts: str | None = None
    """A dimension of months of the window: outside for all together only."""
    of_date: bool = False
    """Counts what is there on the date, whenever it began: it is not of the window, nor of a year of it."""
    totals_only: bool = False
    """Outside only the totals over the last dimension: with what other tables and dates show of the same persons its
    categories would tell small numbers."""
    left: LeftOver | None = field(default=None, compare=False)
    """Counts, or rests on, a number beside which what is left may be told: nothing of such a group is shown outside."""


class Movement(NamedTuple):
    """What came and went in a period: begin + started - ended = end."""

    begin: int
    started: int
    ended: int
    end: int


@dataclass(frozen=True, slots=True)
class FlowTable:
    """Movements by inner cell of the split and by period; a function of its own protects them outside."""

    name: str
    title: str
    unit: Unit
    dimensions: tuple[Dimension, ...]
    periods: tuple[Window, ...]
    movements: Mapping[Key, tuple[Movement, ...]]
    """By inner cell, one for each period; cells in which nothing is or moves may be left out."""
    moved: Moving


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table of measures."""

    name: str
    unit: Unit
    meaning: str
    step: Fraction = Fraction(1)
    """Those outside see a statistic rounded to a multiple of this."""
    inside_only: bool = False
    """Withheld from those outside: an exact value of one person, such as the longest stay."""
    moved: Moving | None = None
    """Counts what started of these in the period of the row: left out where this may not be seen."""
    of: tuple[str, ...] = ()
    """Columns that this is the quotient of: outside left out where one of them is."""


@dataclass(frozen=True, slots=True)
class Row:
    """Measures of one group, or of one group at one point."""

    key: Key
    """A category or the total of each dimension of the split; empty without a split."""
    at: int | str | date | None
    """The point: a day of a curve, a month; None when the table has one row per group."""
    n: int
    """How many the values of this row rest on."""
    values: tuple[Value, ...]
    beside: tuple[int, ...] = field(default=(), compare=False)
    """Counts that follow from the shares of this row and those of another figure: outside as if they were shown. No
    part of the answer."""
    told: int | None = None
    """What those outside are told for `n`, where that says more: who is at risk tells who left by what is not shown."""


@dataclass(frozen=True, slots=True)
class MeasureTable:
    """Measures by group and point."""

    name: str
    title: str
    dimensions: tuple[Dimension, ...]
    """Those of the split; and of a table of some of a table of counts also the dimension that says which they are."""
    sizes: Mapping[Key, int]
    """How many are in each inner cell of the split: what decides whether a group may be seen outside."""
    at: str | None
    """What the points are, if there are any: "day", "month", "within-days"."""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    nested: bool = False
    """Whether each point's shares hold those of the point before (within 30, 90, ... days), or are held by them."""
    chained: tuple[str, ...] = ()
    """Columns of counts that hold each other (placements, persons placed), the most important first: outside one is
    left out when it differs by fewer than ten from one that is shown."""
    inside_only: bool = False
    """Left out for those outside: each point is about a few persons, such as each step of a curve."""
    moved: Moving | None = None
    """As of a table of counts: those that a row rests on are what started, or what ended, in the window."""
    judged_with: "Callable[[], MeasureTable] | None" = field(default=None, compare=False)
    """A table of another figure, by the same groups and points: a point that it leaves out is left out here too, or
    what lies between a point of one and a point of the other would follow. Asked for those outside only.
    """
    left: LeftOver | None = field(default=None, compare=False)
    """As of a table of counts."""
    parts: str | None = None
    """As of a table of counts."""
    followed: bool = False
    """Each point is a number of days after a start or an end: outside left out until all were followed so long."""
    withheld: bool = False
    """Nothing of it is shown outside but what is given, such as a target: nobody watches what its numbers tell."""
    periods: tuple[Window, ...] = ()
    """When each point is the first day of a period: these. Their `n` add up over groups, and decide which are seen."""


AnswerTable = CountTable | MeasureTable | FlowTable


@dataclass(frozen=True, slots=True)
class Case:
    """One of the cases behind a number."""

    person: str
    kind: str
    """closure, placement, waiting, flag."""
    key: str
    """The publisher's key of the placement, or the number of the closure."""
    started_on: date
    ended_on: date | None
    flags: tuple[str, ...]
    """Codes of the flags on the dossier that have begun by the date."""


class Cases(Sequence[Case]):
    """The cases behind a number, made when somebody asks for them: few do, and there may be as many as persons."""

    def __init__(self, number: int, made: Callable[[], Iterable[Case]]) -> None:
        self._number, self._make = number, made

    @cached_property
    def _made(self) -> tuple[Case, ...]:
        return tuple(self._make())

    def __len__(self) -> int:
        return self._number

    @overload
    def __getitem__(self, place: int) -> Case: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Case]: ...
    def __getitem__(self, place: int | slice) -> Case | Sequence[Case]:
        return self._made[place]

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a figure computes; the rest of an answer is the same for all."""

    n: int
    """How many are counted in all."""
    inferred: int
    """How many of these rest on an inferred end."""
    tables: tuple[AnswerTable, ...]
    cases: Sequence[Case]
    notes: tuple[str, ...] = ()
    inside_notes: tuple[str, ...] = ()
    """With a number of young persons in them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A figure, answered."""

    figure: str
    view: View
    question: Question
    known: datetime
    final: bool
    """Whether this answer never changes again (D1)."""
    window: Window | None
    n: int
    inferred: Fraction | NotEstimable
    """The share of the n that rests on an inferred end."""
    provisional: bool
    version: str
    tables: tuple[AnswerTable, ...]
    cases: Sequence[Case]
    notes: tuple[str, ...]
    inside_notes: tuple[str, ...]


def keys_above(key: Key, dimensions: Sequence[Dimension]) -> Iterator[Key]:
    """The key of every margin that holds an inner cell, the cell itself included."""
    heads: list[Key] = [()]
    for name, dimension in zip(key, dimensions, strict=True):
        names = [TOTAL, dimension.groups[name], name] if dimension.groups else [TOTAL, name]
        heads = [(*head, one) for head in heads for one in names]
    yield from heads


def keys_of(dimensions: Sequence[Dimension]) -> list[Key]:
    """The key of every cell, margins included, in order: totals, then groups, then categories."""
    keys: list[Key] = [()]
    for dimension in dimensions:
        names = [TOTAL, *dict.fromkeys(dimension.groups.values()), *dimension.categories]
        keys = [(*key, name) for key in keys for name in names]
    return keys


def tallied(keys: Iterable[Counted]) -> dict[Counted, int]:
    """How often each key comes, as the counts of a table, in the order in which they first come."""
    return dict(Counter(keys))


def with_margins(counts: Mapping[Key, int], dimensions: Sequence[Dimension]) -> dict[Key, int]:
    """These counts of inner cells, and of every margin that holds one of them."""
    found: dict[Key, int] = {}
    for key, count in counts.items():
        for above in keys_above(key, dimensions):
            found[above] = found.get(above, 0) + count
    return found
