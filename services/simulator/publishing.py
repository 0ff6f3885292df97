"""Sends what the publishers say to the ordinary door over HTTP, each publisher with its own token, in batches."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from ssl import SSLContext
from types import TracebackType
from typing import Any, Literal, Self

import httpx2

from services.simulator.history import Sent
from services.simulator.publishers import PUBLISHERS
from shared.client import may_be_taken_later

BATCH_FACTS_MAX = 800
"""Events in one request; the door takes 1,000 and 1 MiB."""

IN_FLIGHT_MAX = 6
"""Requests on their way at once."""

ATTEMPTS_MAX = 60
WAIT_SECONDS = 0.5
"""Before an attempt where the door named no time itself."""

WAIT_SECONDS_MAX = 30.0
TIMEOUT_SECONDS = 60.0
SHOWN_MAX = 3
"""Refused events that an error shows."""

Service = Literal["intake", "placement"]


class PublishingRefused(RuntimeError):
    """The door refused what a simulated publisher sent; the message holds its answer."""


class DoorUnreachable(RuntimeError):
    """The door gave no lasting answer within the attempts; the message says what it gave last."""


class Publishing:
    """The publishers' connections to the doors of intake and placement; an async context manager.

    `doors` holds the address of each service, `tokens` the bearer token of each publisher by name. What one publisher
    says arrives in the order in which it is handed over. After each answer `told` is called with the number of events
    in it. `trust` has the authorities of the doors' certificates; those that everybody trusts unless given.
    """

    def __init__(
        self,
        *,
        doors: Mapping[Service, str],
        tokens: Mapping[str, str],
        told: Callable[[int], None],
        trust: SSLContext | bool = True,
    ) -> None:
        self._doors = doors
        self._tokens = tokens
        self._told = told
        self._in_flight = asyncio.Semaphore(IN_FLIGHT_MAX)
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._client = httpx2.AsyncClient(timeout=TIMEOUT_SECONDS, verify=trust)

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def publish(self, events: Iterable[Sent]) -> None:
        """Send all of these events; returns when every one of them is durable.

        Raises a group with PublishingRefused or DoorUnreachable at the first batch that does not get through.
        """
        waiting: dict[str, list[str]] = defaultdict(list)
        async with asyncio.TaskGroup() as tasks:
            for sent in events:
                batch = waiting[sent.publisher]
                batch.append(sent.body)
                if len(batch) == BATCH_FACTS_MAX:
                    await self._in_flight.acquire()
                    tasks.create_task(self._deliver(sent.publisher, waiting.pop(sent.publisher)))
                    await asyncio.sleep(0)  # The events are made in this thread; let the answers in between.
            for publisher, batch in waiting.items():
                await self._in_flight.acquire()
                tasks.create_task(self._deliver(publisher, batch))

    async def _deliver(self, publisher: str, batch: list[str]) -> None:
        try:
            async with self._turns[publisher]:
                await self._send(publisher, batch)
        finally:
            self._in_flight.release()
        self._told(len(batch))

    async def _send(self, publisher: str, batch: list[str]) -> None:
        url = f"{self._doors[PUBLISHERS[publisher].service]}/v1/events"
        headers = {
            "Authorization": f"Bearer {self._tokens[publisher]}",
            "Content-Type": "application/cloudevents-batch+json",
        }
        content = f"[{','.join(batch)}]".encode()
        last = ""
        for _ in range(ATTEMPTS_MAX):
            wait = WAIT_SECONDS
            try:
                answer = await self._client.post(url, content=content, headers=headers)
            except httpx2.TransportError as error:
                last = repr(error)
            else:
                if answer.status_code == httpx2.codes.ACCEPTED:
                    return
                if not may_be_taken_later(answer.status_code):
                    raise PublishingRefused(f"{publisher}, {answer.status_code}: {shown(answer)}")
                last = f"{answer.status_code} {answer.text[:500]}"
                wait = float(answer.headers.get("Retry-After", wait))
            await asyncio.sleep(min(wait, WAIT_SECONDS_MAX))
        raise DoorUnreachable(f"{publisher}, after {ATTEMPTS_MAX} attempts at {url}: {last}")


def shown(answer: httpx2.Response) -> str:
    """What the door says of the first events that it refused, or its whole answer where it names none."""
    if answer.status_code != httpx2.codes.MULTI_STATUS:
        return answer.text[:2000]
    results: list[dict[str, Any]] = answer.json()["results"]
    refused = [result for result in results if result["result"] == "rejected"]
    return f"{len(refused)} events refused: {refused[:SHOWN_MAX]}"
