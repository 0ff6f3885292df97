"""How many facts a second the door stores: clients with one event at a time, then batches, then streams of NDJSON.

The service is a process of its own and publishes to a real Redis; all share the machine with this load. Every answer is
checked, so what is counted is on disk.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from statistics import quantiles
from typing import Any

import uvloop

from shared.door.media import Mode
from tests.bench.runner import Effort, Figure, Place, Work
from tests.bench.system import publisher, served, until_ready
from tests.servers.redis import LocalRedis, find_redis_server
from tests.servers.waiting import free_port

SOURCE = "urn:nld:kvknr:12345678:systeem:bench"
BATCH_CLIENTS = 4
BATCH_FACTS = 500
STREAM_FACTS = 5_000


_PATTERN = b"""{"specversion":"1.0","id":"bench-%(number)012d-x","source":"urn:nld:kvknr:12345678:systeem:bench",\
"type":"nl.doorstroom.placement-started.v1","subject":"bench-person-%(person)08x","time":"2026-03-02T14:30:00+01:00",\
"data":{"placement":"P-%(number)d","accommodation":"schakenbosch","started_on":"2026-03-02","regime":"jw6",\
"closure":"gesloten","route":"crisis","region":"JZ24","machtiging":"M-%(number)d"}}"""
PERSONS = 5000


@dataclass(frozen=True, slots=True)
class Load:
    """What one kind of load asks: so many clients, each with so many facts in a request."""

    clients: int
    facts: int
    mode: Mode


def event(number: int) -> dict[str, Any]:
    """An ordinary event with a fresh id."""
    made: dict[str, Any] = json.loads(_PATTERN % {b"number": number, b"person": number % PERSONS})
    return made


def body(load: Load, numbers: Callable[[], int]) -> bytes:
    """The body of one request, from a pattern: the load shares the machine with what it measures."""
    events = [
        _PATTERN % {b"number": number, b"person": number % PERSONS} for number in (numbers() for _ in range(load.facts))
    ]
    match load.mode:
        case Mode.BATCH:
            return b"[%b]" % b",".join(events)
        case Mode.LINES:
            return b"\n".join(events)
        case _:
            return events[0]


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
        head, answer = await _answer(reader)
        durations.append(time.perf_counter() - began)
        assert head.startswith(b"HTTP/1.1 202"), head + answer[:500]
        assert answer.startswith(b'{"accepted":%d,' % load.facts), answer[:500]
    writer.close()
    await writer.wait_closed()
    return durations


async def _answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head and body of an answer, whether its length is known beforehand or it comes in chunks."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    if length:
        return head, await reader.readexactly(int(length))
    pieces = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        pieces.append((await reader.readexactly(size + 2))[:-2])
    await reader.readexactly(2)
    return head, b"".join(pieces)


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


def measure(place: Place, effort: Effort) -> Mapping[str, float]:
    """Start the service with a Redis that it publishes to, and run each load."""
    program = find_redis_server()
    assert program is not None, "no redis-server here"
    redis = LocalRedis(program)
    redis.start()
    url, port = place.fresh(), free_port()
    settings = {"placement_port": port, "placement_database_url": url, "redis_url": redis.url}
    try:
        token = publisher(url, SOURCE)
        with served("placement", place.folder, settings) as service:
            until_ready(port, service)
            return uvloop.run(_loads(port, token, seconds=effort.seconds))
    finally:
        redis.remove()


async def _loads(port: int, token: str, *, seconds: float) -> Mapping[str, float]:
    """Each load after the other."""
    numbers = count(time.time_ns() // 1000 % 10**9 * 1000).__next__
    found: dict[str, float] = {}
    for name, load in LOADS.items():
        one = await ingested(port, token, load, numbers=numbers, seconds=seconds)
        found |= {name: one.facts_per_second, f"{name}, p50": one.p50_ms, f"{name}, p99": one.p99_ms}
    return found


LOADS = {
    "1 client one by one": Load(1, 1, Mode.STRUCTURED),
    "16 clients one by one": Load(16, 1, Mode.STRUCTURED),
    "64 clients one by one": Load(64, 1, Mode.STRUCTURED),
    f"batches of {BATCH_FACTS}": Load(BATCH_CLIENTS, BATCH_FACTS, Mode.BATCH),
    f"NDJSON streams of {STREAM_FACTS}": Load(BATCH_CLIENTS, STREAM_FACTS, Mode.LINES),
}
WORK = Work(
    "ingest over HTTP",
    tuple(
        figure
        for load in LOADS
        for figure in (Figure(load, "facts/s"), Figure(f"{load}, p50", "ms"), Figure(f"{load}, p99", "ms"))
    ),
    measure,
)
