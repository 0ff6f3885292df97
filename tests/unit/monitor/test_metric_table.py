"""The table of metrics: every family says what it is, in base units, and no label can name a person."""

import re

import pytest

from services.monitor.metrics.table import CLOSURE_EDGES_DAYS, FAMILIES, THRESHOLD_DAYS, Family, Kind

BANNED_LABELS = frozenset(
    {"person", "subject", "pseudonym", "placement", "accommodation", "provider", "region", "record"}
)
NOT_BASE_UNITS = ("days", "hours", "minutes", "milliseconds", "percent")
RESERVED_SUFFIXES = ("_total", "_bucket", "_count", "_sum", "_info", "_created")


def named(family: Family) -> str:
    return family.name


@pytest.mark.parametrize("family", FAMILIES, ids=named)
def test_a_family_has_a_name_of_ours_and_says_what_it_means(family: Family) -> None:
    assert re.fullmatch(r"doorstroom_[a-z_]+", family.name)
    assert not family.name.endswith(RESERVED_SUFFIXES)
    assert family.meaning[0].isupper()
    assert not family.meaning.endswith(".")


@pytest.mark.parametrize("family", FAMILIES, ids=named)
def test_a_family_is_in_base_units_and_its_name_says_so(family: Family) -> None:
    assert not any(unit in family.name.split("_") for unit in NOT_BASE_UNITS)
    assert family.name.endswith("_seconds") == (family.unit == "seconds")
    if family.kind in (Kind.HISTOGRAM, Kind.GAUGE_HISTOGRAM):
        assert family.unit == "seconds"


@pytest.mark.parametrize("family", FAMILIES, ids=named)
def test_no_label_names_a_person_a_case_or_something_finer_than_an_area(family: Family) -> None:
    assert not BANNED_LABELS & set(family.labels)


def test_no_two_families_share_a_name() -> None:
    assert len({family.name for family in FAMILIES}) == len(FAMILIES)


PROMISED = frozenset(
    {
        "open_closures",
        "open_closure_age_seconds",
        "open_closures_over_threshold",
        "oldest_open_closure_start_timestamp_seconds",
        "closure_duration_seconds",
        "placement_duration_seconds",
        "placements_started",
        "discharges",
        "doorplaatsingen",
        "replacements",
        "closures_without_title",
        "machtigingen_expiring",
        "waiting",
        "waiting_age_seconds",
        "places",
        "occupied_places",
        "flags",
        "source_last_fact_timestamp_seconds",
        "projected_position",
        "stream_lag_entries",
        "projection_last_run_timestamp_seconds",
        "parked_facts",
        "build",
    }
)


def test_the_families_are_those_that_the_contract_promises() -> None:
    assert {f"doorstroom_{name}" for name in PROMISED} <= {family.name for family in FAMILIES}


def test_every_threshold_is_an_edge_and_an_edge_lies_above_them_all() -> None:
    """So that counts past a threshold are exact, and a high quantile is not cut off at one."""
    assert set(THRESHOLD_DAYS) <= set(CLOSURE_EDGES_DAYS)
    assert max(CLOSURE_EDGES_DAYS) > max(THRESHOLD_DAYS)
