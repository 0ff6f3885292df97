"""Real ledgers of intake and placement, with what comes out of them as streams and feeds carry it; no service runs."""

from collections.abc import Mapping

from services.monitor.projector.entries import (
    Entry,
    Garbled,
    Known,
    RawEntry,
    Readable,
    Stream,
    Unreadable,
    read_event,
)
from shared.clock import Clock
from shared.databases import open_engine
from shared.erasure import Seal
from shared.ledger import Draft, Ledger
from tests.contract.drafts import append
from tests.contract.test_erasure import erased


class Both:
    """The ledgers of intake and placement, and their streams as they are now. Also a source."""

    def __init__(self, urls: Mapping[str, str], *, seal: Seal, partitions: int, clock: Clock) -> None:
        self.streams = [Stream(service, number) for service in sorted(urls) for number in range(partitions)]
        self._engines = {service: open_engine(url) for service, url in urls.items()}
        self.ledgers = {
            service: Ledger(engine, service=service, clock=clock, seal=seal)
            for service, engine in self._engines.items()
        }
        for ledger in self.ledgers.values():
            ledger.create(partitions=partitions)

    def tell(self, *drafts: Draft, service: str = "placement") -> None:
        """Facts are accepted."""
        append(self.ledgers[service], *drafts)

    def erase(self, person: str, *services: str) -> None:
        """The authority says it at these doors."""
        for service in services or self.ledgers:
            self.tell(erased(person, f"erasure-of-{service}"), service=service)

    def raw(self, stream: Stream, *, after: int = 0) -> list[RawEntry]:
        """What a stream has."""
        found = self.ledgers[stream.service].read(after, limit=1000, partition=stream.partition)
        return [(b"%d-0" % entry.position, entry.event_json().encode()) for entry in found]

    def batches(self) -> dict[Stream, list[RawEntry]]:
        """What all streams have."""
        return {stream: self.raw(stream) for stream in self.streams}

    def read(self, stream: Stream, *, after: int) -> list[Entry]:
        """A page of a feed."""
        entries = [read_event(event) for _, event in self.raw(stream, after=after)]
        return [entry for entry in entries if not isinstance(entry, Garbled)]

    def known(self, service: str) -> list[tuple[str, Known]]:
        """All that a ledger has."""
        streams = (stream for stream in self.streams if stream.service == service)
        found = (entry for stream in streams for entry in self.read(stream, after=0))
        return [(service, entry) for entry in found if isinstance(entry, Readable | Unreadable)]

    def close(self) -> None:
        """Close the databases."""
        for engine in self._engines.values():
            engine.dispose()
