"""The real doors of intake and placement on free ports of this process, with every simulated publisher registered."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import ModuleType

import uvicorn

from services.intake import app as intake
from services.placement import app as placement
from services.simulator.publishers import PUBLISHERS
from services.simulator.publishing import Service
from shared.clock import system_clock
from shared.databases import open_engine
from shared.ledger import Ledger
from shared.publishers.everywhere import add_to_all
from shared.publishers.registry import Publisher, Registry
from shared.settings import Settings
from tests.servers.waiting import free_port

SERVICES: Mapping[Service, ModuleType] = {"intake": intake, "placement": placement}
LOOK_SECONDS = 0.02
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 20


class Doors:
    """Both services over databases in one folder; each may be opened later than its publishers begin."""

    def __init__(self, folder: Path, *, redis_url: str, queue_facts_max: int = 20_000) -> None:
        self.settings = Settings(
            data=folder,
            redis_url=redis_url,
            intake_port=free_port(),
            placement_port=free_port(),
            queue_facts_max=queue_facts_max,
        )
        self.tokens = self._prepared()

    @property
    def addresses(self) -> Mapping[Service, str]:
        return {name: self.settings.service_url(name) for name in SERVICES}

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Serve until the block ends."""
        async with AsyncExitStack() as stack:
            for name, service in SERVICES.items():
                await stack.enter_async_context(self._served(name, service))
            yield

    def heads(self) -> Mapping[Service, int]:
        """How many facts each ledger holds."""
        found = {}
        for name in SERVICES:
            engine = open_engine(self.settings.database_url(name))
            found[name] = Ledger(engine, service=name, clock=system_clock).head()
            engine.dispose()
        return found

    @asynccontextmanager
    async def _served(self, name: Service, service: ModuleType) -> AsyncIterator[None]:
        port = getattr(self.settings, f"{name}_port")
        app = service.create_app(self.settings)
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False))
        serving = asyncio.create_task(server.serve())
        async with asyncio.timeout(START_SECONDS_MAX):
            while not server.started:
                assert not serving.done()
                await asyncio.sleep(LOOK_SECONDS)
        try:
            yield
        finally:
            server.should_exit = True
            async with asyncio.timeout(STOP_SECONDS_MAX):
                await serving

    def _prepared(self) -> Mapping[str, str]:
        engines = {name: open_engine(self.settings.database_url(name)) for name in SERVICES}
        for name, engine in engines.items():
            Ledger(engine, service=name, clock=system_clock).create(partitions=self.settings.partitions)
        registries = [Registry(engine, system_clock) for engine in engines.values()]
        for registry in registries:
            registry.create()
        tokens = {
            one.name: add_to_all(
                registries,
                Publisher(
                    one.name, frozenset({one.source}), one.facts, one.accommodations, scopes=frozenset({"facts:write"})
                ),
            )
            for one in PUBLISHERS.values()
        }
        for engine in engines.values():
            engine.dispose()
        return tokens
