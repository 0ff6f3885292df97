"""How many facts a second the door stores: 64 clients one event at a time, then 4 clients with batches of 500.

The service is a process of its own and publishes to a real Redis; all share the machine with this load. Every answer is
checked, so what is counted is on disk.
"""

import asyncio
import json
import multiprocessing
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from statistics import quantiles

from services.placement.app import create_app
from shared.clock import system_clock
from shared.databases import open_engine
from shared.door.media import Mode
from shared.publishers.registry import ALL, Publisher, Registry, add_to_all
from shared.service import run
from shared.settings import Settings
from tests.bench.runner import Effort, Figure, Place, Work
from tests.servers.redis import LocalRedis, find_redis_server
from tests.servers.waiting import free_port

SOURCE = "urn:nld:kvknr:12345678:systeem:bench"
ONE_BY_ONE_CLIENTS = 64
BATCH_CLIENTS = 4
BATCH_FACTS = 500


@dataclass(frozen=True, slots=True)
class Load:
    """What one kind of load asks: so many clients, each with so many facts in a request."""

    clients: int
    facts: int
    mode: Mode


def event(number: int) -> dict[str, object]:
    """An ordinary event with a fresh id."""
    return {
        "specversion": "1.0",
        "id": f"bench-{number:012d}-x",
        "source": SOURCE,
        "type": "nl.doorstroom.placement-started.v1",
        "subject": f"bench-person-{number % 5000:08x}",
        "time": "2026-03-02T14:30:00+01:00",
        "data": {
            "placement": f"P-{number}",
            "accommodation": "schakenbosch",
            "started_on": "2026-03-02",
            "regime": "jw6",
            "closure": "gesloten",
            "route": "crisis",
            "region": "JZ24",
            "machtiging": f"M-{number}",
        },
    }


def body(load: Load, numbers: Callable[[], int]) -> bytes:
    """The body of one request."""
    events = [event(numbers()) for _ in range(load.facts)]
    return json.dumps(events if load.mode is Mode.BATCH else events[0]).encode()


async def client(port: int, token: str, load: Load, *, numbers: Callable[[], int], until: float) -> list[float]:
    """One connection that sends the next request when it has the answer to the one before; seconds for each."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    fixed = (
        f"POST /v1/events HTTP/1.1\r\nHost: bench\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: {load.mode.value}\r\n"
    )
    durations = []
    while time.perf_counter() < until:
        content = body(load, numbers)
        began = time.perf_counter()
        writer.write(f"{fixed}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        head = await reader.readuntil(b"\r\n\r\n")
        answer = await reader.readexactly(int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
        durations.append(time.perf_counter() - began)
        assert head.startswith(b"HTTP/1.1 202"), head + answer[:500]
        assert answer.startswith(b'{"accepted":%d,' % load.facts), answer[:500]
    writer.close()
    await writer.wait_closed()
    return durations


@dataclass(frozen=True, slots=True)
class Ingested:
    """What came of one load."""

    facts_per_second: float
    p50_ms: float
    p99_ms: float


async def ingested(port: int, token: str, load: Load, *, numbers: Callable[[], int], seconds: float) -> Ingested:
    """Run one load; the times are those of whole requests."""
    began = time.perf_counter()
    clients = (client(port, token, load, numbers=numbers, until=began + seconds) for _ in range(load.clients))
    durations = [one for durations in await asyncio.gather(*clients) for one in durations]
    elapsed = time.perf_counter() - began
    cuts = quantiles(durations, n=100, method="inclusive")
    return Ingested(len(durations) * load.facts / elapsed, cuts[49] * 1000, cuts[98] * 1000)


async def wait_for(port: int, *, seconds: float = 30) -> None:
    """Wait until the service listens."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


def serve(settings: Settings) -> None:
    """The service, in its own process."""
    run(create_app(settings), settings.host, settings.placement_port)


def measure(place: Place, effort: Effort) -> Mapping[str, float]:
    """Start the service with a Redis that it publishes to, and run each load."""
    program = find_redis_server()
    assert program is not None, "no redis-server here"
    redis = LocalRedis(program)
    redis.start()
    settings = Settings(
        data=place.folder,
        placement_port=free_port(),
        placement_database_url=place.fresh(),
        redis_url=redis.url,
    )
    engine = open_engine(settings.database_url("placement"))
    registry = Registry(engine, system_clock)
    registry.create()
    everything = frozenset({ALL})
    publisher = Publisher("bench", frozenset({SOURCE}), everything, everything, frozenset({"facts:write"}))
    token = add_to_all([registry], publisher)
    engine.dispose()
    service = multiprocessing.get_context("spawn").Process(target=serve, args=(settings,))
    service.start()
    try:
        return asyncio.run(_loads(settings.placement_port, token, seconds=effort.seconds))
    finally:
        service.terminate()
        service.join()
        redis.remove()


async def _loads(port: int, token: str, *, seconds: float) -> Mapping[str, float]:
    """Each load after the other."""
    await wait_for(port)
    numbers = count(time.time_ns() // 1000 % 10**9 * 1000).__next__
    found: dict[str, float] = {}
    for name, load in LOADS.items():
        one = await ingested(port, token, load, numbers=numbers, seconds=seconds)
        found |= {name: one.facts_per_second, f"{name}, p50": one.p50_ms, f"{name}, p99": one.p99_ms}
    return found


ONE_BY_ONE, BATCHES = f"{ONE_BY_ONE_CLIENTS} clients one by one", f"batches of {BATCH_FACTS}"
LOADS = {
    ONE_BY_ONE: Load(ONE_BY_ONE_CLIENTS, 1, Mode.STRUCTURED),
    BATCHES: Load(BATCH_CLIENTS, BATCH_FACTS, Mode.BATCH),
}
WORK = Work(
    "ingest over HTTP",
    (
        Figure(ONE_BY_ONE, "facts/s", limit=f"limit: bare driver, {ONE_BY_ONE_CLIENTS} a commit"),
        Figure(f"{ONE_BY_ONE}, p50", "ms"),
        Figure(f"{ONE_BY_ONE}, p99", "ms"),
        Figure(BATCHES, "facts/s", limit=f"limit: bare driver, {BATCH_FACTS} a commit"),
        Figure(f"{BATCHES}, p50", "ms"),
        Figure(f"{BATCHES}, p99", "ms"),
    ),
    measure,
)
