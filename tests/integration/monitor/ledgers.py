"""The ledgers of intake and placement in memory: what is told to them comes out as their streams."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from services.monitor.projector.entries import Entry, Garbled, RawEntry, Stream, read_event
from shared.facts.catalogue import by_name
from shared.streams import partition_of

PARTITIONS = 2
SOURCE = "urn:nld:kvknr:12345678:systeem:ecd"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
STREAMS = tuple(Stream(service, number) for service in ("intake", "placement") for number in range(PARTITIONS))


class Ledgers:
    """Gapless positions by service; each event names the one before it in its stream. Also a source."""

    def __init__(self) -> None:
        self.now = NOON
        """When the next event is accepted; move it on, never back."""
        self.pace = timedelta(0)
        """What lies between two acceptances."""
        self.streams: dict[Stream, list[RawEntry]] = {stream: [] for stream in STREAMS}
        self._positions = {stream.service: count(1) for stream in STREAMS}
        self._ids = count(1)

    def tell(self, name: str, person: str | None, /, *, service: str | None = None, **data: Any) -> Stream:
        """A fact arrives. Arguments with an underscore in front are attributes of the event: _record, _revision."""
        attributes = {key[1:]: data.pop(key) for key in [key for key in data if key.startswith("_")]}
        number = next(self._ids)
        model = by_name(name)
        assert model is not None
        event = {
            "specversion": "1.0",
            "id": f"event-{number}",
            "source": SOURCE,
            "type": model.type(),
            "time": (NOON + timedelta(seconds=number)).isoformat(),
            "data": data,
            **({"subject": person} if person else {}),
            **attributes,
        }
        owner = model.owner if model.owner != "either" else "placement"
        return self.tell_event(event, service=service or owner)

    def tell_event(self, event: Mapping[str, Any], *, service: str) -> Stream:
        """An event arrives as it is, and is given its place."""
        key = event.get("subject") or event["source"]
        stream = Stream(service, partition_of(key, PARTITIONS))
        position = next(self._positions[service])
        told = self.streams[stream]
        prev = int(told[-1][0].partition(b"-")[0]) if told else 0
        placed = {**event, "acceptedat": self.now.isoformat(), "position": position, "prev": prev}
        told.append((b"%d-0" % position, json.dumps(placed).encode()))
        self.now += self.pace
        return stream

    def read(self, stream: Stream, *, after: int) -> list[Entry]:
        """A page of the feed: the facts of a stream after a position, at most three."""
        page = [raw for raw in self.streams[stream] if position_of(raw) > after][:3]
        entries = [read_event(event) for _, event in page]
        return [entry for entry in entries if not isinstance(entry, Garbled)]

    def batches(self, *streams: Stream) -> dict[Stream, Sequence[RawEntry]]:
        """Everything in these streams, or in all of them."""
        return {stream: list(self.streams[stream]) for stream in streams or STREAMS}


def position_of(raw: RawEntry) -> int:
    """The position that the id of a stream entry says."""
    return int(raw[0].partition(b"-")[0])


def entries(ledgers: Ledgers) -> Iterable[tuple[Stream, RawEntry]]:
    """Every entry with its stream."""
    return ((stream, raw) for stream, told in ledgers.streams.items() for raw in told)


def placement(number: str, started_on: str, **more: Any) -> dict[str, Any]:
    """The data of a placement that started; the rest is as usual."""
    return {
        "placement": number,
        "accommodation": "schakenbosch",
        "started_on": started_on,
        "regime": "jw6",
        "closure": "gesloten",
        "route": "crisis",
        "region": "JZ24",
        **more,
    }


def discharge(number: str, on: str, **more: Any) -> dict[str, Any]:
    """The data of a discharge home."""
    return {"placement": number, "discharged_on": on, "destination": "home", "end_mode": "planned", **more}


def machtiging(number: str, valid_from: str, valid_until: str, **more: Any) -> dict[str, Any]:
    """The data of a machtiging that was granted on its first day."""
    return {
        "machtiging": number,
        "kind": "regulier",
        "granted_on": valid_from,
        "valid_from": valid_from,
        "valid_until": valid_until,
        "legal_frame": "ots",
        **more,
    }
