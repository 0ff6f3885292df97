"""How many facts a second the door stores: 64 clients one event at a time, then 4 clients with batches of 500.

Run it with `python -m tests.bench.door_ingest`. The service is a process of its own, on a database in a temporary
folder; both share the machine with this load. Every answer is checked.
"""

import argparse
import asyncio
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import quantiles

from services.placement.app import create_app
from shared.clock import system_clock
from shared.databases import open_engine
from shared.door.media import Mode
from shared.publishers.registry import ALL, Publisher, Registry, add_to_all
from shared.service import run
from shared.settings import Settings

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


async def measure(port: int, token: str, load: Load, *, numbers: Callable[[], int], seconds: float) -> str:
    """Run one load and say what came of it."""
    began = time.perf_counter()
    clients = (client(port, token, load, numbers=numbers, until=began + seconds) for _ in range(load.clients))
    durations = [one for durations in await asyncio.gather(*clients) for one in durations]
    elapsed = time.perf_counter() - began
    cuts = quantiles(durations, n=100)
    return (
        f"{load.clients:3} clients x {load.facts:3} facts: {len(durations) * load.facts / elapsed:8,.0f} facts/s,"
        f" {len(durations) / elapsed:7,.0f} requests/s, p50 {cuts[49] * 1000:6.1f} ms, p99 {cuts[98] * 1000:6.1f} ms"
    )


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


def main() -> None:
    """Start the service, run both loads, print a line for each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=5)
    options.add_argument("--port", type=int, default=18_102)
    options.add_argument("--database-url", help="PostgreSQL; SQLite in a temporary folder unless given")
    options.add_argument("--redis-url", help="a Redis for the streams; without one nothing is relayed")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data=Path(folder),
            placement_port=chosen.port,
            placement_database_url=chosen.database_url,
            redis_url=chosen.redis_url,
        )
        registry = Registry(open_engine(settings.database_url("placement")), system_clock)
        registry.create()
        everything = frozenset({ALL})
        publisher = Publisher("bench", frozenset({SOURCE}), everything, everything, frozenset({"facts:write"}))
        token = add_to_all([registry], publisher)
        service = multiprocessing.get_context("spawn").Process(target=serve, args=(settings,))
        service.start()
        try:
            asyncio.run(report(chosen.port, token, seconds=chosen.seconds))
        finally:
            service.terminate()
            service.join()


async def report(port: int, token: str, *, seconds: float) -> None:
    """Both loads, one after the other."""
    await wait_for(port)
    numbers = count(time.time_ns() // 1000 % 10**9 * 1000).__next__
    loads = Load(ONE_BY_ONE_CLIENTS, 1, Mode.STRUCTURED), Load(BATCH_CLIENTS, BATCH_FACTS, Mode.BATCH)
    for load in loads:
        print(await measure(port, token, load, numbers=numbers, seconds=seconds))


if __name__ == "__main__":
    main()
