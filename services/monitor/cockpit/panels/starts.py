"""Does it get better: what started by month, within process limits; no trend word without the rule behind it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

from services.monitor.cockpit.cells import number_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.lettering import as_month, as_number, in_month
from services.monitor.cockpit.charts.process import Limits, Month, Process, process
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width
from services.monitor.cockpit.view import View
from services.monitor.cockpit.words import Words
from services.monitor.figures.shown import Shown, ShownTable
from shared.calendar import add_months, calendar_date

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
    names = months_of(shown)
    settled = set(settled_months(shown))
    months = [_month(name, shown, words, provisional=name not in settled) for name in names]
    limits = _limits(shown.table("limits"), words)
    sentence = said_of_month(names[-1], shown, view) if names else words("starts.none")
    if names and names[-1] not in settled:
        sentence += " " + words("starts.provisional")
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


def said_of_month(name: str, shown: Shown, view: View) -> str:
    """The sentence about a month: ordinary, or by which rule it is not."""
    words, limits = view.words, shown.table("limits")
    cell = shown.table("starts").cell("count", month=name)
    month = in_month(_first(name), view.language)
    count = number_of(cell)
    if count is None:
        return words("starts.hidden", month=month, unsaid=unsaid(cell, words))
    began = words.counted("starts.began", count, month=month, n=as_number(count, view.language, "count"))
    low, high = number_of(limits.cell("lower")), number_of(limits.cell("upper"))
    if low is None or high is None:
        hidden = next(one for one in (limits.cell("lower"), limits.cell("upper")) if number_of(one) is None)
        if hidden.status == "not-estimable":
            return words("starts.unlimited", began=began)
        return words("starts.limitless", began=began, unsaid=unsaid(hidden, words))
    between = {"low": as_number(low, view.language, "count"), "high": as_number(high, view.language, "count")}
    rule = told(shown.table("signals").cell("signals", month=name).value, words)
    if rule:
        return words("starts.signal", began=began, rule=rule, **between)
    return words("starts.ordinary", began=began, **between)


def verdict(shown: Shown, name: str) -> Signalled | None:
    """The rule that a month takes part in: what "better" or "worse" rests on; None: ordinary variation."""
    return strongest(shown.table("signals").cell("signals", month=name).value)


def months_of(shown: Shown) -> list[str]:
    """The months of the answer, in order."""
    starts = shown.table("starts")
    return [row.key["month"] for row in starts.rows if _is_month(row.key, starts)]


def settled_months(shown: Shown) -> list[str]:
    """Those whose facts have had their time to come in: a month that looks low may only be late."""
    known = calendar_date(shown.answer.known)
    wait = timedelta(days=shown.answer.question.conventions.settled_days)
    return [name for name in months_of(shown) if add_months(_first(name), 1) + wait <= known]


def _is_month(key: Mapping[str, str], table: ShownTable) -> bool:
    """A month of the whole part that was asked for, not a total over months."""
    return key["month"] not in ("total", "none") and all(
        key[name] == "total" for name in table.dimensions if name != "month"
    )


def _first(name: str) -> date:
    return date.fromisoformat(f"{name}-01")


def _month(name: str, shown: Shown, words: Words, *, provisional: bool) -> Month:
    signals = shown.table("signals").cell("signals", month=name).value
    signal = strongest(signals)
    return Month(
        _first(name),
        value_of(shown.table("starts").cell("count", month=name), words),
        signal.direction if signal else None,
        told(signals, words),
        provisional=provisional,
    )


def _limits(table: ShownTable, words: Words) -> Limits | None:
    mean, lower, upper = (number_of(table.cell(name)) for name in ("mean", "lower", "upper"))
    if mean is None or lower is None or upper is None:
        return None
    return Limits(
        round(mean), round(lower), round(upper), words("starts.mean"), words("starts.lower"), words("starts.upper")
    )


STARTS = Panel("starts", _asks, _draw)
