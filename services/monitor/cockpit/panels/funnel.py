"""Differences between providers: each within the limits that chance gives. Never a ranking, and not for everybody."""

from collections.abc import Mapping

from services.monitor.cockpit.cells import called, number_of, text_of
from services.monitor.cockpit.charts.funnel import Funnel, LimitsAt, Organisation, funnel
from services.monitor.cockpit.charts.values import Axis, Number
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width
from services.monitor.cockpit.view import View
from services.monitor.figures.shown import ShownRow, ShownTable
from services.monitor.statistics.funnel import poisson_funnel

MONTHS = 24
LIMIT_POINTS = 40
PER_DAYS = 1_000


def _asks(view: View) -> Mapping[str, Ask]:
    return {"funnel": ask(view, "funnel", months=view.months or MONTHS, measure="doorplaatsing", by="provider")}


def _draw(seen: Seen) -> Drawn:
    words, view = seen.words, seen.view
    table = seen.answers["funnel"].table("funnel")
    names = [column.name for column in table.columns]
    rows = [row for row in table.rows if row.key[table.dimensions[0]] != "total"]

    def value(row: ShownRow, name: str) -> Number | None:
        return number_of(row.cells[names.index(name)])

    points = [
        Organisation(called(row.key[table.dimensions[0]], seen.words), size, rate, _outside(row, names))
        for row in rows
        if (size := value(row, "size")) and (rate := value(row, "value")) is not None
    ]
    whole = number_of(table.cell("value"))
    sentence = words("funnel.hidden")
    pictures: tuple[str, ...] = ()
    if whole is not None and points:
        outside = sum(one.outside for one in points)
        sentence = words.counted("funnel.outside", outside, n=outside, all=len(points))
        chart = Funnel(
            points,
            _limits(float(whole), float(max(one.size for one in points))),
            whole,
            Axis(words("funnel.sizes")),
            Axis(words("moves.axis"), "number"),
            words("funnel.whole"),
            words("funnel.inner"),
            words("funnel.outer"),
        )
        pictures = (
            in_every_width(
                lambda caption, canvas: funnel(chart, caption, canvas),
                identity="funnel",
                title=words("funnel.title"),
                description=sentence,
                view=view,
            ),
        )
    return Drawn(sentence, pictures, (_twin(table, rows, seen),), (words("funnel.note"),))


def _outside(row: ShownRow, names: list[str]) -> bool:
    return "outer" in str(row.cells[names.index("position")].value or "")


def _limits(whole: float, largest: float) -> list[LimitsAt]:
    """The limits of the rate by size: those of the count that is expected there, per 1,000 days."""
    found = []
    for step in range(1, LIMIT_POINTS + 1):
        size = largest * step / LIMIT_POINTS
        around = poisson_funnel(whole * size / PER_DAYS)
        inner, outer = around.inner, around.outer
        rates = (bound * PER_DAYS / size for bound in (inner.lower, inner.upper, outer.lower, outer.upper))
        found.append(LimitsAt(size, *rates))
    return found


def _twin(table: ShownTable, rows: list[ShownRow], seen: Seen) -> Twin:
    names = ("size", "count", "value", "expected", "position")
    units = {column.name: column.unit for column in table.columns}
    places = {column.name: at for at, column in enumerate(table.columns)}
    return Twin(
        seen.words("funnel.table"),
        (seen.words("head.provider"), *(seen.words(f"funnel.{name}") for name in names)),
        tuple(
            (
                called(row.key[table.dimensions[0]], seen.words),
                *(
                    seen.words.named("position", text)
                    if (text := text_of(row.cells[places[name]], units[name], seen.words)) and name == "position"
                    else text
                    for name in names
                ),
            )
            for row in rows
        ),
    )


FUNNEL = Panel("funnel", _asks, _draw, exact_only=True)
