"""How a young person was taught through time: what was said, with what says the same in a row as one."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from services.monitor.dossier.course import Schooling

NO_SCHOOLING = "none"


class Taught(NamedTuple):
    """Somebody is taught in one way during [from_on, until_on), or not at all."""

    status: str
    """in-school, inside, none, exempt or work."""
    from_on: date
    until_on: date | None
    """None while nothing else is said."""
    then: str | None
    """The status after it."""


def taught(told: Sequence[Schooling]) -> tuple[Taught, ...]:
    """All of it in order of day; `told` is in that order."""
    runs = [(status, next(run).changed_on) for status, run in groupby(told, key=attrgetter("status"))]
    ends = [*((on, status) for status, on in runs[1:]), (None, None)]
    return tuple(Taught(status, on, *end) for (status, on), end in zip(runs, ends, strict=False))


def taught_on(told: Sequence[Schooling], day: date) -> Taught | None:
    """How somebody is taught on a day; None when nobody had said anything."""
    return next((one for one in reversed(taught(told)) if one.from_on <= day), None)
