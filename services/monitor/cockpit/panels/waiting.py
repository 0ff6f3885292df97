"""Waiting: who waits now and for how long already, and how long those waited who were placed."""

from collections.abc import Mapping

from services.monitor.cockpit.cells import in_days, number_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.histogram import Class, Histogram, histogram
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width, of_year
from services.monitor.cockpit.view import View
from services.monitor.cockpit.words import Words
from services.monitor.figures.shown import Cell
from services.monitor.figures.waiting import LENGTHS

MONTHS = 12


def _asks(view: View) -> Mapping[str, Ask]:
    return {"waiting": ask(view, "waiting", months=view.months or MONTHS)}


def _draw(seen: Seen) -> Drawn:
    words, view, shown = seen.words, seen.view, seen.answers["waiting"]
    now, placed, ends = shown.table("waiting"), shown.table("placed"), shown.table("ends")
    chart = Histogram(
        [
            Class(words(f"wait.{name}"), value_of(now.cell("count", days=name), words), _term(name, seen))
            for name in LENGTHS
        ],
        Axis(words("unit.young")),
    )
    sentence = f"{_now(now.cell('count'), words)} {_lasted(placed.cell('median'), placed.cell('p90'), words)}"
    picture = in_every_width(
        lambda caption, canvas: histogram(chart, caption, canvas),
        identity="waiting",
        title=words("waiting.title"),
        description=sentence,
        view=view,
    )
    twin = Twin(
        words("waiting.table"),
        (words("head.waited"), words("unit.young")),
        (
            *((words(f"wait.{name}"), text_of(now.cell("count", days=name), "persons", words)) for name in LENGTHS),
            (words("head.total"), text_of(now.cell("count"), "persons", words)),
        ),
    )
    outcomes = sorted(ends.rows, key=lambda row: row.key["end"] == "total")
    ended = Twin(
        words("waiting.ends"),
        (words("head.end"), words("unit.young"), words("head.share")),
        tuple(
            (
                words("head.total") if row.key["end"] == "total" else words.named("end", row.key["end"]),
                text_of(row.cells[0], "persons", words),
                text_of(row.cells[1], "share", words),
            )
            for row in outcomes
        ),
    )
    return Drawn(sentence, (picture,), (twin, ended), of_year(shown, words))


def _now(cell: Cell, words: Words) -> str:
    count = number_of(cell)
    if count is None:
        return words("waiting.hidden", unsaid=unsaid(cell, words))
    return words.counted("waiting.now", count, n=text_of(cell, "persons", words))


def _lasted(median: Cell, most: Cell, words: Words) -> str:
    half, nine = number_of(median), number_of(most)
    if half is None or nine is None:
        return words("waiting.unknown", unsaid=unsaid(median if half is None else most, words))
    return words("waiting.lasted", days=in_days(half, words), most=in_days(nine, words))


def _term(name: str, seen: Seen) -> str:
    return seen.words("wait.norm") if name == "29-63" else ""


WAITING = Panel("waiting", _asks, _draw)
