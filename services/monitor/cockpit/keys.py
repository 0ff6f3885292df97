"""What stands at the top of the overview: how many are inside, for how long, and whether it gets better; pure."""

from dataclasses import dataclass

from services.monitor.cockpit.cells import in_days, number_of, text_of, unsaid
from services.monitor.cockpit.panels.starts import said_of_month, settled_months, verdict
from services.monitor.cockpit.view import View
from services.monitor.figures.shown import Shown
from services.monitor.figures.stock import BANDS

YEAR_BAND = next(band for band in BANDS if band.startswith("365"))


@dataclass(frozen=True, slots=True)
class Key:
    """One of the answers at the top."""

    name: str
    title: str
    big: str
    text: str
    in_words: bool = False


def keys_of(stock: Shown, starts: Shown, view: View) -> list[Key]:
    """How many are inside, for how long, and whether it gets better."""
    return [_inside(stock, view), _how_long(stock, view), _better(starts, view)]


def _inside(stock: Shown, view: View) -> Key:
    words = view.words
    count = stock.table("open").cell("count")
    shown = text_of(count, "closures", words)
    title, number = words("key.insidetitle"), number_of(count)
    if number is not None:
        return Key("inside", title, shown, words.counted("key.inside", number))
    big = words("key.few" if count.status == "too-small" else "key.hidden")
    text = (
        words.counted("key.inside", 2)
        if count.status == "too-small"
        else words("key.insidehidden", unsaid=unsaid(count, words))
    )
    return Key("inside", title, big, text, in_words=True)


def _how_long(stock: Shown, view: View) -> Key:
    words = view.words
    median = stock.table("elapsed-days").cell("median")
    long = stock.table("elapsed").cell("atLeast", elapsedDays=YEAR_BAND)
    title, number, count = words("key.howlong"), number_of(median), number_of(long)
    if number is None:
        if number_of(stock.table("open").cell("count")) == 0:
            return Key("howlong", title, words("key.nobody"), words("key.nobodytext"), in_words=True)
        told = words("key.howlonghidden", unsaid=unsaid(median, words))
        return Key("howlong", title, words("key.hidden"), told, in_words=True)
    if count is None:
        text = words("key.longhidden", unsaid=unsaid(long, words))
    else:
        text = words.counted("key.long", count, n=text_of(long, "closures", words))
    return Key("howlong", title, in_days(number, words), text)


def _better(starts: Shown, view: View) -> Key:
    """Only what a process rule says of a month that is settled is called better or worse."""
    words = view.words
    title = words("key.better")
    month = settled_months(starts)[-1:]
    mean = starts.table("limits").cell("mean")
    if number_of(mean) is None or not month:
        if number_of(mean) is None and mean.status != "not-estimable":
            told = words("key.unknownhidden", unsaid=unsaid(mean, words))
            return Key("better", title, words("key.hidden"), told, in_words=True)
        return Key("better", title, words("key.unknown"), words("key.unknowntext"), in_words=True)
    signal = verdict(starts, month[0])
    sentence = said_of_month(month[0], starts, view)
    if signal is None:
        return Key("better", title, words("key.same"), sentence, in_words=True)
    big = words("key.yes" if signal.direction == "low" else "key.no")
    return Key("better", title, big, sentence, in_words=True)
