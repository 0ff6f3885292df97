"""Stacked bars: what each whole is made of, part after part, from left to right."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.monitor.cockpit.charts import svg
from services.monitor.cockpit.charts.drawing import (
    EDGE,
    SERIES_CLASSES_MAX,
    Entry,
    Plot,
    bottom_values,
    hatched,
    legend,
    picture,
    value_axis,
)
from services.monitor.cockpit.charts.lettering import LABEL_GAP, LINE_HEIGHT, as_value, shortened, width_of
from services.monitor.cockpit.charts.scales import shown
from services.monitor.cockpit.charts.svg import Element
from services.monitor.cockpit.charts.values import Axis, Canvas, Caption, Hidden, Value

ROW_HEIGHT = 32.0
BAR_HEIGHT = 20.0
HIDDEN_WIDTH = 24.0
LABELS_MAX = 0.35


@dataclass(frozen=True, slots=True)
class Whole:
    """One bar: a value for each part, in the order of the parts."""

    label: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Stacked:
    """Bars of the same parts."""

    parts: Sequence[str]
    wholes: Sequence[Whole]
    values: Axis


def stacked(chart: Stacked, caption: Caption, canvas: Canvas) -> str:
    """The picture; its height follows from the number of bars.

    Raises:
        ValueError: when a bar has not a value for each part.
    """
    sums = [sum(shown(one.values)) for one in chart.wholes]
    hidden = [sum(isinstance(value, Hidden) for value in one.values) for one in chart.wholes]
    axis = value_axis(sums, chart.values, caption.language)
    entries = [Entry(name, f"fill-{_class(at)}") for at, name in enumerate(chart.parts)]
    words, taken = legend(entries, canvas, EDGE)
    room = min(max((width_of(one.label) for one in chart.wholes), default=0.0), canvas.width * LABELS_MAX)
    top = EDGE + taken + LABEL_GAP
    right = canvas.width - 20.0 - HIDDEN_WIDTH * max(hidden, default=0)
    plot = Plot(EDGE + room + LABEL_GAP, top, right, top + ROW_HEIGHT * max(len(chart.wholes), 1))
    along = axis.scale(plot.left, plot.right)
    parts: list[Element] = []
    for row, one in enumerate(chart.wholes):
        middle = plot.top + (row + 0.5) * ROW_HEIGHT
        label = shortened(one.label, room)
        parts.append(svg.text((plot.left - LABEL_GAP, middle + 4), label, "category", "end"))
        edge = (middle - BAR_HEIGHT / 2, middle + BAR_HEIGHT / 2)
        left, passed = plot.left, 0.0
        for at, (name, value) in enumerate(zip(chart.parts, one.values, strict=True)):
            told = as_value(value, caption.language, chart.values.kind)
            title = f"{one.label}, {name}: {told}"
            if isinstance(value, Hidden):
                parts.append(hatched(caption, canvas, (left, edge[0], left + HIDDEN_WIDTH, edge[1]), title))
                left += HIDDEN_WIDTH
                continue
            width = along(passed + float(value)) - along(passed)
            passed += float(value)
            parts.append(svg.rectangle(left, edge[0], left + width, edge[1], f"fill-{_class(at)}", title))
            if width_of(told) + LABEL_GAP <= width:
                parts.append(svg.text((left + width / 2, middle + 4), told, f"on-fill-{_class(at)}", "middle"))
            left += width
    base = svg.line((plot.left, plot.top), (plot.left, plot.bottom), "base")
    height = plot.bottom + 2.5 * LINE_HEIGHT
    return picture(caption, canvas, height, words, bottom_values(axis, plot), base, parts)


def _class(at: int) -> int:
    return at % SERIES_CLASSES_MAX + 1
