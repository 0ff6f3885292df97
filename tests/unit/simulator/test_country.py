"""The country is whole: its accommodations, places, publishers and parameters."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.simulator.country import ACCOMMODATIONS, NATIONAL_PLACES, choices_on, places_on
from services.simulator.parameters import NoiseParameters, Parameters, table
from services.simulator.publishers import COURT, NATIONAL_FIGURES, PUBLISHERS, REAL_ESTATE
from shared.facts.catalogue import by_name
from shared.facts.regions import AREA_OF, AREAS
from shared.pseudonym import contains_bsn


def test_there_are_sixteen_accommodations_of_twelve_providers_in_known_regions() -> None:
    assert len(ACCOMMODATIONS) == 16
    assert len({one.provider for one in ACCOMMODATIONS.values()}) == 12
    assert all(AREA_OF[one.region] == one.area for one in ACCOMMODATIONS.values())


@pytest.mark.parametrize(("since", "places"), NATIONAL_PLACES)
def test_the_places_of_all_accommodations_add_up_to_those_of_the_country(since: date, places: int) -> None:
    assert sum(places_on(since).values()) == places


def test_an_accommodation_has_no_places_before_it_opens_or_after_it_closes() -> None:
    assert places_on(date(2018, 12, 31))["antonius"] == 0 < places_on(date(2019, 1, 1))["antonius"]
    assert places_on(date(2020, 8, 30))["hoenderloo"] > 0 == places_on(date(2020, 8, 31))["hoenderloo"]


def test_an_accommodation_that_is_about_to_close_takes_nobody_in() -> None:
    closes = ACCOMMODATIONS["hoenderloo"].closed_on
    assert closes is not None
    names, _ = choices_on(closes - timedelta(days=30), area="oost", own_area_weight=6.0)
    assert "hoenderloo" not in names


@pytest.mark.parametrize("area", AREAS)
def test_a_young_person_mostly_stays_in_the_own_area(area: str) -> None:
    names, weights = choices_on(date(2016, 1, 1), area=area, own_area_weight=6.0)
    own = sum(w for name, w in zip(names, weights, strict=True) if ACCOMMODATIONS[name].area == area)
    assert 0.35 < own / sum(weights) < 0.8


def test_every_publisher_has_a_source_of_its_own_that_cannot_be_a_bsn() -> None:
    sources = [publisher.source for publisher in PUBLISHERS.values()]
    assert len(set(sources)) == len(sources)
    assert not any(map(contains_bsn, sources))


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("bj-brabant", 99_000_011),
        (COURT, 99_000_253),
        ("expertteam-zuid", 99_000_308),
        (NATIONAL_FIGURES, 99_000_319),
        (REAL_ESTATE, 99_000_330),
    ],
)
def test_a_publisher_keeps_its_source_when_others_are_added(name: str, number: int) -> None:
    """A folder of an earlier demo knows it by that, and goes on."""
    assert PUBLISHERS[name].source.startswith(f"urn:nld:kvknr:{number}:")


def test_every_publisher_says_only_facts_that_its_service_takes() -> None:
    for publisher in PUBLISHERS.values():
        for name in publisher.facts:
            fact = by_name(name)
            assert fact is not None
            assert fact.owner in (publisher.service, "either")


@pytest.mark.parametrize("service", ["intake", "placement"])
def test_at_each_service_every_accommodation_belongs_to_exactly_one_publisher(service: str) -> None:
    """To its provider, and to who looks at all buildings."""
    claimed = [one.accommodations for one in PUBLISHERS.values() if one.service == service]
    assert sorted(name for names in claimed for name in names) == sorted(ACCOMMODATIONS)


def test_every_parameter_has_a_status_and_says_where_it_comes_from() -> None:
    rows = list(table(Parameters()))
    assert {row.status for row in rows} == {"sourced", "calibrated", "unverified"}
    assert all(row.source for row in rows)


def test_the_table_shows_the_values_in_use() -> None:
    changed = Parameters(noise=replace(NoiseParameters(), duplicate_share=0.5))
    assert [row.value for row in table(changed) if row.name == "duplicate_share"] == [0.5]
