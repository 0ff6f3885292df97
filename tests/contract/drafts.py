"""Drafts, clocks and ledgers for the tests of ledger and relay."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from threading import Event

from sqlalchemy import Connection, Engine, event

from shared.databases import open_engine
from shared.ledger import Draft, Entry, Ledger, Outcome, Submission

SOURCE = "urn:nld:kvknr:12345678:systeem:ecd"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class SetClock:
    """A clock that stands where the test puts it."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def a_draft(number: int, *, content: str = "as it was", person: str | None = None, source: str = SOURCE) -> Draft:
    """A draft under the id `f<number>`, about one of a hundred persons unless one is named."""
    body = f'{{"id":"f{number}","note":"{content}"}}'
    return Draft(
        source=source,
        id=f"f{number}",
        name="placement-started",
        person=person or f"person-{number % 100:016d}",
        content_hash=blake2b(body.encode(), digest_size=16).digest(),
        body=body,
    )


def a_submission(numbers: Iterable[int], *, strict: bool = False, content: str = "as it was") -> Submission:
    """Drafts of these numbers, sent together."""
    return Submission(tuple(a_draft(number, content=content) for number in numbers), strict=strict)


def append(ledger: Ledger, *drafts: Draft, strict: bool = False) -> list[Outcome]:
    """What became of these drafts, sent together."""
    return ledger.append([Submission(drafts, strict=strict)])[0]


def made(engine: Engine, *, partitions: int = 4, clock: SetClock | None = None) -> Ledger:
    """The ledger of intake in this database, made if need be."""
    ledger = Ledger(engine, service="intake", clock=clock or SetClock())
    ledger.create(partitions=partitions)
    return ledger


def everything(ledger: Ledger) -> list[Entry]:
    """All entries."""
    return ledger.read(0, limit=1_000_000)


@contextmanager
def held_before_commit(engine: Engine) -> Iterator[tuple[Event, Event]]:
    """Each commit of this engine tells that it is about to happen, and waits until it may."""
    about_to, may = Event(), Event()

    def wait(_connection: Connection) -> None:
        about_to.set()
        assert may.wait(20)

    event.listen(engine, "commit", wait)
    try:
        yield about_to, may
    finally:
        may.set()


def append_many(url: str, process: int, count: int) -> None:
    """What one of several processes does: append `count` facts of its own, one by one and in batches."""
    engine = open_engine(url)
    ledger = made(engine)
    first = process * 1_000_000
    for number in range(first, first + count):
        append(ledger, a_draft(number))
    ledger.append(
        [a_submission(range(first + count + part * 100, first + count + part * 100 + 100)) for part in range(3)]
    )
    engine.dispose()


def assert_chained(entries: list[Entry], *, partitions: int = 4) -> None:
    """Positions without a gap from 1, each naming the one before it in its partition, accepted one after the other."""
    heads = [0] * partitions
    accepted_at_us = 0
    for position, entry in enumerate(entries, start=1):
        assert entry.position == position
        assert entry.prev == heads[entry.partition]
        assert entry.accepted_at_us > accepted_at_us
        heads[entry.partition], accepted_at_us = position, entry.accepted_at_us
