"""A real ledger, a real Redis and relays between them; and what every test ends with: complete and in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import redis.asyncio
from redis.exceptions import RedisError

from shared.databases import open_engine, sqlite_url
from shared.ledger import Entry, Ledger
from shared.relay import Relay
from shared.streams import FIELD, stream_name
from tests.conftest import RedisServer
from tests.contract.drafts import a_submission, made
from tests.servers.waiting import until


class Road:
    """The ledger of intake in a file, and a Redis that may be away."""

    def __init__(self, folder: Path, server: RedisServer, *, partitions: int = 4, name: str = "intake") -> None:
        self.server = server
        self.partitions = partitions
        self.redis = redis.asyncio.from_url(server.url)
        self._database = sqlite_url(folder / f"{name}.sqlite")
        self._engine = open_engine(self._database)
        self.ledger: Ledger = made(self._engine, partitions=partitions)
        self._told = 0

    async def append(self, facts: int, *, content: str = "as it was") -> None:
        """So many new facts in one transaction. No relay is told."""
        numbers = range(self._told + 1, self._told + facts + 1)
        self._told += facts
        await asyncio.to_thread(self.ledger.append, [a_submission(numbers, content=content)])

    def relay(self, *, batch_facts_max: int = 500) -> Relay:
        """A relay with the connection of the road."""
        return Relay(
            self.ledger, self.redis, service="intake", partitions=self.partitions, batch_facts_max=batch_facts_max
        )

    @asynccontextmanager
    async def another(self, *, batch_facts_max: int = 500) -> AsyncIterator[Relay]:
        """A relay with connections of its own, as another process has it."""
        engine = open_engine(self._database)
        async with redis.asyncio.from_url(self.server.url) as client:
            yield Relay(
                made(engine, partitions=self.partitions),
                client,
                service="intake",
                partitions=self.partitions,
                batch_facts_max=batch_facts_max,
            )
        engine.dispose()

    async def stream(self, partition: int) -> list[tuple[str, str]]:
        """Every entry of a stream: its id and its event."""
        found = await self.redis.xrange(stream_name("intake", partition))
        return [(entry_id.decode(), fields[FIELD.encode()].decode()) for entry_id, fields in found]

    async def wanted(self, partition: int) -> list[tuple[str, str]]:
        """What the stream must be: every fact of its partition, in order."""
        entries: list[Entry] = await asyncio.to_thread(self.ledger.read, 0, limit=1_000_000, partition=partition)
        return [(f"{entry.position}-0", entry.event_json()) for entry in entries]

    async def complete(self) -> bool:
        """Whether every stream holds every fact of its partition in order, and nothing else."""
        try:
            return all([await self.stream(part) == await self.wanted(part) for part in range(self.partitions)])
        except RedisError:
            return False

    async def becomes_complete(self) -> None:
        """Wait until it is."""
        await until(self.complete, what="every stream is complete and in order")

    async def close(self) -> None:
        """End the connections."""
        await self.redis.aclose()
        self._engine.dispose()


@asynccontextmanager
async def running(*relays: Relay) -> AsyncIterator[None]:
    """These relays run at once; at the end each of them ends by itself when it is told to stop."""
    async with AsyncExitStack() as stack:
        tasks = [asyncio.create_task(relay.run()) for relay in relays]
        for relay in relays:
            stack.callback(relay.stop)
        yield
    async with asyncio.timeout(20):
        await asyncio.gather(*tasks)
