"""Our own ledger without HTTP: clients hand drafts to the writer, whose commits hold whatever waits (group commit)."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any

from sqlalchemy import Engine

from shared.clock import system_clock
from shared.databases import open_engine
from shared.facts.naming import key_of
from shared.ledger import Accepted, Draft, Ledger, Outcome, Submission, Writer
from tests.bench.peers.store import Facts, Sent, Write

PARTITIONS = 4
PAGE = 1000
ID_AT = len('{"specversion":"1.0","id":"')


class Doorstroom:
    """A ledger with its own engine."""

    def __init__(self, engine: Engine) -> None:
        self.ledger = Ledger(engine, service="placement", clock=system_clock)
        self.ledger.create(partitions=PARTITIONS)

    def writer(self) -> Write:
        """Straight to the ledger, as any thread may."""
        return lambda sent: _require_accepted(self.ledger.append([submission(sent)])[0])

    def read(self, after: int) -> Sequence[tuple[int, str]]:
        """A page of the ledger, as the relay reads it."""
        return [(entry.position, _id(entry.body)) for entry in self.ledger.read(after, limit=PAGE)]


@contextmanager
def opened(request: Mapping[str, Any]) -> Iterator[Doorstroom]:
    """The ledger in a new database."""
    engine = open_engine(request["url"])
    try:
        yield Doorstroom(engine)
    finally:
        engine.dispose()


def per_second(store: Doorstroom, *, clients: int, facts: int, seconds: float) -> float:
    """As for the others, with clients on one event loop, which is how our door is built."""
    return asyncio.run(_per_second(store.ledger, clients=clients, facts=facts, seconds=seconds))


async def _per_second(ledger: Ledger, *, clients: int, facts: int, seconds: float) -> float:
    writer = Writer(ledger, queue_facts_max=100_000, batch_facts_max=2_000, committed=lambda position: None)
    await writer.start()
    own = [Facts() for _ in range(clients)]
    for each in own:
        await writer.append(submission(each.take(facts)))
    began = time.perf_counter()

    async def client(each: Facts) -> int:
        done = 0
        while time.perf_counter() < began + seconds:
            _require_accepted(await writer.append(submission(each.take(facts))))
            done += facts
        return done

    done = await asyncio.gather(*map(client, own))
    elapsed = time.perf_counter() - began
    await writer.stop()
    return sum(done) / elapsed


def submission(sent: Sequence[Sent]) -> Submission:
    """What the door hands to the ledger for these."""
    return Submission(tuple(map(drafted, sent)))


def drafted(sent: Sent) -> Draft:
    """What the door hands to the ledger; it makes one key known, as this fact does."""
    digest = blake2b(sent.body.encode(), digest_size=16).digest()
    return Draft(
        source="urn:nld:kvknr:12345678:systeem:bench",
        id=sent.id,
        name="placement-started",
        person=sent.person,
        content_hash=digest,
        body=sent.body,
        said=(key_of("placement", f"P-{sent.id}"),),
    )


def _id(body: str) -> str:
    return body[ID_AT : body.index('"', ID_AT)]


def _require_accepted(outcomes: Sequence[Outcome]) -> None:
    assert all(isinstance(outcome, Accepted) for outcome in outcomes), outcomes
