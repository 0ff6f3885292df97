"""Nobody outside computes a small number of young persons from all the answers together: figures, groups and years."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import chain

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.attacks.attacker import Country, Group, Number, Stay, groups, seen_by_part, told
from tests.attacks.attacker_of_waits import PLACED, Queue, Wait, waits
from tests.attacks.attacker_of_waits import told as waiting_told

NARROWEST = 3
"""A small number is never known more closely than this range of counts: at least four are possible.

One table alone promises five (`test_attacks_on_tables.py`), to who knows each published count to the person as well.
"""
YEARS = tuple(date(year, 1, 1) for year in (2023, 2024, 2025))
HALF_YEARS = (*(date(year, month, 1) for year in (2023, 2024) for month in (1, 7)), date(2025, 1, 1))
WINDOWS = ((0, 2), (1, 3), (2, 4))
"""Twelve months each, half a year apart: as those outside may ask for them."""
MONTHS = (*(date(2023, month, 1) for month in range(1, 13)), *(date(2024, month, 1) for month in range(1, 8)))
TWELVE_MONTHS = tuple((month, month + 12) for month in range(len(MONTHS) - 12))

FEW = st.integers(0, 9)
SOME = st.one_of(FEW, st.sampled_from([12, 13, 17, 18, 22, 23, 27, 28, 38]), st.integers(10, 40))
"""Often just beyond where rounding turns: there several numbers together tell most."""


@st.composite
def countries(draw: st.DrawFn, splits: tuple[str, ...], turns: tuple[date, ...]) -> Country:
    """Of each group how many were there, how many came in each period and how many left, the first that came first."""
    counts: dict[tuple[Group, Stay], int] = {}
    for group in groups(splits):
        there = [(-1, draw(st.one_of(FEW, SOME)))]
        for period in range(len(turns) - 1):
            there.append((period, draw(SOME)))
            leaving = min(draw(SOME), sum(number for _, number in there))
            still = []
            for came, number in there:
                gone = min(number, leaving)
                leaving -= gone
                counts[group, (came, period)] = gone
                still.append((came, number - gone))
            there = still
        counts |= {(group, (came, len(turns) - 1)): number for came, number in there}
    return Country(splits, turns, counts)


@settings(max_examples=12, deadline=None)
@given(countries(("area",), YEARS[:2]))
def test_all_figures_on_one_window_do_not_tell_a_small_number(country: Country) -> None:
    assert not told(country, [(0, 1)], narrowest=NARROWEST)


@settings(max_examples=6, deadline=None)
@given(countries(("area",), YEARS))
def test_nor_do_those_on_the_year_after_it(country: Country) -> None:
    assert not told(country, [(0, 1), (1, 2)], narrowest=NARROWEST)


@settings(max_examples=3, deadline=None)
@given(countries(("sex",), HALF_YEARS))
def test_nor_do_windows_that_overlap(country: Country) -> None:
    assert not told(country, WINDOWS, narrowest=NARROWEST)


@settings(max_examples=2, deadline=None)
@given(countries(("area", "sex"), YEARS[:2]))
def test_nor_do_two_splits_by_themselves_and_at_once(country: Country) -> None:
    assert not told(country, [(0, 1)], narrowest=NARROWEST)


@settings(max_examples=4, deadline=None)
@given(countries((), MONTHS))
def test_nor_do_its_months_and_quarters(country: Country) -> None:
    assume(country.really(Number("there", (), 0, 0)))  # Months before anybody was known are nobody's.
    assert not told(country, TWELVE_MONTHS, narrowest=NARROWEST, by_part=True)


def test_a_month_that_is_the_difference_of_two_years_is_not_told() -> None:
    """Twelve months of 237, shown as 235, began with 18, shown as 20; the next twelve are 228, shown as 230: so 9."""
    came = (18, 19, *[20] * 10, 9, *[20] * 5)
    counts: dict[tuple[Group, Stay], int] = {((), (month, month)): number for month, number in enumerate(came)}
    country = Country((), MONTHS, counts | {((), (-1, len(came))): 40})
    assert not told(country, TWELVE_MONTHS, narrowest=NARROWEST, by_part=True)


def test_twelve_months_are_not_told_by_twelve_that_overlap_them() -> None:
    """Of 0, 9, 9 and 0 in half years the middle twelve months are 18, shown as 20: so both others were 9 each."""
    counts: dict[tuple[Group, Stay], int] = {}
    for (area,) in groups(("area",)):
        for half, number in enumerate((0, 9, 9, 0) if area == "oost" else (30, 30, 30, 30)):
            counts[(area,), (half, 4)] = number
        counts |= {((area,), (-1, 2)): 60, ((area,), (-1, 4)): 60}
    assert not told(Country(("area",), HALF_YEARS, counts), WINDOWS, narrowest=NARROWEST)


FATES: tuple[Stay, ...] = ((-1, 1), (-1, 0), (0, 1), (0, 0))
"""There before and after; there before; there after; in and out within the window."""


@pytest.mark.parametrize(
    "numbers",
    [
        ((13, 29, 9, 36), (20, 17, 26, 9), (1, 8, 39, 5)),
        ((13, 29, 9, 36), (20, 17, 26, 9), (0, 0, 33, 28)),
        ((13, 29, 9, 36), (20, 17, 26, 9), (1, 8, 37, 5)),
    ],
)
def test_a_small_number_beside_three_that_are_rounded_to_the_far_side_is_not_told(
    numbers: tuple[tuple[int, int, int, int], ...],
) -> None:
    """Such as the 9 in zuid at the beginning: 9 + 42 - 13 = 38, of which 40, 15 and 40 would be shown."""
    counts = dict(
        zip([((area,), fate) for area in ("noord", "oost", "zuid") for fate in FATES], chain(*numbers), strict=True)
    )
    assert not told(Country(("area",), YEARS[:2], counts), [(0, 1)], narrowest=NARROWEST)


WAIT_MONTHS = tuple(date(2023 + month // 12, month % 12 + 1, 1) for month in range(25))
HAPPENS, ASKED = (0, 11, 12), (12, 13, 24)
"""The months in which anything happens to those who wait, and those on whose first day it is asked."""


@st.composite
def queues(draw: st.DrawFn, areas: tuple[str, ...]) -> Queue:
    """How many waits there are of each kind."""
    kinds = waits(areas, HAPPENS, len(WAIT_MONTHS) - 1)
    return Queue(WAIT_MONTHS, {kind: draw(st.one_of(st.just(0), FEW, SOME)) for kind in kinds})


@settings(max_examples=4, deadline=None)
@given(queues(("noord", "oost")))
def test_who_waits_is_not_told_by_years_and_dates(queue: Queue) -> None:
    assert not waiting_told(queue, areas=("noord", "oost"), months=HAPPENS, on=ASKED, narrowest=NARROWEST)


def test_who_waits_is_not_told_by_years_that_overlap() -> None:
    """9 in each of two half years, with none before and after: 18 in the year between, shown as 20, so 9 in each."""
    halves = (0, 6, 12, 18)
    queue = Queue(WAIT_MONTHS, {Wait("noord", month, month, PLACED): 9 for month in (6, 12)})
    assert not waiting_told(queue, areas=("noord",), months=halves, on=(12, 18, 24), narrowest=NARROWEST)


def test_a_small_month_that_one_figure_withholds_no_other_calls_too_small() -> None:
    """A country in which the months that flow withholds were said to be too small by inflow, and so told."""
    came = (23, 18, 22, 2, 4, 9, 0, 11, 23, 4, 12, 21, 13, 0, 9, 3, 34, 27)
    left = (12, 0, 0, 3, 3, 3, 0, 9, 3, 8, 3, 0, 0, 3, 3, 4, 4, 1)
    country = Country((), MONTHS, first_come_first_gone(2, came, left))
    said: dict[Number, set[str]] = {}
    for number, cell in seen_by_part(country):
        said.setdefault(number, set()).add(cell.status)
    assert {"withheld"} in said.values()
    assert not [number for number, statuses in said.items() if len(statuses) > 1]
    assert not told(country, TWELVE_MONTHS, narrowest=NARROWEST, by_part=True)


def first_come_first_gone(there: int, came: Sequence[int], left: Sequence[int]) -> dict[tuple[Group, Stay], int]:
    """Stays of so many who were there, came and left by month."""
    waiting, counts = [-1] * there, Counter[tuple[Group, Stay]]()
    for month, (coming, leaving) in enumerate(zip(came, left, strict=True)):
        waiting += [month] * coming
        counts.update(((), (start, month)) for start in waiting[:leaving])
        waiting = waiting[leaving:]
    counts.update(((), (start, len(came))) for start in waiting)
    return dict(counts)
