"""The landscape: placements beside figures of others through the years, each as an index, with nothing said of why."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.monitor.cockpit.cells import number_of, text_of, value_of
from services.monitor.cockpit.charts.lettering import as_value, as_year
from services.monitor.cockpit.charts.lines import DatedValue, Lines, Series, lines
from services.monitor.cockpit.charts.values import Axis, Hidden, Value
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width
from services.monitor.cockpit.view import View
from services.monitor.cockpit.words import Words
from services.monitor.figures.answer import Unit
from services.monitor.figures.landscape import BASE
from services.monitor.figures.shown import Cell, ShownTable

PLACEMENTS = "placements"
LINES = (PLACEMENTS, "jji", "wvggz", "lta", "threeMilieu")
"""The columns of the figure of which a line is drawn, each beside its index."""
INDICES = {name: f"{name}Index" for name in LINES}
BASE_DAY = date(BASE, 1, 1)

Points = Mapping[date, Value]
"""The index of a year, by its first day."""


class Year(NamedTuple):
    """What is known of a year."""

    on: date
    """Its first day."""
    cells: Mapping[str, Cell]
    """By column."""


def _asks(view: View) -> Mapping[str, Ask]:
    return {"landscape": ask(view, "landscape")}


def _draw(seen: Seen) -> Drawn:
    words, view = seen.words, seen.view
    table = seen.answers["landscape"].table("years")
    years = _years(table)
    indices = {name: _points(name, years, view) for name in LINES}
    drawn = {_name(name, words): points for name, points in indices.items() if points}
    series = [
        Series(name, [DatedValue(on, index) for on, index in points.items()], called=as_year)
        for name, points in drawn.items()
    ]
    chart = Lines(series, Axis(words("landscape.axis"), "number"))
    sentence = landscape_sentence(drawn, words, published=bool(years))
    picture = in_every_width(
        lambda caption, canvas: lines(chart, caption, canvas),
        identity="landscape",
        title=words("landscape.title"),
        description=sentence,
        view=view,
    )
    pictures = (picture,) if drawn else ()
    units: dict[str, Unit] = {column.name: column.unit for column in table.columns}
    columns = {"indices": INDICES, "counts": dict(zip(LINES, LINES, strict=True))}
    twins = [_twin(caption, which, years, units, view) for caption, which in columns.items()]
    return Drawn(sentence, pictures, tuple(twins) if years else (), tuple(_notes(indices, years, view)))


def _years(table: ShownTable) -> list[Year]:
    names = [column.name for column in table.columns]
    return [Year(row.at, dict(zip(names, row.cells, strict=True))) for row in table.rows if isinstance(row.at, date)]


def _points(name: str, years: Sequence[Year], view: View) -> Points:
    """Of the years that have one; of placements none where the year that the others are compared with is not known."""
    if name == PLACEMENTS and not _is_known(name, BASE_DAY, view):
        return {}
    cells = {year.on: year.cells[INDICES[name]] for year in years if _is_known(name, year.on, view)}
    return {
        on: value_of(cell, view.words)
        for on, cell in cells.items()
        if cell.status == "not-estimable" or number_of(cell) is not None
    }


def _is_known(name: str, day: date, view: View) -> bool:
    """Placements only since anybody observed, as in every picture; what others published is known as it is."""
    return name != PLACEMENTS or view.observed_from is None or view.observed_from <= day


def landscape_sentence(drawn: Mapping[str, Points], words: Words, *, published: bool) -> str:
    """Where each line stands in the last year that any has; of one that ends earlier where it ended, and when.

    Numbers beside each other, and no more than that.
    """
    shown = {
        name: [on for on, index in points.items() if not isinstance(index, Hidden)] for name, points in drawn.items()
    }
    lasts = {name: max(days) for name, days in shown.items() if days}
    if not lasts:
        return words("landscape.baseless", base=BASE) if published else words("landscape.none")
    last = max(lasts.values())
    told = []
    for name, on in lasts.items():
        text = f"{name[:1].lower()}{name[1:]} {as_value(drawn[name][on], words.language)}"
        told.append(text if on == last else words("landscape.earlier", told=text, year=on.year))
    return words("landscape.sentence", year=last.year, base=BASE, told="; ".join(told))


def _notes(indices: Mapping[str, Points], years: Sequence[Year], view: View) -> Iterator[str]:
    """What the picture does not say, and what it leaves out."""
    words = view.words
    yield words("landscape.note", base=BASE)
    hidden = any(year.cells[INDICES[PLACEMENTS]].status in ("too-small", "withheld") for year in years)
    unknown = not all(_is_known(PLACEMENTS, year.on, view) for year in (*years, Year(BASE_DAY, {})))
    if hidden:
        yield words("landscape.rounded")
    if unknown and years:
        yield words("landscape.unobserved", base=BASE)
    told = {PLACEMENTS} if hidden or unknown else set()
    missing = [name for name, points in indices.items() if not points and name not in told]
    if missing and years:
        yield words("landscape.missing", base=BASE, names="; ".join(_name(name, words) for name in missing))


def _twin(
    caption: str, columns: Mapping[str, str], years: Sequence[Year], units: Mapping[str, Unit], view: View
) -> Twin:
    words = view.words
    return Twin(
        words(f"landscape.{caption}", base=BASE),
        (words("head.year"), *(_name(name, words) for name in columns)),
        tuple(
            (
                as_year(year.on, view.language),
                *(
                    text_of(year.cells[column], units[column], words) if _is_known(name, year.on, view) else ""
                    for name, column in columns.items()
                ),
            )
            for year in years
        ),
    )


def _name(name: str, words: Words) -> str:
    return words(f"landscape.{name.lower()}")


LANDSCAPE = Panel("landscape", _asks, _draw)
