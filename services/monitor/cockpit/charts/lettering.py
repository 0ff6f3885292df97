"""How much room words take, how numbers and months are written, and which labels can stand side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Literal
from unicodedata import combining, east_asian_width

from services.monitor.cockpit.charts.values import Hidden, Language, Number, Value

LETTER_SIZE = 12.0
"""Of all text in a picture, in its units; the style sheet says the same."""
LINE_HEIGHT = 16.0
LABEL_GAP = 8.0
"""Between two labels side by side."""

_WIDTH_OF_LETTER = 0.6
"""Of the letter size; a little more than the mean of the system fonts, so that what fits here fits on the page."""
_WIDTH_OF_DIGIT = 0.58

MONTHS = {
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
LONG_MONTHS: dict[Language, tuple[str, ...]] = {
    "nl": (
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_SEPARATORS: dict[Language, tuple[str, str]] = {"nl": (".", ","), "en": (",", ".")}
"""Between thousands, and before decimals."""

NumberKind = Literal["count", "number", "share"]


def width_of(words: str) -> float:
    """How much room words take in a picture, in its units; rather too much than too little."""
    return sum(_letter(letter) for letter in words) * LETTER_SIZE


def _letter(letter: str) -> float:
    if combining(letter):
        return 0.0
    if east_asian_width(letter) in "WF":
        return 1.0
    if letter in "ijlI.,:;'|!()[] ":
        return 0.34
    if letter in "mwMW@%—…":
        return 0.95
    return 0.74 if letter.isupper() else _WIDTH_OF_DIGIT if letter.isdigit() else _WIDTH_OF_LETTER


def shortened(words: str, room: float) -> str:
    """The words, cut off with an ellipsis where they need more room; empty where nothing fits."""
    if width_of(words) <= room:
        return words
    kept = words
    while kept and width_of(kept + "…") > room:
        kept = kept[:-1]
    return kept.rstrip() + "…" if kept else ""


def as_number(value: Number, language: Language, kind: NumberKind = "number", *, decimals: int = 1) -> str:
    """A number as people write it: thousands separated, a comma before Dutch decimals, a share in percents."""
    thousands, point = _SEPARATORS[language]
    exact = Fraction(value)
    if kind == "share":
        return f"{round(exact * 100)}%"
    if kind == "count" or exact.denominator == 1:
        return f"{round(exact):,}".replace(",", thousands)
    whole, _, rest = f"{float(exact):,.{decimals}f}".partition(".")
    return whole.replace(",", thousands) + (point + rest if rest else "")


def as_value(value: Value, language: Language, kind: NumberKind = "number", *, decimals: int = 1) -> str:
    """A number, or why it is not shown."""
    return value.text if isinstance(value, Hidden) else as_number(value, language, kind, decimals=decimals)


def month_name(day: date, language: Language) -> str:
    """The short name of its month."""
    return MONTHS[language][day.month - 1]


def as_month(day: date, language: Language) -> str:
    """Its month and year: `okt 2025`."""
    return f"{month_name(day, language)} {day.year}"


def as_year(day: date, _language: Language) -> str:
    """Its year, for what is of a whole year: `2025`."""
    return str(day.year)


def as_day(day: date, language: Language) -> str:
    """The whole date: `3 okt 2025`."""
    return f"{day.day} {month_name(day, language)} {day.year}"


def in_month(day: date, language: Language) -> str:
    """Its month and year in a sentence: `oktober 2025`."""
    return f"{LONG_MONTHS[language][day.month - 1]} {day.year}"


def on_day(day: date, language: Language) -> str:
    """The whole date in a sentence: `3 oktober 2025`."""
    return f"{day.day} {in_month(day, language)}"


def at_moment(moment: datetime, language: Language) -> str:
    """A moment with its own clock: `3 okt 2025, 14:05`."""
    return f"{as_day(moment.date(), language)}, {moment:%H:%M}"


@dataclass(frozen=True, slots=True)
class CentredLabel:
    """A label around a place."""

    place: float
    words: str


def side_by_side(
    labels: Sequence[str], places: Sequence[float], *, low: float, high: float, step: int = 1
) -> list[CentredLabel]:
    """These labels, centred on their places but within [low, high]: all, or every k-th so that none meets another.

    A first k may be given; where even two collide only the first is left.
    """
    fitted = _fitted(labels, places, low=low, high=high)
    return fitted[:: _step(fitted, least=step)]


def step_of(labels: Sequence[str], places: Sequence[float], *, low: float, high: float) -> int:
    """The k of `side_by_side`: rows of one table take the largest of theirs."""
    return _step(_fitted(labels, places, low=low, high=high), least=1)


def _fitted(labels: Sequence[str], places: Sequence[float], *, low: float, high: float) -> list[CentredLabel]:
    fitted = [shortened(label, high - low) for label in labels]
    return [
        CentredLabel(min(max(place, low + width_of(label) / 2), max(high - width_of(label) / 2, low)), label)
        for label, place in zip(fitted, places, strict=True)
    ]


def _step(labels: Sequence[CentredLabel], *, least: int) -> int:
    for k in range(max(least, 1), len(labels) + 1):
        if all(
            right.place - left.place >= (width_of(left.words) + width_of(right.words)) / 2 + LABEL_GAP
            for left, right in pairwise(labels[::k])
        ):
            return k
    return max(len(labels), 1)


def spread(places: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Places moved as little as needed to stand `gap` apart in [low, high], their order kept.

    Where there is no room for all, they stand evenly from low to high.
    """
    if not places:
        return []
    order = sorted(range(len(places)), key=lambda at: places[at])
    if gap * (len(places) - 1) > high - low:
        gap = (high - low) / max(len(places) - 1, 1)
    moved = [0.0] * len(places)
    floor = low
    for at in order:
        moved[at] = max(min(places[at], high), floor)
        floor = moved[at] + gap
    ceiling = high
    for at in reversed(order):
        moved[at] = min(moved[at], ceiling)
        ceiling = moved[at] - gap
    return moved
