"""Places and how full they are, by accommodation."""

from collections.abc import Mapping

from services.monitor.cockpit.cells import called, number_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.histogram import Class, Histogram, histogram
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width
from services.monitor.cockpit.view import View
from services.monitor.cockpit.words import Words
from services.monitor.figures.answer import Unit
from services.monitor.figures.shown import ShownTable

MONTHS = 12
COLUMNS = ("places", "occupied", "occupancy", "occupancyMean")


def _asks(view: View) -> Mapping[str, Ask]:
    return {"occupancy": ask(view, "occupancy", months=view.months or MONTHS)}


def _draw(seen: Seen) -> Drawn:
    words, view = seen.words, seen.view
    table = seen.answers["occupancy"].table("occupancy")
    (dimension,) = table.dimensions
    names = [row.key[dimension] for row in table.rows if _is_open(row.key[dimension], table)]
    chart = Histogram(
        [Class(called(name, words), value_of(table.cell("occupancy", **{dimension: name}), words)) for name in names],
        Axis(words("occupancy.axis"), "share"),
    )
    sentence = occupancy_sentence(table, words)
    picture = in_every_width(
        lambda caption, canvas: histogram(chart, caption, canvas),
        identity="occupancy",
        title=words("occupancy.title"),
        description=sentence,
        view=view,
    )
    twin = Twin(
        words("occupancy.table"),
        (words("head.accommodation"), *(words(f"occupancy.{name.lower()}") for name in COLUMNS)),
        tuple(
            (
                words("head.total") if name == "total" else called(name, words),
                *(text_of(table.cell(one, **{dimension: name}), _unit(table, one), words) for one in COLUMNS),
            )
            for name in ("total", *names)
        ),
    )
    return Drawn(sentence, (picture,), (twin,))


def occupancy_sentence(table: ShownTable, words: Words) -> str:
    """How many places there are, and how full they are, as far as it may be said."""
    cells = {name: table.cell(name) for name in COLUMNS}
    texts = {name: text_of(cell, _unit(table, name), words) for name, cell in cells.items()}
    hidden = {name: unsaid(cell, words) for name, cell in cells.items() if number_of(cell) is None}
    if "places" in hidden:
        return words("occupancy.placeshidden", unsaid=hidden["places"])
    if number_of(cells["places"]) == 0:
        return words("occupancy.none")
    for name in ("occupied", "occupancy"):
        if name in hidden:
            return words("occupancy.hidden", places=texts["places"], unsaid=hidden[name])
    if "occupancyMean" in hidden:
        return words("occupancy.now", **{name: texts[name] for name in COLUMNS[:3]})
    return words("occupancy.sentence", **texts)


def _is_open(name: str, table: ShownTable) -> bool:
    """An accommodation with places on the date; no total, and no provider."""
    if name == "total" or name.startswith("provider "):
        return False
    places = number_of(table.cell("places", **{table.dimensions[0]: name}))
    return places is None or places > 0


def _unit(table: ShownTable, name: str) -> Unit:
    return next(column.unit for column in table.columns if column.name == name)


OCCUPANCY = Panel("occupancy", _asks, _draw)
