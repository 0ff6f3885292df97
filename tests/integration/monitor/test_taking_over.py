"""Reading where another Redis takes over: it goes on as soon as that one answers, whatever became of the first one."""

import asyncio
import gc
import logging
from collections.abc import Callable, Iterator, Sequence

import pytest

from services.monitor.ending import Ending
from services.monitor.projector.entries import RawEntry, Stream
from services.monitor.readers import Readers, open_broker
from shared.redis_servers import REDIS_ERRORS, Client, client
from tests.servers.redis import find_redis_server
from tests.servers.redis_failover import SERVICE, ClusterServers, Node, SentinelServers
from tests.servers.waiting import wait_until

pytestmark = pytest.mark.anyio

STREAM = Stream("placement", 0)
Servers = SentinelServers | ClusterServers
FAILED = "Message fetch error"
"""What FastStream says of a read that failed, and then waits for five seconds, whoever has taken over meanwhile."""


@pytest.fixture(params=[SentinelServers, ClusterServers], ids=["sentinels", "cluster"])
def servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    """Servers that take over from each other."""
    program = find_redis_server()
    if program is None:
        pytest.skip("no redis-server")
    made: Servers = request.param(program)
    try:
        made.start()
        yield made
    finally:
        made.remove()


def killed(_servers: Servers, primary: Node) -> None:
    """It is gone from one moment to the next."""
    primary.kill()


def relieved(servers: Servers, primary: Node) -> None:
    """Somebody lets the replica take over; what was the primary goes on as its replica, with the reads that wait."""
    if isinstance(servers, SentinelServers):
        wait_until(lambda: servers.sentinels[0].ask("SENTINEL", "FAILOVER", SERVICE) is not None, what="it is told to")
        return
    name = str(primary.ask("CLUSTER", "MYID"))
    [replica] = [one for one in servers.data if f"myself,slave {name}" in str(one.ask("CLUSTER", "NODES"))]
    wait_until(lambda: replica.ask("CLUSTER", "FAILOVER") is not None, what="it is told to")


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # redis-py does not close what led to a node that has gone.
@pytest.mark.parametrize("happening", [killed, relieved])
async def test_a_read_goes_on_as_soon_as_another_has_taken_over(
    servers: Servers, happening: Callable[[Servers, Node], None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="doorstroom.streams")
    ending = Ending()
    await _reads_on(servers, happening, ending)
    gc.collect()
    assert ending.error is None
    assert [one.getMessage() for one in caplog.records if FAILED in one.getMessage()] == []


async def _reads_on(servers: Servers, happening: Callable[[Servers, Node], None], ending: Ending) -> None:
    read = asyncio.Queue[bytes]()

    async def apply(_stream: Stream, entries: Sequence[RawEntry]) -> None:
        for _, event in entries:
            read.put_nowait(event)

    readers = Readers(open_broker(servers.url), apply=apply, ending=ending)
    async with client(servers.url) as publisher, asyncio.timeout(60):
        await publisher.xadd(STREAM.name, {"event": "before"}, id="1-0")
        await readers.start({STREAM: 0})
        assert await read.get() == b"before"
        primary = await asyncio.to_thread(servers.primary_of, STREAM.name)
        await asyncio.to_thread(happening, servers, primary)
        await asyncio.to_thread(_another_than, primary, servers)
        await _added(publisher, b"after")
        assert await read.get() == b"after"
        await readers.stop()


def _another_than(primary: Node, servers: Servers) -> None:
    count = 1 if isinstance(servers, SentinelServers) else 3

    def taken_over() -> bool:
        found = servers.primaries()
        return primary not in found and len(found) == count

    wait_until(taken_over, what="another has taken over", seconds_max=40)


async def _added(publisher: Client, event: bytes) -> None:
    """Added, once the client of the test has found who took over."""
    while True:
        try:
            await publisher.xadd(STREAM.name, {"event": event}, id="2-0")
        except REDIS_ERRORS:
            await asyncio.sleep(0.05)
        else:
            return
