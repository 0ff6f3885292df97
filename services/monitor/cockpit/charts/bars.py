"""Bars: one value for each category, side by side, with a target line where there is one."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.monitor.cockpit.charts import svg
from services.monitor.cockpit.charts.drawing import (
    EDGE,
    NAME_ABOVE,
    Entry,
    Plot,
    hatched,
    labels_below,
    left_axis,
    legend,
    picture,
    value_axis,
)
from services.monitor.cockpit.charts.lettering import LABEL_GAP, LINE_HEIGHT, as_value, width_of
from services.monitor.cockpit.charts.scales import shown
from services.monitor.cockpit.charts.svg import Element
from services.monitor.cockpit.charts.values import Axis, Canvas, Caption, Hidden, Number, Value

HIDDEN_HEIGHT = 26.0
"""Of the hatched stub where a value is not shown, whatever the value."""
BAR_WIDTH_MAX = 64.0
VALUE_HEIGHT = 12.0
"""Of the value that stands on the highest bar."""
FILLED = 0.72
"""Of the room of a category, by its bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One category."""

    label: str
    value: Value
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Categories in their order."""

    bars: Sequence[Bar]
    values: Axis
    categories: str
    """What the categories are, under the axis."""
    target: Number | None = None
    target_label: str = ""


def bars(chart: Bars, caption: Caption, canvas: Canvas) -> str:
    """The picture."""
    language = caption.language
    target = [] if chart.target is None else [chart.target]
    axis = value_axis(shown([*(bar.value for bar in chart.bars), *target]), chart.values, language)
    entries = [] if chart.target is None else [Entry(chart.target_label, "line-target")]
    legend_parts, taken = legend(entries, canvas, EDGE)
    top = EDGE + taken + 2 * LINE_HEIGHT + VALUE_HEIGHT
    plot = Plot(EDGE + axis.room, top, canvas.width - 12, canvas.height - 2.5 * LINE_HEIGHT)
    step = plot.width / max(len(chart.bars), 1)
    half = min(step * FILLED, BAR_WIDTH_MAX) / 2
    up = axis.scale(plot.bottom, plot.top)
    parts: list[Element] = []
    places = [plot.left + (at + 0.5) * step for at in range(len(chart.bars))]
    for bar, place in zip(chart.bars, places, strict=True):
        words = as_value(bar.value, language, chart.values.kind)
        told = f"{bar.label}: {words}"
        top = plot.bottom - HIDDEN_HEIGHT
        if isinstance(bar.value, Hidden):
            parts.append(hatched(caption, canvas, (place - half, top, place + half, plot.bottom), told))
        else:
            top = up(bar.value)
            class_ = "fill-1 provisional" if bar.provisional else "fill-1"
            parts.append(svg.rectangle(place - half, top, place + half, plot.bottom, class_, told))
        if width_of(words) + LABEL_GAP / 2 <= step:
            parts.append(svg.text((place, top - 4), words, "value", "middle"))
    if chart.target is not None:
        place = up(chart.target)
        parts.append(svg.line((plot.left, place), (plot.right, place), "line-target"))
    name = svg.text((plot.right, canvas.height - EDGE), chart.categories, "axis-name", "end")
    labels = labels_below([bar.label for bar in chart.bars], places, plot)
    values_name = svg.text((EDGE, plot.top - VALUE_HEIGHT - NAME_ABOVE), chart.values.label, "axis-name")
    axes = [*left_axis(axis, plot)[1:], values_name, *labels, name]
    return picture(caption, canvas, canvas.height, legend_parts, axes, parts)
