"""A figure: its name, its definition in words, what may be chosen about it, and how it is computed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, Literal, TypeVar

from services.monitor.disclosure.table import Dimension, Key
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Findings, Moving, View, keys_above, keys_of, tallied, with_margins
from services.monitor.figures.population import DayOf, Population
from services.monitor.figures.question import Parameter, ParameterValue
from services.monitor.figures.splits import SPLITS, Split, SplitKind, Subject, splits_of

ALL_SPLITS = ("area", "region", "provider", "title", "legalFrame", "age", "sex")
DATED_SPLITS = (*ALL_SPLITS, "year")


def _follows_nobody(_parameters: Mapping[str, ParameterValue]) -> int:
    return 0


def _any_split(_parameters: Mapping[str, ParameterValue]) -> Mapping[str, SplitKind]:
    return SPLITS


@dataclass(frozen=True, slots=True)
class Figure:
    """The definition of a figure. Its version is raised with every change of what it counts."""

    name: str
    title: str
    title_dutch: str
    view: View
    period: Literal["date", "window"]
    """Whether it is of the date or of the window."""
    counts: str
    """What it counts, in words."""
    formula: str
    rules: tuple[str, ...]
    """The numbers of the counting rules it follows: D1 to D13."""
    splits: tuple[str, ...]
    compute: Callable[[Population], Findings]
    example: str
    """A small one, computed by hand."""
    parameters: tuple[Parameter, ...] = ()
    version: str = "1"
    reads_told: bool = False
    """Whether it counts facts themselves: then what is known has those of the window (Known.told)."""
    months: int = 12
    """Without a window it is of so many whole calendar months before that of the date."""
    number_in: tuple[str, str] | None = None
    """The table and the column in which the n of each group stands, if it stands in any: those outside see the n of a
    part of the country from there, and none where it is None."""
    calendar_years: bool = False
    """Outside its windows are calendar years, one at a time: it says of what kind they are that began or ended, and of
    windows that overlap nobody watches what the kinds tell."""
    split_kinds: Callable[[Mapping[str, ParameterValue]], Mapping[str, SplitKind]] = _any_split
    """What its splits are, by name, when these are its parameters."""
    follows: Callable[[Mapping[str, ParameterValue]], int] = _follows_nobody
    """For how many days after the window it looks at those who are in it; outside the window ends so long before."""


def unit_of(counted: str) -> Moving:
    """The unit of what a parameter says is counted."""
    return "closures" if counted == "closures" else "placements"


Counted = TypeVar("Counted")


@dataclass(frozen=True)
class Groups(Generic[Counted]):
    """Spells, or waits, sorted into the cells of the split, margins included."""

    dimensions: tuple[Dimension, ...]
    keys: Sequence[Key]
    """The inner cell of each spell."""
    spells: Sequence[Counted]

    @property
    def inner(self) -> Iterable[tuple[Key, Counted]]:
        """Each spell with its inner cell."""
        return zip(self.keys, self.spells, strict=True)

    @cached_property
    def sizes(self) -> dict[Key, int]:
        """How many are in each inner cell."""
        return tallied(self.keys)

    def each(self) -> list[tuple[Key, Sequence[Counted]]]:
        """Every cell, margins included, with the spells in it; the empty ones too."""
        if not self.dimensions:
            return [((), self.spells)]
        found: dict[Key, list[Counted]] = {key: [] for key in keys_of(self.dimensions)}
        holding = {key: [found[above] for above in keys_above(key, self.dimensions)] for key in self.sizes}
        for key, spell in self.inner:
            for spells in holding[key]:
                spells.append(spell)
        return list(found.items())

    def counted(self, categories: Iterable[str]) -> dict[Key, int]:
        """How many are in each inner cell and category: the counts of a table with one dimension more.

        One category for each spell, in the order of `spells`.
        """
        found = tallied(zip(self.keys, categories, strict=True))
        return {(*key, name): number for (key, name), number in found.items()}

    def summed(self, numbers: Iterable[int]) -> dict[Key, int]:
        """By cell, margins included, the sum of a number for each spell, in the order of `spells`; no empty cells."""
        sums: dict[Key, int] = {}
        for key, number in zip(self.keys, numbers, strict=True):
            sums[key] = sums.get(key, 0) + number
        return with_margins(sums, self.dimensions)


def grouped(population: Population, spells: Sequence[Spell], *, day: DayOf | None = None) -> Groups[Spell]:
    """The spells by the split of the question; `day` says on which day each is looked at, its first by default."""
    question = population.question
    splits = splits_of(question.split, population.known.register, question.window)
    return sorted_into(splits, spells, lambda spell: population.subject(spell, day(spell) if day else None))


def sorted_into(
    splits: Sequence[Split], counted: Sequence[Counted], subject: Callable[[Counted], Subject]
) -> Groups[Counted]:
    """These in the cells of the splits; `subject` says what each is split by."""
    dimensions = tuple(split.dimension for split in splits)
    if not splits:
        return Groups((), [()] * len(counted), counted)
    subjects = map(subject, counted)
    keys = [tuple([split.category(one) for split in splits]) for one in subjects]
    return Groups(dimensions, keys, counted)
