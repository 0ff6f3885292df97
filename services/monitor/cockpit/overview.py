"""The overview for a reader: every panel with its answers, and what stands at the top of the page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import TypeVar

from sqlalchemy import Engine

from services.monitor.access.reader import Reader
from services.monitor.answers.answering import Figures
from services.monitor.answers.asking import Asked, asked, moment
from services.monitor.cockpit.cells import in_days, number_of, text_of
from services.monitor.cockpit.charts.lettering import on_day
from services.monitor.cockpit.keeping import Keeping
from services.monitor.cockpit.panels.elapsed import ELAPSED
from services.monitor.cockpit.panels.flow import FLOW
from services.monitor.cockpit.panels.funnel import FUNNEL
from services.monitor.cockpit.panels.moves import MOVES
from services.monitor.cockpit.panels.occupancy import OCCUPANCY
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, coarser
from services.monitor.cockpit.panels.path import PATH
from services.monitor.cockpit.panels.quality import draw_quality, quality_of
from services.monitor.cockpit.panels.returns import RETURNS
from services.monitor.cockpit.panels.starts import STARTS, last_month, verdict
from services.monitor.cockpit.panels.stock import STOCK
from services.monitor.cockpit.panels.survival import SURVIVAL
from services.monitor.cockpit.panels.titles import TITLES
from services.monitor.cockpit.panels.waiting import WAITING
from services.monitor.cockpit.view import View
from services.monitor.disclosure.disclose import Audience
from services.monitor.disclosure.release import month_start
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.shown import Shown
from services.monitor.figures.stock import BANDS
from services.monitor.flags.standing import standing_flags
from services.monitor.progress import Version, progress, version
from shared.calendar import calendar_date, moment_of
from shared.clock import Clock
from shared.databases import reading

PANELS: Mapping[str, Panel] = {
    one.name: one
    for one in (
        STOCK, STARTS, ELAPSED, FLOW, SURVIVAL, PATH, MOVES, RETURNS, WAITING, TITLES, OCCUPANCY, FUNNEL
    )
}  # fmt: skip
"""Every panel that is drawn of answers to figures, in the order of the page."""

WORTH_SAYING = Fraction(1, 100)
"""A smaller share of inferred ends is not told under a panel; the answer itself always says it."""

QUALITY = "quality"
"""The panel about the data themselves, which is no figure."""

YEAR_BAND = next(band for band in BANDS if band.startswith("365"))

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
class Key:
    """One of the answers at the top."""

    name: str
    title: str
    big: str
    text: str
    in_words: bool = False


class Overview:
    """Makes panels for readers and keeps them. Blocking; any number of threads may ask."""

    def __init__(self, figures: Figures, engine: Engine, *, clock: Clock) -> None:
        self._figures, self._engine, self._clock = figures, reading(engine), clock
        self._keeping = Keeping()

    def settled(self, reader: Reader, view: View) -> tuple[View, bool]:
        """The view with the date that this reader may ask for, and whether they see exact numbers of it."""
        where = {"region": view.region} if view.region else {"area": view.area} if view.area else {}
        inside = self._figures.audience(reader, _asked_where(where)) is Audience.INSIDE
        today = calendar_date(self._clock())
        if not inside:
            known = None if view.known is None else _end_of(view.known)
            last = calendar_date(self._figures.release(known))
            on = month_start(min(view.asked_on or last, last))
        else:
            latest = view.known or today
            on = min(view.asked_on or latest, today)
        observed = self._figures.known_at(None).observed_from
        return replace(view, on=on, observed_from=min(observed.values(), default=None)), inside

    def release(self) -> date:
        """The date of the last release."""
        return calendar_date(self._figures.release(None))

    def panels(self, reader: Reader, view: View, *, inside: bool) -> list[Made]:
        """Every panel of the page."""
        names = [name for name, panel in PANELS.items() if reader.exact or not panel.exact_only]
        return [self.panel(reader, view, name, inside=inside) for name in (*names, QUALITY)]

    def panel(self, reader: Reader, view: View, name: str, *, inside: bool) -> Made:
        """One panel. KeyError: there is none such for this reader."""
        if name == QUALITY:
            return self._kept(reader, view, name, lambda: self._quality(view, inside=reader.exact), inside=inside)
        panel = PANELS[name]
        if panel.exact_only and not reader.exact:
            raise KeyError(name)
        return self._kept(reader, view, name, lambda: self._made(reader, view, panel), inside=inside)

    def keys(self, reader: Reader, view: View, *, inside: bool) -> list[Key]:
        """What stands at the top: how many, how long, and whether it gets better."""
        return self._kept(reader, view, "keys", lambda: self._keys(reader, view), inside=inside)

    def answers(self, reader: Reader, view: View, panel: Panel) -> dict[str, Shown]:
        """The answers that a panel is drawn of."""
        return {key: self._answer(reader, one) for key, one in panel.asks(view).items()}

    def version(self) -> Version:
        """Of everything derived from facts."""
        with self._engine.begin() as connection:
            return version(connection)

    def refresh(self, at: Version) -> int:
        """Make again what is watched and is of another version; how many were made."""
        return self._keeping.refresh((at, calendar_date(self._clock())))

    def _kept(self, reader: Reader, view: View, name: str, make: Callable[[], T], *, inside: bool) -> T:
        """What the reader may see decides who shares a result; what it depends on decides how long."""
        if inside:
            key = (name, view, reader.scopes, reader.areas, reader.regions, reader.accommodations)
            return self._keeping.of(
                key, (self.version(), calendar_date(self._clock())), make, follows=view.known is None
            )
        release = self._figures.release(None if view.known is None else _end_of(view.known))
        known = self._figures.known_at(release)
        at = (release, None if known.final else self.version())
        return self._keeping.of((name, view), at, make, follows=False)

    def _answer(self, reader: Reader, one: Ask) -> Shown:
        figure = FIGURES[one.figure]
        return self._figures.answer(reader, figure, asked(figure, one.query))

    def _made(self, reader: Reader, view: View, panel: Panel) -> Made:
        asks = panel.asks(view)
        answers = self.answers(reader, view, panel)
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
            coarser=any(coarser(view, one.figure) for one in asks.values()),
            known=first.answer.known,
            exact=first.audience == "inside",
            inferred=text_of(inferred, "share", view.words) if number and number >= WORTH_SAYING else "",
        )

    def _quality(self, view: View, *, inside: bool) -> Made:
        known_on = None if view.known is None else _end_of(view.known)
        known = self._figures.known_at(known_on if inside else self._figures.release(known_on))
        flags = standing_flags(known, on=view.on)
        with self._engine.begin() as connection:
            heard = {source: moment_of(at) for source, at in progress(connection).sources.items()}
        quality = quality_of(flags, heard, to=Audience.INSIDE if inside else Audience.OUTSIDE)
        title = view.words("quality.title")
        coarse = view.area is not None or view.region is not None
        drawn = draw_quality(quality, view)
        return Made(
            QUALITY, title, drawn, (), provisional=False, coarser=coarse, known=known.known, exact=inside, inferred=""
        )

    def _keys(self, reader: Reader, view: View) -> list[Key]:
        stock = self.answers(reader, view, ELAPSED)["stock"]
        starts = self.answers(reader, view, STARTS)["starts"]
        return [_inside(stock, view), _how_long(stock, view), _better(starts, view)]


def _inside(stock: Shown, view: View) -> Key:
    words = view.words
    count = stock.table("open").cell("count")
    shown = text_of(count, "closures", words)
    return Key("inside", words("key.inside"), shown, words("key.insidetext"), in_words=number_of(count) is None)


def _how_long(stock: Shown, view: View) -> Key:
    words = view.words
    median = stock.table("elapsed-days").cell("median")
    long = text_of(stock.table("elapsed").cell("atLeast", elapsedDays=YEAR_BAND), "closures", words)
    number = number_of(median)
    if number is None:
        return Key("howlong", words("key.howlong"), text_of(median, "days", words), "", in_words=True)
    return Key(
        "howlong",
        words("key.howlong"),
        in_days(number, words),
        words("key.howlongtext", long=long),
    )


def _better(starts: Shown, view: View) -> Key:
    """Only what a process rule says is called better or worse."""
    words = view.words
    title = words("key.better")
    if number_of(starts.table("limits").cell("mean")) is None:
        return Key("better", title, words("key.unknown"), words("key.unknowntext"), in_words=True)
    signal = verdict(starts)
    names = [row.key["month"] for row in starts.table("starts").rows if row.key["month"] not in ("total", "none")]
    sentence = last_month(list(dict.fromkeys(names)), starts, view)
    if signal is None:
        return Key("better", title, words("key.same"), sentence, in_words=True)
    big = words("key.yes" if signal.direction == "low" else "key.no")
    return Key("better", title, big, sentence, in_words=True)


def counted_as(made: Made, view: View) -> str:
    """As known when, for the line under a panel."""
    known = (
        "" if made.known is None else view.words("view.known", known=on_day(calendar_date(made.known), view.language))
    )
    inferred = view.words("view.inferred", share=made.inferred) if made.inferred else ""
    return " ".join(part for part in (known, inferred) if part)


def _asked_where(where: Mapping[str, str]) -> Asked:
    return Asked(None, None, None, (), where, {}, False, 1)


def _end_of(day: date) -> datetime:
    """The last moment of a day, as the API reads a date."""
    return moment(day.isoformat())
