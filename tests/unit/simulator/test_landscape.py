"""What is said of nobody: the figures that others published, and what areas adopt and discuss."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from random import Random

import pytest

from services.simulator.landscape import JJI_INFLOW, MADE_UP_SOURCE, agreements, figures
from services.simulator.parameters import LandscapeParameters
from services.simulator.publishers import PUBLISHERS, desk_of
from services.simulator.statement import Statement, Writer
from shared.facts.acceptance import parse
from shared.facts.envelope import Event
from shared.facts.regions import AREA_OF, AREAS

SINCE, UNTIL = date(2013, 1, 1), date(2026, 1, 1)
HALF_YEARS = 26


@pytest.fixture(scope="module")
def agreed() -> Sequence[Statement]:
    return list(agreements(SINCE, UNTIL, Random(1), LandscapeParameters()))


def test_every_figure_of_others_passes_the_door_and_is_out_after_its_year() -> None:
    writer, now = Writer(), datetime(2026, 1, 1, tzinfo=UTC)
    told = list(figures(UNTIL))
    for it in told:
        event = parse(writer.event(it), today=now.date(), now=now)
        assert isinstance(event, Event), event
        assert it.name in PUBLISHERS[it.publisher].facts
        assert it.on.year == int(str(it.data["period"])) + 1
    assert {int(str(it.data["period"])): it.data["value"] for it in told if it.data["series"] == "jji"} == JJI_INFLOW


def test_what_nobody_published_says_that_it_is_made_up() -> None:
    told = list(figures(date(2027, 1, 1)))
    made_up = [it for it in told if it.data["series"] != "jji"]
    assert {it.data["series"] for it in made_up} == {"wvggz", "lta", "three-milieu", "population-12-17"}
    assert {it.data["period"] for it in made_up} == {str(year) for year in range(2015, 2026)}
    for it in told:
        source, status = it.data["source_url"], it.data["status"]
        said = it.record.startswith("simulated-"), source == f"{MADE_UP_SOURCE}{it.data['series']}", status != "final"
        assert set(said) == {it in made_up}


def test_no_figure_is_told_before_it_is_out() -> None:
    by_series: dict[object, list[object]] = {}
    for it in figures(date(2017, 7, 2)):
        by_series.setdefault(it.data["series"], []).append(it.data["period"])
    assert len(by_series) == 5
    assert all(periods == ["2015", "2016"] for periods in by_series.values())
    assert list(figures(date(2016, 7, 1))) == []


@pytest.mark.parametrize("name", ["plan-adopted", "consultation-held"])
def test_each_area_does_it_in_most_half_years_and_skips_some(agreed: Sequence[Statement], name: str) -> None:
    told = Counter(it.publisher for it in agreed if it.name == name)
    assert told.keys() == {desk_of(area) for area in AREAS}
    assert 0.8 * HALF_YEARS * len(AREAS) < told.total() < HALF_YEARS * len(AREAS)


def test_a_plan_holds_for_a_year_from_its_half_year_on(agreed: Sequence[Statement]) -> None:
    for it in agreed:
        if it.name == "plan-adopted":
            holds = date.fromisoformat(str(it.data["valid_until"])) - it.on
            assert 330 < holds.days <= 366


def test_those_who_consult_are_regions_of_the_area(agreed: Sequence[Statement]) -> None:
    for it in agreed:
        if it.name == "consultation-held":
            there = it.data["regions"]
            assert isinstance(there, list)
            assert there
            assert {desk_of(AREA_OF[code]) for code in there} == {it.publisher}
