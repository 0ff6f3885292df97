"""A submission on its way from bytes to results: examined, stored through the ledger's writer, and accounted for."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import assert_never

from pydantic_core import from_json, to_json

from shared.calendar import calendar_date
from shared.clock import Clock
from shared.door.body import BATCH_FACTS_MAX
from shared.door.desks import Desk
from shared.door.examination import Examiner
from shared.door.results import Known, Refused, Result, Taken, withheld
from shared.facts.fact import Owner
from shared.ledger import Accepted, Conflict, Draft, Duplicate, Outcome, Submission, Withheld, draft
from shared.problems import CONFLICT, MALFORMED, TOO_LARGE, Problem
from shared.publishers.registry import Publisher

EXAMINED_AT_ONCE = 100
"""Events that are examined before other requests get a turn: about two milliseconds of work."""


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
        for index, raw in enumerate(raws):
            if index and index % EXAMINED_AT_ONCE == 0:
                await asyncio.sleep(0)
            event = examiner.examine(raw)
            examined.append(event if isinstance(event, Refused) else draft(event))
        results = await _stored(examined, desk=desk, strict=strict)
        for raw, result in zip(raws, results, strict=True):
            if isinstance(result, Refused):
                desk.note(examiner.rejection(raw, result))
        if duplicates := sum(isinstance(result, Known) for result in results):
            desk.count_duplicates(duplicates)
        return results


def events_of_batch(body: bytes) -> list[bytes]:
    """The events of a JSON array, each as bytes. Raises the problems 400 and 413."""
    try:
        batch = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise Problem(MALFORMED, "The body is no JSON document in UTF-8.") from error
    if not isinstance(batch, list):
        raise Problem(MALFORMED, "A batch is a JSON array of events.")
    if len(batch) > BATCH_FACTS_MAX:
        raise Problem(TOO_LARGE, f"A batch may have {BATCH_FACTS_MAX} events; NDJSON has no limit.")
    return [to_json(event) for event in batch]


async def _stored(examined: Sequence[Draft | Refused], *, desk: Desk, strict: bool) -> list[Result]:
    drafts = tuple(one for one in examined if isinstance(one, Draft))
    if strict and len(drafts) < len(examined):
        return [one if isinstance(one, Refused) else withheld(one.id) for one in examined]
    outcomes = iter(await desk.append(Submission(drafts, strict=strict)) if drafts else ())
    return [one if isinstance(one, Refused) else _result(one.id, next(outcomes)) for one in examined]


def _result(event_id: str, outcome: Outcome) -> Result:
    match outcome:
        case Accepted(position=position, warnings=warnings):
            return Taken(event_id, position, warnings)
        case Duplicate(position=position):
            return Known(event_id, position)
        case Conflict():
            return Refused(event_id, Problem(CONFLICT, "This source and id are stored with other content."))
        case Withheld():
            return withheld(event_id)
        case never:
            assert_never(never)
