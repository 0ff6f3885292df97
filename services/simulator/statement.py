"""What a publisher's system says: one version of one record, dated, and written as the event that goes to the door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from pydantic_core import to_json

from services.simulator.publishers import PUBLISHERS
from shared.facts.catalogue import catalogue


@dataclass(frozen=True, slots=True)
class Statement:
    """One event before it is written down."""

    publisher: str
    name: str
    """The name of the fact, such as placement-started."""
    record: str
    """The publisher's own key of the record; with the revision it also makes the id of the event."""
    person: str | None
    data: Mapping[str, object]
    on: date
    """The day on which it is true."""
    time: datetime
    """When the publisher's system recorded it; in UTC, to the second."""
    revision: int = 1
    precision: Literal["month"] | None = None
    """How exactly the publisher knows the day on which it is true; to the day where it does not say."""
    run: str = ""
    """Set apart from the history: the live run that says it."""

    @property
    def id(self) -> str:
        said = f"{self.name}/{self.record}/{self.revision}"
        return f"{self.run}/{said}" if self.run else said


def morning_of(day: date, *, minutes: int = 0) -> datetime:
    """06:00 UTC on a day, and so many minutes later."""
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC) + timedelta(minutes=minutes)


class Writer:
    """Writes statements as structured CloudEvents; the same statement gives the same bytes."""

    def __init__(self) -> None:
        self._types = {entry.model.fact_name: entry.type for entry in catalogue().values()}

    def event(self, statement: Statement) -> str:
        """The event as one line of JSON."""
        event: dict[str, object] = {
            "specversion": "1.0",
            "id": statement.id,
            "source": PUBLISHERS[statement.publisher].source,
            "type": self._types[statement.name],
            "time": statement.time.isoformat(),
        }
        if statement.person is not None:
            event["subject"] = statement.person
        if statement.name != "record-withdrawn":
            event["record"] = statement.record
        if statement.revision != 1:
            event["revision"] = statement.revision
        if statement.precision is not None:
            event["precision"] = statement.precision
        event["data"] = statement.data
        return to_json(event).decode()
