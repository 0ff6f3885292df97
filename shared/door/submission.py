"""A submission on its way from bytes to results: examined, stored through the ledger's writer, and accounted for."""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from typing import assert_never

from shared.calendar import calendar_date
from shared.clock import Clock
from shared.door.body import BATCH_FACTS_MAX, EVENT_BYTES_MAX
from shared.door.desks import Desk
from shared.door.examination import Examiner
from shared.door.results import Known, Refused, Result, Taken, withheld
from shared.facts.fact import Owner
from shared.ledger import (
    Accepted,
    Conflict,
    Draft,
    Duplicate,
    Erased,
    Keyless,
    Outcome,
    Submission,
    Withheld,
    draft,
)
from shared.problems import CONFLICT, ERASED, MALFORMED, TOO_LARGE, Problem, unavailable
from shared.publishers.registry import Publisher

EXAMINED_AT_ONCE = 100
"""Events that are examined before other requests get a turn: about two milliseconds of work."""

EXAMINED_BYTES_AT_ONCE = EVENT_BYTES_MAX
"""The same in bytes: an event of 64 KiB with nothing but errors is a tenth of a second of work."""


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


# It only says where a value ends; whoever examines the event reads what it says.
_READER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_no_constant)
_SPACES = re.compile(r"[ \t\n\r]*")


class Submissions:
    """Takes the events of a request, as raw structured events, and says what became of each."""

    def __init__(self, *, service: Owner, addresses: Mapping[Owner, str], clock: Clock) -> None:
        self._service = service
        self._addresses = addresses
        self._clock = clock

    async def submit(
        self, raws: Sequence[bytes], *, publisher: Publisher, desk: Desk, strict: bool = False
    ) -> list[Result]:
        """The results in the order of the events. `strict`: when one is refused, all are."""
        now = self._clock()
        examiner = Examiner(self._service, self._addresses, publisher, calendar_date(now), now)
        examined: list[Draft | Refused] = []
        events_at_once = bytes_at_once = 0
        for raw in raws:
            events_at_once, bytes_at_once = events_at_once + 1, bytes_at_once + len(raw)
            if events_at_once > EXAMINED_AT_ONCE or bytes_at_once > EXAMINED_BYTES_AT_ONCE:
                await asyncio.sleep(0)
                events_at_once, bytes_at_once = 1, len(raw)
            found = examiner.examine(raw)
            examined.append(found if isinstance(found, Refused) else draft(found.event, found.written))
        results = await _stored(examined, desk=desk, strict=strict)
        for raw, result in zip(raws, results, strict=True):
            if isinstance(result, Refused):
                desk.note(examiner.rejection(raw, result))
        if duplicates := sum(isinstance(result, Known) for result in results):
            desk.count_duplicates(duplicates)
        return results


def events_of_batch(body: bytes) -> list[bytes]:
    """The events of a JSON array, each as it was written, so that it is judged as if it came alone.

    Raises the problems 400 and 413.
    """
    try:
        text = body.decode()
        place = _after_spaces(text, 0)
        if text[place : place + 1] != "[":
            _READER.decode(text)
            raise Problem(MALFORMED, "A batch is a JSON array of events.")
        return _items(text, place + 1)
    except (ValueError, RecursionError) as error:
        since = f" from line {error.lineno}, column {error.colno} on" if isinstance(error, json.JSONDecodeError) else ""
        raise Problem(MALFORMED, f"The body is no JSON document in UTF-8{since}.") from error


def _items(text: str, begin: int) -> list[bytes]:
    """The items of the array that begins before `begin`. Raises ValueError, RecursionError and the problem 413."""
    items: list[bytes] = []
    place = _after_spaces(text, begin)
    more = text[place : place + 1] != "]"
    while more:
        _, end = _READER.raw_decode(text, place)
        if len(items) == BATCH_FACTS_MAX:
            raise Problem(TOO_LARGE, f"A batch may have {BATCH_FACTS_MAX} events; NDJSON has no limit.")
        items.append(text[place:end].encode())
        place = _after_spaces(text, end)
        more = text[place : place + 1] == ","
        if more:
            place = _after_spaces(text, place + 1)
    if text[place : place + 1] != "]" or _after_spaces(text, place + 1) != len(text):
        raise ValueError("the array does not end")
    return items


def _after_spaces(text: str, place: int) -> int:
    match = _SPACES.match(text, place)
    assert match is not None, "no spaces are spaces too"
    return match.end()


async def _stored(examined: Sequence[Draft | Refused], *, desk: Desk, strict: bool) -> list[Result]:
    drafts = tuple(one for one in examined if isinstance(one, Draft))
    if strict and len(drafts) < len(examined):
        return [one if isinstance(one, Refused) else withheld(one.id) for one in examined]
    outcomes = iter(await desk.append(Submission(drafts, strict=strict)) if drafts else ())
    return [one if isinstance(one, Refused) else _result(one, next(outcomes)) for one in examined]


def _result(sent: Draft, outcome: Outcome) -> Result:
    event_id = sent.id
    match outcome:
        case Accepted(position=position, warnings=warnings):
            return Taken(event_id, position, sent.odd + warnings)
        case Duplicate(position=position):
            return Known(event_id, position)
        case Conflict():
            return Refused(event_id, Problem(CONFLICT, "This source and id are stored with other content."))
        case Withheld():
            return withheld(event_id)
        case Erased():
            return Refused(event_id, Problem(ERASED, "This young person was erased; nothing of the event was kept."))
        case Keyless():
            return Refused(event_id, unavailable("Nobody can be erased here: no erasure key is set."))
        case never:
            assert_never(never)
