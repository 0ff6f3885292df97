"""The event log as Apache Parquet: the rows of the CSV with days as dates and numbers as numbers; pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, BinaryIO

from services.monitor.eventlog.as_csv import COLUMNS
from services.monitor.eventlog.cases import Case
from services.monitor.eventlog.happening import ATTRIBUTES, TYPES, Value

ROWS_MAX = 50_000
"""Rows of a group: what is in memory at once."""


def write_parquet(cases: Iterable[Case], file: BinaryIO) -> None:
    """Write them, a row for each thing that happened; a cell is null where nothing is said."""
    # Loaded here: it takes as much memory as a service, which most of them never need.
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"date": pa.date32(), "integer": pa.int32(), "boolean": pa.bool_(), "string": pa.string()}
    schema = pa.schema([pa.field(name, kinds[_type(name)], nullable=name not in COLUMNS[:3]) for name in COLUMNS])
    rows = _rows(cases)
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        while group := list(islice(rows, ROWS_MAX)):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))


def _type(column: str) -> str:
    return "date" if column == "date" else TYPES.get(column, "string")


def _rows(cases: Iterable[Case]) -> Iterator[Mapping[str, Any]]:
    for case in cases:
        for one in case.happened:
            said = {name: _cell(name, one.attributes[name]) for name in ATTRIBUTES if name in one.attributes}
            yield {"case": case.name, "activity": one.activity, "date": one.on, **case.named(one), **said}


def _cell(name: str, value: Value | None) -> Value | date | None:
    return date.fromisoformat(value) if TYPES.get(name) == "date" and isinstance(value, str) else value
