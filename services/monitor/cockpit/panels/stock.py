"""How many are inside: the stock at the end of each month, with the dates of policy."""

from collections.abc import Mapping
from datetime import date, timedelta

from services.monitor.cockpit.cells import number_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.lettering import as_day, on_day
from services.monitor.cockpit.charts.lines import DatedMark, DatedValue, Lines, Series, lines
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width
from services.monitor.cockpit.view import View
from services.monitor.dossier.days import add_months

SERIES_MONTHS = 240
POLICY = (
    (date(2021, 12, 1), "policy.motion"),
    (date(2026, 1, 1), "policy.small"),
    (date(2030, 1, 1), "policy.zero"),
)
"""The motion that asked for an end, small-scale care by the end of 2025, nobody in closed care in 2030."""


def _asks(view: View) -> Mapping[str, Ask]:
    return {
        "stock": ask(view, "stock"),
        "flow": ask(view, "flow", months=view.months or SERIES_MONTHS, per="month"),
    }


def _draw(seen: Seen) -> Drawn:
    words, view = seen.words, seen.view
    flow = seen.answers["flow"].table("flow")
    total = dict.fromkeys(flow.dimensions, "total")
    points = [
        DatedValue(row.at, value_of(row.cells[4], words))
        for row in flow.rows
        if row.key == total and isinstance(row.at, date)
    ]
    # What is open on the last day of a month stands at the first day of the next.
    points = [DatedValue(add_months(one.on, 1), one.value) for one in points]
    now = seen.answers["stock"].table("open").cell("count")
    on = on_day(view.on, view.language)
    count = number_of(now)
    if count is None:
        sentence = words("stock.hidden", on=on, unsaid=unsaid(now, words))
    else:
        sentence = words.counted("stock.count", count, on=on, n=text_of(now, "closures", words))
    chart = Lines(
        [Series(words("stock.series"), points)],
        Axis(words("unit.young")),
        [DatedMark(on, words(key)) for on, key in POLICY],
        until=POLICY[-1][0] if view.months is None and view.on >= POLICY[0][0] else None,
    )
    picture = in_every_width(
        lambda caption, canvas: lines(chart, caption, canvas),
        identity="stock",
        title=words("stock.title"),
        description=sentence,
        view=view,
    )
    yearly = [one for one in points if one.on.month == view.on.month] or points
    known = {add_months(row.at, 1): row for row in flow.rows if row.key == total and isinstance(row.at, date)}
    table = Twin(
        words("stock.table"),
        (words("head.on"), words("stock.series")),
        tuple(
            (as_day(one.on - timedelta(days=1), view.language), text_of(known[one.on].cells[4], "closures", words))
            for one in (points if len(points) <= 36 else yearly)
        ),
    )
    return Drawn(sentence, (picture,), (table,))


STOCK = Panel("stock", _asks, _draw)
