"""Does it get better: what started by month, within process limits; no trend word without the rule behind it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from services.monitor.cockpit.cells import number_of, text_of, value_of
from services.monitor.cockpit.charts.lettering import as_month, as_number, in_month
from services.monitor.cockpit.charts.process import Limits, Month, Process, process
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width
from services.monitor.cockpit.view import View
from services.monitor.cockpit.words import Words
from services.monitor.figures.shown import Shown, ShownTable

MONTHS = 36
RULES = ("outside", "trend", "one-side", "near-limit")
"""The one that says most first."""


class Signalled(NamedTuple):
    """The strongest rule that a month takes part in."""

    rule: str
    direction: Literal["high", "low"]


def _asks(view: View) -> Mapping[str, Ask]:
    return {"starts": ask(view, "monthly-starts", months=view.months or MONTHS)}


def _draw(seen: Seen) -> Drawn:
    words, view, shown = seen.words, seen.view, seen.answers["starts"]
    starts, signals = shown.table("starts"), shown.table("signals")
    names = [row.key["month"] for row in starts.rows if _is_month(row.key, starts)]
    months = [_month(name, shown, words, last=name == names[-1]) for name in names]
    limits = _limits(shown.table("limits"), words)
    sentence = last_month(names, shown, view)
    chart = Process(months, Axis(words("starts.axis")), limits)
    picture = in_every_width(
        lambda caption, canvas: process(chart, caption, canvas),
        identity="starts",
        title=words("starts.title"),
        description=sentence,
        view=view,
    )
    twin = Twin(
        words("starts.table"),
        (words("head.month"), words("starts.started"), words("starts.rule")),
        tuple(
            (
                as_month(_first(name), view.language),
                text_of(starts.cell("count", month=name), "closures", words),
                told(signals.cell("signals", month=name).value, words) or "–",
            )
            for name in reversed(names)
        ),
    )
    return Drawn(sentence, (picture,), (twin,), (words("starts.note"),))


def strongest(signals: object) -> Signalled | None:
    """The rule that says most of those that a month takes part in (`outside high; one-side high`)."""
    found = [part.split(" ") for part in str(signals or "").split("; ") if part]
    for rule in RULES:
        for name, direction in found:
            if name == rule:
                return Signalled(rule, "high" if direction == "high" else "low")
    return None


def told(signals: object, words: Words) -> str:
    """That rule in words; empty where there is none."""
    signal = strongest(signals)
    return words(f"rule.{signal.rule}.{signal.direction}") if signal else ""


def last_month(names: Sequence[str], shown: Shown, view: View) -> str:
    """The sentence about the last month: ordinary, or by which rule it is not."""
    words = view.words
    if not names:
        return words("starts.none")
    name, limits = names[-1], shown.table("limits")
    cell = shown.table("starts").cell("count", month=name)
    month = in_month(_first(name), view.language)
    count = number_of(cell)
    if count is None:
        return words("starts.hidden", month=month, why=text_of(cell, "closures", words))
    number = as_number(count, view.language, "count")
    low, high = number_of(limits.cell("lower")), number_of(limits.cell("upper"))
    if low is None or high is None:
        return words("starts.unlimited", month=month, n=number)
    between = {"low": as_number(low, view.language, "count"), "high": as_number(high, view.language, "count")}
    rule = told(shown.table("signals").cell("signals", month=name).value, words)
    if rule:
        return words("starts.signal", month=month, n=number, rule=rule, **between)
    return words("starts.ordinary", month=month, n=number, **between)


def verdict(shown: Shown) -> Signalled | None:
    """The rule that the last month takes part in: what "better" or "worse" rests on; None: ordinary variation."""
    starts = shown.table("starts")
    names = [row.key["month"] for row in starts.rows if _is_month(row.key, starts)]
    return strongest(shown.table("signals").cell("signals", month=names[-1]).value) if names else None


def _is_month(key: Mapping[str, str], table: ShownTable) -> bool:
    """A month of the whole part that was asked for, not a total over months."""
    return key["month"] not in ("total", "none") and all(
        key[name] == "total" for name in table.dimensions if name != "month"
    )


def _first(name: str) -> date:
    return date.fromisoformat(f"{name}-01")


def _month(name: str, shown: Shown, words: Words, *, last: bool) -> Month:
    signals = shown.table("signals").cell("signals", month=name).value
    signal = strongest(signals)
    return Month(
        _first(name),
        value_of(shown.table("starts").cell("count", month=name), words),
        signal.direction if signal else None,
        told(signals, words),
        provisional=last and shown.answer.provisional,
    )


def _limits(table: ShownTable, words: Words) -> Limits | None:
    mean, lower, upper = (number_of(table.cell(name)) for name in ("mean", "lower", "upper"))
    if mean is None or lower is None or upper is None:
        return None
    return Limits(
        round(mean), round(lower), round(upper), words("starts.mean"), words("starts.lower"), words("starts.upper")
    )


STARTS = Panel("starts", _asks, _draw)
