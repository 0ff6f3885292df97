"""What each picture shows: values to scale, what is hidden as a gap, limits, marks and who is left."""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitor.cockpit.charts.bars import Bar, Bars, bars
from services.monitor.cockpit.charts.curves import AtRisk, Curve, Curves, CurveStep, curves
from services.monitor.cockpit.charts.drawing import Mark
from services.monitor.cockpit.charts.histogram import Class, Histogram, histogram
from services.monitor.cockpit.charts.lettering import as_number, spread
from services.monitor.cockpit.charts.lines import DatedMark, DatedTarget, DatedValue, Lines, Series, lines
from services.monitor.cockpit.charts.process import Limits, Month, Process, process
from services.monitor.cockpit.charts.scales import day_ticks, months_apart, scale, shown, ticks
from services.monitor.cockpit.charts.stacked import Stacked, Whole, stacked
from services.monitor.cockpit.charts.timeline import Band, Timeline, Track, timeline
from services.monitor.cockpit.charts.values import CANVASES, NARROW, WIDE, Axis, Caption, Hidden
from tests.unit.cockpit.pictures import SVG, corners, read

CAPTION = Caption("picture", "Titel", "Beschrijving")
TOO_SMALL, NOT_SHOWN = Hidden("te klein"), Hidden("niet getoond")
PERSONS = Axis("Jongeren")


def with_class(picture: Element, name: str) -> list[Element]:
    return [one for one in picture.iter() if name in one.attrib.get("class", "").split()]


def words(picture: Element) -> list[str]:
    return [one.text or "" for one in picture.iter(f"{SVG}text")]


def heights(picture: Element, name: str) -> list[float]:
    return [float(one.attrib["height"]) for one in with_class(picture, name) if one.tag == f"{SVG}rect"]


@given(st.lists(st.fractions(-1000, 1000), min_size=2), st.fractions(0, 500), st.fractions(501, 1000))
def test_a_scale_keeps_the_order_of_values_and_stays_between_its_ends(
    values: list[Fraction], start: Fraction, stop: Fraction
) -> None:
    to_place = scale(float(min(values)), float(max(values)), start=float(start), stop=float(stop))
    places = [to_place(value) for value in sorted(values)]
    assert all(before <= after for before, after in pairwise(places))
    assert start <= places[0] + 1e-9
    assert places[-1] <= stop + 1e-9


@given(st.floats(0, 1e12), st.integers(1, 10), st.booleans())
def test_ticks_are_round_begin_at_zero_and_reach_the_highest_value(high: float, at_most: int, whole: bool) -> None:
    found = ticks(high, at_most=at_most, whole=whole)
    assert found[0] == 0
    assert found[-1] >= high * (1 - 1e-9)
    assert len(found) <= at_most + 2
    if whole:
        assert all(tick == int(tick) for tick in found)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400])
def test_a_value_that_cannot_be_drawn_is_an_error_and_not_a_picture(value: float) -> None:
    with pytest.raises(ValueError, match="a value is"):
        shown([1, value])


def test_bars_are_to_scale() -> None:
    picture = read(bars(Bars([Bar("a", 40), Bar("b", 20), Bar("c", 0)], PERSONS, "wat"), CAPTION, WIDE))
    tall, half, none = heights(picture, "fill-1")
    assert tall == pytest.approx(2 * half, abs=0.2)
    assert none == 0


@pytest.mark.parametrize("canvas", CANVASES)
def test_what_is_not_shown_is_a_hatched_gap_of_one_size_and_never_a_bar(canvas: object) -> None:
    chart = Bars([Bar("a", 40), Bar("b", TOO_SMALL), Bar("c", NOT_SHOWN)], PERSONS, "wat")
    picture = read(bars(chart, CAPTION, canvas))
    assert len(heights(picture, "fill-1")) == 1
    assert len(set(heights(picture, "hidden"))) == 1
    assert {"te klein", "niet getoond"} <= set(words(picture))
    assert all("hatch" in one.attrib["fill"] for one in with_class(picture, "hidden"))


@pytest.mark.parametrize(
    "draw",
    [
        lambda hidden: histogram(Histogram([Class("a", 40), Class("b", hidden)], PERSONS), CAPTION, WIDE),
        lambda hidden: stacked(Stacked(["x", "y"], [Whole("a", [40, hidden])], PERSONS), CAPTION, WIDE),
        lambda hidden: lines(Lines([Series("a", [DatedValue(date(2025, 1, 1), hidden)])], PERSONS), CAPTION, WIDE),
        lambda hidden: process(Process([Month(date(2025, 1, 1), hidden)], PERSONS, None), CAPTION, WIDE),
    ],
    ids=["histogram", "stacked", "lines", "process"],
)
def test_every_picture_hatches_what_is_not_shown(draw: object) -> None:
    picture = read(draw(TOO_SMALL))  # type: ignore[operator]
    (gap,) = with_class(picture, "hidden")
    assert "te klein" in (gap[0].text or "")


def test_a_line_is_broken_where_a_value_is_not_shown() -> None:
    points = [DatedValue(date(2025, month, 1), TOO_SMALL if month == 3 else month) for month in range(1, 7)]
    picture = read(lines(Lines([Series("a", points)], PERSONS), CAPTION, WIDE))
    assert len([one for one in with_class(picture, "line-1") if one.tag == f"{SVG}path"]) == 2


def test_terms_of_law_stand_between_the_classes_in_their_order() -> None:
    classes = [
        Class("tot 4 weken", 10, after="4 weken"),
        Class("tot 3 maanden", 20, after="3 maanden"),
        Class("meer", 5),
    ]
    picture = read(histogram(Histogram(classes, PERSONS), CAPTION, NARROW))
    marks = [float(one.attrib["y1"]) for one in with_class(picture, "mark")]
    rows = [float(one.attrib["y"]) for one in with_class(picture, "fill-1")]
    assert rows[0] < marks[0] < rows[1] < marks[1] < rows[2]


def test_policy_marks_and_the_path_are_drawn_beside_the_values() -> None:
    chart = Lines(
        [Series("Open", [DatedValue(date(2021, 1, 1), 700), DatedValue(date(2026, 1, 1), 400)])],
        PERSONS,
        [DatedMark(date(2021, 3, 1), "motie"), DatedMark(date(2030, 1, 1), "nul"), DatedMark(date(2040, 1, 1), "ver")],
        [DatedTarget(date(2023, 1, 1), 500), DatedTarget(date(2030, 1, 1), 0)],
        "pad",
    )
    picture = read(lines(chart, CAPTION, WIDE))
    assert [one.text for one in with_class(picture, "mark-label")] == ["motie", "nul"]
    assert len([one for one in with_class(picture, "line-target") if one.tag == f"{SVG}path"]) == 1


def test_a_curve_falls_from_its_start_and_says_who_is_left() -> None:
    curve = Curve(
        "2024",
        [CurveStep(30, Fraction(2, 3), Fraction(1, 2), Fraction(4, 5)), CurveStep(90, Fraction(1, 3))],
        365,
        at_risk=[AtRisk(0, 30), AtRisk(182, 10), AtRisk(365, TOO_SMALL)],
    )
    picture = read(curves(Curves([curve], "Deel", "Dagen", "Nog gevolgd", [Mark(183, "half jaar")]), CAPTION, WIDE))
    (path,) = [one.attrib["d"] for one in with_class(picture, "line-1") if one.tag == f"{SVG}path"]
    falling = [y for _, y in corners(path)]
    assert falling == sorted(falling)
    assert [one.text for one in with_class(picture, "risk")] == ["30", "10", "te klein"]


def test_a_curve_that_may_not_be_shown_is_named_and_not_drawn() -> None:
    hidden = Curve("2026", [CurveStep(30, Fraction(1, 2))], 60, hidden=TOO_SMALL)
    picture = read(curves(Curves([hidden], "Deel", "Dagen"), CAPTION, WIDE))
    assert [one for one in with_class(picture, "line-1") if one.tag == f"{SVG}path"] == []
    assert "2026: te klein" in words(picture)


def test_a_marked_month_has_a_shape_of_its_own_and_says_why() -> None:
    months = [Month(date(2025, 1, 1), 70), Month(date(2025, 2, 1), 130, "high", "Boven de bovengrens.")]
    limits = Limits(70, 40, 100, "gemiddelde", "ondergrens", "bovengrens")
    picture = read(process(Process(months, PERSONS, limits), CAPTION, WIDE))
    (signal,) = with_class(picture, "signal")
    assert signal.tag == f"{SVG}path"
    assert signal[0].text == "feb 2025: 130. Boven de bovengrens."
    assert [one.tag for one in with_class(picture, "point")] == [f"{SVG}circle"]
    assert len(with_class(picture, "limit")) == 2


def test_bands_that_overlap_lie_in_lanes_and_a_missing_title_is_hatched() -> None:
    track = Track(
        "Plaatsing",
        [
            Band(date(2026, 1, 1), date(2026, 3, 1), "Eerste"),
            Band(date(2026, 2, 1), None, "Tweede"),
            Band(date(2026, 3, 1), date(2026, 4, 1), "Geen titel", "missing"),
        ],
    )
    picture = read(timeline(Timeline([track], date(2026, 1, 1), date(2026, 6, 1)), CAPTION, WIDE))
    lanes = {one.attrib["y"] for one in with_class(picture, "band--plain")}
    assert len(lanes) == 2
    assert len(with_class(picture, "hidden")) == 1


@pytest.mark.parametrize(
    ("value", "language", "kind", "expected"),
    [
        (1234, "nl", "count", "1.234"),
        (1234, "en", "count", "1,234"),
        (Fraction(5, 2), "nl", "number", "2,5"),
        (1234.56, "en", "number", "1,234.6"),
        (Fraction(1, 3), "nl", "share", "33%"),
    ],
)
def test_numbers_are_written_as_in_the_language_of_the_page(
    value: Fraction, language: object, kind: object, expected: str
) -> None:
    assert as_number(value, language, kind) == expected  # type: ignore[arg-type]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=5))
def test_labels_that_lie_close_are_moved_apart_and_keep_their_order(places: list[float]) -> None:
    moved = spread(places, gap=16, low=0, high=100)
    in_order = sorted(zip(places, moved, strict=True))
    assert all(after - before >= 16 - 1e-6 for before, after in pairwise(sorted(moved)))
    assert all(before[1] <= after[1] for before, after in pairwise(in_order) if before[0] < after[0])


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_days_with_a_tick_lie_in_the_picture_and_months_begin_on_their_first(one: date, other: date) -> None:
    first, last = min(one, other), max(one, other)
    found = [tick.on for tick in day_ticks(first, last, width=300, language="nl")]
    assert all(first <= day <= last for day in found)
    assert found == sorted(set(found))
    if (last - first).days > 75:
        assert all(day.day == 1 for day in found)


def test_more_than_all_of_the_places_is_a_longer_bar_than_all_of_them() -> None:
    """111% ended where 100% did."""
    classes = [Class("A", Fraction(111, 100)), Class("B", 1), Class("C", Fraction(1, 2))]
    picture = read(histogram(Histogram(classes, Axis("Bezet", "share")), CAPTION, WIDE))
    crowded, full, half = (float(one.attrib["width"]) for one in with_class(picture, "fill-1"))
    assert half * 2 == pytest.approx(full, abs=1)
    assert crowded == pytest.approx(full * 1.11, abs=1)
    assert {"100%", "125%"} <= set(words(picture))
    full_at_most = read(histogram(Histogram(classes[1:], Axis("Bezet", "share")), CAPTION, WIDE))
    assert "125%" not in words(full_at_most)


def test_each_label_of_a_line_of_quarters_stands_under_a_quarter() -> None:
    quarters = [DatedValue(date(2024 + at // 4, at % 4 * 3 + 1, 1), at) for at in range(8)]
    months = [
        tick for tick in words(read(lines(Lines([Series("", quarters)], PERSONS), CAPTION, WIDE))) if tick.isalpha()
    ]
    assert set(months) == {"Jongeren", "jan", "apr", "jul", "okt"}
    assert months_apart([date(2024, 1, 1), date(2024, 4, 1), date(2024, 10, 1)]) == 3
    assert months_apart([date(2024, 1, 1), date(2024, 4, 2)]) == 1
    assert months_apart([]) == 1
