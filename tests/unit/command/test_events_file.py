"""Events in a file: NDJSON passes through as it is, CSV becomes what the door takes."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from services.command.events_file import Line, lines, opened
from services.command.failures import WrongCall
from services.command.validating import checked

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_line_of_ndjson_is_passed_on_as_it_is_and_empty_lines_are_left_out() -> None:
    text = '\n{"id": "a"}\n\nnonsense\n'
    assert list(lines(StringIO(text))) == [Line(2, '{"id": "a"}'), Line(4, "nonsense")]


def test_a_row_of_csv_becomes_an_event_that_the_door_takes(tmp_path: Path) -> None:
    """Short names of facts, numbers, truth values and empty cells are read as what the schema says."""
    file = tmp_path / "capacity.csv"
    file.write_text(
        "id,source,type,subject,time,revision,accommodation,from_on,places,closure,procurement\n"
        "c1,urn:nld:x:y,capacity-changed,,2026-03-01T09:00:00Z,2,house-a,2026-03-01,24,gesloten,lta\n"
    )
    with opened(file) as found:
        (line,) = found
    event = json.loads(line.event)
    assert event["type"] == "nl.doorstroom.capacity-changed.v1"
    assert event["revision"] == 2
    assert event["data"]["places"] == 24
    assert "subject" not in event
    assert [one.errors for one in checked(file, now=NOW)] == [()]


def test_an_identifier_of_digits_stays_text() -> None:
    (line,) = lines(StringIO("id,type,placement\n7,discharge-recorded,4711\n"))
    event = json.loads(line.event)
    assert event["id"] == "7"
    assert event["data"]["placement"] == "4711"


def test_lines_are_numbered_as_in_the_file_also_when_a_cell_spans_two(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text('type,id\nheartbeat,"a\nb"\nheartbeat,c\n')
    with opened(file) as found:
        assert [line.number for line in found] == [3, 4]


def test_what_is_odd_is_said_and_would_be_taken(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text(
        "id,source,type,subject,time,precision,placement,discharged_on,destination,end_mode\n"
        "d1,urn:nld:x:y,discharge-recorded,person-0123456789abcdef,2026-03-01T09:00:00Z,month,4711,2026-02-01,home,planned\n"
    )
    (only,) = checked(file, now=NOW)
    assert only.errors == ()
    assert [(warning.code, warning.pointer) for warning in only.warnings] == [("F16", "/precision")]


def test_what_is_wrong_is_said_with_the_line_and_a_pointer(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("type,id,placement\ndischarge-recorded,a,P-1\n")
    (only,) = checked(file, now=NOW)
    assert only.line == 2
    assert {"/source", "/subject", "/data/discharged_on"} <= {error.pointer for error in only.errors}


@pytest.mark.parametrize("text", ["hello\n", "id,,type\n1,2,3\n", "[1]\n"])
def test_what_is_neither_ndjson_nor_csv_is_a_wrong_call(text: str) -> None:
    with pytest.raises(WrongCall, match="neither a JSON object nor a CSV header"):
        list(lines(StringIO(text)))


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="cannot be read"), opened(tmp_path / "nothing.ndjson"):
        pass


def test_an_empty_file_holds_no_events() -> None:
    assert list(lines(StringIO("\n"))) == []
