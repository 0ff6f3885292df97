"""What the pictures share: the frame around them, axes, legends, marks with labels that do not collide, hatching."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from services.monitor.cockpit.charts import svg
from services.monitor.cockpit.charts.lettering import (
    LABEL_GAP,
    LINE_HEIGHT,
    as_number,
    shortened,
    side_by_side,
    width_of,
)
from services.monitor.cockpit.charts.scales import DayTick, Scale, scale, ticks
from services.monitor.cockpit.charts.svg import Child, Element, element, group
from services.monitor.cockpit.charts.values import Axis, Canvas, Caption, Language

TICKS_MAX = 5
"""Steps on the axis of values."""
QUARTERS_UP_TO = 1.5
"""A share up to this has an axis in steps of a quarter."""
SWATCH_WIDTH = 18.0
NAME_ABOVE = 14.0
"""From the name of the axis of values to the plot."""
MARK_ROWS_MAX = 6
EDGE = 4.0
"""Free on every side of a picture."""
BEYOND = 12.0
"""That a label under the end of an axis may stand out to the right of the plot."""
SERIES_CLASSES_MAX = 7
"""Kinds of lines and fills that the style sheet knows apart: by colour, and lines by their dashes."""


@dataclass(frozen=True, slots=True)
class Plot:
    """The part of a picture in which the values are drawn."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class Mark:
    """A place along an axis that means something: a date of policy, a term of law."""

    at: float
    """On the axis: days, or the ordinal of a date."""
    label: str


def picture(caption: Caption, canvas: Canvas, height: float, *parts: Child | Iterable[Child]) -> str:
    """The whole picture, with a title and a description for those who do not see it."""
    identity = f"{caption.identity}-{canvas.name}"
    return svg.written(
        element(
            "svg",
            element("title", caption.title, id=f"{identity}-title"),
            element("desc", caption.description, id=f"{identity}-desc"),
            _hatching(identity),
            *parts,
            viewBox=f"0 0 {svg.number(canvas.width)} {svg.number(height)}",
            role="img",
            aria_labelledby=f"{identity}-title {identity}-desc",
            class_=f"chart chart--{canvas.name}",
        )
    )


def _hatching(identity: str) -> Element:
    """The pattern of what is not shown; each picture has its own, since a pattern is found by its id."""
    strokes = element("path", d="M-2 2L2 -2M0 8L8 0M6 10L10 6", class_="hatch-stroke")
    return element(
        "defs",
        element("pattern", strokes, id=f"{identity}-hatch", width=8, height=8, patternUnits="userSpaceOnUse"),
    )


def hatched(caption: Caption, canvas: Canvas, box: tuple[float, float, float, float], title: str) -> Element:
    """A rectangle (left, top, right, bottom) of what is not shown, never as high as a value would be."""
    left, top, right, bottom = box
    return element(
        "rect",
        element("title", title),
        x=left,
        y=top,
        width=max(right - left, 0),
        height=max(bottom - top, 0),
        class_="hidden",
        fill=f"url(#{caption.identity}-{canvas.name}-hatch)",
    )


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """An axis of values that begins at 0, with the room that its labels take."""

    axis: Axis
    ticks: tuple[float, ...]
    labels: tuple[str, ...]

    @property
    def room(self) -> float:
        """The width of its widest label, and what is between it and the plot."""
        return max(map(width_of, self.labels)) + LABEL_GAP

    def scale(self, start: float, stop: float) -> Scale:
        """From its values to places."""
        return scale(0, self.ticks[-1], start=start, stop=stop)


def value_axis(values: Sequence[float], axis: Axis, language: Language, *, at_most: int = TICKS_MAX) -> ValueAxis:
    """The axis on which all these values lie."""
    high = max([*values, 0.0])
    if axis.kind == "share":
        # More than all of the places can be taken: such a bar is longer than that of all of them.
        quarters = range(max(math.ceil(high * 4 - 1e-9), 4) + 1)
        whole = 0.4 < high <= QUARTERS_UP_TO
        marks = [0.25 * at for at in quarters] if whole else ticks(max(high, 0.01), at_most=at_most, whole=False)
        # Whole percents, so that no two ticks are written alike.
        step = max(marks[1], 0.01)
        marks = [step * place for place in range(len(marks))]
    else:
        marks = ticks(high, at_most=at_most, whole=axis.kind == "count")
    decimals = next((digits for digits in range(6) if len({f"{mark:.{digits}f}" for mark in marks}) == len(marks)), 6)
    labels = tuple(as_number(round(mark, 9), language, axis.kind, decimals=max(decimals, 1)) for mark in marks)
    return ValueAxis(axis, tuple(marks), labels)


def left_axis(axis: ValueAxis, plot: Plot) -> list[Element]:
    """Lines across the plot at the ticks, their labels at the left, and the name of the axis above them."""
    across = axis.scale(plot.bottom, plot.top)
    parts = [svg.text((EDGE, plot.top - NAME_ABOVE), shortened(axis.axis.label, plot.right - EDGE), "axis-name")]
    for tick, label in zip(axis.ticks, axis.labels, strict=True):
        place = across(tick)
        parts.append(svg.line((plot.left, place), (plot.right, place), "base" if tick == 0 else "grid"))
        parts.append(svg.text((plot.left - LABEL_GAP / 2, place + 4), label, "tick", "end"))
    return parts


def bottom_values(axis: ValueAxis, plot: Plot, *, grid: bool = True) -> list[Element]:
    """The ticks of an axis of values under the plot, and its name under them."""
    along = axis.scale(plot.left, plot.right)
    places = [along(tick) for tick in axis.ticks]
    parts = [svg.line((place, plot.top), (place, plot.bottom), "grid") for place in places if grid]
    name = shortened(axis.axis.label, plot.right - EDGE)
    return [
        *parts,
        *labels_below(axis.labels, places, plot),
        svg.text((plot.right, plot.bottom + 2 * LINE_HEIGHT), name, "axis-name", "end"),
    ]


def labels_below(labels: Sequence[str], places: Sequence[float], plot: Plot, *, row: int = 1) -> list[Element]:
    """Labels centred under their places: all, or every k-th where they would collide."""
    return [
        svg.text((one.place, plot.bottom + row * LINE_HEIGHT), one.words, "tick", "middle")
        for one in side_by_side(labels, places, low=EDGE, high=plot.right + BEYOND)
    ]


def bottom_days(days: Sequence[DayTick], along: Scale, plot: Plot) -> list[Element]:
    """The ticks of days under the plot, the year on a second line."""
    places = [along(tick.on.toordinal()) for tick in days]
    years = [(tick.below, place) for tick, place in zip(days, places, strict=True) if tick.below]
    return [
        *(svg.line((place, plot.bottom), (place, plot.bottom + 4), "base") for place in places),
        *labels_below([tick.label for tick in days], places, plot),
        *labels_below([year for year, _ in years], [place for _, place in years], plot, row=2),
    ]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a legend: what a colour or a dash means."""

    label: str
    class_: str
    """Of the swatch: a class of lines (`line-1`) or of fills (`fill-1`)."""


def legend(entries: Sequence[Entry], canvas: Canvas, top: float) -> tuple[list[Element], float]:
    """The swatches with their words, row under row; and the height they take."""
    parts: list[Element] = []
    left, row = EDGE, 0
    for entry in entries:
        room = canvas.width - 2 * EDGE - SWATCH_WIDTH - LABEL_GAP
        words = shortened(entry.label, room)
        needed = SWATCH_WIDTH + LABEL_GAP / 2 + width_of(words)
        if left > EDGE and left + needed > canvas.width - EDGE:
            left, row = EDGE, row + 1
        middle = top + row * LINE_HEIGHT + LINE_HEIGHT / 2
        if entry.class_.startswith("line"):
            parts.append(svg.line((left, middle), (left + SWATCH_WIDTH, middle), entry.class_))
        else:
            parts.append(svg.rectangle(left, middle - 5, left + SWATCH_WIDTH, middle + 5, entry.class_))
        parts.append(svg.text((left + SWATCH_WIDTH + LABEL_GAP / 2, middle + 4), words, "legend"))
        left += needed + 2 * LABEL_GAP
    return parts, (row + 1) * LINE_HEIGHT if entries else 0.0


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark with the row of its label and where that begins and ends."""

    place: float
    words: str
    left: float
    right: float
    row: int


def placed_marks(marks: Sequence[Mark], along: Scale, plot: Plot) -> list[PlacedMark]:
    """Each mark with a row for its label, such that no label stands on another; too many are left out at the end."""
    placed: list[PlacedMark] = []
    for mark in sorted(marks, key=lambda one: one.at):
        if not along.low <= mark.at <= along.high:
            continue
        place = along(mark.at)
        ahead, behind = plot.right - place - 4, place - plot.left - 4
        words = shortened(mark.label, max(ahead, behind))
        width = width_of(words)
        left = place + 4 if width <= ahead else place - 4 - width
        one = PlacedMark(place, words, left, left + width, 0)
        taken = {other.row for other in placed if _meet(one, other)}
        row = next(row for row in range(len(taken) + 1) if row not in taken)
        if row < MARK_ROWS_MAX:
            placed.append(replace(one, row=row))
    return placed


def _meet(one: PlacedMark, other: PlacedMark) -> bool:
    """Whether two labels, each with its own line, would touch in one row."""
    left, right = min(one.left, one.place), max(one.right, one.place)
    return left < max(other.right, other.place) + LABEL_GAP and min(other.left, other.place) < right + LABEL_GAP


def rows_of(marks: Sequence[PlacedMark]) -> int:
    """How many rows their labels take."""
    return max((mark.row + 1 for mark in marks), default=0)


def drawn_marks(marks: Sequence[PlacedMark], plot: Plot) -> list[Element]:
    """The lines of the marks, and over them the labels above the plot."""
    rows = rows_of(marks)
    tops = [plot.top - (rows - mark.row) * LINE_HEIGHT for mark in marks]
    lines = [
        svg.line((mark.place, top), (mark.place, plot.bottom), "mark") for mark, top in zip(marks, tops, strict=True)
    ]
    labels = [svg.text((mark.left, top + 12), mark.words, "mark-label") for mark, top in zip(marks, tops, strict=True)]
    return [group(lines), group(labels)]
