"""The files of the event log: each says the same, and none says who somebody is."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree

import pytest
from pyarrow.parquet import read_table

from services.monitor.dossier.spells import Spells
from services.monitor.dossier.state import Dossier
from services.monitor.eventlog.as_csv import COLUMNS, write_csv
from services.monitor.eventlog.as_ocel import write_ocel
from services.monitor.eventlog.as_parquet import write_parquet
from services.monitor.eventlog.as_xes import write_xes
from services.monitor.eventlog.cases import Case, Cases
from tests.unit.dossier.given import (
    advised,
    asked,
    discharged,
    evaluated,
    folded,
    granted,
    listed,
    mode_changed,
    moved,
    restricted,
    reviewed,
    start,
    support_asked,
    support_resolved,
    taught,
)

KNOWN = datetime(2024, 5, 1, 12, tzinfo=UTC)
UNTIL = date(2024, 5, 1)
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
XES = "{http://www.xes-standard.org/}"
PEOPLE = [f"young-person-{number:04}" for number in range(40)]


def _dossier(person: str) -> Dossier:
    of = {"person": person}
    return folded(
        granted(f"M-{person}", "2024-01-10", "2024-07-10", **of),
        start(f"P-{person}", "2024-01-10", at=f"house-{person[-4:]}", birth_month="2008-02", sex="f", **of),
        moved(f"P-{person}", "2024-02-01", to="house-b", **of),
        start(f"Q-{person}", "2024-02-01", at="house-b", **of),
        discharged(f"Q-{person}", "2024-04-01", **of),
        asked(f"C-{person}", "2024-03-01", **of),
        advised(f"C-{person}", "2024-03-05", **of),
        taught("2024-01-20", "inside", hours=20, brin="12AB", placement=f"P-{person}", **of),
        evaluated("2024-02-20", due="2024-05-20", placement=f"Q-{person}", **of),
        mode_changed(f"Q-{person}", "2024-03-10", "besloten", **of),
        restricted(f"Q-{person}", "2024-Q1", on="2024-03-11", emergency=True, **of),
        reviewed("2024-03-20", placement=f"Q-{person}", **of),
        support_asked(f"S-{person}", "2024-03-21", **of),
        support_resolved(f"S-{person}", "2024-03-28", **of),
        listed(f"W-{person}", "2024-04-01", **of),
        person=person,
    )


@pytest.fixture(scope="module")
def cases() -> Cases:
    return Cases([_dossier(person) for person in PEOPLE], until=UNTIL, key=KEY)


@pytest.fixture(scope="module")
def rows(cases: Cases) -> Sequence[dict[str, str]]:
    file = StringIO(newline="")
    write_csv(cases, file)
    file.seek(0)
    return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def xes(cases: Cases) -> ElementTree.Element:
    file = StringIO()
    write_xes(cases, file, known=KNOWN)
    return ElementTree.fromstring(file.getvalue())


@pytest.fixture(scope="module")
def ocel(cases: Cases) -> dict[str, Any]:
    file = StringIO()
    write_ocel(cases, file)
    found: dict[str, Any] = json.loads(file.getvalue())
    return found


def test_all_files_tell_the_same(
    cases: Cases, rows: Sequence[dict[str, str]], xes: ElementTree.Element, ocel: dict[str, Any]
) -> None:
    told = [(case.name, one.activity, str(one.on)) for case in cases for one in case.happened]
    assert len(told) == len(PEOPLE) * 20
    assert [(row["case"], row["activity"], row["date"]) for row in rows] == told
    traces = [
        (trace.find(f"{XES}string").get("value"), *_named(event))  # type: ignore[union-attr]
        for trace in xes.iter(f"{XES}trace")
        for event in trace.iter(f"{XES}event")
    ]
    assert traces == told
    assert [(_of(one), one["type"], one["time"][:10]) for one in ocel["events"]] == told


def _named(event: ElementTree.Element) -> tuple[str | None, str]:
    values = {one.get("key"): one.get("value") for one in event}
    return values["concept:name"], str(values["time:timestamp"])[:10]


def _of(event: dict[str, Any]) -> str:
    (name,) = (one["objectId"] for one in event["relationships"] if one["qualifier"] == "of")
    return str(name)


def test_parquet_has_the_rows_of_csv_in_types_of_their_own(cases: Cases, rows: Sequence[dict[str, str]]) -> None:
    file = BytesIO()
    write_parquet(cases, file)
    table = read_table(file)
    assert tuple(table.column_names) == COLUMNS
    assert [{name: _as_cell(one) for name, one in row.items()} for row in table.to_pylist()] == rows
    types = {str(table.schema.field(name).type) for name in ("date", "valid_from", "valid_until")}
    assert types == {"date32[day]"}
    assert {str(table.schema.field(name).type) for name in ("age", "inferred", "sex")} == {"int32", "bool", "string"}


def test_parquet_of_nobody_has_its_columns() -> None:
    file = BytesIO()
    write_parquet((), file)
    assert (read_table(file).num_rows, tuple(read_table(file).column_names)) == (0, COLUMNS)


def _as_cell(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_no_file_names_a_pseudonym_or_a_key_of_a_publisher(cases: Cases) -> None:
    file = StringIO()
    write_csv(cases, file)
    write_xes(cases, file, known=KNOWN)
    write_ocel(cases, file)
    assert not any(person in file.getvalue() for person in PEOPLE)
    assert "12AB" not in file.getvalue(), "the number of a school tells where somebody lives"


def test_numbers_are_others_in_another_log(cases: Cases) -> None:
    again, other = (Cases([_dossier(one) for one in PEOPLE], until=UNTIL, key=key) for key in (KEY, OTHER_KEY))
    assert list(again) == list(cases)
    assert [_began_at(case) for case in other] != [_began_at(case) for case in cases]
    assert {_began_at(case) for case in other} == {_began_at(case) for case in cases}


def _began_at(case: Case) -> object:
    return next(one.attributes["accommodation"] for one in case.happened if one.activity == "placement-started")


def test_a_cell_of_csv_is_empty_where_nothing_is_said(rows: Sequence[dict[str, str]]) -> None:
    assert tuple(rows[0]) == COLUMNS
    (started, *_) = (row for row in rows if row["activity"] == "placement-started")
    assert (started["age"], started["sex"], started["binding"], started["destination"]) == ("15", "f", "", "")
    (advice, *_) = (row for row in rows if row["activity"] == "expert-advice-issued")
    assert advice["binding"] == "true"
    assert advice["consult"] == f"{advice['case']}-consult-1"


def test_xes_tells_values_by_their_type(xes: ElementTree.Element) -> None:
    kinds = {(one.tag.removeprefix(XES), one.get("key")) for event in xes.iter(f"{XES}event") for one in event}
    assert {
        ("int", "age"),
        ("boolean", "binding"),
        ("int", "minutes"),
        ("string", "sex"),
        ("date", "time:timestamp"),
    } <= kinds
    places = {one.get("value") for one in xes.iter(f"{XES}string") if one.get("key") == "accommodation"}
    assert places == {"house-b", *(f"house-{person[-4:]}" for person in PEOPLE)}


def test_ocel_relates_to_objects_that_are_there_and_of_declared_types(ocel: dict[str, Any]) -> None:
    objects = {one["id"]: one["type"] for one in ocel["objects"]}
    assert len(objects) == len(ocel["objects"])
    assert set(objects.values()) <= {one["name"] for one in ocel["objectTypes"]}
    assert Counter(objects.values())["accommodation"] == len(PEOPLE) + 1
    assert len({one["id"] for one in ocel["events"]}) == len(ocel["events"])
    declared = {one["name"]: {said["name"] for said in one["attributes"]} for one in ocel["eventTypes"]}
    for one in (*ocel["objects"], *ocel["events"]):
        assert {related["objectId"] for related in one["relationships"]} <= objects.keys()
    for one in ocel["events"]:
        assert {said["name"] for said in one["attributes"]} <= declared[one["type"]]
    (placement, *_) = (one for one in ocel["objects"] if one["type"] == "placement")
    assert {related["qualifier"] for related in placement["relationships"]} == {"of", "in"}


def test_who_has_no_past_yet_is_no_case() -> None:
    assert list(Cases([_dossier(PEOPLE[0])], until=date(2024, 1, 9), key=KEY)) == []


def test_counted_from_the_log_the_figures_are_the_same(rows: Sequence[dict[str, str]]) -> None:
    spells = Spells(tuple(_dossier(person) for person in PEOPLE))
    counted = Counter(row["activity"] for row in rows if row["closure"])
    assert counted["placement-started"] == len(spells.placements)
    assert counted["closure-began"] == len(spells.closures)
    assert counted["doorplaatsing"] == sum(len(one.doorplaatsingen) for one in spells.closures)
    days = {row["closure"]: date.fromisoformat(row["date"]) for row in rows if row["activity"] == "closure-began"}
    lasted = [
        (date.fromisoformat(row["date"]) - days[row["closure"]]).days
        for row in rows
        if row["activity"] == "closure-ended"
    ]
    assert sorted(lasted) == sorted(one.elapsed(UNTIL) for one in spells.closures if one.ended_on)
