"""Doorplaatsing: how often per 1,000 days by year, and how many times in one closure."""

from collections.abc import Mapping
from datetime import date

from services.monitor.cockpit.cells import number_of, share_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.bars import Bar, Bars, bars
from services.monitor.cockpit.charts.lettering import as_number
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import (
    Ask,
    Drawn,
    Panel,
    Seen,
    Twin,
    ask,
    asked_window,
    in_every_width,
    of_year,
)
from services.monitor.cockpit.panels.survival import years_of
from services.monitor.cockpit.view import View
from services.monitor.figures.doorplaatsing import TIMES

YEARS = 5
YEAR_MONTHS = 12


def _asks(view: View) -> Mapping[str, Ask]:
    asked = ask(view, "doorplaatsing", months=view.months or YEAR_MONTHS)
    years = years_of(view, YEARS + 1)[:-1]
    return {"last": asked} | {
        str(year): asked_window(asked, (date(year, 1, 1), date(year + 1, 1, 1))) for year in years
    }


def _draw(seen: Seen) -> Drawn:
    words, view, last = seen.words, seen.view, seen.answers["last"]
    rates = {
        name: shown.table("rate").cell("per1000Days") for name, shown in sorted(seen.answers.items()) if name != "last"
    }
    if last.answer.window not in [seen.answers[name].answer.window for name in rates]:
        rates[words("moves.last")] = last.table("rate").cell("per1000Days")
    times = last.table("times")
    rate_chart = Bars(
        [Bar(name, value_of(cell, words), provisional=name not in seen.answers) for name, cell in rates.items()],
        Axis(words("moves.axis"), "number"),
        words("head.year"),
    )
    times_chart = Bars(
        [Bar(words.named("times", name), value_of(times.cell("count", doorplaatsingen=name), words)) for name in TIMES],
        Axis(words("moves.closures")),
        words("moves.times"),
    )
    sentence = _sentence(seen)
    pictures = (
        in_every_width(
            lambda caption, canvas: bars(rate_chart, caption, canvas),
            identity="moves-rate",
            title=words("moves.axis"),
            description=sentence,
            view=view,
        ),
        in_every_width(
            lambda caption, canvas: bars(times_chart, caption, canvas),
            identity="moves-times",
            title=words("moves.times"),
            description=words("moves.table"),
            view=view,
        ),
    )
    rate_twin = Twin(
        words("moves.rates"),
        (words("head.year"), words("moves.axis")),
        tuple((name, text_of(cell, "rate", words)) for name, cell in rates.items()),
    )
    times_twin = Twin(
        words("moves.table"),
        (words("moves.times"), words("moves.closures"), words("head.share")),
        tuple(
            (
                words.named("times", name),
                text_of(times.cell("count", doorplaatsingen=name), "closures", words),
                text_of(times.cell("share", doorplaatsingen=name), "share", words),
            )
            for name in TIMES
        ),
    )
    return Drawn(sentence, pictures, (rate_twin, times_twin), of_year(last, words))


def _sentence(seen: Seen) -> str:
    """The share of placements that ended in one, and the rate with its limits."""
    words, last = seen.words, seen.answers["last"]
    share = last.table("share").cell("share")
    rate, low, high = (
        number_of(last.table("rate").cell(name)) for name in ("per1000Days", "per1000DaysLower", "per1000DaysUpper")
    )
    if number_of(share) is None:
        return words("moves.hidden", unsaid=unsaid(share, words))
    if rate is None or low is None or high is None:
        return words("moves.hidden", unsaid=unsaid(last.table("rate").cell("per1000Days"), words))
    written = {
        name: as_number(value, words.language, "number", decimals=2)
        for name, value in (("rate", rate), ("low", low), ("high", high))
    }
    return words("moves.sentence", share=share_of(share, words), **written)


MOVES = Panel("moves", _asks, _draw)
