"""The windows that those outside get: of one length, over, and followed; or years, quarters and months one by one."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitor.answers.windows import outside_window
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.figure import Figure
from services.monitor.figures.question import ParameterValue, Window

ON = date(2025, 3, 1)


def window(
    figure: str,
    wanted: tuple[str, str] | None,
    *,
    on: date = ON,
    split: tuple[str, ...] = (),
    parameters: Mapping[str, ParameterValue] | None = None,
) -> tuple[str, str]:
    asked = Window(*map(date.fromisoformat, wanted)) if wanted else None
    found = outside_window(FIGURES[figure], asked, on=on, split=split, parameters=parameters or {})
    return str(found.a), str(found.b)


@pytest.mark.parametrize("figure", ["exits", "title", "waiting"])
def test_of_what_kind_they_are_is_told_of_a_calendar_year(figure: str) -> None:
    assert window(figure, None) == ("2024-01-01", "2025-01-01")
    assert window(figure, ("2022-07-01", "2023-07-01")) == ("2022-01-01", "2023-01-01")
    assert window(figure, ("2020-01-01", "2024-01-01")) == ("2023-01-01", "2024-01-01")


DAYS = st.lists(st.dates(date(2015, 1, 1), date(2026, 12, 31)), min_size=3, max_size=3)
"""From and until, and the date that it is asked on."""


@given(st.sampled_from([one for one in FIGURES.values() if one.calendar_years]), DAYS, DAYS)
def test_no_two_windows_of_such_a_figure_overlap(figure: Figure, one: list[date], other: list[date]) -> None:
    first, second = (
        outside_window(figure, Window(*sorted(days[:2])), on=days[2], split=(), parameters={}) for days in (one, other)
    )
    assert first == second or first.b <= second.a or second.b <= first.a


WATCHED = {"flow", "inflow", "monthly-starts", "rare-events"}
"""How many started and ended: what windows that overlap tell of it is computed (figures/running.py)."""
OF_NOBODY = {"care-days", "occupancy", "places", "data-quality"}
"""Days, places and facts."""


def test_every_figure_of_a_window_is_watched_or_of_nobody_or_has_calendar_years() -> None:
    of_years = {one.name for one in FIGURES.values() if one.calendar_years}
    assert of_years.isdisjoint(WATCHED | OF_NOBODY)
    assert of_years | WATCHED | OF_NOBODY == {one.name for one in FIGURES.values() if one.period == "window"}


def test_without_a_window_it_is_the_last_twelve_months() -> None:
    assert window("flow", None) == ("2024-03-01", "2025-03-01")


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (("2023-01-01", "2024-01-01"), ("2023-01-01", "2024-01-01")),
        (("2023-07-01", "2024-01-01"), ("2023-01-01", "2024-01-01")),
        (("2020-01-01", "2024-01-01"), ("2023-01-01", "2024-01-01")),
        (("2023-01-15", "2024-01-20"), ("2023-01-01", "2024-01-01")),
        (("2024-07-01", "2025-07-01"), ("2024-03-01", "2025-03-01")),
    ],
)
def test_its_end_is_chosen_and_its_length_is_not(wanted: tuple[str, str], given: tuple[str, str]) -> None:
    assert window("flow", wanted) == given
    assert window("inflow", wanted) == given


def test_a_figure_of_more_months_has_its_own_length() -> None:
    assert window("monthly-starts", ("2024-01-01", "2025-01-01")) == ("2022-01-01", "2025-01-01")


def test_the_date_cuts_no_window_nor_does_the_time_in_which_facts_arrive_late() -> None:
    assert window("entry-duration", None, parameters={"settleDays": 90}) == ("2023-01-01", "2024-01-01")
    assert window("flow", ("2024-01-01", "2025-01-01"), on=date(2024, 7, 1)) == ("2023-07-01", "2024-07-01")
    assert window("exits", ("2024-01-01", "2025-01-01"), on=date(2024, 7, 1)) == ("2023-01-01", "2024-01-01")


def test_all_who_are_followed_are_followed_to_the_end() -> None:
    assert window("replacement", None) == ("2023-01-01", "2024-01-01")
    assert window("funnel", None, parameters={"measure": "replacement"}) == ("2023-01-01", "2024-01-01")
    assert window("funnel", None, parameters={"measure": "spoed"}) == ("2024-01-01", "2025-01-01")


@pytest.mark.parametrize(
    ("per", "given"),
    [
        ("year", ("2022-01-01", "2025-01-01")),
        ("quarter", ("2021-10-01", "2025-01-01")),
        ("month", ("2021-08-01", "2025-02-01")),
    ],
)
def test_in_parts_it_has_whole_ones(per: str, given: tuple[str, str]) -> None:
    assert window("flow", ("2021-08-01", "2025-02-10"), parameters={"per": per}) == given


def test_by_year_it_has_whole_years_that_are_over() -> None:
    assert window("exits", ("2021-01-01", "2026-01-01"), split=("area", "year")) == ("2021-01-01", "2025-01-01")
    assert window("exits", ("2024-05-01", "2024-06-01"), split=("year",)) == ("2023-01-01", "2024-01-01")
