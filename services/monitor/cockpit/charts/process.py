"""A process over time with its limits (XmR): what lies within them is the ordinary; what a rule marks stands out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from services.monitor.cockpit.charts import svg
from services.monitor.cockpit.charts.drawing import (
    EDGE,
    NAME_ABOVE,
    Plot,
    ValueAxis,
    bottom_days,
    hatched,
    left_axis,
    picture,
    value_axis,
)
from services.monitor.cockpit.charts.lettering import (
    LABEL_GAP,
    LINE_HEIGHT,
    as_month,
    as_number,
    as_value,
    spread,
    width_of,
)
from services.monitor.cockpit.charts.scales import Scale, day_scale, day_ticks, shown
from services.monitor.cockpit.charts.svg import Element, element
from services.monitor.cockpit.charts.values import Axis, Canvas, Caption, Hidden, Number, Value

HIDDEN_HEIGHT = 26.0
POINT_RADIUS = 3.5
SIGNAL_RADIUS = 6.0


@dataclass(frozen=True, slots=True)
class Month:
    """One point: a month, and whether a rule marks it."""

    on: date
    value: Value
    signal: Literal["high", "low"] | None = None
    told: str = ""
    """What the rule says, for those who point at it."""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """The lines; each with its words."""

    mean: Number
    lower: Number
    upper: Number
    mean_label: str
    lower_label: str
    upper_label: str


@dataclass(frozen=True, slots=True)
class Process:
    """Months in their order, none left out."""

    months: Sequence[Month]
    values: Axis
    limits: Limits | None
    """None where there are too few points to say what is ordinary."""


def process(chart: Process, caption: Caption, canvas: Canvas) -> str:
    """The picture."""
    limits = chart.limits
    lines = [(limits.upper, limits.upper_label, "limit"), (limits.mean, limits.mean_label, "mean")] if limits else []
    lines += [(limits.lower, limits.lower_label, "limit")] if limits else []
    values = shown([*(one.value for one in chart.months), *(value for value, _, _ in lines)])
    axis = value_axis(values, chart.values, caption.language)
    words = [f"{label} {as_number(value, caption.language, chart.values.kind)}" for value, label, _ in lines]
    beside = max(map(width_of, words), default=0.0) + LABEL_GAP
    right = canvas.width - EDGE - beside if canvas.name == "wide" else canvas.width - 14.0
    above = 0.0 if canvas.name == "wide" else LINE_HEIGHT * len(words)
    plot = Plot(EDGE + axis.room, 2 * LINE_HEIGHT + above, right, canvas.height + above - 2.5 * LINE_HEIGHT)
    days = [one.on for one in chart.months]
    first, last = min(days, default=date(2000, 1, 1)), max(days, default=date(2000, 12, 1))
    along = day_scale(first, last, start=plot.left + SIGNAL_RADIUS, stop=plot.right - SIGNAL_RADIUS)
    up = axis.scale(plot.bottom, plot.top)
    drawn = [svg.line((plot.left, up(value)), (plot.right, up(value)), class_) for value, _, class_ in lines]
    named = _beside(lines, words, up, plot) if canvas.name == "wide" else _above(lines, words)
    name = svg.text((EDGE, plot.top - NAME_ABOVE), chart.values.label, "axis-name")
    return picture(
        caption,
        canvas,
        canvas.height + above,
        left_axis(axis, plot)[1:],
        name,
        bottom_days(day_ticks(first, last, width=plot.width, language=caption.language), along, plot),
        drawn,
        named,
        _points(chart, (axis, along, plot), caption, canvas),
    )


def _beside(lines: Sequence[tuple[Number, str, str]], words: Sequence[str], up: Scale, plot: Plot) -> list[Element]:
    """The words of each line at its right end, moved apart where lines lie close."""
    places = spread([up(value) for value, _, _ in lines], gap=LINE_HEIGHT, low=plot.top + 4, high=plot.bottom - 4)
    return [
        svg.text((plot.right + LABEL_GAP / 2, place + 4), one, f"{class_}-label")
        for place, one, (_, _, class_) in zip(places, words, lines, strict=True)
    ]


def _above(lines: Sequence[tuple[Number, str, str]], words: Sequence[str]) -> list[Element]:
    """The words of each line as a legend, where there is no room beside the plot."""
    parts: list[Element] = []
    for row, (one, (_, _, class_)) in enumerate(zip(words, lines, strict=True)):
        height = EDGE + (row + 1) * LINE_HEIGHT - 4
        parts.append(svg.line((EDGE, height - 4), (EDGE + 18, height - 4), class_))
        parts.append(svg.text((EDGE + 24, height), one, "legend"))
    return parts


def _points(chart: Process, within: tuple[ValueAxis, Scale, Plot], caption: Caption, canvas: Canvas) -> list[Element]:
    """The line through what is shown, and on it the points; a marked one larger and of another shape."""
    axis, along, plot = within
    up = axis.scale(plot.bottom, plot.top)
    parts: list[Element] = []
    for is_hidden, stretch in groupby(chart.months, key=lambda one: isinstance(one.value, Hidden)):
        if not is_hidden:
            places = [
                (along(one.on.toordinal()), up(one.value)) for one in stretch if not isinstance(one.value, Hidden)
            ]
            parts.append(svg.polyline(places, "process"))
    step = along(chart.months[1].on.toordinal()) - along(chart.months[0].on.toordinal()) if chart.months[1:] else 8.0
    for one in chart.months:
        place = along(one.on.toordinal())
        said = f"{as_month(one.on, caption.language)}: {as_value(one.value, caption.language, chart.values.kind)}"
        told = f"{said}. {one.told}" if one.told else said
        if isinstance(one.value, Hidden):
            box = (max(place - step / 2, plot.left), plot.bottom - HIDDEN_HEIGHT, place + step / 2, plot.bottom)
            parts.append(hatched(caption, canvas, (box[0], box[1], min(box[2], plot.right), box[3]), told))
        else:
            parts.append(_point(one, (place, up(one.value)), told))
    return parts


def _point(one: Month, place: tuple[float, float], told: str) -> Element:
    title = element("title", told)
    if one.signal is None:
        class_ = "point provisional" if one.provisional else "point"
        return element("circle", title, cx=place[0], cy=place[1], r=POINT_RADIUS, class_=class_)
    x, y = place
    tip = -SIGNAL_RADIUS if one.signal == "high" else SIGNAL_RADIUS
    corners = [(x, y + tip), (x + SIGNAL_RADIUS, y - tip * 0.7), (x - SIGNAL_RADIUS, y - tip * 0.7)]
    return element("path", title, d=svg.through(corners, closed=True), class_=f"signal signal--{one.signal}")
