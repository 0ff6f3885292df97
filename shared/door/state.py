"""How the service is doing: /livez, /readyz and /metrics."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shared.door.answers import Answers
from shared.door.door import Door
from shared.ledger import LedgerFull, LedgerUnavailable, Submission
from shared.problems import NOT_READY, Problem
from shared.this_machine import is_of_this_machine

RELAY_LAG_FACTS_MAX = 100_000
"""How far the streams may be behind the ledger before the service calls itself not ready."""

DATABASE_SECONDS_MAX = 5.0
"""How long the ledger may take to answer."""


@dataclass(frozen=True, slots=True)
class Family:
    """One metric of the service."""

    name: str
    """Without what its kind appends (_total)."""
    kind: Literal["gauge", "counter"]
    meaning: str
    labels: tuple[str, ...] = ("service",)


FACTS = Family(
    "doorstroom_facts",
    "counter",
    "Facts that publishers sent, by what became of them, since the ledger was made.",
    ("service", "result"),
)
LEDGER_POSITION = Family("doorstroom_ledger_position", "gauge", "The position of the last fact in the ledger.")
PUBLISHED_POSITION = Family(
    "doorstroom_published_position", "gauge", "The position up to which the streams hold every fact."
)
ANSWERS = Family(
    "doorstroom_answers",
    "counter",
    "Answers to publishers (POST /v1/events) by class of status, since this process started.",
    ("service", "class"),
)
BUILD_INFO = Family("doorstroom_build_info", "gauge", "The version of the software; always 1.", ("service", "version"))

FAMILIES = (FACTS, LEDGER_POSITION, PUBLISHED_POSITION, ANSWERS, BUILD_INFO)
"""All of them, in the order in which they are served."""


async def livez(_request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "alive"})


def readyz(door: Door) -> Any:
    """Whether facts can be stored and are passed on, or the problem 503 with every reason why not."""

    async def answer(_request: Request) -> Response:
        reasons = await _reasons(door)
        if reasons:
            raise Problem(NOT_READY, " ".join(reasons), members={"reasons": reasons}, headers={"Retry-After": "5"})
        return JSONResponse({"status": "ready"})

    return answer


async def _reasons(door: Door) -> list[str]:
    try:
        async with asyncio.timeout(DATABASE_SECONDS_MAX):
            # Nothing, stored as everything is: through the queue, the writer's thread and the lock of the ledger.
            await door.writer.append(Submission(()))
            heads = await asyncio.to_thread(door.ledger.partition_heads)
    except (LedgerUnavailable, SQLAlchemyError, TimeoutError):
        return ["The ledger cannot store facts."]
    except LedgerFull:
        return ["Too many facts wait to be stored."]
    reasons = []
    if door.writer.failure is not None:
        reasons.append(f"The ledger could not store what came last: {door.writer.failure.rstrip('.')}.")
    if door.relay.failure is not None:
        reasons.append(f"The streams are not being fed: {door.relay.failure.rstrip('.')}.")
    elif max(heads) - published_position(door.relay.published, heads) > RELAY_LAG_FACTS_MAX:
        reasons.append(f"The streams are more than {RELAY_LAG_FACTS_MAX} facts behind.")
    return reasons


def published_position(published: Mapping[int, int], heads: Sequence[int]) -> int:
    """The position up to which the streams hold every fact.

    `published` is the last id in the stream of each partition, `heads` the last position of each in the ledger.
    """
    behind = [last for partition, head in enumerate(heads) if (last := published.get(partition, 0)) < head]
    return min(behind, default=max(heads))


def metrics(door: Door, answers: Answers) -> Any:
    """The metrics of the service; from another machine with a token only (scope metrics:read)."""
    registry = CollectorRegistry()
    registry.register(_Collector(door, answers))

    async def answer(request: Request) -> Response:
        if not (door.metrics_open and is_of_this_machine(request)):
            await door.gate.publisher(request.headers.get("authorization"), scope="metrics:read")
        return Response(await asyncio.to_thread(generate_latest, registry), media_type=CONTENT_TYPE_LATEST)

    return answer


class _Collector(Collector):
    """Reads the values from the database, so that a restart changes none of them."""

    def __init__(self, door: Door, answers: Answers) -> None:
        self._door, self._answers = door, answers

    def describe(self) -> list[Metric]:
        return []  # So that registering it asks no database.

    def collect(self) -> Iterator[Metric]:
        heads, tally = self._door.ledger.partition_heads(), self._door.rejections.tally()
        head, service = max(heads), self._door.service
        results = {"accepted": head, "duplicate": tally.get("duplicate", 0), "rejected": tally.get("rejected", 0)}
        published = published_position(self._door.relay.published, heads)
        yield _metric(FACTS, {(service, result): count for result, count in results.items()})
        yield _metric(LEDGER_POSITION, {(service,): head})
        yield _metric(PUBLISHED_POSITION, {(service,): published})
        yield _metric(ANSWERS, {(service, kind): count for kind, count in self._answers.counts.items()})
        yield _metric(BUILD_INFO, {(service, version("doorstroom")): 1})


def _metric(family: Family, values: Mapping[tuple[str, ...], float]) -> Metric:
    made = CounterMetricFamily if family.kind == "counter" else GaugeMetricFamily
    metric = made(family.name, family.meaning, labels=family.labels)
    for labels, value in values.items():
        metric.add_metric(labels, value)
    return metric
