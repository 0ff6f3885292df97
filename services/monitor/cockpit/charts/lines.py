"""Values over time as lines or steps, with dated marks, a line of targets, and the time that is still provisional."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Literal, NamedTuple

from services.monitor.cockpit.charts import svg
from services.monitor.cockpit.charts.drawing import (
    EDGE,
    NAME_ABOVE,
    SERIES_CLASSES_MAX,
    Entry,
    Mark,
    Plot,
    ValueAxis,
    bottom_days,
    drawn_marks,
    hatched,
    left_axis,
    legend,
    picture,
    placed_marks,
    rows_of,
    value_axis,
)
from services.monitor.cockpit.charts.lettering import LINE_HEIGHT, NumberKind, as_day, as_value
from services.monitor.cockpit.charts.scales import Scale, day_scale, day_ticks, months_apart, shown
from services.monitor.cockpit.charts.svg import Element
from services.monitor.cockpit.charts.values import Axis, Canvas, Caption, Hidden, Language, Number, Value

HIDDEN_HEIGHT = 26.0
DOTS_MAX = 40
"""A line of more points has no dot on each."""


class DatedValue(NamedTuple):
    """A value on a day."""

    on: date
    value: Value


@dataclass(frozen=True, slots=True)
class Series:
    """Values in the order of their days."""

    name: str
    points: Sequence[DatedValue]
    shape: Literal["line", "step"] = "line"
    called: Callable[[date, Language], str] = as_day
    """How a day is called: that a year stands at is called by the year."""


class DatedMark(NamedTuple):
    """A day that means something."""

    on: date
    label: str


class DatedTarget(NamedTuple):
    """What should have been reached on a day."""

    on: date
    value: Number


@dataclass(frozen=True, slots=True)
class Lines:
    """Series on one axis of values and one of days."""

    series: Sequence[Series]
    values: Axis
    marks: Sequence[DatedMark] = ()
    target: Sequence[DatedTarget] = ()
    """Joined by straight lines."""
    target_label: str = ""
    provisional_from: date | None = None
    provisional_label: str = ""
    until: date | None = None
    """The axis reaches this day at least: a mark that lies ahead is seen from afar."""


def lines(chart: Lines, caption: Caption, canvas: Canvas) -> str:
    """The picture."""
    days = [point.on for one in chart.series for point in one.points] + [one.on for one in chart.target]
    days += [chart.until] if chart.until and days else []
    first, last = min(days, default=date(2000, 1, 1)), max(days, default=date(2000, 12, 31))
    drawn = [point.value for one in chart.series for point in one.points] + [one.value for one in chart.target]
    axis = value_axis(shown(drawn), chart.values, caption.language)
    names = [Entry(one.name, f"line-{_class(at)}") for at, one in enumerate(chart.series)] if _named(chart) else []
    if chart.target:
        names.append(Entry(chart.target_label, "line-target"))
    words, taken = legend(names, canvas, EDGE)
    left, right = EDGE + axis.room, canvas.width - 14.0
    along = day_scale(first, last, start=left, stop=right)
    marks = placed_marks([Mark(one.on.toordinal(), one.label) for one in chart.marks], along, Plot(left, 0, right, 0))
    plot = Plot(left, EDGE + taken + (2 + rows_of(marks)) * LINE_HEIGHT, right, 0)
    bottom = max(canvas.height - 2.5 * LINE_HEIGHT, plot.top + canvas.height / 2)
    plot = Plot(left, plot.top, right, bottom)
    above = Plot(left, plot.top - rows_of(marks) * LINE_HEIGHT, right, bottom)
    apart = months_apart(point.on for one in chart.series for point in one.points)
    ticks = day_ticks(first, last, width=plot.width, language=caption.language, apart=apart)
    return picture(
        caption,
        canvas,
        bottom + 2.5 * LINE_HEIGHT,
        words,
        _provisional(chart, along, plot),
        left_axis(axis, plot)[1:],
        svg.text((EDGE, above.top - NAME_ABOVE), chart.values.label, "axis-name"),
        bottom_days(ticks, along, plot),
        drawn_marks(marks, plot),
        _target(chart, axis, along, plot),
        *(_series(at, one, (axis, along, plot), caption, canvas) for at, one in enumerate(chart.series)),
    )


def _class(at: int) -> int:
    return at % SERIES_CLASSES_MAX + 1


def _named(chart: Lines) -> bool:
    return len(chart.series) > 1 or bool(chart.target)


def _provisional(chart: Lines, along: Scale, plot: Plot) -> list[Element]:
    """A ground under the days whose values may still change."""
    if chart.provisional_from is None or chart.provisional_from.toordinal() > along.high:
        return []
    left = along(chart.provisional_from.toordinal())
    return [svg.rectangle(left, plot.top, plot.right, plot.bottom, "provisional-ground", chart.provisional_label)]


def _target(chart: Lines, axis: ValueAxis, along: Scale, plot: Plot) -> list[Element]:
    up = axis.scale(plot.bottom, plot.top)
    places = [(along(one.on.toordinal()), up(one.value)) for one in chart.target]
    return [svg.polyline(places, "line-target")] if places else []


def _series(
    at: int, one: Series, within: tuple[ValueAxis, Scale, Plot], caption: Caption, canvas: Canvas
) -> list[Element]:
    """The line in the pieces that are shown, and hatching where a value is not."""
    axis, along, plot = within
    up = axis.scale(plot.bottom, plot.top)
    parts: list[Element] = []
    for piece in _pieces(one.points):
        places = [
            (along(point.on.toordinal()), up(point.value)) for point in piece if not isinstance(point.value, Hidden)
        ]
        path = list(_stepped(places)) if one.shape == "step" else places
        parts.append(svg.polyline(path, f"line-{_class(at)}"))
        if len(one.points) <= DOTS_MAX or len(places) == 1:
            told = [_told(point, one, caption, axis.axis.kind) for point in piece]
            parts.extend(_dot(place, words, at) for place, words in zip(places, told, strict=True))
    parts.extend(_gap(point, one, along, plot, (caption, canvas)) for point in one.points if not _shown(point))
    return parts


def _shown(point: DatedValue) -> bool:
    return not isinstance(point.value, Hidden)


def _pieces(points: Sequence[DatedValue]) -> Iterator[list[DatedValue]]:
    for is_shown, piece in groupby(points, key=_shown):
        if is_shown:
            yield list(piece)


def _stepped(places: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """A value holds until the next: first along, then up or down."""
    yield from places[:1]
    for (_, before), (right, after) in pairwise(places):
        yield right, before
        yield right, after


def _told(point: DatedValue, of: Series, caption: Caption, kind: NumberKind = "number") -> str:
    """When, and how many or why not."""
    return f"{of.called(point.on, caption.language)}: {as_value(point.value, caption.language, kind)}"


def _dot(place: tuple[float, float], told: str, at: int) -> Element:
    return svg.element("circle", svg.element("title", told), cx=place[0], cy=place[1], r=3, class_=f"dot-{_class(at)}")


def _gap(point: DatedValue, of: Series, along: Scale, plot: Plot, within: tuple[Caption, Canvas]) -> Element:
    """The hatched stub of a value that is not shown, as wide as the time to the points beside it."""
    caption, canvas = within
    step = plot.width / max(len(of.points), 2)
    place = along(point.on.toordinal())
    box = (
        max(place - step / 2, plot.left),
        plot.bottom - HIDDEN_HEIGHT,
        min(place + step / 2, plot.right),
        plot.bottom,
    )
    return hatched(caption, canvas, box, _told(point, of, caption))
