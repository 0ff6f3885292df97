"""One time line in tracks: bands that last, moments that do not, and days that mean something to all tracks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from services.monitor.cockpit.charts import svg
from services.monitor.cockpit.charts.drawing import (
    EDGE,
    Mark,
    Plot,
    bottom_days,
    drawn_marks,
    hatched,
    picture,
    placed_marks,
    rows_of,
)
from services.monitor.cockpit.charts.lettering import LABEL_GAP, LINE_HEIGHT, as_day, shortened, width_of
from services.monitor.cockpit.charts.scales import Scale, day_scale, day_ticks
from services.monitor.cockpit.charts.svg import Element, element
from services.monitor.cockpit.charts.values import Canvas, Caption, Language

TRACK_HEIGHT = 34.0
BAND_HEIGHT = 22.0
LABELS_MAX = 0.2
MOMENT_RADIUS = 6.0
BAND_WIDTH_LEAST = 2.0
"""A stay of one day is still seen."""

Tone = Literal["plain", "other", "soft", "missing"]


class Band(NamedTuple):
    """Something that lasts on the days [start, end)."""

    start: date
    end: date | None
    """None: it goes on."""
    label: str
    tone: Tone = "plain"
    """`missing` is hatched and edged, so that it is seen without colours."""


class Moment(NamedTuple):
    """Something that is on one day."""

    on: date
    label: str
    tone: Literal["info", "warning", "severe"] = "info"


@dataclass(frozen=True, slots=True)
class Track:
    """One kind of things."""

    label: str
    bands: Sequence[Band] = ()
    moments: Sequence[Moment] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """Tracks over the days [first, last]."""

    tracks: Sequence[Track]
    first: date
    last: date
    marks: Sequence[tuple[date, str]] = ()


def timeline(chart: Timeline, caption: Caption, canvas: Canvas) -> str:
    """The picture; its height follows from the number of tracks. A narrow one has the names above the tracks."""
    above = LINE_HEIGHT if canvas.name == "narrow" else 0.0
    room = 0.0
    if not above:
        room = min(max((width_of(one.label) for one in chart.tracks), default=0.0), canvas.width * LABELS_MAX)
    left, right = EDGE + room + LABEL_GAP, canvas.width - 14.0
    along = day_scale(chart.first, chart.last, start=left, stop=right)
    marks = placed_marks([Mark(day.toordinal(), words) for day, words in chart.marks], along, Plot(left, 0, right, 0))
    top = EDGE + rows_of(marks) * LINE_HEIGHT
    heights = [above + TRACK_HEIGHT * max(_lanes(one.bands).values(), default=1) for one in chart.tracks]
    plot = Plot(left, top, right, top + max(sum(heights), TRACK_HEIGHT))
    parts: list[Element] = []
    upper = plot.top
    for track, height in zip(chart.tracks, heights, strict=True):
        parts.append(svg.line((EDGE, upper + height), (plot.right, upper + height), "grid"))
        if above:
            parts.append(svg.text((EDGE, upper + 12), shortened(track.label, plot.right), "category"))
        else:
            parts.append(svg.text((EDGE, upper + TRACK_HEIGHT / 2 + 4), shortened(track.label, room), "category"))
        middle = upper + above + TRACK_HEIGHT / 2
        for at, lane in _lanes(track.bands).items():
            place = middle + (lane - 1) * TRACK_HEIGHT
            parts.extend(_band(track.bands[at], (along, chart), place, caption, canvas))
        parts.extend(_moment(one, along, middle, caption.language) for one in track.moments)
        upper += height
    ticks = day_ticks(chart.first, chart.last, width=plot.width, language=caption.language)
    return picture(
        caption,
        canvas,
        plot.bottom + 2.5 * LINE_HEIGHT,
        parts,
        bottom_days(ticks, along, plot),
        drawn_marks(marks, plot),
    )


def _lanes(bands: Sequence[Band]) -> dict[int, int]:
    """The lane of each band by its place, from 1: bands that overlap do not cover one another."""
    lanes: dict[int, int] = {}
    free_from: list[date] = []
    for at in sorted(range(len(bands)), key=lambda at: bands[at].start):
        band = bands[at]
        lane = next((lane for lane, free in enumerate(free_from) if free <= band.start), len(free_from))
        free_from[lane : lane + 1] = [max(band.end or date.max, band.start + timedelta(days=1))]
        lanes[at] = lane + 1
    return lanes


def _band(band: Band, within: tuple[Scale, Timeline], middle: float, caption: Caption, canvas: Canvas) -> list[Element]:
    along, chart = within
    end = band.end or chart.last
    if end < chart.first or band.start > chart.last:
        return []
    left, right = along(band.start.toordinal()), along(end.toordinal())
    right = min(max(right, left + BAND_WIDTH_LEAST), along.stop)
    left = min(left, right - BAND_WIDTH_LEAST)
    upper, lower = middle - BAND_HEIGHT / 2, middle + BAND_HEIGHT / 2
    until = as_day(band.end, caption.language) if band.end else "…"
    told = f"{band.label}: {as_day(band.start, caption.language)} – {until}"
    parts: list[Element] = []
    if band.tone == "missing":
        parts.append(hatched(caption, canvas, (left, upper, right, lower), told))
    parts.append(svg.rectangle(left, upper, right, lower, f"band band--{band.tone}", told))
    words = shortened(band.label, right - left - LABEL_GAP)
    if len(words) > 2 and band.tone != "missing":
        parts.append(svg.text((left + LABEL_GAP / 2, middle + 4), words, f"on-band--{band.tone}"))
    return parts


def _moment(one: Moment, along: Scale, middle: float, language: Language) -> Element:
    """A shape for each tone: a circle, a triangle, a square on its point."""
    x, r = along(one.on.toordinal()), MOMENT_RADIUS
    title = element("title", f"{as_day(one.on, language)}: {one.label}")
    if one.tone == "info":
        return element("circle", title, cx=x, cy=middle, r=r - 1, class_="moment moment--info")
    corners = {
        "warning": [(x, middle - r), (x + r, middle + r * 0.8), (x - r, middle + r * 0.8)],
        "severe": [(x, middle - r), (x + r, middle), (x, middle + r), (x - r, middle)],
    }[one.tone]
    return element("path", title, d=svg.through(corners, closed=True), class_=f"moment moment--{one.tone}")
