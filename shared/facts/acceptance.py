"""What the door takes: an event that fits the schema and that no later fact could make impossible (H1..H9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from shared.calendar import calendar_date
from shared.facts.catalogue import by_name, catalogue, published
from shared.facts.content import Json, Members, bsn_paths, keys_written_max, read_leniently, repeated_paths
from shared.facts.envelope import Event
from shared.facts.erasure import PseudonymsMerged
from shared.facts.errors import ERRORS_MAX, FieldError, pointer_to, schema_errors
from shared.facts.fact import Day, Fact, Moment
from shared.facts.record import NEVER_WITHDRAWN, RecordWithdrawn
from shared.facts.restriction import RestrictionReported
from shared.pseudonym import contains_bsn

DAYS_AHEAD_MAX = 1
"""A fact has happened: its date lies at most one day after today (H4), for clocks and time zones that differ."""

CLOCK_AHEAD_MAX = timedelta(minutes=5)
"""How far the clock of a source may run ahead of ours."""

_BSN_DETAIL = "Nine digits that pass the eleven-test of the BSN stand here; publish a pseudonym, never a BSN (H5)"
_REPEATED_DETAIL = "This key stands here more than once, so nobody can tell which value is meant"

Time = TypeVar("Time", date, datetime)

_DAY: TypeAdapter[date] = TypeAdapter(Day)
_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


@dataclass(frozen=True, slots=True)
class Sound:
    """An event that the door takes, and what it is kept as."""

    event: Event
    written: str


def parse(raw: bytes | str, *, today: date, now: datetime) -> Event | tuple[FieldError, ...]:
    """The event, or everything that is wrong with it, as `examined` says."""
    found = examined(raw, today=today, now=now)
    return found.event if isinstance(found, Sound) else found


def examined(raw: bytes | str, *, today: date, now: datetime) -> Sound | tuple[FieldError, ...]:
    """Read one structured event as the door does: the event, or everything that is wrong with it.

    `today` is the date in Europe/Amsterdam at the moment `now`. An error with the code `bsn` means that the event holds
    a citizen service number: its body must be kept nowhere, not even among the refusals.
    """
    try:
        event = published().validate_json(raw, extra="forbid")
    except ValidationError as error:
        return _refusal(raw, error, today=today, now=now)
    errors = errors_of(event, today=today, now=now)
    keys = keys_written_max(raw if isinstance(raw, bytes) else raw.encode())
    if keys > _keys_read(event) and (repeated := _repeat_errors(raw)):
        return (*repeated, *errors, *_bsn_errors(raw))
    written = event.written()
    if contains_bsn(written):
        errors += _bsn_errors(written)
    return errors or Sound(event, written)


def errors_of(event: Event, *, today: date, now: datetime) -> tuple[FieldError, ...]:
    """What the door refuses in an event that fits the schema; nothing that another fact could mend."""
    fact: Fact = event.data
    errors = [*_clock_errors(event.time, now), *_date_errors(type(fact), _when(fact), today)]
    if type(fact) is RecordWithdrawn:
        errors += _withdrawal_errors(fact.of, event.subject)
    if type(fact) is PseudonymsMerged:
        errors += _merge_errors(fact.other, event.subject)
    if type(fact) is RestrictionReported:
        errors += _restriction_errors(fact.placement, fact.accommodation, event.subject)
    return tuple(errors)


def _keys_read(event: Event) -> int:
    # Facts have no objects inside; one that had would only be looked at more closely each time.
    return len(event.model_fields_set) + len(event.data.model_fields_set)


def _repeat_errors(raw: bytes | str) -> tuple[FieldError, ...]:
    pointers = dict.fromkeys(pointer_to(path) for path in repeated_paths(raw))
    return tuple(FieldError(pointer, "repeated", _REPEATED_DETAIL) for pointer in list(pointers)[:ERRORS_MAX])


def _when(fact: Fact) -> date | datetime | None:
    return getattr(fact, fact.dated) if fact.dated else None


def _clock_errors(time: datetime | None, now: datetime) -> Iterator[FieldError]:
    if time is not None and time > now + CLOCK_AHEAD_MAX:
        yield FieldError("/time", "ahead", "This lies more than 5 minutes ahead of our clock")


def _date_errors(model: type[Fact], when: date | datetime | None, today: date) -> Iterator[FieldError]:
    if when is None or model.dated_ahead:
        return
    day = calendar_date(when) if isinstance(when, datetime) else when
    if day > today + timedelta(days=DAYS_AHEAD_MAX):
        yield FieldError(f"/data/{model.dated}", "ahead", "This lies more than a day ahead; a fact has happened (H4)")


def _withdrawal_errors(of: str, subject: str | None) -> Iterator[FieldError]:
    model = by_name(of)
    if model is None:
        yield FieldError("/data/of", "unknown_code", "No fact has this name; /v1/event-types lists them")
    elif of in NEVER_WITHDRAWN:
        yield FieldError("/data/of", "not_withdrawable", "A fact of this name cannot be withdrawn")
    elif model.about == "person" and subject is None:
        yield FieldError("/subject", "missing", "The record is about a young person, so this field is required")
    elif model.about == "other" and subject is not None:
        yield FieldError(
            "/subject", "not_allowed", "The record is not about a young person, so this field must be absent"
        )


def _merge_errors(other: str, subject: str | None) -> Iterator[FieldError]:
    if other == subject:
        yield FieldError("/data/other", "same_person", "This is the subject itself; a merge names two pseudonyms")


def _restriction_errors(placement: object, accommodation: object, subject: object) -> Iterator[FieldError]:
    if placement is None and accommodation is None:
        yield FieldError("/data/accommodation", "missing", "Say the accommodation, or the placement of a young person")
    if placement is not None and subject is None:
        yield FieldError("/subject", "missing", "A placement is of a young person, so this field is required")
    if placement is None and subject is not None:
        yield FieldError("/subject", "not_allowed", "No placement is named, so this is about nobody: leave it out")


def _refusal(raw: bytes | str, error: ValidationError, *, today: date, now: datetime) -> tuple[FieldError, ...]:
    """Everything that can be said of an event that does not fit: the rules are held against the fields that do."""
    errors = [
        *_repeat_errors(raw),
        *schema_errors(error),
        *_envelope_errors(raw, error),
        *_rule_errors(raw, today=today, now=now),
    ]
    first_by_pointer: dict[str, FieldError] = {}
    for found in errors:
        first_by_pointer.setdefault(found.pointer, found)
    return (*list(first_by_pointer.values())[:ERRORS_MAX], *_bsn_errors(raw))


def _envelope_errors(raw: bytes | str, error: ValidationError) -> tuple[FieldError, ...]:
    # A reader that does not know the type stops there, while the attributes around the fact are the same for all.
    if not any(found["type"].startswith("union_tag") for found in error.errors(include_input=False)):
        return ()
    try:
        Event.model_validate_json(raw, extra="forbid")
    except ValidationError as around:
        return schema_errors(around)
    return ()


def _rule_errors(raw: bytes | str, *, today: date, now: datetime) -> Iterator[FieldError]:
    event = _members(read_leniently(raw))
    yield from _clock_errors(_read(_MOMENT, event.get("time")), now)
    kind = event.get("type")
    entry = catalogue().get(kind) if isinstance(kind, str) else None
    if entry is None:
        return
    data = _members(event.get("data"))
    when = data.get(entry.model.dated) if entry.model.dated else None
    yield from _date_errors(entry.model, _read(_DAY, when) or _read(_MOMENT, when), today)
    of, subject = data.get("of"), event.get("subject")
    if entry.model is RecordWithdrawn and isinstance(of, str):
        yield from _withdrawal_errors(of, subject if isinstance(subject, str) else None)
    other = data.get("other")
    if entry.model is PseudonymsMerged and isinstance(other, str):
        yield from _merge_errors(other, subject if isinstance(subject, str) else None)
    if entry.model is RestrictionReported:
        yield from _restriction_errors(data.get("placement"), data.get("accommodation"), subject)


def _members(value: Json) -> dict[str, Json]:
    return dict(value.pairs) if isinstance(value, Members) else {}


def _read(adapter: TypeAdapter[Time], value: Json) -> Time | None:
    try:
        return adapter.validate_python(value)
    except ValidationError:
        return None


def _bsn_errors(raw: bytes | str) -> tuple[FieldError, ...]:
    pointers = dict.fromkeys(pointer_to(path) for path in bsn_paths(raw))
    return tuple(FieldError(pointer, "bsn", _BSN_DETAIL) for pointer in list(pointers)[:ERRORS_MAX])
