"""A simulated country in the database of a monitor: two years and some weeks, projected as streams bring them."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from services.monitor.dossier.rules import Rules
from services.monitor.projector.entries import Entry, RawEntry, Stream
from services.monitor.projector.projection import Projector
from services.monitor.rebuild import rebuild_when_outdated
from services.monitor.schema import upgrade
from services.simulator.history import History
from services.simulator.publishers import NATIONAL_FIGURES
from services.simulator.statement import Statement, Writer, morning_of
from shared.calendar import rfc3339
from shared.databases import open_engine
from shared.facts.catalogue import by_name, catalogue
from shared.streams import partition_of

PARTITIONS = 4
SEED = 1
UNTIL = date(2015, 2, 10)
NOW = datetime(2015, 2, 10, 10, tzinfo=UTC)
"""When the pages are read: the history just ended, and the last release is of the first of the month."""

BATCH_ENTRIES = 500

PUBLISHED = Statement(
    NATIONAL_FIGURES,
    "context-figure-published",
    "jji-2014",
    None,
    {
        "series": "jji",
        "period": "2014",
        "value": 1400,
        "status": "provisional",
        "source_url": "https://example.org/jji-2014",
    },
    date(2012, 12, 31),
    morning_of(date(2012, 12, 31)),
)
"""A figure of others, invented and told ahead of everything: those of the simulated country come out later."""


class NoSource:
    """The facts come without a gap, so nothing is ever missing."""

    def read(self, stream: Stream, *, after: int) -> list[Entry]:
        raise AssertionError(f"{stream.name} has a gap after {after}")


class Country:
    """Gives every event its place, and puts it in the database."""

    def __init__(self) -> None:
        self._positions = {service: count(1) for service in ("intake", "placement")}
        self._last: dict[Stream, int] = {}

    def placed(self, event: dict[str, Any], *, accepted_at: datetime) -> tuple[Stream, RawEntry]:
        """The entry of the stream that carries an event."""
        owner = catalogue()[event["type"]].model.owner
        service = "placement" if owner == "either" else owner
        stream = Stream(service, partition_of(event.get("subject") or event["source"], PARTITIONS))
        position = next(self._positions[service])
        told = event | {"acceptedat": rfc3339(accepted_at), "position": position, "prev": self._last.get(stream, 0)}
        self._last[stream] = position
        return stream, (b"%d-0" % position, json.dumps(told).encode())

    def load(self, url: str, *, until: date = UNTIL) -> int:
        """Project the history up to a day; how many facts it has."""
        engine = open_engine(url, durable=False)
        upgrade(engine)
        rebuild_when_outdated(engine, rules=Rules(), progress=lambda done, total: None)
        streams = [Stream(service, number) for service in self._positions for number in range(PARTITIONS)]
        projector = Projector(engine, rules=Rules(), clock=lambda: NOW, source=NoSource())
        projector.load(streams)
        facts = 0
        for batch in _batches(self._entries(until), BATCH_ENTRIES * len(streams)):
            by_stream: dict[Stream, list[RawEntry]] = {}
            for stream, entry in batch:
                by_stream.setdefault(stream, []).append(entry)
            projector.apply(by_stream)
            facts += len(batch)
        engine.dispose()
        return facts

    def _entries(self, until: date) -> Iterator[tuple[Stream, RawEntry]]:
        yield self.placed(json.loads(Writer().event(PUBLISHED)), accepted_at=PUBLISHED.time)
        seen: set[tuple[str, str]] = set()
        for sent in History(SEED, until):
            event = json.loads(sent.body)
            key = event["source"], event["id"]
            if key not in seen:
                seen.add(key)
                yield self.placed(event, accepted_at=sent.sent_at)


def fact(name: str, person: str, **data: Any) -> dict[str, Any]:
    """An event of the day on which the pages are read."""
    model = by_name(name)
    assert model is not None
    return {
        "specversion": "1.0",
        "id": f"page-{name}-{person}",
        "source": "urn:nld:kvknr:12345678:systeem:ecd",
        "type": model.type(),
        "subject": person,
        "time": rfc3339(NOW),
        "data": data,
    }


def _batches(entries: Iterator[tuple[Stream, RawEntry]], size: int) -> Iterator[Sequence[tuple[Stream, RawEntry]]]:
    batch: list[tuple[Stream, RawEntry]] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
