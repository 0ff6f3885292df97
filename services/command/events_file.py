"""Events in a file or on standard input: NDJSON, one structured CloudEvent a line, or CSV with a header.

A CSV column is an attribute of the event (id, source, type, subject, time, record, ...) or else a field of `data`. An
empty cell is a field that is absent; `type` may be the name of a fact; `specversion` is 1.0. Cells are separated by
commas, semicolons or tabs, as the header shows; rows without any text are left out. Files are UTF-8.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from services.command.failures import WrongCall
from shared.facts.catalogue import by_name, catalogue
from shared.facts.envelope import Event

STANDARD_INPUT = Path("-")
DELIMITERS = ",;\t"


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
def text_of(file: Path) -> Iterator[Iterator[str]]:
    """The lines of the file, read when asked for; `-` is standard input. Raises WrongCall if it is unreadable."""
    if file == STANDARD_INPUT:
        yield _decoded(sys.stdin.buffer, "standard input")
        return
    try:
        content = file.open("rb")
    except OSError as error:
        raise WrongCall(f"{file} cannot be read: {error.strerror}") from error
    with content:
        yield _decoded(content, str(file))


def _decoded(content: Iterable[bytes], name: str) -> Iterator[str]:
    for number, line in enumerate(content, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise WrongCall(f'line {number} of {name} is not UTF-8: save it as "CSV UTF-8", or convert it') from error


def lines(text: Iterable[str]) -> Iterator[Line]:
    """The events of a text: NDJSON when its first line that is not empty begins with a brace, CSV otherwise.

    Raises WrongCall for what is neither.
    """
    numbered = enumerate(text, start=1)
    first = next(((number, line) for number, line in numbered if line.strip()), None)
    if first is None:
        return
    if first[1].lstrip().startswith("{"):
        for number, line in chain([first], numbered):
            if line.strip():
                yield Line(number, line.strip())
    else:
        number, header = first
        yield from _rows(chain([header], (line for _, line in numbered)), _delimiter(header), before=number - 1)


def _delimiter(header: str) -> str:
    for one in DELIMITERS:
        with suppress(csv.Error):
            if "type" in map(str.strip, next(csv.reader([header], delimiter=one))):
                return one
    raise WrongCall(
        "the first line is neither a JSON object nor the header of a CSV, separated by commas, semicolons or tabs, "
        "with a column `type`"
    )


def _rows(text: Iterable[str], delimiter: str, *, before: int) -> Iterator[Line]:
    """The events of a header and what follows it, which stands after so many lines."""
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    begun = 1
    try:
        header = [name.strip() for name in next(reader)]
        if twice := [name for name, times in Counter(header).items() if name and times > 1]:
            raise WrongCall(f"the header has more than one column `{twice[0]}`")
        begun = reader.line_num + 1
        for row in reader:
            begun = reader.line_num + 1
            if cells := _cells(header, row):
                yield Line(before + reader.line_num, json.dumps(_event(cells), ensure_ascii=False))
    except csv.Error as error:
        # A row whose quotes do not end goes on to the end of the file: what is told is where it begins.
        raise WrongCall(f"line {before + begun} is no CSV: {error}") from error


def _cells(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """The cells with text, by column; one without a name is a field that no fact has, so the door tells of it."""
    named = zip_longest(header, row, fillvalue="")
    return {name or f"column {at}": cell.strip() for at, (name, cell) in enumerate(named, start=1) if cell.strip()}


def _event(cells: dict[str, str]) -> Mapping[str, Any]:
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
    except (ValueError, RecursionError):
        return cell  # The door says what should stand there.
