"""What changed between two moments K: every figure that did, both its values, and the facts that moved them."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Engine

from services.monitor.access.reader import Reader
from services.monitor.answers.answering import Figures
from services.monitor.answers.asking import Asked
from services.monitor.answers.audience import to_release
from services.monitor.answers.comparing import Compared, compared
from services.monitor.answers.movers import Page, Turn, page_of, span
from services.monitor.disclosure.disclose import Audience
from services.monitor.figures.catalogue import FIGURES
from shared.calendar import calendar_date


@dataclass(frozen=True, slots=True)
class Wanted:
    """Between which moments, and which of the facts in between."""

    asked: Asked
    """The date, and the later moment."""
    since: datetime
    turn: Turn


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that changed between two moments, on one date."""

    on: date
    since: datetime
    known: datetime
    final: bool
    audience: str
    persons: int | None
    """How many dossiers changed; None for those outside."""
    changes: tuple[Compared, ...]
    page: Page | None
    """Which facts moved them; None for those outside."""


def changes_of(figures: Figures, engine: Engine, reader: Reader, wanted: Wanted) -> Changes:
    """Compare all figures with their defaults on one date, between `since` and the K of the question. Blocking."""
    asked, since = wanted.asked, wanted.since
    audience = figures.audience(reader, asked)
    if audience is Audience.OUTSIDE:
        since = figures.release(since)
        asked, _ = to_release(FIGURES["stock"], asked, figures.release(asked.known))
    earlier, later = figures.known_at(since), figures.known_at(asked.known)
    asked = replace(asked, on=asked.on or calendar_date(later.known))
    found = compared(figures, asked, earlier, later, to=audience)
    between = span(earlier, later) if audience is Audience.INSIDE else None
    page = None
    if between is not None:
        page = page_of(figures, engine, asked, between, found, wanted.turn)
    assert asked.on is not None
    return Changes(
        on=asked.on,
        since=earlier.known,
        known=later.known,
        final=earlier.final and later.final,
        audience=audience.value,
        persons=None if between is None else len(between.changed),
        changes=found,
        page=page,
    )
