"""Answers a reader: exactly where they may see that, otherwise from a release. What the API and the pages both ask."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine

from services.monitor.access.places import may_see_dossier
from services.monitor.access.reader import Reader
from services.monitor.answers.asking import PAGE_CASES, Asked, question
from services.monitor.answers.audience import audience_of, to_release
from services.monitor.answers.releases import release_at, releases_made
from services.monitor.disclosure.disclose import Audience
from services.monitor.figures.answer import Case
from services.monitor.figures.figure import Figure
from services.monitor.figures.publication import published
from services.monitor.figures.question import Conventions, Question
from services.monitor.figures.shown import Shown
from services.monitor.history.known import Known
from services.monitor.history.told import told_between
from shared.clock import Clock
from shared.databases import reading

KnownAt = Callable[[datetime | None], Known]
"""What is known at a moment, now when None: History.known_at."""


@dataclass(frozen=True, slots=True)
class Cases:
    """A page of the cases behind a number, as far as the reader may see them."""

    page: int
    total: int
    """How many there are, those that the reader may not see left out."""
    cases: tuple[Case, ...]


class Figures:
    """All figures on what the history knows. Blocking; any number of threads may ask."""

    def __init__(self, engine: Engine, known_at: KnownAt, *, conventions: Conventions, clock: Clock) -> None:
        self._engine, self._known_at, self._clock = engine, known_at, clock
        self._reading = reading(engine)
        self.conventions = conventions

    def answer(self, reader: Reader, figure: Figure, wanted: Asked) -> Shown:
        """The answer as this reader may see it. Raises the problem 400 for a part of the country that is none."""
        return self._answer(reader, figure, wanted)[0]

    def answer_with_cases(self, reader: Reader, figure: Figure, wanted: Asked) -> tuple[Shown, Cases | None]:
        """The same with the cases behind it; None for the cases of an answer that is not exact."""
        shown, known = self._answer(reader, figure, wanted)
        if shown.audience == "outside":
            return shown, None
        dossiers = {one.person: one for one in known.dossiers}
        seen = [case for case in shown.answer.cases if may_see_dossier(reader, dossiers[case.person])]
        start = (wanted.page - 1) * PAGE_CASES
        return shown, Cases(wanted.page, len(seen), tuple(seen[start : start + PAGE_CASES]))

    def audience(self, reader: Reader, wanted: Asked) -> Audience:
        """Whether this reader gets exact numbers on this question."""
        register = self._known_at(None).register
        return audience_of(reader, wanted.where, register)

    def release(self, known: datetime | None = None) -> datetime:
        """The last release at or before a moment, now unless given; of a moment to come too, that of now."""
        now = self._clock()
        return release_at(now if known is None else min(known, now), releases_made(self._engine))

    def known_at(self, known: datetime | None) -> Known:
        """What is known at a moment."""
        return self._known_at(known)

    def _answer(self, reader: Reader, figure: Figure, wanted: Asked) -> tuple[Shown, Known]:
        audience = self.audience(reader, wanted)
        notes: tuple[str, ...] = ()
        if audience is Audience.OUTSIDE:
            wanted, notes = to_release(figure, wanted, self.release(wanted.known))
        known = self._known_at(wanted.known)
        shown = self.shown(figure, wanted, known, to=audience)
        return replace(shown, notes=(*notes, *shown.notes)), known

    def question(self, figure: Figure, wanted: Asked, known: Known) -> Question:
        """What is asked, with the defaults of the figure where it was not said."""
        return question(figure, wanted, known, self.conventions)

    def shown(self, figure: Figure, wanted: Asked, known: Known, *, to: Audience) -> Shown:
        """The answer on what is known, for those who asked; with the facts themselves where the figure counts them."""
        asked = self.question(figure, wanted, known)
        if figure.reads_told:
            with self._reading.begin() as connection:
                known = replace(known, told=told_between(connection, *asked.window, known=known.known))
        return published(figure, known, asked, to=to)
