"""Money for the transformation, and what the buildings are worth."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from random import Random

import pytest

from services.monitor.accommodations import fold_register
from services.simulator.country import ACCOMMODATIONS, places_on
from services.simulator.parameters import BuildingParameters, FundingParameters
from services.simulator.statement import Statement
from services.simulator.transformation import AWARDED_ON, PURPOSES, SCANNED_FROM, funding, scans
from shared.facts.regions import AREAS
from tests.unit.simulator.accepted import accepted

UNTIL = date(2026, 11, 1)
A_YEAR = 36_000_000
"""A fifth of 180 million."""


def amounts(statements: Sequence[Statement], kind: str) -> Counter[str]:
    """What is awarded or spent of each award: of an area, for a purpose, in a year."""
    found = Counter[str]()
    for it in statements:
        if it.data["kind"] == kind:
            found[it.record.rpartition("-")[0]] += int(str(it.data["amount"]))
    return found


@pytest.fixture(scope="module")
def money() -> Sequence[Statement]:
    return list(funding(UNTIL, Random(1), FundingParameters()))


@pytest.fixture(scope="module")
def buildings() -> Sequence[Statement]:
    return list(scans(UNTIL, Random(1), BuildingParameters()))


def test_all_of_it_passes_the_door_and_is_known(money: Sequence[Statement], buildings: Sequence[Statement]) -> None:
    around = fold_register([accepted(it, today=UNTIL) for it in (*money, *buildings)]).surroundings
    assert (len(around.funding), len(around.scans)) == (len(money), len(buildings))


def test_a_fifth_of_the_money_is_awarded_each_year_to_all_areas_for_all_purposes(money: Sequence[Statement]) -> None:
    by_year, awarded = Counter[date](), [it for it in money if it.data["kind"] == "awarded"]
    for it in awarded:
        by_year[it.on] += int(str(it.data["amount"]))
    assert by_year == dict.fromkeys(AWARDED_ON[:3], A_YEAR)
    assert {(it.data["scope"], it.data["purpose"]) for it in awarded} == {(a, p) for a in AREAS for p in PURPOSES}


def test_who_has_more_places_is_awarded_more(money: Sequence[Statement]) -> None:
    places = Counter[str]()
    for name, number in places_on(AWARDED_ON[0]).items():
        places[ACCOMMODATIONS[name].area] += number
    awarded = amounts(money, "awarded")
    for area in AREAS:
        expected = A_YEAR * 0.35 * places[area] / places.total()
        assert abs(awarded[f"{area}-reduction-2024"] - expected) < 1


def test_no_more_is_spent_than_was_awarded_and_not_before(money: Sequence[Statement]) -> None:
    awarded, spent = amounts(money, "awarded"), amounts(money, "spent")
    assert all(0.5 * awarded[key] - 6 <= spent[key] < awarded[key] for key in awarded if key.endswith("2024"))
    assert all(spent[key] <= awarded[key] for key in awarded)
    on = {it.record.rpartition("-")[0]: it.on for it in money if it.data["kind"] == "awarded"}
    assert all(it.on > on[it.record.rpartition("-")[0]] for it in money if it.data["kind"] == "spent")


def test_every_accommodation_that_is_open_is_looked_at_once_in_each_scan(buildings: Sequence[Statement]) -> None:
    seen = Counter((it.data["accommodation"], it.record[-4:]) for it in buildings)
    closed = {"hoenderloo", "de-vliethoeve"}
    assert seen == {
        (name, str(begins_on.year)): 1
        for begins_on in SCANNED_FROM
        for name in ACCOMMODATIONS
        if begins_on.year == 2019 or name not in closed
    }


def test_buildings_become_worth_less_and_stay_leased_or_owned(buildings: Sequence[Statement]) -> None:
    by_accommodation: dict[object, list[Statement]] = {}
    for it in buildings:
        by_accommodation.setdefault(it.data["accommodation"], []).append(it)
    for scanned in by_accommodation.values():
        values = [int(str(it.data["book_value"])) for it in scanned]
        assert values == sorted(set(values), reverse=True)
        assert len({it.data.get("lease_until") for it in scanned}) == 1
    leased = sum("lease_until" in scanned[0].data for scanned in by_accommodation.values())
    assert 0 < leased < len(by_accommodation)


def test_a_later_end_only_adds_to_it(money: Sequence[Statement], buildings: Sequence[Statement]) -> None:
    early = date(2025, 9, 1)
    assert [it for it in money if it.on < early] == list(funding(early, Random(1), FundingParameters())) != []
    assert [it for it in buildings if it.on < early] == list(scans(early, Random(1), BuildingParameters())) != []
