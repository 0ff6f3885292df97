"""Pictures of any numbers and words, and what can be read back from one."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from xml.etree import ElementTree

from hypothesis import strategies as st

from services.monitor.cockpit.charts.bars import Bar, Bars, bars
from services.monitor.cockpit.charts.curves import AtRisk, Curve, Curves, CurveStep, curves
from services.monitor.cockpit.charts.drawing import Mark
from services.monitor.cockpit.charts.funnel import Funnel, LimitsAt, Organisation, funnel
from services.monitor.cockpit.charts.histogram import Class, Histogram, histogram
from services.monitor.cockpit.charts.lettering import width_of
from services.monitor.cockpit.charts.lines import DatedMark, DatedTarget, DatedValue, Lines, Series, lines
from services.monitor.cockpit.charts.process import Limits, Month, Process, process
from services.monitor.cockpit.charts.stacked import Stacked, Whole, stacked
from services.monitor.cockpit.charts.timeline import Band, Moment, Timeline, Track, timeline
from services.monitor.cockpit.charts.values import CANVASES, Axis, Canvas, Caption, Hidden

NUMBER = r"-?\d+(?:\.\d)?"
SVG = "{http://www.w3.org/2000/svg}"
TALL = 9.0
"""Of letters that stand above their line; those below it may touch."""

Drawing = Callable[[Caption, Canvas], str]


@dataclass(frozen=True)
class Box:
    """Where words stand."""

    words: str
    left: float
    right: float
    line: float


def read(picture: str) -> ElementTree.Element:
    """The picture as XML, as a page reads it."""
    return ElementTree.fromstring(picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def corners(data: str) -> list[tuple[float, float]]:
    """The points of a path. Raises AssertionError for what is none."""
    assert re.fullmatch(rf"(?:M{NUMBER} {NUMBER}(?:L{NUMBER} {NUMBER}|[HV]{NUMBER})*Z?)?", data), data
    found: list[tuple[float, float]] = []
    for command, given in re.findall(r"([MLHV])([^MLHVZ]*)", data):
        numbers = [float(number) for number in given.split()]
        x, y = found[-1] if found else (0.0, 0.0)
        found.append({"H": (numbers[0], y), "V": (x, numbers[0])}.get(command) or (numbers[0], numbers[1]))
    return found


def texts(picture: ElementTree.Element) -> Iterator[Box]:
    """Every word in it, with the room that it takes."""
    for one in picture.iter(f"{SVG}text"):
        words, place = one.text or "", float(one.attrib["x"])
        width = width_of(words)
        left = {"start": place, "middle": place - width / 2, "end": place - width}[one.attrib["text-anchor"]]
        yield Box(words, left, left + width, float(one.attrib["y"]))


def collisions(picture: ElementTree.Element) -> list[tuple[str, str]]:
    """Words that stand on one another; a rounding error of the coordinates is none."""
    return [
        (one.words, other.words)
        for one, other in combinations([box for box in texts(picture) if box.words], 2)
        if abs(one.line - other.line) < TALL and one.left < other.right - 0.2 and other.left < one.right - 0.2
    ]


def size(picture: ElementTree.Element) -> tuple[float, float]:
    """Its width and height."""
    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    return width, height


WORDS = st.text(max_size=40)
COUNTS = st.integers(0, 10**7)
HIDDEN = st.sampled_from([Hidden("te klein"), Hidden("niet getoond")])
VALUES = COUNTS | st.fractions(0, 10**6) | st.floats(0, 10**9, allow_nan=False) | HIDDEN
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
SHARES = st.fractions(0, 1)
AXES = st.builds(Axis, WORDS, st.sampled_from(["count", "number"]))
CAPTIONS = st.builds(Caption, st.just("one"), WORDS, WORDS, st.sampled_from(["nl", "en"]))
CANVAS = st.sampled_from(CANVASES)


def a_few(one: st.SearchStrategy, most: int = 12) -> st.SearchStrategy:
    """Some of these, or none."""
    return st.lists(one, max_size=most)


def in_order(one: st.SearchStrategy, key: Callable) -> st.SearchStrategy:
    """Some of these, no two with one key, by their keys."""
    return st.lists(one, max_size=20, unique_by=key).map(lambda found: sorted(found, key=key))


STEPS = st.builds(CurveStep, st.integers(0, 3000), SHARES, st.none() | SHARES, st.none() | SHARES)
CURVES = st.builds(
    Curve,
    WORDS,
    in_order(STEPS, lambda step: step.day),
    st.integers(0, 4000),
    starts_at=st.sampled_from([0, 1]),
    at_risk=in_order(st.builds(AtRisk, st.integers(0, 3000), COUNTS | HIDDEN), lambda risk: risk.day),
    hidden=st.none() | HIDDEN,
)
POINTS = in_order(st.builds(DatedValue, DAYS, VALUES), lambda point: point.on)
LIMITS = st.builds(Limits, COUNTS, COUNTS, COUNTS, WORDS, WORDS, WORDS)
TONES = st.sampled_from(["plain", "other", "soft", "missing"])
LEVELS = st.sampled_from(["info", "warning", "severe"])

CHARTS: dict[str, tuple[st.SearchStrategy, Callable[..., str]]] = {
    "bars": (
        st.builds(Bars, a_few(st.builds(Bar, WORDS, VALUES, st.booleans())), AXES, WORDS, st.none() | COUNTS, WORDS),
        bars,
    ),
    "histogram": (
        st.builds(Histogram, a_few(st.builds(Class, WORDS, VALUES, WORDS, st.booleans())), AXES),
        histogram,
    ),
    "lines": (
        st.builds(
            Lines,
            a_few(st.builds(Series, WORDS, POINTS, st.sampled_from(["line", "step"])), 4),
            AXES,
            a_few(st.builds(DatedMark, DAYS, WORDS), 5),
            in_order(st.builds(DatedTarget, DAYS, COUNTS), lambda one: one.on),
            WORDS,
            st.none() | DAYS,
            WORDS,
            st.none() | DAYS,
        ),
        lines,
    ),
    "curves": (
        st.builds(
            Curves,
            a_few(CURVES, 8),
            WORDS,
            WORDS,
            WORDS,
            a_few(st.builds(Mark, st.integers(0, 3000), WORDS), 5),
        ),
        curves,
    ),
    "process": (
        st.builds(
            Process,
            in_order(
                st.builds(Month, DAYS, VALUES, st.sampled_from(["high", "low", None]), WORDS, st.booleans()),
                lambda month: month.on,
            ),
            AXES,
            st.none() | LIMITS,
        ),
        process,
    ),
    "funnel": (
        st.builds(
            Funnel,
            a_few(st.builds(Organisation, WORDS, COUNTS, COUNTS, st.booleans())),
            in_order(st.builds(LimitsAt, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS), lambda one: one.size),
            COUNTS,
            AXES,
            AXES,
            WORDS,
            WORDS,
            WORDS,
        ),
        funnel,
    ),
    "stacked": (
        st.integers(1, 5).flatmap(
            lambda parts: st.builds(
                Stacked,
                st.lists(WORDS, min_size=parts, max_size=parts),
                a_few(st.builds(Whole, WORDS, st.lists(VALUES, min_size=parts, max_size=parts))),
                AXES,
            )
        ),
        stacked,
    ),
    "timeline": (
        st.builds(
            Timeline,
            a_few(
                st.builds(
                    Track,
                    WORDS,
                    a_few(st.builds(Band, DAYS, st.none() | DAYS, WORDS, TONES), 6),
                    a_few(st.builds(Moment, DAYS, WORDS, LEVELS), 6),
                ),
                6,
            ),
            DAYS,
            DAYS,
            a_few(st.tuples(DAYS, WORDS), 4),
        ),
        timeline,
    ),
}


@st.composite
def any_picture(draw: st.DrawFn, name: str) -> str:
    """A picture of this kind with anything in it."""
    charts, drawn = CHARTS[name]
    return drawn(draw(charts), draw(CAPTIONS), draw(CANVAS))
