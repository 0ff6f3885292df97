"""A lying histogram: classes from top to bottom, their counts to the right, and terms of law between the classes."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.monitor.cockpit.charts import svg
from services.monitor.cockpit.charts.drawing import EDGE, Plot, bottom_values, hatched, picture, value_axis
from services.monitor.cockpit.charts.lettering import LABEL_GAP, LINE_HEIGHT, as_value, shortened, width_of
from services.monitor.cockpit.charts.scales import shown
from services.monitor.cockpit.charts.svg import Element
from services.monitor.cockpit.charts.values import Axis, Canvas, Caption, Hidden, Value

ROW_HEIGHT = 30.0
BAR_HEIGHT = 18.0
MARK_HEIGHT = 18.0
"""That a term takes between two classes, with its words."""
HIDDEN_WIDTH = 40.0
LABELS_MAX = 0.4
"""Of the picture, by the names of the classes."""


@dataclass(frozen=True, slots=True)
class Class:
    """One class of the histogram."""

    label: str
    value: Value
    after: str = ""
    """The term that lies between this class and the next, in words; empty where none does."""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Histogram:
    """Classes in their order."""

    classes: Sequence[Class]
    values: Axis


def histogram(chart: Histogram, caption: Caption, canvas: Canvas) -> str:
    """The picture; its height follows from the number of classes."""
    axis = value_axis(shown(one.value for one in chart.classes), chart.values, caption.language)
    room = min(max((width_of(one.label) for one in chart.classes), default=0.0), canvas.width * LABELS_MAX)
    values = [as_value(one.value, caption.language, chart.values.kind) for one in chart.classes]
    beside = max(map(width_of, values), default=0.0) + LABEL_GAP
    bottom = EDGE + sum(ROW_HEIGHT + (MARK_HEIGHT if one.after else 0) for one in chart.classes)
    plot = Plot(EDGE + room + LABEL_GAP, EDGE, canvas.width - EDGE - beside, max(bottom, EDGE + ROW_HEIGHT))
    along = axis.scale(plot.left, plot.right)
    parts: list[Element] = []
    top = plot.top
    for one, words in zip(chart.classes, values, strict=True):
        middle = top + ROW_HEIGHT / 2
        upper, lower = middle - BAR_HEIGHT / 2, middle + BAR_HEIGHT / 2
        told = f"{one.label}: {words}"
        name = shortened(one.label, room)
        parts.append(svg.text((plot.left - LABEL_GAP, middle + 4), name, "category", "end"))
        if isinstance(one.value, Hidden):
            end = plot.left + HIDDEN_WIDTH
            parts.append(hatched(caption, canvas, (plot.left, upper, end, lower), told))
        else:
            end = along(one.value)
            class_ = "fill-1 provisional" if one.provisional else "fill-1"
            parts.append(svg.rectangle(plot.left, upper, end, lower, class_, told))
        parts.append(svg.text((end + LABEL_GAP / 2, middle + 4), words, "value"))
        top += ROW_HEIGHT
        if one.after:
            parts.extend(_term(one.after, canvas, top))
            top += MARK_HEIGHT
    base = svg.line((plot.left, plot.top), (plot.left, plot.bottom), "base")
    height = plot.bottom + 2 * LINE_HEIGHT + LABEL_GAP
    return picture(caption, canvas, height, bottom_values(axis, plot), base, parts)


def _term(words: str, canvas: Canvas, top: float) -> list[Element]:
    """A line across the picture with its words at the right, which cover it."""
    middle = top + MARK_HEIGHT / 2
    shown_words = shortened(words, canvas.width - 2 * EDGE)
    return [
        svg.line((EDGE, middle), (canvas.width - EDGE, middle), "mark"),
        svg.text((canvas.width - EDGE, middle + 4), shown_words, "mark-label", "end"),
    ]
