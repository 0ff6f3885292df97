"""`GET /v1/live`: server-sent events that say that there is something new for a reader; never what it is.

Pages fetch themselves again, as this reader may see them. A fact is told once what is watched has been made again from
it, so that who asks then gets the new figures at once.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from time import monotonic
from typing import Any

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from services.monitor.access import Access, Reader
from services.monitor.alerts.watching import Pace
from services.monitor.cockpit.attention import Attention
from services.monitor.cockpit.overview import Overview
from services.monitor.progress import facts_in
from shared.api_rules import BASE
from shared.calendar import calendar_date, rfc3339
from shared.clock import Clock
from shared.logs import get_logger
from shared.problems import TOO_MANY_REQUESTS, Problem

CONNECTIONS_MAX = 200
CONNECTIONS_OF_ONE_MAX = 100
"""From one address, so that nobody takes all of them; a proxy that is not named as trusted is one address."""
HEARTBEAT_SECONDS = 15.0
"""Without anything new a comment keeps proxies from closing the connection."""
LOOK_SECONDS = 1.0
REST_FACTOR = 3.0
"""After what is watched was made again comes a rest of so many times as long: making never takes all of a machine."""
RETRY_MS = 5_000

_log = get_logger()


class Live:
    """Follows the version of the figures and the alerts, and tells everybody who listens. Belongs to one event loop."""

    def __init__(self, overview: Overview, attention: Attention, access: Access, *, clock: Clock) -> None:
        self._overview, self._attention, self._access, self._clock = overview, attention, access, clock
        self._news = asyncio.Condition()
        self._pace = Pace()
        self._number = 0
        self._release: date | None = None
        self._released = 0
        self._listening: Counter[str | None] = Counter()
        self._closing = asyncio.Event()

    async def run(self) -> None:
        """Look every second until `close`; a database that is away is looked at again."""
        seen: tuple[object, object] | None = None
        warmed: tuple[date, date] | None = None
        while not self._closing.is_set():
            pause = LOOK_SECONDS
            try:
                version = await asyncio.to_thread(self._overview.version)
                self._overview.follow(settled=self._pace.settled(facts_in(version), self._clock()))
                if seen is not None:
                    began = monotonic()
                    made = await asyncio.to_thread(self._overview.refresh, version, enough=self._closing.is_set)
                    pause = max(LOOK_SECONDS, REST_FACTOR * (monotonic() - began)) if made else LOOK_SECONDS
                release = await asyncio.to_thread(self._overview.release)
                first = release, calendar_date(self._clock())
                if warmed != first and not self._overview.reading_in:
                    await asyncio.to_thread(self._overview.warm, enough=self._closing.is_set)
                    warmed = first
                # Alerts change after the facts that change them, at midnight, and when somebody answers one.
                moved = version, await asyncio.to_thread(self._attention.latest)
                if moved != seen:
                    seen = moved
                    await self._tell(release)
            except SQLAlchemyError:
                _log.warning("live_database_away")
            except Exception:  # noqa: BLE001 - one panel that cannot be made must not keep the others from moving on
                _log.exception("live_not_made")
            await self._pause(pause)

    def close(self) -> None:
        """End every stream: a server that stops waits for its answers."""
        self._closing.set()

    async def stream(self, request: Request) -> Response:
        """What is new for this reader, until they go away."""
        reader = await self._access.reader(request)
        if not reader.may("figures:exact"):
            reader = await self._access.require(request, scope="figures:read")
        if self._listening.total() >= CONNECTIONS_MAX or self._listening[_address(request)] >= CONNECTIONS_OF_ONE_MAX:
            raise Problem(
                TOO_MANY_REQUESTS,
                "There are too many live connections; reload the page instead.",
                headers={"Retry-After": "30"},
            )
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._events(request, reader), media_type="text/event-stream", headers=headers)

    async def _events(self, request: Request, reader: Reader) -> AsyncIterator[str]:
        self._listening[_address(request)] += 1
        number = self._of(reader)
        try:
            yield f"retry: {RETRY_MS}\n: {rfc3339(self._clock())}\n\n"
            while not self._closing.is_set() and not await request.is_disconnected():
                if not await self._news_for(reader, since=number):
                    yield ": still here\n\n"
                elif self._of(reader) != number:
                    number = self._of(reader)
                    yield _event("changed", number, {"known": rfc3339(self._clock())})
        finally:
            self._listening[_address(request)] -= 1
            self._listening += Counter()  # Without those who left.

    def _of(self, reader: Reader) -> int:
        """The number of the last thing that was new for this reader: for those outside, the last release."""
        return self._number if reader.may("figures:exact") else self._released

    async def _tell(self, release: date) -> None:
        async with self._news:
            self._number += 1
            if self._release is not None and release != self._release:
                self._released += 1
            self._release = release
            self._news.notify_all()

    async def _news_for(self, reader: Reader, *, since: int) -> bool:
        """Whether there is news, or the end, before the next heartbeat."""
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS), self._news:
                await self._news.wait_for(lambda: self._of(reader) != since or self._closing.is_set())
        except TimeoutError:
            return False
        return True

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return
        async with self._news:
            self._news.notify_all()


def _address(request: Request) -> str | None:
    return None if request.client is None else request.client.host


def _event(name: str, number: int, data: dict[str, Any]) -> str:
    return f"event: {name}\nid: {number}\ndata: {json.dumps(data)}\n\n"


def add_live(app: FastAPI, live: Live) -> None:
    """The route of the stream."""
    app.add_api_route(
        f"{BASE}/live",
        live.stream,
        methods=["GET"],
        operation_id="followLive",
        summary="Follow what is new, as server-sent events",
        tags=["live"],
        response_model=None,
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
        openapi_extra={"security": [{}, {"bearer": []}]},
    )
