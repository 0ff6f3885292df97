"""Redis is flushed, killed, emptied, set back or full: afterwards the streams are complete and in order again."""

import asyncio
import re

import pytest

from shared.streams import stream_name
from tests.integration.relay.roads import Road, running
from tests.servers.waiting import until

pytestmark = pytest.mark.anyio


async def test_a_flush_is_noticed_although_nothing_new_happens(road: Road) -> None:
    await road.append(300)
    async with running(road.relay()):
        await road.becomes_complete()
        await road.redis.flushall()
        await road.becomes_complete()


@pytest.mark.usefixtures("unasked")
async def test_a_flush_is_noticed_at_the_next_fact(road: Road) -> None:
    await road.append(300)
    relay = road.relay()
    async with running(relay):
        await road.becomes_complete()
        await road.redis.flushall()
        # Facts of persons in every stream.
        await road.append(100)
        relay.wake()
        await road.becomes_complete()


async def test_flushes_in_the_middle_of_publishing_lose_nothing(road: Road) -> None:
    relay = road.relay(batch_facts_max=20)
    async with road.another(batch_facts_max=30) as second, running(relay, second):
        for _ in range(10):
            await road.append(200)
            relay.wake()
            second.wake()
            await until(lambda: any(relay.published.values()), what="something is published")
            await road.redis.flushall()
        await road.becomes_complete()


async def test_after_a_restart_without_its_file_everything_is_there_again(road: Road) -> None:
    await road.append(300)
    relay = road.relay()
    async with running(relay):
        await road.becomes_complete()
        await asyncio.to_thread(road.server.kill)
        await road.append(50)
        relay.wake()
        await until(lambda: relay.failure is not None, what="the relay says that it does not publish")
        await asyncio.to_thread(road.server.forget)
        await asyncio.to_thread(road.server.start)
        await road.becomes_complete()
        await until(lambda: relay.failure is None, what="the relay says that it publishes again")


async def test_an_older_file_is_completed(road: Road) -> None:
    await road.append(100)
    relay = road.relay()
    async with running(relay):
        await road.becomes_complete()
        older = await asyncio.to_thread(road.server.copy)
        await road.append(200)
        relay.wake()
        await road.becomes_complete()
        await asyncio.to_thread(road.server.kill)
        await asyncio.to_thread(restore, road, older)
        assert not await road.complete()
        await asyncio.to_thread(road.server.start)
        await road.becomes_complete()


async def test_a_full_redis_gets_nothing_more_and_the_rest_in_order_when_there_is_room(road: Road) -> None:
    await road.append(100)
    relay = road.relay()
    async with running(relay):
        await road.becomes_complete()
        await road.redis.config_set("maxmemory", 1)
        await road.append(500)
        relay.wake()
        # Redis 6.2 says OOM inside a script's error; of Redis 7 redis-py makes an error of its own.
        full = re.compile("OOM|OutOfMemoryError")
        await until(lambda: bool(full.search(relay.failure or "")), what="the relay says that Redis is full")
        assert sum([len(await road.stream(partition)) for partition in range(4)]) == 100
        await road.redis.config_set("maxmemory", 0)
        await road.becomes_complete()


async def test_the_first_error_of_a_stream_ends_its_batch_and_is_said(road: Road) -> None:
    await road.append(40)
    await road.redis.set(stream_name("intake", 2), "somebody else's")
    relay = road.relay()
    async with running(relay):
        await until(lambda: "WRONGTYPE" in (relay.failure or ""), what="the relay says what is wrong")
        await road.redis.delete(stream_name("intake", 2))
        await road.becomes_complete()


def restore(road: Road, older: object) -> None:
    """Put an older file in place."""
    road.server.restore(older)  # type: ignore[arg-type]
