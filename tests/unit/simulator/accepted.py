"""A statement as the monitor gets it: past the door, and with a place in the ledger."""

import json
from datetime import UTC, date, datetime, time

from services.simulator.publishers import PUBLISHERS
from services.simulator.statement import Statement, Writer
from shared.calendar import rfc3339
from shared.facts.acceptance import parse
from shared.facts.catalogue import accepted as reader
from shared.facts.envelope import AcceptedEvent, Event

WRITER = Writer()


def accepted(statement: Statement, *, today: date) -> AcceptedEvent:
    """What the door takes of it on a day; its publisher may say it, of this accommodation too."""
    text, now = WRITER.event(statement), datetime.combine(today, time(), tzinfo=UTC)
    event = parse(text, today=today, now=now)
    assert isinstance(event, Event), event
    publisher = PUBLISHERS[statement.publisher]
    assert statement.name in publisher.facts
    assert statement.data.get("accommodation") in {None, *publisher.accommodations}
    return reader().validate_json(json.dumps(json.loads(text) | {"acceptedat": rfc3339(now), "position": 1, "prev": 0}))
