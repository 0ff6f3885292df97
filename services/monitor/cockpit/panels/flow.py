"""What comes and goes: begin + started - ended = end, by quarter."""

from collections.abc import Mapping
from datetime import date

from services.monitor.cockpit.cells import number_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.lettering import as_month
from services.monitor.cockpit.charts.lines import DatedValue, Lines, Series, lines
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, asked_window, in_every_width
from services.monitor.cockpit.view import View
from services.monitor.figures.shown import ShownRow
from shared.calendar import add_months

QUARTERS_MONTHS = 24
YEAR_MONTHS = 12
COLUMNS = ("begin", "started", "ended", "end")


def _asks(view: View) -> Mapping[str, Ask]:
    months = view.months or QUARTERS_MONTHS
    quarter = date(view.on.year, (view.on.month - 1) // 3 * 3 + 1, 1)
    return {
        "quarters": asked_window(ask(view, "flow", per="quarter"), view.moved(quarter).window(months)),
        "year": ask(view, "flow", months=YEAR_MONTHS),
    }


def _draw(seen: Seen) -> Drawn:
    words, view = seen.words, seen.view
    table = seen.answers["quarters"].table("flow")
    total = dict.fromkeys(table.dimensions, "total")
    found = [row for row in table.rows if row.key == total and isinstance(row.at, date)]
    (year,) = [row for row in seen.answers["year"].table("flow").rows if row.key == total]
    sentence = flow_sentence(year, view)
    series = [
        Series(words(f"flow.{name}"), [DatedValue(_day(row), value_of(row.cells[at], words)) for row in found])
        for at, name in ((2, "started"), (3, "ended"))
    ]
    chart = Lines(series, Axis(words("flow.axis")))
    picture = in_every_width(
        lambda caption, canvas: lines(chart, caption, canvas),
        identity="flow",
        title=words("flow.title"),
        description=sentence,
        view=view,
    )
    twin = Twin(
        words("flow.table"),
        (words("head.period"), *(words(f"flow.{name}") for name in COLUMNS)),
        tuple(
            (_period(row, view), *(text_of(cell, "closures", words) for cell in row.cells[1:]))
            for row in reversed(found)
        ),
    )
    return Drawn(sentence, (picture,), (twin,), open_table=True)


def flow_sentence(year: ShownRow, view: View) -> str:
    """What came and went in a year, as far as it may be said: stocks and moves are hidden each by themselves."""
    words = view.words
    cells = dict(zip(COLUMNS, year.cells[1:], strict=True))
    texts = {name: text_of(cell, "closures", words) for name, cell in cells.items()}
    hidden = {name: cell for name, cell in cells.items() if number_of(cell) is None}
    if not hidden:
        return words("flow.sentence", **texts)
    why = unsaid(next(iter(hidden.values())), words)
    if not hidden.keys() & {"begin", "end"}:
        return words("flow.stocks", begin=texts["begin"], end=texts["end"], unsaid=why)
    if not hidden.keys() & {"started", "ended"}:
        return words("flow.moved", started=texts["started"], ended=texts["ended"], unsaid=why)
    return words("flow.hidden", unsaid=why)


def _day(row: ShownRow) -> date:
    assert isinstance(row.at, date)
    return row.at


def _period(row: ShownRow, view: View) -> str:
    """A quarter, or the months that are left of one."""
    first, until = _day(row), row.cells[0].value
    assert isinstance(until, date)
    last = add_months(until.replace(day=1), -1)
    if first == last:
        return as_month(first, view.language)
    if first.month % 3 == 1 and add_months(first, 2) == last:
        return view.words("flow.quarter", n=(first.month + 2) // 3, year=first.year)
    return f"{as_month(first, view.language)} – {as_month(last, view.language)}"


FLOW = Panel("flow", _asks, _draw)
