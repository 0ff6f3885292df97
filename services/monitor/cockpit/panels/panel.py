"""What a panel is: the questions it asks, and what it makes of the answers; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from services.monitor.cockpit.charts.values import CANVASES, Canvas, Caption
from services.monitor.cockpit.view import View
from services.monitor.cockpit.words import Words
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.shown import Shown


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to a figure, as its address has it."""

    figure: str
    query: tuple[tuple[str, str], ...]

    @property
    def address(self) -> str:
        """Where the answer is as JSON and CSV, by `Accept`."""
        return f"/v1/figures/{self.figure}" + (f"?{urlencode(self.query)}" if self.query else "")


@dataclass(frozen=True, slots=True)
class Twin:
    """The numbers of a picture as a table."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The first cell of a row names it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a panel makes of its answers."""

    sentence: str
    pictures: tuple[str, ...]
    """SVG, each picture in every width."""
    twins: tuple[Twin, ...]
    notes: tuple[str, ...] = ()
    open_table: bool = False
    """Whether the table is the picture, and is not folded away."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The answers by the name of the question, as this reader may see them."""

    view: View
    answers: Mapping[str, Shown]

    @property
    def words(self) -> Words:
        """The catalogue in the language of the page."""
        return self.view.words


@dataclass(frozen=True, slots=True)
class Panel:
    """A picture of the overview."""

    name: str
    """Of its address and of its words."""
    asks: Callable[[View], Mapping[str, Ask]]
    draw: Callable[[Seen], Drawn]
    exact_only: bool = False
    """Only for those who see exact figures."""
    takes_part: bool = False
    """Whether it takes the part of the view from an answer about all of them, so that it shows no larger one."""


def ask(view: View, figure: str, *, months: int | None = None, **parameters: str) -> Ask:
    """A question about the part and the date of a view, over so many whole months before its month (View.window).

    A part of the country that the figure cannot be asked about is left out.
    """
    query: list[tuple[str, str]] = [("on", view.on.isoformat())]
    if view.known is not None:
        query.append(("known", view.known.isoformat()))
    if months is not None:
        start, end = view.window(months)
        query += [("from", start.isoformat()), ("until", end.isoformat())]
    splits = FIGURES[figure].splits
    if view.region and "region" in splits:
        query.append(("region", view.region))
    elif view.area and "area" in splits:
        query.append(("area", view.area))
    query += parameters.items()
    return Ask(figure, tuple(query))


def asked_window(asked: Ask, window: tuple[date, date]) -> Ask:
    """The same question over another window."""
    kept = tuple((key, value) for key, value in asked.query if key not in ("from", "until"))
    return Ask(asked.figure, (*kept, ("from", window[0].isoformat()), ("until", window[1].isoformat())))


def of_year(shown: Shown, words: Words) -> tuple[str, ...]:
    """Under a picture of which those outside see a calendar year: which one."""
    window = shown.answer.window
    if shown.audience == "inside" or window is None or not FIGURES[shown.answer.figure].calendar_years:
        return ()
    return (words("view.year", year=window.a.year),)


def coarser(view: View, figure: str) -> bool:
    """Whether the figure answers about a larger part of the country than the view asks for."""
    splits = FIGURES[figure].splits
    return (view.region is not None and "region" not in splits) or (view.area is not None and "area" not in splits)


def in_every_width(
    draw: Callable[[Caption, Canvas], str], *, identity: str, title: str, description: str, view: View
) -> str:
    """A picture in every width, with a title and the sentence that says what is seen."""
    caption = Caption(identity, title, description, view.language)
    return "".join(draw(caption, canvas) for canvas in CANVASES)


def rows(*found: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Rows of a table."""
    return tuple(tuple(row) for row in found)
