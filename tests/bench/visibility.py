"""How long after its receipt a fact is in /metrics: at rest, and with 1,000 facts a second beside it.

The whole system runs as its user runs it. Each probe is a discharge that is posted alone; after its 202 the page is
asked again and again until it counts that discharge. So a figure holds one look at the page, and the pause between two.
"""

import asyncio
import itertools
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

import httpx2

from tests.bench.runner import Effort, Figure, Place, Work
from tests.bench.system import running
from tests.flow.publishing import SOURCE, discharged, started

LOAD_FACTS_PER_SECOND = 1000
LOAD_BATCH = 50
PAUSE_SECONDS = 0.002
VISIBLE_SECONDS_MAX = 120.0
"""A machine that is too busy for the load beside it falls behind; after this long it is no measurement any more."""
COUNTED = "doorstroom_discharges_total"

_persons = itertools.count(1)


@dataclass(frozen=True, slots=True)
class System:
    """What answers."""

    placement: str
    monitor: str
    token: str
    http: httpx2.AsyncClient

    async def send(self, *events: Mapping[str, Any]) -> None:
        """Publish these events together; returns when they are durable."""
        answer = await self.http.post(
            f"{self.placement}/v1/events",
            content=json.dumps(events),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/cloudevents-batch+json",
            },
        )
        assert answer.status_code == 202, answer.text

    async def counted(self) -> float:
        """How many discharges the page counts."""
        page = (await self.http.get(f"{self.monitor}/metrics", headers={"Accept": "text/plain"})).text
        return sum(float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith(COUNTED))


def measure(place: Place, effort: Effort) -> Mapping[str, float]:
    """Follow so many facts, at rest and under load."""
    with running(place, SOURCE) as system:
        addresses = {service: f"http://127.0.0.1:{port}" for service, port in system.ports.items()}
        return asyncio.run(_followed(addresses, system.token, probes=effort.probes))


async def _followed(addresses: Mapping[str, str], token: str, *, probes: int) -> Mapping[str, float]:
    async with httpx2.AsyncClient(timeout=30, trust_env=False) as http:
        system = System(addresses["placement"], addresses["monitor"], token, http)
        idle = await _probe(system, probes)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as together:
            load = together.create_task(_load(system, stop))
            busy = await _probe(system, probes)
            stop.set()
    return {
        **_named("idle", idle),
        **_named("under load", busy),
        "load beside it": load.result(),
    }


async def _probe(system: System, probes: int) -> list[float]:
    """Milliseconds from the receipt to the page, for each probe."""
    persons = [f"probe-{next(_persons):012d}" for _ in range(probes)]
    for some in _batched(persons):
        await system.send(*(started(person, person, on="2024-01-01") for person in some))
    seen = await system.counted()
    found = []
    for person in persons:
        await system.send(discharged(person, person, on="2024-02-01"))
        received = time.perf_counter()
        seen += 1
        while await system.counted() < seen:
            assert time.perf_counter() - received < VISIBLE_SECONDS_MAX, "the fact does not show"
            await asyncio.sleep(PAUSE_SECONDS)
        found.append((time.perf_counter() - received) * 1000)
    return found


async def _load(system: System, stop: asyncio.Event) -> float:
    """Publish other facts at a steady pace until told to stop; the facts a second that it came to."""
    began, sent = time.perf_counter(), 0
    while not stop.is_set():
        persons = [f"other-{next(_persons):012d}" for _ in range(LOAD_BATCH)]
        await system.send(*(started(person, person, on="2024-01-01") for person in persons))
        sent += LOAD_BATCH
        await asyncio.sleep(max(0.0, began + sent / LOAD_FACTS_PER_SECOND - time.perf_counter()))
    return sent / (time.perf_counter() - began)


def _batched(persons: list[str]) -> Iterator[list[str]]:
    return (persons[start : start + LOAD_BATCH] for start in range(0, len(persons), LOAD_BATCH))


def _named(when: str, durations_ms: list[float]) -> Mapping[str, float]:
    cuts = quantiles(durations_ms, n=100, method="inclusive")
    return {f"{when}, p50": cuts[49], f"{when}, p99": cuts[98], f"{when}, most": max(durations_ms)}


WORK = Work(
    "from 202 to /metrics",
    (
        *(Figure(f"{when}, {which}", "ms") for when in ("idle", "under load") for which in ("p50", "p99", "most")),
        Figure("load beside it", "facts/s"),
    ),
    measure,
)
