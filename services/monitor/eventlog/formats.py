"""The files that an event log comes in; pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from typing import BinaryIO, TextIO

from services.monitor.eventlog.as_csv import write_csv
from services.monitor.eventlog.as_ocel import write_ocel
from services.monitor.eventlog.as_parquet import write_parquet
from services.monitor.eventlog.as_xes import write_xes
from services.monitor.eventlog.cases import Case


@dataclass(frozen=True, slots=True)
class Format:
    """One of them."""

    file: str
    media_type: str
    schema_type: str
    """What it is to JSON Schema: an object where it is JSON, and a string elsewhere."""
    write: Callable[[Iterable[Case], BinaryIO, datetime], None]
    """Writes these cases, as known at that moment; goes through them more than once, and leaves the file open."""


def _as_text(write: Callable[[Iterable[Case], TextIO, datetime], None]) -> Callable[..., None]:
    def in_bytes(cases: Iterable[Case], file: BinaryIO, known: datetime) -> None:
        text = TextIOWrapper(file, encoding="utf-8", newline="")
        try:
            write(cases, text, known)
        finally:
            text.detach()

    return in_bytes


FORMATS: Mapping[str, Format] = {
    "csv": Format("events.csv", "text/csv", "string", _as_text(lambda cases, to, _known: write_csv(cases, to))),
    "parquet": Format(
        "events.parquet",
        "application/vnd.apache.parquet",
        "string",
        lambda cases, to, _known: write_parquet(cases, to),
    ),
    "xes": Format(
        "log.xes",
        "application/xml",
        "string",
        _as_text(lambda cases, to, known: write_xes(cases, to, known=known)),
    ),
    "ocel": Format(
        "log.ocel.json",
        "application/json",
        "object",
        _as_text(lambda cases, to, _known: write_ocel(cases, to)),
    ),
}
"""By the name by which one asks for it."""
