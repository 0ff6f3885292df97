"""The monitor's HTTP face: figures as JSON, /metrics, and whether it is alive and ready."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated

from fastapi import FastAPI, Request
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from pydantic import BaseModel, Field
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response

from services.monitor.access import Access
from services.monitor.snapshot import snapshot
from services.monitor.tables import derivation
from services.monitor.watch import Watch
from shared.api_rules import BASE
from shared.calendar import calendar_date
from shared.clock import Clock
from shared.databases import reading
from shared.logs import get_logger
from shared.problems import FORBIDDEN, NOT_READY, Problem

DATABASE_SECONDS_MAX = 5.0
"""How long the database may take to answer."""

Answer = Callable[[Request], Awaitable[Response]]

_log = get_logger()


class Summary(BaseModel):
    """The national figures of one date, computed as /metrics computes them."""

    on: Annotated[date, Field(description="The date in Europe/Amsterdam that the figures are of.")]
    known: Annotated[datetime, Field(description="Everything that was projected up to this moment counts.")]
    open_closures: Annotated[int, Field(description="Closures that are open (D3).")]
    open_closures_183_days: Annotated[int, Field(description="Of these, open for at least 183 days.")]
    open_closures_365_days: Annotated[int, Field(description="Of these, open for at least 365 days.")]
    closures_without_title: Annotated[int, Field(description="Of these, without a title that day (D10).")]
    placements_started: Annotated[int, Field(description="Placements that started so far (D5).")]
    doorplaatsingen: Annotated[int, Field(description="Doorplaatsingen so far (D8).")]
    replacements_365_days: Annotated[int, Field(description="Re-placements within 365 days so far (D9).")]
    waiting: Annotated[int, Field(description="Waits for a closed place.")]


def add_figures(app: FastAPI, engine: Engine, *, clock: Clock, access: Access) -> None:
    """The routes under /v1/figures."""

    def compute() -> Summary:
        known = clock()
        with reading(engine).begin() as connection:
            found = snapshot(connection, on=calendar_date(known))
        return Summary(
            on=found.on,
            known=known,
            open_closures=len(found.open_closures),
            open_closures_183_days=found.open_for(183),
            open_closures_365_days=found.open_for(365),
            closures_without_title=sum(one.title is None for one in found.open_closures),
            placements_started=found.placements_started,
            doorplaatsingen=sum(found.doorplaatsingen.values()),
            replacements_365_days=found.replacements_within(365),
            waiting=len(found.waiting),
        )

    async def read_summary(request: Request) -> Summary:
        """How many are locked up today, for how long, and how often they were moved or came back."""
        reader = await access.require(request, scope="figures:exact")
        if not reader.exact:
            raise Problem(FORBIDDEN, "These figures are of the whole country; this reader sees a part of it exactly.")
        return await asyncio.to_thread(compute)

    app.add_api_route(
        f"{BASE}/figures/summary",
        read_summary,
        methods=["GET"],
        operation_id="readSummary",
        summary="Read the national figures of today",
        tags=["figures"],
        response_model=Summary,
        openapi_extra={"security": [{"bearer": []}]},
    )


def metrics(registry: CollectorRegistry, *, access: Access) -> Answer:
    """The metrics, as OpenMetrics for those who accept it and as classic text for others."""

    async def answer(request: Request) -> Response:
        await access.require(request, scope="metrics:read")
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(await asyncio.to_thread(encode, registry), headers={"Content-Type": media_type})

    return answer


async def livez(_request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "alive"})


def readyz(engine: Engine, watch: Watch) -> Answer:
    """Whether the figures are there and follow the streams, or the problem 503 with every reason why not."""

    async def answer(_request: Request) -> Response:
        reasons = [*watch.complaints(), *await _of_database(engine)]
        if reasons:
            raise Problem(NOT_READY, " ".join(reasons), members={"reasons": reasons}, headers={"Retry-After": "5"})
        return JSONResponse({"status": "ready"})

    return answer


async def _of_database(engine: Engine) -> list[str]:
    def ask() -> None:
        with reading(engine).begin() as connection:
            connection.execute(select(derivation.c.rules)).one()

    try:
        async with asyncio.timeout(DATABASE_SECONDS_MAX):
            await asyncio.to_thread(ask)
    except (SQLAlchemyError, TimeoutError) as error:
        _log.error("database_does_not_answer", error=type(error).__name__, reason=str(error))
        return ["The database does not answer."]
    return []
