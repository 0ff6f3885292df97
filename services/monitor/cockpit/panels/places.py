"""Places through the years by how closed they are: what is taken down, and what is built beside it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.monitor.cockpit.cells import number_of, share_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.lettering import as_day, as_number
from services.monitor.cockpit.charts.lines import DatedMark, DatedValue, Lines, Series, lines
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width
from services.monitor.cockpit.panels.stock import POLICY
from services.monitor.cockpit.view import View
from services.monitor.cockpit.words import Words
from services.monitor.disclosure.table import TOTAL
from services.monitor.figures.answer import Unit
from services.monitor.figures.closure_mode import MODES
from services.monitor.figures.shown import Cell, ShownTable

MONTHS = 120
CLOSED = ("places", *MODES, "hybrideShare")
GROUPS = ("small", "larger", "unknownSize", "smallShare", "regionaal", "lta", "ltaShare")


class Day(NamedTuple):
    """What there is on a day."""

    on: date
    cells: Mapping[str, Cell]
    """By column."""


def _asks(view: View) -> Mapping[str, Ask]:
    return {"places": ask(view, "places", months=view.months or MONTHS)}


def _draw(seen: Seen) -> Drawn:
    words, view, shown = seen.words, seen.view, seen.answers["places"]
    table, most = shown.table("places"), shown.answer.question.number("smallGroup")
    found = days_of(table, view)
    series = [
        Series(words.named("mode", mode), [DatedValue(day.on, value_of(day.cells[mode], words)) for day in found])
        for mode in MODES
        if any(number_of(day.cells[mode]) for day in found)
    ]
    chart = Lines(series, Axis(words("places.axis")), [DatedMark(on, words(key)) for on, key in POLICY])
    sentence = places_sentence(found[-1].cells, words, most=most) if found else words("places.count.none")
    picture = in_every_width(
        lambda caption, canvas: lines(chart, caption, canvas),
        identity="places",
        title=words("places.title"),
        description=sentence,
        view=view,
    )
    units: dict[str, Unit] = {column.name: column.unit for column in table.columns}
    columns = {"closed": CLOSED, "groups": GROUPS}
    twins = [_twin(caption, names, found, units, words) for caption, names in columns.items()]
    return Drawn(
        sentence, (picture,) if series else (), tuple(twins) if found else (), (words("places.note", most=most),)
    )


def days_of(table: ShownTable, view: View) -> list[Day]:
    """What there is in the part of the view, on each day since anybody observed; nothing where there never was any."""
    names = [column.name for column in table.columns]
    part = view.region or view.area or TOTAL
    found = [
        Day(row.at, dict(zip(names, row.cells, strict=True)))
        for row in table.rows
        if row.key["region"] == part and isinstance(row.at, date)
    ]
    return [day for day in found if view.observed_from is None or day.on >= min(view.observed_from, view.on)]


def places_sentence(cells: Mapping[str, Cell], words: Words, *, most: int) -> str:
    """How many places there are on the date, of each kind, and which share is in small groups and bought nationally."""
    count = number_of(cells["places"])
    if count is None:
        return words("places.hidden", unsaid=unsaid(cells["places"], words))
    modes = {words.named("mode", mode).lower(): number_of(cells[mode]) for mode in MODES}
    told = ", ".join(f"{as_number(number, words.language, 'count')} {mode}" for mode, number in modes.items() if number)
    sentence = words.counted("places.count", count, n=as_number(count, words.language, "count"), modes=told)
    if count == 0:
        return sentence
    small = cells["smallShare"]
    known = number_of(small) is not None
    size = words("places.share", most=most, share=share_of(small, words)) if known else words("places.unknown")
    lta = cells["ltaShare"]
    bought = words("places.bought", share=share_of(lta, words)) if number_of(lta) else ""
    return " ".join(filter(None, (sentence, size, bought)))


def _twin(caption: str, names: Sequence[str], found: Sequence[Day], units: Mapping[str, Unit], words: Words) -> Twin:
    return Twin(
        words(f"places.{caption}"),
        (words("head.on"), *(_head(name, words) for name in names)),
        tuple(
            (as_day(day.on, words.language), *(text_of(day.cells[name], units[name], words) for name in names))
            for day in found
        ),
    )


def _head(name: str, words: Words) -> str:
    return words.named("mode", name) if name in MODES else words(f"places.{name.lower()}")


PLACES = Panel("places", _asks, _draw, takes_part=True)
