"""How many are inside: the stock at the end of each month, with the dates of policy and the straight path to none."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from services.monitor.cockpit.cells import number_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.lettering import as_day, as_number, on_day
from services.monitor.cockpit.charts.lines import DatedMark, DatedTarget, DatedValue, Lines, Series, lines
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, asked_window, in_every_width
from services.monitor.cockpit.view import View
from services.monitor.figures.shown import Cell, Shown, ShownRow
from services.monitor.statistics.path import Path, Target
from shared.calendar import add_months

SERIES_MONTHS = 240
END_COLUMN = 4
"""Of the flow of a month: how many are there at its end."""

PATH_FROM, PATH_UNTIL = date(2023, 1, 1), date(2030, 1, 1)
"""Where the agreed path begins (the placements of 2022), and the first day of the year without anybody inside."""

POLICY = (
    (date(2021, 12, 1), "policy.motion"),
    (date(2026, 1, 1), "policy.small"),
    (PATH_UNTIL, "policy.zero"),
)
"""The motion that asked for an end, small-scale care by the end of 2025, nobody in closed care in 2030."""


def _asks(view: View) -> Mapping[str, Ask]:
    flow = ask(view, "flow", months=view.months or SERIES_MONTHS, per="month")
    found = {"stock": ask(view, "stock"), "flow": flow}
    month = add_months(PATH_FROM, -1)
    if view.on >= PATH_FROM and (view.observed_from is None or view.observed_from <= month):
        found["path"] = asked_window(flow, (month, PATH_FROM))
    return found


def _draw(seen: Seen) -> Drawn:
    words, view = seen.words, seen.view
    rows = _months(seen.answers["flow"])
    points = [DatedValue(on, value_of(cell, words)) for on, cell in rows]
    path = path_of(seen.answers.get("path"))
    until = POLICY[-1][0] if view.months is None and view.on >= POLICY[0][0] else None
    target = _drawn_part(path, [one.on for one in points], until)
    sentence = stock_sentence(seen.answers["stock"].table("open").cell("count"), path, view)
    chart = Lines(
        [Series(words("stock.series"), points)],
        Axis(words("unit.young")),
        [DatedMark(on, words(key)) for on, key in POLICY],
        target,
        words("path.target"),
        until=until,
    )
    picture = in_every_width(
        lambda caption, canvas: lines(chart, caption, canvas),
        identity="stock",
        title=words("stock.title"),
        description=sentence,
        view=view,
    )
    notes = (words("stock.note"),) if target else ()
    return Drawn(sentence, (picture,), (_twin(rows, path if target else None, seen),), notes)


def _months(flow: Shown) -> list[tuple[date, Cell]]:
    """How many there were at the end of each month; that stands at the first day of the next."""
    table = flow.table("flow")
    total = dict.fromkeys(table.dimensions, "total")
    return [(add_months(row.at, 1), _end(row)) for row in table.rows if row.key == total and isinstance(row.at, date)]


def _end(row: ShownRow) -> Cell:
    return row.cells[END_COLUMN]


def path_of(start: Shown | None) -> Path | None:
    """The straight line from how many there were when the path began, as this reader may see it, to none.

    It follows from the number that is shown alone, so that it says nothing more than that.
    """
    known = None if start is None else next((number_of(cell) for _, cell in _months(start)), None)
    if not known:
        return None
    return Path((Target(PATH_FROM, Fraction(known)), Target(PATH_UNTIL, Fraction(0))))


def _drawn_part(path: Path | None, days: Sequence[date], until: date | None) -> list[DatedTarget]:
    """The line over the days that are drawn."""
    if path is None or not days:
        return []
    ends = {max(PATH_FROM, days[0]), min(PATH_UNTIL, until or days[-1])}
    found = [(day, path.target(day)) for day in sorted(ends)]
    return [DatedTarget(day, value) for day, value in found if value is not None] if len(ends) > 1 else []


def stock_sentence(now: Cell, path: Path | None, view: View) -> str:
    """How many are inside, and where the path is; a comparison of two numbers, no trend."""
    words, on, count = view.words, on_day(view.on, view.language), number_of(now)
    if count is None:
        return words("stock.hidden", on=on, unsaid=unsaid(now, words))
    sentence = words.counted("stock.count", count, on=on, n=text_of(now, "closures", words))
    target = None if path is None else path.target(view.on)
    if target is None:
        return sentence
    beside = words("stock.path", target=as_number(target, view.language, "count"))
    return f"{sentence} {beside}"


def _twin(rows: Sequence[tuple[date, Cell]], path: Path | None, seen: Seen) -> Twin:
    """Every month, or the same month of every year where they are many."""
    words, language = seen.words, seen.view.language
    yearly = [(on, cell) for on, cell in rows if on.month == seen.view.on.month] or rows
    head = [words("head.on"), words("stock.series"), *([words("path.target")] if path else [])]
    found = []
    for on, cell in rows if len(rows) <= 36 else yearly:
        line = [as_day(on - timedelta(days=1), language), text_of(cell, "closures", words)]
        if path:
            target = path.target(on)
            line.append("" if target is None else as_number(target, language, "count"))
        found.append(tuple(line))
    return Twin(words("stock.table"), tuple(head), tuple(found))


STOCK = Panel("stock", _asks, _draw)
