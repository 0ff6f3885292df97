"""Places through the years: by how closed they are, who buys them and in which groups; counted by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.monitor.accommodations import Accommodation, Capacity, Register
from services.monitor.disclosure.disclose import Audience
from services.monitor.figures.answer import Answer
from services.monitor.figures.capacities import place_days, places_on
from services.monitor.figures.closure_mode import MODES
from services.monitor.figures.places import LARGER, PROCUREMENTS, SMALL, UNTOLD
from services.monitor.figures.publication import disclosed
from services.monitor.figures.question import Window
from services.monitor.figures.shown import Cell
from shared.facts.accommodation import CapacityChanged
from tests.unit.dossier.given import d
from tests.unit.figures.asked import REGISTER, asked, known, measures

ON = "2025-01-31"
TEN_YEARS = ("2015-02-01", "2025-02-01")


def capacity(at: str, from_on: str, places: int, **more: Any) -> Capacity:
    """Places gesloten, bought by regions, of which nobody told the size of the group, unless it is said."""
    said = {"group": "", "group_size": None, "closure_mode": "gesloten", "procurement": "regionaal"} | more
    return Capacity(accommodation=at, from_on=d(from_on), places=places, **said)


FORTY = (
    capacity("A", "2024-06-01", 20, group_size=10),
    capacity("B", "2024-06-01", 8, closure_mode="open"),
    capacity("C", "2024-06-01", 12, closure_mode="hybride", group_size=6, procurement="lta"),
)
"""The worked example of the definition."""


def on_places(
    *capacities: Capacity, on: str = ON, accommodations: Sequence[Accommodation] = REGISTER.accommodations, **more: Any
) -> Answer:
    chosen = {"per": "year", "smallGroup": 6, "window": TEN_YEARS} | more
    seen = known(register=Register(tuple(accommodations), capacities))
    return asked("places", seen, on=on, **chosen)


def test_of_forty_places_twelve_are_small_hybride_and_bought_nationally() -> None:
    found = on_places(*FORTY)
    row = measures(found, "places")[date(2025, 1, 1)]
    assert row == {
        "n": 0, "places": 40, "gesloten": 20, "besloten": 0, "hybride": 12, "open": 8, "regionaal": 28, "lta": 12,
        "small": 12, "larger": 20, "unknownSize": 8,
        "smallShare": Fraction(3, 8), "hybrideShare": Fraction(3, 10), "ltaShare": Fraction(3, 10),
    }  # fmt: skip
    assert (found.n, len(found.cases)) == (0, 0)


@pytest.mark.parametrize(("most", "small"), [(5, 0), (6, 12), (9, 12), (10, 32)])
def test_how_many_make_a_small_group_is_asked(most: int, small: int) -> None:
    row = measures(on_places(*FORTY, smallGroup=most), "places")[d(ON)]
    assert (row["small"], row["larger"], row["unknownSize"]) == (small, 32 - small, 8)
    assert row["smallShare"] == Fraction(small, 32)


def test_every_kind_that_may_be_told_is_counted() -> None:
    told = {name: get_args(CapacityChanged.model_fields[name].annotation) for name in ("closure", "procurement")}
    assert told == {"closure": MODES, "procurement": PROCUREMENTS}


def test_each_year_since_any_place_is_known_begins_with_what_is_in_force_then() -> None:
    found = on_places(
        capacity("A", "2022-01-01", 30),
        capacity("A", "2023-01-02", 24),
        capacity("A", "2024-01-01", 18),
        capacity("A", "2025-02-01", 6),
    )
    by_day = {str(day): row["places"] for day, row in measures(found, "places").items()}
    assert by_day == {"2022-01-01": 30, "2023-01-01": 30, "2024-01-01": 18, "2025-01-01": 18, ON: 18}


def test_the_date_is_there_once_and_nothing_after_it() -> None:
    days = list(measures(on_places(capacity("A", "2022-03-01", 3), on="2024-01-01"), "places"))
    assert days == [date(2023, 1, 1), date(2024, 1, 1)]


def test_by_month_the_window_is_looked_at_on_both_its_ends() -> None:
    found = on_places(capacity("A", "2020-01-01", 3), per="month", window=("2024-10-15", "2025-01-01"))
    assert list(map(str, measures(found, "places"))) == ["2024-11-01", "2024-12-01", "2025-01-01", ON]
    later = on_places(capacity("A", "2020-01-01", 3), per="month", window=("2025-06-01", "2025-12-01"))
    assert list(map(str, measures(later, "places"))) == [ON]


def test_a_group_that_is_closed_in_another_way_counts_in_that_from_then_on() -> None:
    found = on_places(
        capacity("A", "2023-01-01", 10, group="g", group_size=10),
        capacity("A", "2024-01-01", 6, group="g", group_size=6, closure_mode="hybride"),
        capacity("A", "2023-01-01", 4, group="h"),
    )
    rows = measures(found, "places")
    numbers = {day.year: [row[name] for name in ("gesloten", "hybride", SMALL, LARGER)] for day, row in rows.items()}
    assert numbers == {2023: [14, 0, 0, 10], 2024: [4, 6, 6, 0], 2025: [4, 6, 6, 0]}


def test_an_accommodation_that_is_closed_has_none_and_its_region_goes_to_zero() -> None:
    closed = [replace(one, closed_on=d("2024-01-01")) for one in REGISTER.accommodations if one.accommodation == "C"]
    found = on_places(capacity("C", "2022-06-01", 9), accommodations=closed)
    for key in (("total",), ("zuid",), ("JZ41",)):
        places = {str(day): row["places"] for day, row in measures(found, "places", key=key).items()}
        assert places == {"2023-01-01": 9, "2024-01-01": 0, "2025-01-01": 0, ON: 0}
    last = measures(found, "places")[d(ON)]
    assert [last[name] for name in ("smallShare", "hybrideShare", "ltaShare")] == [None] * 3


def test_while_an_accommodation_was_closed_there_were_none_though_it_was_opened_again() -> None:
    shut = ((d("2023-12-01"), d("2024-01-02")),)
    open_again = [replace(one, shut=shut) for one in REGISTER.accommodations if one.accommodation == "C"]
    found = on_places(capacity("C", "2022-06-01", 9), accommodations=open_again)
    places = {str(day): row["places"] for day, row in measures(found, "places").items()}
    assert places == {"2023-01-01": 9, "2024-01-01": 0, "2025-01-01": 9, ON: 9}
    register = Register(tuple(open_again), (capacity("C", "2022-06-01", 9),))
    assert place_days(register, Window(d("2023-11-30"), d("2024-01-04"))) == {"C": 9 * 3}


def test_each_area_region_and_provider_has_its_own() -> None:
    found = on_places(*FORTY)
    by_region = {key: measures(found, "places", key=(key,)) for key in ("zuid-west", "JZ24", "zuid", "JZ41", "JZ01")}
    assert {key: rows[d(ON)]["places"] for key, rows in by_region.items() if rows} == {
        "zuid-west": 28, "JZ24": 28, "zuid": 12, "JZ41": 12,
    }  # fmt: skip
    assert [measures(found, "providers", key=(name,))[d(ON)]["places"] for name in ("north", "south")] == [28, 12]
    assert measures(found, "providers", key=("unknown",)) == {}


def test_what_nobody_registered_stands_in_no_known_region_and_of_no_known_provider() -> None:
    closed = Accommodation("D", closed_on=d("2030-01-01"))
    found = on_places(capacity("Z", "2024-01-01", 5), capacity("D", "2024-01-01", 2), accommodations=[closed])
    for table, key in (("places", "unknown-region"), ("places", "unknown"), ("providers", "unknown")):
        assert measures(found, table, key=(key,))[d(ON)]["places"] == 7


def test_where_nobody_told_of_any_place_there_are_none_on_the_date() -> None:
    [row] = measures(on_places(), "places").values()
    assert (row["places"], row["smallShare"]) == (0, None)


def test_everybody_sees_the_same_of_places() -> None:
    register = Register(REGISTER.accommodations, FORTY)
    seen = known(register=register)
    found = on_places(*FORTY)
    inside, outside = (disclosed(found, seen, to=audience) for audience in (Audience.INSIDE, Audience.OUTSIDE))
    for table in inside.tables:
        theirs = outside.table(table.name)
        assert [row.cells[1:] for row in theirs.rows] == [row.cells[1:] for row in table.rows]
        assert {cell.status for row in table.rows for cell in row.cells[1:]} == {"given"}
    assert outside.table("providers").cell("places", at=d(ON), provider="north") == Cell("given", 28)


CAPACITIES = st.lists(
    st.builds(
        Capacity,
        st.sampled_from("ABCDZ"),
        st.sampled_from(["", "g", "h"]),
        st.dates(date(2020, 1, 1), date(2026, 1, 1)),
        st.integers(0, 50),
        st.none() | st.integers(1, 20),
        st.sampled_from(MODES),
        st.sampled_from(PROCUREMENTS),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=100)
@given(CAPACITIES, st.none() | st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.sampled_from(["year", "month"]))
def test_all_kinds_and_all_parts_add_up_to_the_places_in_force(
    capacities: list[Capacity], closed_on: date | None, per: str
) -> None:
    accommodations = (*REGISTER.accommodations[1:], replace(REGISTER.accommodations[0], closed_on=closed_on))
    register = Register(accommodations, tuple(capacities))
    found = on_places(*capacities, accommodations=accommodations, per=per)
    for day, row in measures(found, "places").items():
        in_force = sum(places_on(register, day).values())
        assert row["places"] == in_force
        for kinds in (MODES, PROCUREMENTS, (SMALL, LARGER, UNTOLD)):
            assert sum(row[kind] for kind in kinds) == in_force
        parts = {key: measures(found, "places", key=(key,)) for key in ("zuid-west", "zuid", "unknown")}
        providers = [measures(found, "providers", key=(name,)) for name in ("north", "south", "unknown")]
        for rows in (parts.values(), providers):
            assert sum(one[day]["places"] for one in rows if one) == in_force
