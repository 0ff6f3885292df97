"""Reading from a stream, by itself: how it ends."""

import asyncio
from collections.abc import Sequence

import pytest
import redis.asyncio

from services.monitor.ending import Ending
from services.monitor.projector.entries import RawEntry, Stream
from services.monitor.readers import Readers, open_broker
from tests.servers.redis import LocalRedis

pytestmark = pytest.mark.anyio

STREAM = Stream("placement", 0)


async def test_a_stop_in_the_middle_of_a_batch_waits_for_it_and_is_no_failure(redis: LocalRedis) -> None:
    ending, taken, free = Ending(), asyncio.Event(), asyncio.Event()
    projected: list[bytes] = []

    async def apply(_stream: Stream, entries: Sequence[RawEntry]) -> None:
        taken.set()
        await free.wait()
        projected.extend(event for _, event in entries)

    readers = Readers(open_broker(redis.url), apply=apply, ending=ending)
    async with redis_client(redis) as client, asyncio.timeout(20):
        await client.xadd(STREAM.name, {"event": "a fact"}, id="1-0")
        await readers.start({STREAM: 0})
        await taken.wait()
        stopping = asyncio.create_task(readers.stop())
        while readers.dead() == []:  # noqa: ASYNC110 - the stop is under way when the subscriber says so
            await asyncio.sleep(0.01)
        free.set()
        await stopping
    assert projected == [b"a fact"]
    assert ending.error is None


def redis_client(server: LocalRedis) -> redis.asyncio.Redis:
    """A client of this server."""
    return redis.asyncio.from_url(server.url)
