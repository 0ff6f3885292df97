"""A ledger service from its settings, and the server that runs it: what intake and placement share."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvicorn
from fastapi import FastAPI

from shared import redis_servers
from shared.clock import Clock
from shared.databases import open_engine
from shared.door.app import door_app
from shared.door.door import Door
from shared.door.state import published_position
from shared.erasure import seal_of
from shared.facts.fact import Owner
from shared.ledger import Ledger, Writer
from shared.logs import get_logger
from shared.publishers.gate import Gate
from shared.publishers.issuers import issuers_of
from shared.publishers.registry import Registry
from shared.rejections import RejectionLog, Rejections, forget_rejections
from shared.relay import Relay
from shared.serving import server_of
from shared.settings import Settings

BATCH_FACTS_MAX = 2_000
"""Facts in one transaction of the ledger."""

FLUSH_SECONDS_MAX = 5.0
"""How long the last facts may take to reach the streams; what does not is published after the next start."""

_FLUSH_LOOK_SECONDS = 0.02
_log = get_logger()


def ledger_service(service: Owner, settings: Settings, clock: Clock) -> FastAPI:
    """The app of intake or of placement. Nothing is opened before it starts, and it starts once."""
    engine = open_engine(settings.database_url(service))
    streams = redis_servers.client(settings.redis_address())
    seal = seal_of(settings.erasure_key)
    ledger = Ledger(engine, service=service, clock=clock, seal=seal, naming=(forget_rejections,))
    relay = Relay(ledger, streams, service=service, partitions=settings.partitions)
    rejections = Rejections(engine, clock)
    registry = Registry(engine, clock)
    door = Door(
        service=service,
        addresses={"intake": settings.service_url("intake"), "placement": settings.service_url("placement")},
        ledger=ledger,
        writer=Writer(
            ledger,
            queue_facts_max=settings.queue_facts_max,
            batch_facts_max=BATCH_FACTS_MAX,
            committed=lambda _position: relay.wake(),
        ),
        relay=relay,
        gate=Gate(registry, issuers_of(settings, clock)),
        rejections=rejections,
        rejection_log=RejectionLog(rejections),
        clock=clock,
        queue_facts_max=settings.queue_facts_max,
        metrics_open=settings.metrics_open,
    )

    def prepare() -> None:
        rejections.create()
        ledger.create(partitions=settings.partitions)
        ledger.recognise()
        registry.create()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(prepare)
        async with _running(door):
            yield
        await streams.aclose()
        await asyncio.to_thread(engine.dispose)

    return door_app(door, lifespan=lifespan)


@asynccontextmanager
async def _running(door: Door) -> AsyncIterator[None]:
    """Writer, relay and rejections at work; at the end what waits is written and published first."""
    await door.writer.start()
    door.rejection_log.start()
    relaying = asyncio.create_task(door.relay.run(), name="relay")
    try:
        yield
    finally:
        await door.writer.stop()
        await door.rejection_log.stop()
        await _flushed(door)
        door.relay.stop()
        relaying.cancel()
        await asyncio.gather(relaying, return_exceptions=True)  # A bug that ended it was told when it did.


async def _flushed(door: Door) -> None:
    """Wait until the streams hold every fact, for a while; the ledger keeps what does not get there."""
    heads = await asyncio.to_thread(door.ledger.partition_heads)
    door.relay.wake()

    def waiting() -> bool:
        return door.relay.failure is None and published_position(door.relay.published, heads) < max(heads)

    try:
        async with asyncio.timeout(FLUSH_SECONDS_MAX):
            while waiting():  # noqa: ASYNC110 - another relay may be the one that publishes
                await asyncio.sleep(_FLUSH_LOOK_SECONDS)
    except TimeoutError:
        _log.warning("streams_not_flushed", head=max(heads), published=published_position(door.relay.published, heads))


def run(app: FastAPI, service: Owner, settings: Settings) -> None:
    """Serve an app until SIGTERM or Ctrl-C; requests that run are answered first. Raises CertificateUnusable."""
    port = settings.intake_port if service == "intake" else settings.placement_port
    server = uvicorn.Server(server_of(app, settings, port=port))
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(1)
