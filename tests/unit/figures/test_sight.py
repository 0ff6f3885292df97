"""What those outside see of a window: not what tells a small number, nor of several years, nor of months of a part."""

from datetime import date

import pytest

from services.monitor.disclosure.disclose import Audience
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import Cell, Shown
from services.monitor.history.known import Known
from shared.facts.regions import AREAS
from tests.attacks.attacker import COUNTED, Country

YEAR = Window(date(2024, 1, 1), date(2025, 1, 1))
TWO_YEARS = Window(date(2023, 1, 1), date(2025, 1, 1))
STAYED, LEFT, CAME, PASSED = (-1, 1), (-1, 0), (0, 1), (0, 0)
SMALL = {STAYED: 1, LEFT: 8, CAME: 37, PASSED: 5}
"""9 + 42 - 13 = 38, of which 40, 15 and 40 would be shown: so that it was 9 and no other number."""
LARGE = {STAYED: 42, LEFT: 33, CAME: 33, PASSED: 12}
"""Well within what is shown of them: 75 at the beginning and the end, and 45 who started and who ended."""


def country(**areas: dict[tuple[int, int], int]) -> Known:
    """These areas, and all others large."""
    every = dict.fromkeys(AREAS, LARGE) | areas
    counts = {((area,), stay): count for area, stays in every.items() for stay, count in stays.items()}
    return Country(("area",), (YEAR.a, YEAR.b), counts).known()


def outside(name: str, everyone: Known, *, window: Window = YEAR, split: tuple[str, ...] = (), **more: str) -> Shown:
    question = Question(on=date(2025, 1, 31), window=window, split=split, parameters=more)
    return published(FIGURES[name], everyone, question, to=Audience.OUTSIDE)


def statuses(shown: Shown, **key: str) -> list[str]:
    """Of the flow: begin, started, ended, end."""
    return [shown.table("flow").cell(name, at=YEAR.a, **key).status for name in ("begin", "started", "ended", "end")]


def test_what_would_tell_a_small_stock_is_withheld() -> None:
    found = outside("flow", country(zuid=SMALL), split=("area",))
    assert statuses(found, area="zuid") == ["too-small", "withheld", "withheld", "rounded"]
    assert found.table("flow").cell("started", at=YEAR.a, area="total") == Cell("rounded", 220)


def test_what_tells_nothing_is_shown() -> None:
    """9 + 44 - 13 = 40, shown as 45, 15 and 40: there might as well have been 4 at the beginning."""
    found = outside("flow", country(zuid=SMALL | {CAME: 39}), split=("area",))
    assert statuses(found, area="zuid") == ["too-small", "rounded", "rounded", "rounded"]


@pytest.mark.parametrize("name", [name for name in COUNTED if name != "flow"])
def test_every_figure_withholds_the_same(name: str) -> None:
    found = outside(name, country(zuid=SMALL), split=("area",))
    for table, column, _ in COUNTED[name]:
        at = YEAR.a if name == "inflow" else None
        assert found.table(table).cell(column, area="zuid", at=at).status == "withheld"
        assert found.table(table).cell(column, area="total", at=at).status == "rounded"


def test_nothing_is_shown_of_several_years_together() -> None:
    everyone = country()
    found = outside("exits", everyone, window=TWO_YEARS, split=("year",))
    assert found.n.status == found.table("days").cell("n", year="total").status == "withheld"
    assert found.table("days").cell("n", year="2024") == Cell("rounded", 225)
    by_year = outside("flow", everyone, window=TWO_YEARS, per="year")
    assert by_year.n.status == "withheld"
    assert by_year.table("flow").cell("ended", at=YEAR.a) == Cell("rounded", 225)


def test_parts_of_a_year_are_of_the_whole_country() -> None:
    everyone = country()
    found = outside("flow", everyone, split=("area",), per="quarter").table("flow")
    assert found.cell("started", at=YEAR.a).status == "rounded"
    assert found.cell("started", at=YEAR.a, area="noord").status == "withheld"
    assert found.cell("begin", at=YEAR.a, area="noord") == Cell("rounded", 75)
    starts = outside("monthly-starts", everyone, split=("area",)).table("starts")
    assert {starts.cell("count", month=f"2024-{month:02d}", area="noord").status for month in range(1, 13)} == {
        "withheld"
    }
    assert starts.cell("count", area="noord") == Cell("rounded", 45)


def test_a_curve_is_shown_as_far_as_all_were_followed() -> None:
    at = outside("entry-duration", country()).table("curve-at")
    assert (at.cell("survival", at=30).status, at.cell("survival", at=91).status) == ("rounded", "withheld")


def test_a_small_category_of_a_row_does_not_follow_from_the_others() -> None:
    """Of inflow each number is one of its own: the largest group is left out beside a small one."""
    found = outside("inflow", country(zuid=LARGE | {CAME: 3, PASSED: 2}), split=("area",)).table("inflow")
    shown = {area: found.cell("placements", at=YEAR.a, area=area).status for area in ("total", *AREAS)}
    assert shown["total"] == "rounded"
    assert shown["zuid"] == "too-small"
    assert sorted(shown[area] for area in AREAS) == ["rounded"] * 3 + ["too-small", "withheld"]
