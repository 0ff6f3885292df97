"""Events in a file or on standard input: NDJSON, one structured CloudEvent a line, or CSV with a header.

A CSV column is an attribute of the event (id, source, type, subject, time, record, ...) or else a field of `data`. An
empty cell is a field that is absent; `type` may be the name of a fact; `specversion` is 1.0.
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from services.command.failures import WrongCall
from shared.facts.catalogue import by_name, catalogue
from shared.facts.envelope import Event

STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Line:
    """One event of the file."""

    number: int
    """Its line, counted from 1."""
    event: str
    """A structured CloudEvent in JSON, or what stands there instead."""


@contextmanager
def opened(file: Path) -> Iterator[Iterator[Line]]:
    """The events of the file, read when asked for; `-` is standard input. Raises WrongCall if it is unreadable."""
    with text_of(file) as text:
        yield lines(text)


@contextmanager
def text_of(file: Path) -> Iterator[TextIO]:
    """What stands in the file; `-` is standard input. Raises WrongCall if it is unreadable."""
    if file == STANDARD_INPUT:
        yield sys.stdin
        return
    try:
        text = file.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise WrongCall(f"{file} cannot be read: {error.strerror}") from error
    with text:
        yield text


def lines(text: TextIO) -> Iterator[Line]:
    """The events of a text: NDJSON when its first line that is not empty begins with a brace, CSV otherwise."""
    numbered = ((number, line) for number, line in enumerate(text, start=1) if line.strip())
    first = next(numbered, None)
    if first is None:
        return
    if first[1].lstrip().startswith("{"):
        for number, line in chain([first], numbered):
            yield Line(number, line.strip())
    else:
        yield from _rows(line for _, line in chain([first], numbered))


def _rows(text: Iterable[str]) -> Iterator[Line]:
    reader = csv.DictReader(text)
    unnamed = [name for name in reader.fieldnames or () if not name.strip()]
    if unnamed or "type" not in (reader.fieldnames or ()):
        raise WrongCall("the first line is neither a JSON object nor a CSV header that names every column, with `type`")
    for row in reader:
        yield Line(reader.line_num, json.dumps(_event(row), ensure_ascii=False))


def _event(row: Mapping[str | None, Any]) -> Mapping[str, Any]:
    cells = {str(name).strip(): cell.strip() for name, cell in row.items() if isinstance(cell, str) and cell.strip()}
    model = by_name(cells["type"]) if "type" in cells else None
    if model is not None:
        cells["type"] = model.type()
    texts = _texts(cells.get("type", ""))
    attributes = {name: cell for name, cell in cells.items() if name in Event.model_fields and name != "data"}
    data = {name: cell if name in texts else _value(cell) for name, cell in cells.items() if name not in attributes}
    if "revision" in attributes:
        attributes["revision"] = _value(attributes["revision"])
    return {"specversion": "1.0", **attributes, "data": data}


@cache
def _texts(type_name: str) -> frozenset[str]:
    """The fields of this fact that are text in JSON; the cell of any other is written as JSON: 3, true, ["a"]."""
    entry = catalogue().get(type_name)
    if entry is None:
        return frozenset()
    schema = entry.model.model_json_schema()
    return frozenset(name for name, field in schema["properties"].items() if _is_text(field, schema.get("$defs", {})))


def _is_text(field: Mapping[str, Any], definitions: Mapping[str, Any]) -> bool:
    if "$ref" in field:
        return _is_text(definitions[field["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in field:
        return any(_is_text(choice, definitions) for choice in field["anyOf"])
    return field.get("type") == "string"


def _value(cell: str) -> Any:
    try:
        return json.loads(cell)
    except json.JSONDecodeError:
        return cell  # The door says what should stand there.
