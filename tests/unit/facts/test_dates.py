"""Dates and moments are read in one way of writing, within the years of the law."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.facts.acceptance import parse
from shared.facts.envelope import Event
from shared.facts.errors import FieldError
from tests.unit.facts.events import ENTRIES, NOW, TODAY, event_of

NO_DATES: list[Any] = [
    "1704067200",
    "17040672.0",
    1704067200,
    1704067200.0,
    True,
    None,
    "",
    "2024-02-30",
    "2023-02-29",
    "2024-13-01",
    "20240101",
    "2024-1-1",
    "2024/01/01",
    "01-01-2024",
    "2024-W01-1",
    "2024-01-01T00:00:00",
    "2024-01-01T00:00:00Z",
    " 2024-01-01",
    "2024-01-01 ",
    "２０２４-０１-０１",
    "9999-12-31",
    "2100-01-01",
    "2007-12-31",
    "0001-01-01",
    ["2024-01-01"],
]

NO_MOMENTS: list[Any] = [
    "2026-03-02T14:30:00",
    "2026-03-02",
    "2026-03-02 14:30:00+01:00",
    "2026-03-02T14:30+01:00",
    "2026-03-02T14:30:00+0100",
    "2026-03-02T14:30:00+01",
    "2026-03-02T25:30:00+01:00",
    "2026-02-30T14:30:00+01:00",
    "1772458200",
    1772458200,
    1772458200.5,
    None,
    "",
    "9999-12-31T23:59:59Z",
    "2007-12-31T23:59:59Z",
    "2026-03-02T14:30:00+99:00",
]

FIELDS = [
    (entry.model.fact_name, name)
    for entry in ENTRIES
    for name, field in entry.model.model_json_schema().get("properties", {}).items()
    if "date" in (field.get("format"), *(option.get("format") for option in field.get("anyOf", ())))
]
OPTIONAL = {
    ("machtiging-requested", "requested_until"),
    ("expert-advice-issued", "deadline_on"),
    ("care-plan-evaluated", "next_due_on"),
    ("plan-adopted", "valid_until"),
    ("real-estate-scanned", "lease_until"),
    ("restriction-reported", "on"),
}
"""Fields that may be absent, which JSON also writes as null."""
WRONG_DATES = [
    (name, field, written)
    for name, field in FIELDS
    for written in NO_DATES
    if written is not None or (name, field) not in OPTIONAL
]
MOMENTS = [entry.model.fact_name for entry in ENTRIES if entry.model.dated == "at"]


def refusals(event: dict[str, Any]) -> list[FieldError]:
    answer = parse(json.dumps(event), today=TODAY, now=NOW)
    return list(answer) if isinstance(answer, tuple) else []


@pytest.mark.parametrize(("name", "field", "written"), WRONG_DATES, ids=repr)
def test_what_is_no_date_of_the_law_is_refused_in_every_date_field(name: str, field: str, written: Any) -> None:
    assert [error.pointer for error in refusals(event_of(name, {field: written}))] == [f"/data/{field}"]


@pytest.mark.parametrize("written", NO_MOMENTS, ids=repr)
def test_what_is_no_moment_with_an_offset_is_refused_as_time(written: Any) -> None:
    event = event_of("heartbeat") | {"time": written}
    assert [error.pointer for error in refusals(event)] == ["/time"]


@pytest.mark.parametrize("written", NO_MOMENTS, ids=repr)
@pytest.mark.parametrize("name", MOMENTS)
def test_what_is_no_moment_with_an_offset_is_refused_in_every_field_of_one(name: str, written: Any) -> None:
    assert [error.pointer for error in refusals(event_of(name, {"at": written}))] == ["/data/at"]


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-02T13:30:00Z",
        "2026-03-02t13:30:00z",
        "2026-03-02T14:30:00+01:00",
        "2026-03-02T14:30:00.000+01:00",
        "2026-03-02T13:30:00.000000000Z",
        "2026-03-02T13:30:00-00:00",
    ],
)
def test_one_moment_may_be_written_in_every_way_of_rfc_3339(written: str) -> None:
    event = parse(json.dumps(event_of("heartbeat", time=written)), today=TODAY, now=NOW)
    assert isinstance(event, Event)
    assert event.time == datetime(2026, 3, 2, 13, 30, tzinfo=UTC)


def test_the_first_day_of_the_law_is_taken() -> None:
    event = parse(json.dumps(event_of("placement-started", {"started_on": "2008-01-01"})), today=TODAY, now=NOW)
    assert isinstance(event, Event)
    assert event.data.started_on == date(2008, 1, 1)


@pytest.mark.parametrize(
    ("name", "field", "written"),
    [
        ("placement-started", "birth_month", "20١٠-05"),
        ("referral-registered", "birth_month", "20１０-05"),
        ("restriction-reported", "quarter", "20２４-Q1"),
        ("context-figure-published", "period", "20２３"),
    ],
)
def test_a_month_quarter_or_year_in_digits_of_another_script_is_refused(name: str, field: str, written: str) -> None:
    """As its schema says, in which \\d is 0 to 9."""
    found = refusals(event_of(name, {field: written}))
    assert [(error.pointer, error.code) for error in found] == [(f"/data/{field}", "format")]
