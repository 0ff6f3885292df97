"""Closed places become small groups, one after the other, and an accommodation has as many places as before."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from services.monitor.accommodations import Capacity, Register, fold_register
from services.monitor.figures.capacities import capacities_on
from services.monitor.figures.capacities import places_on as places_known_on
from services.simulator.country import ACCOMMODATIONS, places_on
from services.simulator.parameters import RebuildingParameters
from services.simulator.rebuilding import BEGINS_ON, BOUGHT_NATIONALLY_FROM, rebuilding
from services.simulator.register import register
from services.simulator.statement import Statement
from tests.unit.simulator.accepted import accepted

SINCE, UNTIL = date(2013, 1, 1), date(2027, 1, 1)
SEEDS = (1, 2, 3)
YEARS = [date(year, 1, 1) for year in range(2022, 2028)]


def rebuilt(seed: int, until: date = UNTIL) -> Sequence[Statement]:
    return list(rebuilding(SINCE, until, Random(seed), RebuildingParameters()))


@pytest.fixture(scope="module", params=SEEDS)
def known(request: pytest.FixtureRequest) -> Register:
    """What the monitor makes of the register and of what is said an hour later."""
    said = (*register(SINCE, UNTIL), *rebuilt(request.param))
    return fold_register([accepted(statement, today=UNTIL) for statement in said])


def places(known: Register, on: date, **wanted: object) -> int:
    """Places on a day that are all of this."""
    found: list[Capacity] = capacities_on(known, on)
    return sum(one.places for one in found if all(getattr(one, name) == value for name, value in wanted.items()))


def test_every_accommodation_has_as_many_places_as_the_register_says(known: Register) -> None:
    """So there is room for everybody for whom there was: who is placed where does not change."""
    changes = {one.from_on for one in known.capacities if one.from_on >= BEGINS_ON}
    assert len(changes) > 50
    for day in sorted({*changes, *(day - timedelta(days=1) for day in changes)}):
        assert {name: number for name, number in places_known_on(known, day).items() if number} == {
            name: number for name, number in places_on(day).items() if number
        }, day


def test_closed_places_become_fewer_and_besloten_and_hybride_ones_more(known: Register) -> None:
    closed = [places(known, day, closure_mode="gesloten") for day in YEARS]
    others = [places(known, day) - number for day, number in zip(YEARS, closed, strict=True)]
    assert all(after < before for before, after in pairwise(closed))
    assert others[0] == 0
    assert others[-1] > others[1] > 0
    besloten = [places(known, day, closure_mode="besloten") for day in YEARS]
    assert besloten == sorted(besloten)
    assert besloten[0] == 0 < besloten[-1]


def test_the_share_in_small_groups_rises_year_after_year(known: Register) -> None:
    shares = [places(known, day, group_size=6) / places(known, day) for day in YEARS]
    assert shares[0] == 0
    assert all(after > before for before, after in pairwise(shares))
    assert shares[1] < 0.1
    assert 0.5 < shares[3] < 0.9, "on 1 January 2025 not everybody is small-scale"


def test_two_accommodations_are_bought_nationally_from_their_day_on(known: Register) -> None:
    for name, day in BOUGHT_NATIONALLY_FROM.items():
        assert places(known, day - timedelta(days=1), accommodation=name, procurement="lta") == 0
        hybrid = places(known, day, accommodation=name, closure_mode="hybride")
        assert places(known, day, accommodation=name, procurement="lta") == places_on(day)[name] - hybrid > 0
    assert {one.accommodation for one in known.capacities if one.procurement == "lta"} == set(BOUGHT_NATIONALLY_FROM)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_accommodation_opens_one_small_group_at_a_time(seed: int) -> None:
    """But for those that open on a day of the register because there is room again."""
    opened, before = Counter[tuple[object, date]](), dict[object, object]()
    for it in rebuilt(seed):
        assert it.on >= BEGINS_ON
        name = str(it.data["group"])
        if "-small-" in name:
            assert it.data["places"] in (0, 6)
            opened[it.data["accommodation"], it.on] += bool(it.data["places"]) and not before.get(name)
            before[name] = it.data["places"]
    assert max(opened.values()) == 1
    assert opened.total() > 25


def test_nothing_is_said_of_an_accommodation_that_is_closed() -> None:
    assert all(ACCOMMODATIONS[str(it.data["accommodation"])].open_on(it.on) for it in rebuilt(1))


def test_it_is_recorded_after_what_the_register_says_of_the_same_group_and_day() -> None:
    recorded = {(it.data["group"], it.on): it for it in register(SINCE, UNTIL) if it.name == "capacity-changed"}
    again = [it for it in rebuilt(1) if (it.data["group"], it.on) in recorded]
    assert again
    for it in again:
        earlier = recorded[it.data["group"], it.on]
        assert (it.time - earlier.time, it.id != earlier.id) == (timedelta(hours=1), True)


def test_a_later_end_only_adds_to_it() -> None:
    early = rebuilt(1, until=date(2024, 6, 1))
    assert [it for it in rebuilt(1) if it.on < date(2024, 6, 1)] == early != []
