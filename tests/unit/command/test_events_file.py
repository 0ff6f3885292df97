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


@pytest.mark.parametrize(
    "text", ["hello\n", "id,name\n1,heartbeat\n", "[1]\n", "id|type\n1|heartbeat\n", "a" * 200_000]
)
def test_what_is_neither_ndjson_nor_csv_is_a_wrong_call(text: str) -> None:
    with pytest.raises(WrongCall, match=r"neither a JSON object nor the header of a CSV.* with a column `type`"):
        list(lines(StringIO(text)))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_cells_are_separated_by_what_the_header_has(separator: str) -> None:
    """A Dutch spreadsheet writes semicolons, and then a comma is part of a cell."""
    name = "Huis 4, oost" if separator == ";" else "Huis 4; oost"
    rows = ["id", "type", "name"], ["a", "accommodation-registered", name]
    (line,) = lines(StringIO("".join(f"{separator.join(row)}\r\n" for row in rows)))
    assert json.loads(line.event)["data"] == {"name": name}


def test_rows_and_columns_of_a_spreadsheet_that_are_empty_are_left_out_and_lines_counted_as_in_the_file() -> None:
    text = "\nid;type;;\n\na;heartbeat;;\n;;;\n   \nb;heartbeat\n"
    assert [(line.number, json.loads(line.event)["id"]) for line in lines(StringIO(text))] == [(4, "a"), (7, "b")]


def test_a_cell_under_no_name_or_after_the_last_one_is_told_and_not_dropped(tmp_path: Path) -> None:
    """A comma that should have been between quotes shifts the rest of the row by one."""
    file = tmp_path / "events.csv"
    file.write_text("type,id,,reason\ndoorplaatsing-recorded,a,b,c,d\n")
    (only,) = checked(file, now=NOW)
    unknown = [error.pointer for error in only.errors if error.code == "unknown_field"]
    assert unknown == ["/data/column 3", "/data/column 5"]


def test_a_column_that_stands_twice_is_a_wrong_call() -> None:
    with pytest.raises(WrongCall, match="more than one column `id`"):
        list(lines(StringIO("type,id,id\nheartbeat,a,b\n")))


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"type,id\nheartbeat,a\nheartbeat,caf\xe9\n", 3),
        ("type,id\nheartbeat,a\n".encode("utf-16"), 1),
        (b'{"id": "a"}\n{"id": "caf\xe9"}\n', 2),
    ],
)
def test_a_file_in_another_encoding_is_a_wrong_call_that_says_the_line(
    tmp_path: Path, content: bytes, line: int
) -> None:
    file = tmp_path / "events.csv"
    file.write_bytes(content)
    with (
        pytest.raises(WrongCall, match=f'line {line} of .* is not UTF-8: save it as "CSV UTF-8"'),
        opened(file) as all_,
    ):
        list(all_)


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_bytes("\ufefftype;id\nheartbeat;a\n".encode())
    with opened(file) as found:
        assert [json.loads(line.event)["id"] for line in found] == ["a"]


def test_what_breaks_the_rules_of_csv_is_a_wrong_call_that_says_the_line() -> None:
    with pytest.raises(WrongCall, match="line 3 is no CSV: field larger than field limit"):
        list(lines(StringIO(f"type,id\nheartbeat,a\nheartbeat,{'b' * 200_000}\n")))


def test_a_row_whose_quotes_do_not_end_is_told_where_it_begins() -> None:
    text = 'type;id\nheartbeat;a\nheartbeat;"b\n' + "heartbeat;c\n" * 20
    with pytest.raises(WrongCall, match="line 3 is no CSV: unexpected end of data"):
        list(lines(StringIO(text)))


@pytest.mark.parametrize("cell", ["1" * 5_000, "[" * 50_000], ids=["digits", "nested"])
def test_a_cell_that_is_no_json_for_being_large_is_told_by_the_door(tmp_path: Path, cell: str) -> None:
    file = tmp_path / "events.csv"
    file.write_text(f"type;id;revision\nheartbeat;a;{cell}\n")
    (only,) = checked(file, now=NOW)
    assert "/revision" in [error.pointer for error in only.errors]


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="cannot be read"), opened(tmp_path / "nothing.ndjson"):
        pass


def test_an_empty_file_holds_no_events() -> None:
    assert list(lines(StringIO("\n"))) == []
