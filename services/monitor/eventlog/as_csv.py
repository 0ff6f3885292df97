"""The event log as CSV (RFC 4180): a line for each thing that happened; pure."""

import csv
from collections.abc import Iterable
from typing import TextIO

from services.monitor.eventlog.cases import Case
from services.monitor.eventlog.happening import ATTRIBUTES, OBJECTS, Value

COLUMNS = ("case", "activity", "date", *OBJECTS, *ATTRIBUTES)


def write_csv(cases: Iterable[Case], file: TextIO) -> None:
    """Write them; a cell is empty where nothing is said, and true or false where it is one of these."""
    rows = csv.writer(file)
    rows.writerow(COLUMNS)
    for case in cases:
        for one in case.happened:
            named = case.named(one)
            said = (_cell(one.attributes.get(name)) for name in ATTRIBUTES)
            rows.writerow((case.name, one.activity, one.on.isoformat(), *map(named.get, OBJECTS), *said))


def _cell(value: Value | None) -> Value | None:
    return str(value).lower() if isinstance(value, bool) else value
