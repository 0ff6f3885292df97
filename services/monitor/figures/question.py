"""A question: of which date, window, split and part of the country; the moment K comes with what is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from shared.calendar import add_months

ParameterValue = int | str


class Window(NamedTuple):
    """Half-open: [a, b), as in D4."""

    a: date
    b: date

    def holds(self, day: date) -> bool:
        """Whether the day is in it."""
        return self.a <= day < self.b

    def until(self, day: date) -> "Window":
        """What of it is before the day; empty, and never reversed, where nothing is."""
        return Window(self.a, max(self.a, min(self.b, day)))


@dataclass(frozen=True, slots=True)
class Conventions:
    """What an installation chose, shown beside every answer."""

    link_days: int = 7
    """G of D6."""
    settled_days: int = 30
    """A period is provisional until so many days after its end."""


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that is asked, apart from the moment K, which what is known has with it."""

    on: date
    """D: what is dated later has not happened."""
    window: Window
    """Figures of one date do not look at it."""
    split: tuple[str, ...] = ()
    """What the answer is split by, see splits.SPLITS; margins are always there."""
    where: Mapping[str, str] = field(default_factory=dict)
    """Only what falls in these categories, by split."""
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    """The figure's own, each with a value: see Figure.parameters."""
    conventions: Conventions = field(default_factory=Conventions)

    def number(self, name: str) -> int:
        """A parameter that is a whole number."""
        value = self.parameters[name]
        assert isinstance(value, int), name
        return value

    def word(self, name: str) -> str:
        """A parameter that is a choice."""
        value = self.parameters[name]
        assert isinstance(value, str), name
        return value


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that may be chosen about a figure."""

    name: str
    """Lower camel case, as in the address."""
    default: ParameterValue
    meaning: str
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    outside_step: int = 1
    """Those outside may choose only multiples of this: from one day to the next a single person can be told."""

    def outside(self, value: ParameterValue) -> ParameterValue:
        """What those outside get instead: the multiple before it, or the first that is allowed."""
        if not isinstance(value, int):
            return value
        step = self.outside_step
        return max(value - value % step, -(-self.least // step) * step)

    def allowed(self) -> str:
        """The allowed values, in words."""
        return (
            f"one of {', '.join(self.choices)}" if self.choices else f"a whole number from {self.least} to {self.most}"
        )


WindowKind = Literal["date", "window"]


def months_before(on: date, months: int) -> Window:
    """The so many whole calendar months before the month of this date."""
    end = on.replace(day=1)
    return Window(add_months(end, -months), end)
