"""For how long already: those who are inside, by the days so far, with the terms of law between the classes."""

from collections.abc import Mapping
from itertools import pairwise

from services.monitor.cockpit.cells import in_days, number_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.histogram import Class, Histogram, histogram
from services.monitor.cockpit.charts.lettering import as_number
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width
from services.monitor.cockpit.view import View
from services.monitor.figures.shown import Shown
from services.monitor.figures.stock import BANDS, THRESHOLDS

YEAR_DAYS = 365


def _asks(view: View) -> Mapping[str, Ask]:
    return {"stock": ask(view, "stock")}


def _draw(seen: Seen) -> Drawn:
    words, view, shown = seen.words, seen.view, seen.answers["stock"]
    table = shown.table("elapsed")
    after = {BANDS[at]: words.named("term", str(days)) for at, days in enumerate(THRESHOLDS)}
    classes = [
        Class(words(f"band.{band}"), value_of(table.cell("count", elapsedDays=band), words), _term(after.get(band)))
        for band in BANDS
    ]
    sentence = elapsed_sentence(shown, view)
    chart = Histogram(classes, Axis(words("unit.young")))
    picture = in_every_width(
        lambda caption, canvas: histogram(chart, caption, canvas),
        identity="elapsed",
        title=words("elapsed.title"),
        description=sentence,
        view=view,
    )
    twin = Twin(
        words("elapsed.table"),
        (words("head.elapsed"), words("unit.young"), words("head.share"), words("elapsed.atleast")),
        tuple(
            (
                words(f"band.{band}"),
                text_of(table.cell("count", elapsedDays=band), "closures", words),
                text_of(table.cell("share", elapsedDays=band), "share", words),
                text_of(table.cell("atLeast", elapsedDays=band), "closures", words),
            )
            for band in BANDS
        ),
    )
    days = shown.table("elapsed-days")
    names = ("mean", "p25", "median", "p75", "p90")
    quantiles = Twin(
        words("elapsed.quantiles"),
        (words("head.measure"), words("unit.days")),
        tuple((words(f"measure.{name}"), text_of(days.cell(name), "days", words)) for name in names),
    )
    return Drawn(sentence, (picture,), (twin, quantiles))


def _term(words_of_term: str | None) -> str:
    """The words of a term; none where the catalogue says nothing of it."""
    return "" if words_of_term is None or words_of_term.isdigit() else words_of_term


def elapsed_sentence(shown: Shown, view: View) -> str:
    """The median of the days so far, and how many are there for a year or more."""
    words = view.words
    median = number_of(shown.table("elapsed-days").cell("median"))
    band = next(high for low, high in pairwise((*BANDS, BANDS[-1])) if low.startswith("274"))
    long = shown.table("elapsed").cell("atLeast", elapsedDays=band)
    if median is None:
        nobody = number_of(shown.table("open").cell("count")) == 0
        why = unsaid(shown.table("elapsed-days").cell("median"), words)
        return words("elapsed.nobody") if nobody else words("elapsed.hidden", unsaid=why)
    days = in_days(median, words)
    count = number_of(long)
    if count is None:
        return words("elapsed.median", days=days, unsaid=unsaid(long, words))
    return words.counted("elapsed.long", count, days=days, n=as_number(count, view.language, "count"))


ELAPSED = Panel("elapsed", _asks, _draw)
