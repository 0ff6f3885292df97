"""What is told of a young person beside placements, titles and waits: few have any of it, so it is kept together.

As everywhere in a dossier it follows from the set of facts only, and intervals are half-open.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Schooling:
    """How a young person is taught from a day on, until the next."""

    changed_on: date
    status: str
    """in-school, inside, none, exempt or work."""
    brin: str | None
    hours: int | None
    """Of lessons a week."""
    source: str


@dataclass(frozen=True, slots=True)
class Mode:
    """From a day on a placement is closed in another way than it began."""

    placement: str
    """Of the dossier: an administrative restart is part of the one before it."""
    source: str
    """Of that placement."""
    changed_on: date
    """Later than the start of the placement, and before its end."""
    closure_mode: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The care plan was set or evaluated."""

    evaluated_on: date
    next_due_on: date | None
    """By when it is to be evaluated again."""
    source: str


@dataclass(frozen=True, slots=True)
class Review:
    """The case was reviewed."""

    reviewed_on: date
    kind: str
    """leertafel or visitatie."""
    lessons: tuple[str, ...]
    """In order, each once."""
    source: str


@dataclass(frozen=True, slots=True)
class Restriction:
    """Restrictive measures of one kind to this young person in a quarter."""

    record: str
    source: str
    placement: str
    quarter: str
    """YYYY-Q1 to YYYY-Q4."""
    on: date | None
    """The day on which it began, of a measure that is told by itself."""
    category: str
    count: int
    minutes: int
    """Of all of them together."""
    emergency: bool


@dataclass(frozen=True, slots=True)
class Support:
    """National support was asked for; it is pending during [requested_on, resolved_on)."""

    support: str
    source: str
    requested_on: date
    reason: str
    resolved_on: date | None
    result: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A young person stands on a waiting list during [since_on, until_on)."""

    waiting: str
    source: str
    setting: str
    """What they wait for."""
    interim: str | None
    """The help that bridges the wait; None without any."""
    since_on: date
    until_on: date | None
    reason: str | None
    """Why they left it: placed, alternative, withdrawn, lapsed or deceased."""


@dataclass(frozen=True, slots=True)
class Course:
    """All of it, each in order of day."""

    schooling: tuple[Schooling, ...] = ()
    modes: tuple[Mode, ...] = ()
    plans: tuple[Evaluation, ...] = ()
    reviews: tuple[Review, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    supports: tuple[Support, ...] = ()
    listed: tuple[Listed, ...] = ()


NOTHING_TOLD = Course()
