"""What machines ask the monitor: /metrics, and whether it is alive and ready."""

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import Request
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response

from services.monitor.access import Access
from services.monitor.tables import derivation
from services.monitor.watch import Watch
from shared.databases import reading
from shared.logs import get_logger
from shared.problems import NOT_READY, Problem

DATABASE_SECONDS_MAX = 5.0
"""How long the database may take to answer."""

Answer = Callable[[Request], Awaitable[Response]]

_log = get_logger()


def metrics(registry: CollectorRegistry, *, access: Access) -> Answer:
    """The metrics, as OpenMetrics for those who accept it and as classic text for others.

    `name[]`, as often as wanted, asks for these samples only, and for no work that they do not need.
    """

    async def answer(request: Request) -> Response:
        await access.require(request, scope="metrics:read")
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        names = request.query_params.getlist("name[]")
        asked = registry.restricted_registry(names) if names else registry
        return Response(await asyncio.to_thread(encode, asked), headers={"Content-Type": media_type})

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
