"""A funnel: each organisation by its size and its rate, within the limits that chance alone gives. Never a ranking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.monitor.cockpit.charts import svg
from services.monitor.cockpit.charts.drawing import (
    EDGE,
    Entry,
    Plot,
    bottom_values,
    left_axis,
    legend,
    picture,
    value_axis,
)
from services.monitor.cockpit.charts.lettering import LABEL_GAP, LINE_HEIGHT, as_number, width_of
from services.monitor.cockpit.charts.scales import shown
from services.monitor.cockpit.charts.svg import Element, element
from services.monitor.cockpit.charts.values import Axis, Canvas, Caption, Number


class Organisation(NamedTuple):
    """One point."""

    name: str
    size: Number
    rate: Number
    outside: bool
    """Beyond the outer limits."""


class LimitsAt(NamedTuple):
    """The limits for one size."""

    size: Number
    inner_lower: Number
    inner_upper: Number
    outer_lower: Number
    outer_upper: Number


RADIUS = 5.0
"""Of a point."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """Organisations, and the limits in the order of their sizes."""

    organisations: Sequence[Organisation]
    limits: Sequence[LimitsAt]
    whole: Number
    """The rate of all together."""
    sizes: Axis
    rates: Axis
    whole_label: str
    inner_label: str
    outer_label: str


def funnel(chart: Funnel, caption: Caption, canvas: Canvas) -> str:
    """The picture."""
    rates = shown([one.rate for one in chart.organisations] + [chart.whole])
    # A limit for a very small size is far above every rate: it is cut off where the rates end.
    high = max(shown(one.outer_upper for one in chart.limits[len(chart.limits) // 4 :]), default=0.0)
    axis = value_axis([max([*rates, min(high, 3 * max(rates))])], chart.rates, caption.language)
    sizes = shown([one.size for one in chart.organisations] + [one.size for one in chart.limits])
    bottom_axis = value_axis(sizes, chart.sizes, caption.language)
    entries = [
        Entry(chart.whole_label, "line-mean"),
        Entry(chart.inner_label, "line-inner"),
        Entry(chart.outer_label, "line-outer"),
    ]
    words, taken = legend(entries, canvas, EDGE)
    top = EDGE + taken + 2 * LINE_HEIGHT
    plot = Plot(EDGE + axis.room, top, canvas.width - 20.0, max(canvas.height - 2.5 * LINE_HEIGHT, top + 120))
    along, up = bottom_axis.scale(plot.left, plot.right), axis.scale(plot.bottom, plot.top)
    parts: list[Element] = [svg.line((plot.left, up(chart.whole)), (plot.right, up(chart.whole)), "line-mean")]
    for class_, column in (("line-inner", (1, 2)), ("line-outer", (3, 4))):
        for at in column:
            places = [(along(one.size), up(one[at])) for one in chart.limits]
            parts.append(svg.polyline(places, class_))
    taken_labels: list[tuple[float, float, float, float]] = []
    for one in chart.organisations:
        place = along(one.size), up(one.rate)
        taken_labels.append((place[0] - RADIUS, place[1] - RADIUS, place[0] + RADIUS, place[1] + RADIUS))
        told = f"{one.name}: {as_number(one.rate, caption.language, chart.rates.kind)}"
        class_ = "organisation outside" if one.outside else "organisation"
        parts.append(element("circle", element("title", told), cx=place[0], cy=place[1], r=RADIUS, class_=class_))
    for one in sorted(chart.organisations, key=lambda one: not one.outside):
        parts.extend(_name(one.name, (along(one.size), up(one.rate)), plot, taken_labels))
    return picture(
        caption,
        canvas,
        plot.bottom + 2.5 * LINE_HEIGHT,
        words,
        left_axis(axis, plot),
        bottom_values(bottom_axis, plot, grid=False),
        parts,
    )


def _name(
    words: str, place: tuple[float, float], plot: Plot, taken: list[tuple[float, float, float, float]]
) -> list[Element]:
    """The name beside its point where it meets no other name or point; those who point at the point read it anyhow."""
    width = width_of(words)
    for left, height in (
        (place[0] + LABEL_GAP, place[1] + 4),
        (place[0] - LABEL_GAP - width, place[1] + 4),
        (place[0] - width / 2, place[1] - LABEL_GAP),
        (place[0] - width / 2, place[1] + LABEL_GAP + 10),
    ):
        box = left, height - 12, left + width, height + 4
        inside = plot.left <= box[0] and box[2] <= plot.right + 16 and plot.top <= box[1] and box[3] <= plot.bottom
        if inside and not any(_meet(box, other) for other in taken):
            taken.append(box)
            return [svg.text((left, height), words, "value")]
    return []


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
