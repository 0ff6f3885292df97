"""The files that an event log comes in; pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from services.monitor.eventlog.as_csv import write_csv
from services.monitor.eventlog.as_ocel import write_ocel
from services.monitor.eventlog.as_xes import write_xes
from services.monitor.eventlog.cases import Case


@dataclass(frozen=True, slots=True)
class Format:
    """One of them."""

    file: str
    media_type: str
    write: Callable[[Iterable[Case], TextIO, datetime], None]
    """Writes these cases, as known at that moment; goes through them more than once."""


FORMATS: Mapping[str, Format] = {
    "csv": Format("events.csv", "text/csv", lambda cases, file, _known: write_csv(cases, file)),
    "xes": Format("log.xes", "application/xml", lambda cases, file, known: write_xes(cases, file, known=known)),
    "ocel": Format("log.ocel.json", "application/json", lambda cases, file, _known: write_ocel(cases, file)),
}
"""By the name by which one asks for it."""
