"""Curves over the days since a start: the share that still lasts, or that has come back, with limits and who is left.

Each curve is a step function; what lies after the last day of following is not drawn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from services.monitor.cockpit.charts import svg
from services.monitor.cockpit.charts.drawing import (
    BEYOND,
    EDGE,
    NAME_ABOVE,
    SERIES_CLASSES_MAX,
    SWATCH_WIDTH,
    Entry,
    Mark,
    Plot,
    drawn_marks,
    labels_below,
    left_axis,
    legend,
    picture,
    placed_marks,
    rows_of,
    value_axis,
)
from services.monitor.cockpit.charts.lettering import (
    LABEL_GAP,
    LINE_HEIGHT,
    as_number,
    as_value,
    shortened,
    side_by_side,
    step_of,
    width_of,
)
from services.monitor.cockpit.charts.scales import Scale, scale, shown, ticks
from services.monitor.cockpit.charts.svg import Element, element
from services.monitor.cockpit.charts.values import Axis, Canvas, Caption, Hidden, Number, Value

LINE_APART, LIMITS_APART = 3.0, 10.0
"""Between two steps that are drawn, of a curve and of the limits around it, in units of the picture."""
DAYS_MAX_LEAST = 30.0
"""The axis of days is at least this long."""


class CurveStep(NamedTuple):
    """From this day on the share is so much, until the next step."""

    day: int
    share: Number
    lower: Number | None = None
    upper: Number | None = None


class AtRisk(NamedTuple):
    """How many are still followed on a day."""

    day: int
    number: Value


@dataclass(frozen=True, slots=True)
class Curve:
    """One group followed from its start."""

    name: str
    steps: Sequence[CurveStep]
    followed_to: int
    """The day until which the last step holds."""
    starts_at: Number = 1
    """The share before the first step: 1 of what lasts, 0 of what comes."""
    at_risk: Sequence[AtRisk] = ()
    hidden: Hidden | None = None
    """Set where the curve may not be shown; it keeps its place in the legend."""
    shape: Literal["step", "line"] = "step"
    """`line` joins some points of a curve of which not every step is shown, with a dot on each."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves on one axis of shares and one of days."""

    curves: Sequence[Curve]
    shares: str
    """What is shared, with its unit."""
    days: str
    at_risk: str = ""
    """The heading of the numbers under the picture; without numbers nothing stands there."""
    marks: Sequence[Mark] = ()
    """In days."""


def curves(chart: Curves, caption: Caption, canvas: Canvas) -> str:
    """The picture; its height follows from the number of curves."""
    drawn = [one for one in chart.curves if one.hidden is None]
    high = max(shown(value for one in drawn for step in one.steps for value in _values(step)), default=1.0)
    begins = max(shown(one.starts_at for one in drawn), default=1.0)
    axis = value_axis([high, begins], Axis(chart.shares, "share"), caption.language)
    entries = [
        Entry(one.name if one.hidden is None else f"{one.name}: {one.hidden.text}", f"line-{_class(at)}")
        for at, one in enumerate(chart.curves)
    ]
    words, taken = legend(entries, canvas, EDGE)
    risk = _rows(chart, caption)
    left = EDGE + max(axis.room, SWATCH_WIDTH + LABEL_GAP + _half_of_first(risk) if risk else 0)
    right = canvas.width - 16.0
    days = max([DAYS_MAX_LEAST, *(float(one.followed_to) for one in drawn)])
    along = scale(0, days, start=left, stop=right)
    marks = placed_marks(chart.marks, along, Plot(left, 0, right, 0))
    top = EDGE + taken + (2 + rows_of(marks)) * LINE_HEIGHT
    plot = Plot(left, top, right, max(canvas.height - 2.5 * LINE_HEIGHT, top + canvas.height / 2))
    name_at = plot.top - rows_of(marks) * LINE_HEIGHT - NAME_ABOVE
    below, bottom = _at_risk(chart, risk, along, plot, caption)
    return picture(
        caption,
        canvas,
        bottom + LABEL_GAP,
        words,
        left_axis(axis, plot)[1:],
        svg.text((EDGE, name_at), shortened(chart.shares, canvas.width - 2 * EDGE), "axis-name"),
        _day_axis(chart, along, plot, caption),
        drawn_marks(marks, plot),
        *(
            _curve(at, one, along, axis.scale(plot.bottom, plot.top))
            for at, one in enumerate(chart.curves)
            if one.hidden is None
        ),
        below,
    )


def _values(step: CurveStep) -> Iterator[Number]:
    yield step.share
    if step.upper is not None:
        yield step.upper


def _class(at: int) -> int:
    return at % SERIES_CLASSES_MAX + 1


def _curve(at: int, one: Curve, along: Scale, up: Scale) -> list[Element]:
    """The line, and under it the ground between its limits."""
    shares: list[tuple[float, Number]] = [(0.0, one.starts_at), *((float(step.day), step.share) for step in one.steps)]
    corners = _joined if one.shape == "line" else _stepped
    if one.shape == "step":
        shares = _thinned(shares, along, apart=LINE_APART)
    parts = [svg.polyline(corners(shares, one.followed_to, along, up), f"line-{_class(at)}")]
    if one.shape == "line":
        parts += [
            element("circle", cx=along(day), cy=up(share), r=3, class_=f"dot-{_class(at)}") for day, share in shares
        ]
    limited = [step for step in one.steps if step.lower is not None and step.upper is not None]
    if limited:
        upper = [(float(step.day), step.upper) for step in limited if step.upper is not None]
        lower = [(float(step.day), step.lower) for step in limited if step.lower is not None]
        if one.shape == "step":
            upper, lower = (_thinned(limit, along, apart=LIMITS_APART) for limit in (upper, lower))
        there = list(corners(upper, one.followed_to, along, up))
        back = reversed(list(corners(lower, one.followed_to, along, up)))
        ground = element("path", d=svg.through([*there, *back], closed=True), class_=f"limits-{_class(at)}")
        parts.insert(0, ground)
    return parts


def _thinned(shares: Sequence[tuple[float, Number]], along: Scale, *, apart: float) -> list[tuple[float, Number]]:
    """Steps at least so far apart in the picture: of those that nobody could tell apart the last one, and the first."""
    kept: list[tuple[float, Number]] = []
    for day, share in shares:
        if len(kept) > 1 and along(day) - along(kept[-2][0]) < apart:
            kept[-1] = day, share
        else:
            kept.append((day, share))
    return kept


def _stepped(
    shares: Sequence[tuple[float, Number]], until: float, along: Scale, up: Scale
) -> Iterator[tuple[float, float]]:
    """The corners of the steps, those that fall on one place of the picture once."""
    yield along(shares[0][0]), up(shares[0][1])
    for (_, before), (day, share) in pairwise(shares):
        yield along(day), up(before)
        yield along(day), up(share)
    yield along(max(until, shares[-1][0])), up(shares[-1][1])


def _joined(
    shares: Sequence[tuple[float, Number]], _until: float, along: Scale, up: Scale
) -> Iterator[tuple[float, float]]:
    """Straight from point to point."""
    return ((along(day), up(share)) for day, share in shares)


def _day_axis(chart: Curves, along: Scale, plot: Plot, caption: Caption) -> list[Element]:
    """Ticks in days under the plot, and their name, below the numbers of the first line."""
    marks = [tick for tick in _round_days(along.high) if tick <= along.high]
    places = [along(tick) for tick in marks]
    name = shortened(chart.days, (plot.right - EDGE) / 2)
    return [
        *(svg.line((place, plot.bottom), (place, plot.bottom + 4), "base") for place in places),
        *labels_below([as_number(round(tick), caption.language, "count") for tick in marks], places, plot),
        svg.text((plot.right, plot.bottom + 2 * LINE_HEIGHT), name, "axis-name", "end"),
    ]


def _round_days(high: float) -> list[float]:
    """Half years where they are enough, else round numbers of days."""
    if 365 <= high <= 365 * 6:
        step = 91.25 if high < 365 * 2 else 182.5
        return [float(round(step * place)) for place in range(int(high / step) + 1)]
    return ticks(high, at_most=6, whole=True)


def _rows(chart: Curves, caption: Caption) -> list[list[tuple[int, str]]]:
    """The words of the numbers at risk, by curve."""
    if not chart.at_risk:
        return []
    return [
        [(one.day, as_value(one.number, caption.language, "count")) for one in curve.at_risk]
        for curve in chart.curves
        if curve.hidden is None
    ]


def _half_of_first(risk: Sequence[Sequence[tuple[int, str]]]) -> float:
    return max((width_of(words) / 2 for row in risk for _, words in row[:1]), default=0.0)


def _at_risk(
    chart: Curves, risk: Sequence[Sequence[tuple[int, str]]], along: Scale, plot: Plot, caption: Caption
) -> tuple[list[Element], float]:
    """The numbers under the picture, one row for each curve behind its swatch; and where they end."""
    bottom = plot.bottom + 2 * LINE_HEIGHT
    if not any(risk):
        return [], bottom
    heading = shortened(chart.at_risk, (plot.right - EDGE) / 2 - LABEL_GAP)
    parts: list[Element] = [svg.text((EDGE, bottom), heading, "axis-name")]
    kept = [at for at, one in enumerate(chart.curves) if one.hidden is None]
    low, high = EDGE + SWATCH_WIDTH + LABEL_GAP / 2, plot.right + BEYOND
    drawn = [[(words, along(day)) for day, words in row if day <= along.high] for row in risk]
    step = max(step_of(*_columns(row), low=low, high=high) for row in drawn)
    for at, row in zip(kept, drawn, strict=True):
        bottom += LINE_HEIGHT
        parts.append(svg.line((EDGE, bottom - 4), (EDGE + SWATCH_WIDTH, bottom - 4), f"line-{_class(at)}"))
        for one in side_by_side(*_columns(row), low=low, high=high, step=step):
            parts.append(svg.text((one.place, bottom), one.words, "risk", "middle"))
    return parts, bottom


def _columns(row: Sequence[tuple[str, float]]) -> tuple[list[str], list[float]]:
    return [words for words, _ in row], [place for _, place in row]
