"""Reading from a stream, by itself: how it begins and how it ends."""

import asyncio
import signal
from collections.abc import Callable, Sequence

import pytest
import redis.asyncio

from services.monitor.ending import Ending
from services.monitor.projector.entries import RawEntry, Stream
from services.monitor.readers import Readers, open_broker
from tests.servers.redis import LocalRedis
from tests.servers.waiting import until

pytestmark = pytest.mark.anyio

STREAM = Stream("placement", 0)


def killed(server: LocalRedis) -> Callable[[], None]:
    """Nobody listens there."""
    server.kill()
    return server.start


def frozen(server: LocalRedis) -> Callable[[], None]:
    """It takes a connection and says nothing, as one that waits for its disk."""
    server.process.send_signal(signal.SIGSTOP)
    return lambda: server.process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize("away", [killed, frozen])
async def test_reading_begins_whether_redis_answers_or_not_and_goes_on_when_it_does(
    redis: LocalRedis, away: Callable[[LocalRedis], Callable[[], None]]
) -> None:
    ending = Ending()
    projected: list[bytes] = []

    async def apply(_stream: Stream, entries: Sequence[RawEntry]) -> None:
        projected.extend(event for _, event in entries)

    back = away(redis)
    readers = Readers(open_broker(redis.url), apply=apply, ending=ending)
    await readers.start({STREAM: 0})
    assert readers.dead() == []
    await asyncio.to_thread(back)
    async with redis_client(redis) as client:
        await client.xadd(STREAM.name, {"event": "a fact"}, id="1-0")
        await until(lambda: projected == [b"a fact"], what="the fact is read")
    await readers.stop()
    assert ending.error is None


async def test_no_stream_is_told_to_be_dead_while_the_reading_begins(redis: LocalRedis) -> None:
    async def apply(_stream: Stream, _entries: Sequence[RawEntry]) -> None:
        """Nothing comes."""

    readers = Readers(open_broker(redis.url), apply=apply, ending=Ending())
    starting = asyncio.create_task(readers.start({Stream("placement", number): 0 for number in range(8)}))
    while not starting.done():
        await asyncio.sleep(0)
        assert readers.dead() == []
    await readers.stop()


@pytest.mark.parametrize("away", [killed, frozen])
async def test_a_stop_does_not_wait_for_a_redis_that_does_not_answer(
    redis: LocalRedis, away: Callable[[LocalRedis], Callable[[], None]]
) -> None:
    ending = Ending()

    async def apply(_stream: Stream, _entries: Sequence[RawEntry]) -> None:
        """Nothing comes."""

    readers = Readers(open_broker(redis.url), apply=apply, ending=ending)
    away(redis)
    async with asyncio.timeout(20):
        await readers.start({STREAM: 0})
        await readers.stop()
    assert ending.error is None


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
