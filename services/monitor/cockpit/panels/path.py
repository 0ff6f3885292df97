"""The path to zero: placements of twelve months against the straight line to none in 2030."""

from collections.abc import Mapping
from datetime import date

from services.monitor.cockpit.cells import number_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.lettering import as_day, as_number
from services.monitor.cockpit.charts.lines import DatedTarget, DatedValue, Lines, Series, lines
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width
from services.monitor.cockpit.view import View
from services.monitor.figures.shown import Shown


def _asks(view: View) -> Mapping[str, Ask]:
    return {"path": ask(view, "path-to-zero")}


def _draw(seen: Seen) -> Drawn:
    words, view, shown = seen.words, seen.view, seen.answers["path"]
    rows = [row for row in shown.table("path").rows if isinstance(row.at, date)]
    places = {column.name: at for at, column in enumerate(shown.table("path").columns)}
    points = [
        DatedValue(row.at, value_of(row.cells[places["placements"]], words)) for row in rows if isinstance(row.at, date)
    ]
    line = shown.table("line")
    at = [column.name for column in line.columns].index("target")
    targets = [
        DatedTarget(row.at, value)
        for row in line.rows
        if isinstance(row.at, date) and (value := number_of(row.cells[at])) is not None
    ]
    sentence = path_sentence(shown, view)
    chart = Lines([Series(words("path.series"), points)], Axis(words("path.axis")), (), targets, words("path.target"))
    picture = in_every_width(
        lambda caption, canvas: lines(chart, caption, canvas),
        identity="path",
        title=words("path.title"),
        description=sentence,
        view=view,
    )
    names = ("placements", "target", "deviation")
    twin = Twin(
        words("path.table"),
        (words("head.before"), *(words(f"path.{name}") for name in names)),
        tuple(
            (as_day(row.at, view.language), *(text_of(row.cells[places[name]], "placements", words) for name in names))
            for row in rows
            if isinstance(row.at, date)
        ),
    )
    return Drawn(sentence, (picture,), (twin,), (words("path.note"),))


def path_sentence(shown: Shown, view: View) -> str:
    """How far the last twelve months are from the line: a comparison of two numbers, no trend."""
    words, table = view.words, shown.table("path")
    names = [column.name for column in table.columns]
    row = table.rows[-1]
    cells = [row.cells[names.index(one)] for one in ("placements", "target", "deviation")]
    count, target, off = map(number_of, cells)
    if count is None:
        return words("path.hidden", unsaid=unsaid(cells[0], words))
    began = words.counted("path.began", count, n=as_number(count, view.language, "count"))
    if target is None:
        return words("path.before", began=began)
    if off is None:
        return words("path.unmeasured", began=began, unsaid=unsaid(cells[2], words))
    if off == 0:
        return words("path.on", began=began, target=as_number(target, view.language, "count"))
    size = as_number(max(off, -off), view.language, "count")
    return words(
        "path.above" if off > 0 else "path.below",
        began=began,
        target=as_number(target, view.language, "count"),
        off=words("path.about", n=size) if cells[2].status == "rounded" else size,
    )


PATH = Panel("path", _asks, _draw)
