"""The facts about one person in order of the days on which they are true, each with what has become of it; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from services.monitor.dossier.records import overruled
from shared.calendar import calendar_date
from shared.facts.envelope import AcceptedEvent
from shared.facts.erasure import FactErased
from shared.facts.record import RecordWithdrawn
from shared.facts.records import Record

State = Literal["stands", "superseded", "withdrawn", "moved"]
"""A fact counts; a later revision does (D12); it was taken back; or its record is about somebody else now."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact."""

    on: date | None
    """The day on which it is true; None of a fact without a date, such as a withdrawal."""
    accepted_at: datetime
    """Since when it is known here."""
    time: datetime
    """When its source recorded it."""
    name: str
    source: str
    record: str
    revision: int
    precision: Literal["day", "month", "year"]
    """How exactly its source knows the day."""
    state: State
    data: Mapping[str, Any]


def timeline(person: str, facts: Iterable[AcceptedEvent]) -> Sequence[Entry]:
    """What was said of this person; `facts` are those of every record that they ever had.

    Of a record that is somebody else's now, only what it said of this person is told.
    """
    told = list(facts)
    newest: dict[Record, AcceptedEvent] = {}
    withdrawn: dict[Record, int] = {}
    erased = [event for event in told if isinstance(event.data, FactErased)]
    for event in told:
        if isinstance(event.data, RecordWithdrawn):
            target = event.source, event.data.of, event.data.record
            withdrawn[target] = max(withdrawn.get(target, 0), event.revision)
        elif not isinstance(event.data, FactErased):
            newest[_record(event)] = max(newest.get(_record(event), event), event, key=_newness)
    own = [event for event in told if event.subject == person]
    gone = overruled(newest, erased)
    standing = {record: event.subject for record, event in newest.items() if record not in gone}
    entries = [
        _entry(event, _state(event, standing=standing.get(_record(event)), newest=newest, withdrawn=withdrawn))
        for event in own
    ]
    return sorted(entries, key=_order)


def _record(event: AcceptedEvent) -> Record:
    return event.source, event.data.fact_name, event.record_key


def _newness(event: AcceptedEvent) -> tuple[int, datetime, str]:
    return event.revision, event.time, event.id


def _state(
    event: AcceptedEvent,
    *,
    standing: str | None,
    newest: Mapping[Record, AcceptedEvent],
    withdrawn: Mapping[Record, int],
) -> State:
    """`standing` is whom the record is about, by the newest of its revisions; None for somebody who was erased."""
    if isinstance(event.data, RecordWithdrawn):
        return "stands"
    record = _record(event)
    if withdrawn.get(record, 0) >= event.revision:
        return "withdrawn"
    if standing != event.subject:
        return "moved"
    return "stands" if newest[record] is event else "superseded"


def _entry(event: AcceptedEvent, state: State) -> Entry:
    return Entry(
        on=event.true_on,
        accepted_at=event.acceptedat,
        time=event.time,
        name=event.data.fact_name,
        source=event.source,
        record=event.record_key,
        revision=event.revision,
        precision=event.precision or "day",
        state=state,
        data=event.data.model_dump(mode="json", exclude_none=True),
    )


def _order(entry: Entry) -> tuple[date, datetime, str, str]:
    return entry.on or calendar_date(entry.accepted_at), entry.accepted_at, entry.source, entry.record
