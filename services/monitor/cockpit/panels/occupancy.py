"""Places and how full they are, by accommodation."""

from collections.abc import Mapping

from services.monitor.cockpit.cells import number_of, text_of, value_of
from services.monitor.cockpit.charts.histogram import Class, Histogram, histogram
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width
from services.monitor.cockpit.view import View
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
        [Class(_called(name), value_of(table.cell("occupancy", **{dimension: name}), words)) for name in names],
        Axis(words("occupancy.axis"), "share"),
    )
    total = {name: text_of(table.cell(name), _unit(table, name), words) for name in COLUMNS}
    sentence = words("occupancy.sentence", **total)
    if number_of(table.cell("occupancy")) is None:
        sentence = words("occupancy.hidden", places=total["places"])
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
                words("head.total") if name == "total" else _called(name),
                *(text_of(table.cell(one, **{dimension: name}), _unit(table, one), words) for one in COLUMNS),
            )
            for name in ("total", *names)
        ),
    )
    return Drawn(sentence, (picture,), (twin,))


def _is_open(name: str, table: ShownTable) -> bool:
    """An accommodation with places on the date; no total, and no provider."""
    if name == "total" or name.startswith("provider "):
        return False
    places = number_of(table.cell("places", **{table.dimensions[0]: name}))
    return places is None or places > 0


def _called(name: str) -> str:
    """The key of an accommodation, as a name: `de-vaart` is `De Vaart`."""
    return " ".join(part[:1].upper() + part[1:] for part in name.split("-"))


def _unit(table: ShownTable, name: str) -> Unit:
    return next(column.unit for column in table.columns if column.name == name)


OCCUPANCY = Panel("occupancy", _asks, _draw)
