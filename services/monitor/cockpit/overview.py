"""The overview for a reader: every panel with its answers, and what stands at the top of the page."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import TypeVar

from sqlalchemy import Engine

from services.monitor.access.reader import ALL, PUBLIC, Reader
from services.monitor.answers.answering import Figures
from services.monitor.answers.asking import Asked, asked, moment
from services.monitor.cockpit.cells import number_of, text_of
from services.monitor.cockpit.charts.lettering import as_day
from services.monitor.cockpit.keeping import Keeping
from services.monitor.cockpit.keys import Key, keys_of
from services.monitor.cockpit.panels.destinations import DESTINATIONS
from services.monitor.cockpit.panels.elapsed import ELAPSED
from services.monitor.cockpit.panels.flow import FLOW
from services.monitor.cockpit.panels.funnel import FUNNEL
from services.monitor.cockpit.panels.landscape import LANDSCAPE
from services.monitor.cockpit.panels.moves import MOVES
from services.monitor.cockpit.panels.occupancy import OCCUPANCY
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, coarser
from services.monitor.cockpit.panels.path import PATH
from services.monitor.cockpit.panels.places import PLACES
from services.monitor.cockpit.panels.quality import QUALITY
from services.monitor.cockpit.panels.returns import RETURNS
from services.monitor.cockpit.panels.starts import STARTS
from services.monitor.cockpit.panels.stock import STOCK
from services.monitor.cockpit.panels.survival import SURVIVAL
from services.monitor.cockpit.panels.titles import TITLES
from services.monitor.cockpit.panels.waiting import WAITING
from services.monitor.cockpit.view import View
from services.monitor.cockpit.words import LANGUAGES
from services.monitor.disclosure.disclose import Audience
from services.monitor.disclosure.release import month_start
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.shown import Shown
from services.monitor.progress import Version, version
from services.monitor.watch import Watch
from shared.calendar import calendar_date
from shared.clock import Clock
from shared.databases import reading
from shared.facts.regions import AREAS, REGIONS

PANELS: Mapping[str, Panel] = {
    one.name: one
    for one in (
        STOCK, STARTS, ELAPSED, PATH, LANDSCAPE, SURVIVAL, FLOW, DESTINATIONS, MOVES, RETURNS, OCCUPANCY, PLACES,
        FUNNEL, WAITING, TITLES, QUALITY,
    )
}  # fmt: skip
"""Every panel, in the order of the page."""

WORTH_SAYING = Fraction(1, 100)
"""A smaller share of inferred ends is not told under a panel; the answer itself always says it."""

NATIONAL = Reader("national", "person", scopes=PUBLIC.scopes | {"figures:exact"}, areas=ALL)
"""Whoever sees exact figures of the whole country; nobody in particular."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Made:
    """A panel as it is put in a page."""

    name: str
    title: str
    drawn: Drawn
    asks: tuple[Ask, ...]
    provisional: bool
    coarser: bool
    known: datetime | None
    exact: bool
    inferred: str
    """The share of it that rests on an inferred end, where it is shown."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A view as it stands for a reader at a moment."""

    reader: Reader
    view: View
    inside: bool
    bounds: Hashable
    """Readers with the same see the same."""
    version: Hashable
    follows: bool
    """Whether it changes with every fact."""
    pinned: bool = False
    """Whether it is made again also when nobody watches."""


class Overview:
    """Makes panels for readers and keeps them. Blocking; any number of threads may ask."""

    def __init__(self, figures: Figures, engine: Engine, *, watch: Watch, clock: Clock) -> None:
        self._figures, self._engine, self._clock = figures, reading(engine), clock
        self._watch = watch
        self._keeping = Keeping()
        self.reading_in = False
        """Whether a history is being read in, or what was missed: half of it gives figures that the rest undoes."""
        self._observed: tuple[date, date] | None = None
        """Since when anybody observed, and on which day that was asked: what is known takes its time to say it."""
        self._final: set[datetime] = set()
        """Releases of which no answer changes any more."""

    def settled(self, reader: Reader, view: View) -> tuple[View, bool]:
        """The view with the date that this reader may ask for, and whether they see exact numbers of it."""
        where = {"region": view.region} if view.region else {"area": view.area} if view.area else {}
        exact = reader.may("figures:exact")
        inside = exact and self._figures.audience(reader, _asked_where(where)) is Audience.INSIDE
        today = calendar_date(self._clock())
        if not inside:
            last = self.release(view.known)
            on = month_start(min(view.asked_on or last, last))
        else:
            latest = view.known or today
            on = min(view.asked_on or latest, today)
        return replace(view, on=on, observed_from=self._observed_from(today)), inside

    def release(self, known: date | None = None) -> date:
        """The date of the last release, or of the last one at the end of a day."""
        return calendar_date(self._release(known))

    def follow(self, *, settled: bool) -> None:
        """Note whether few facts came in lately, and what was published is nearly all in the figures, or comes soon."""
        self.reading_in = not settled or (self.flows and self._watch.far())

    @property
    def flows(self) -> bool:
        """Whether facts come in, as far as is known."""
        return self._watch.flows()

    def notice(self, view: View, *, inside: bool) -> str:
        """What a reader must know before the figures: the key of its words, empty for nothing."""
        if view.observed_from is None:
            return "view.empty"
        if inside and view.known is None and not self.flows:
            return "view.still"
        if self.reading_in:
            return "view.reading"
        if not inside and not self._figures.known_at(self._release(view.known)).dossiers:
            return "view.unreleased"
        return ""

    def standing(self, reader: Reader, view: View, *, inside: bool) -> Standing:
        """What the panels of this view depend on at this moment; asked once for all of them."""
        if inside:
            bounds: Hashable = (reader.areas, reader.regions, reader.accommodations)
            if reader.exact:  # Whoever sees the whole country exactly sees the same.
                bounds = "national"
            now = (self.version(), calendar_date(self._clock()))
            return Standing(reader, view, inside, bounds, now, view.known is None)
        release = self._release(view.known)
        if release not in self._final and self._figures.known_at(release).final:
            self._final.add(release)
        at = release, None if release in self._final else self.version()
        return Standing(reader, view, inside, "outside", at, False)

    def panels(self, at: Standing) -> Iterator[Made]:
        """Every panel of the page, made as it is taken."""
        names = [name for name, panel in PANELS.items() if at.reader.exact or not panel.exact_only]
        return (self.panel(at, name) for name in names)

    def panel(self, at: Standing, name: str) -> Made:
        """One panel. KeyError: there is none such for this reader."""
        panel = PANELS[name]
        if panel.exact_only and not at.reader.exact:
            raise KeyError(name)
        return self._kept(at, name, lambda: self._made(self._again(at), panel))

    def keys(self, at: Standing) -> list[Key]:
        """What stands at the top: how many, how long, and whether it gets better."""
        return self._kept(at, "keys", lambda: self._keys(self._again(at)))

    def answers(self, at: Standing, panel: Panel) -> dict[str, Shown]:
        """The answers that a panel is drawn of."""
        return {key: self._answer(at, one) for key, one in panel.asks(at.view).items()}

    def warm(self, *, enough: Callable[[], bool]) -> None:
        """Make what everybody sees first, and what is first seen of exact figures, one after the other until `enough`.

        From then on the exact ones are made again, though slower than what is watched, so that nobody waits for them;
        what was made first for an earlier day no longer is.
        """
        self._keeping.unpin()
        for at in self._first_seen():
            self.keys(at)
            for _ in self.panels(at):
                if enough():
                    return

    def _first_seen(self) -> Iterator[Standing]:
        today = calendar_date(self._clock())
        for reader in (PUBLIC, NATIONAL):
            for language in LANGUAGES:
                view, inside = self.settled(reader, View(language, today))
                yield replace(self.standing(reader, view, inside=inside), pinned=True)
        # Those outside are told of a part from the whole, which is then there for every other part.
        for part in (View(LANGUAGES[0], today, area=AREAS[0]), View(LANGUAGES[0], today, region=min(REGIONS))):
            view, inside = self.settled(PUBLIC, part)
            yield self.standing(PUBLIC, view, inside=inside)

    def version(self) -> Version:
        """Of everything derived from facts."""
        with self._engine.begin() as connection:
            return version(connection)

    def refresh(self, at: Version, *, enough: Callable[[], bool]) -> int:
        """Make again what is watched and is of another version, until `enough`; how many were made."""
        return self._keeping.refresh((at, calendar_date(self._clock())), pinned=not self.reading_in, enough=enough)

    def _release(self, known: date | None) -> datetime:
        return self._figures.release(None if known is None else _end_of(known))

    def _observed_from(self, today: date) -> date | None:
        if self._observed is None or self._observed[1] != today or self.reading_in:
            first = min(self._figures.known_at(None).observed_from.values(), default=None)
            self._observed = None if first is None else (first, today)
        return self._observed[0] if self._observed else None

    def _again(self, at: Standing) -> Standing:
        """The same at this moment: what is made again later is made of what is known then."""
        return self.standing(at.reader, at.view, inside=at.inside)

    def _kept(self, at: Standing, name: str, make: Callable[[], T]) -> T:
        key = (name, at.view, at.bounds)
        return self._keeping.of(key, at.version, make, follows=at.follows, pinned=at.pinned and at.follows)

    def _answer(self, at: Standing, one: Ask) -> Shown:
        """Several panels and both languages share an answer; the exact tables and cases in it are not kept."""
        figure = FIGURES[one.figure]

        def make() -> Shown:
            shown = self._figures.answer(at.reader, figure, asked(figure, one.query))
            return replace(shown, answer=replace(shown.answer, tables=(), cases=()))

        return self._keeping.of((one, at.bounds), at.version, make, follows=False)

    def _made(self, at: Standing, panel: Panel) -> Made:
        view = at.view
        asks = panel.asks(view)
        answers = self.answers(at, panel)
        first = next(iter(answers.values()))
        drawn = panel.draw(Seen(view, answers))
        inferred = first.inferred
        number = number_of(inferred)
        return Made(
            name=panel.name,
            title=view.words(f"{panel.name}.title"),
            drawn=drawn,
            asks=tuple(asks.values()),
            provisional=any(shown.answer.provisional for shown in answers.values()),
            coarser=not panel.takes_part and any(coarser(view, one.figure) for one in asks.values()),
            known=first.answer.known,
            exact=first.audience == "inside",
            inferred=text_of(inferred, "share", view.words) if number and number >= WORTH_SAYING else "",
        )

    def _keys(self, at: Standing) -> list[Key]:
        stock = self.answers(at, ELAPSED)["stock"]
        starts = self.answers(at, STARTS)["starts"]
        return keys_of(stock, starts, at.view)


def counted_as(made: Made, view: View) -> str:
    """As known when, for the line under a panel."""
    on = None if made.known is None else as_day(calendar_date(made.known), view.language)
    known = view.words("view.counted", known=on) if on else ""
    inferred = view.words("view.inferred", share=made.inferred) if made.inferred else ""
    return " ".join(part for part in (known, inferred) if part)


def _asked_where(where: Mapping[str, str]) -> Asked:
    return Asked(None, None, None, (), where, {}, False, 1)


def _end_of(day: date) -> datetime:
    """The last moment of a day, as the API reads a date."""
    return moment(day.isoformat())
