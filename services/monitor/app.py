"""The monitor from its settings: what reads, projects and watches, and the server that shows the figures."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from sqlalchemy import Engine

from services.monitor.access import Access
from services.monitor.access.cookies import cookies_for
from services.monitor.access.people import People
from services.monitor.access.routes import add_access
from services.monitor.alerts.api import add_alerts
from services.monitor.alerts.book import AlertBook
from services.monitor.alerts.conditions.judging import alerts
from services.monitor.alerts.rulebook import rulebook
from services.monitor.alerts.watching import AlertWatch
from services.monitor.answers.answering import Figures
from services.monitor.answers.routes import add_answers
from services.monitor.api import livez, metrics, readyz
from services.monitor.cases.reading import add_cases
from services.monitor.cockpit.assets import Assets
from services.monitor.cockpit.cockpit import Sources, add_cockpit
from services.monitor.cockpit.live import Live
from services.monitor.dossier.rules import Rules
from services.monitor.ending import Ending
from services.monitor.erasures import recognise
from services.monitor.exports import add_exports
from services.monitor.feed import Feed
from services.monitor.figures.question import Conventions
from services.monitor.flags.book import FlagBook
from services.monitor.flags.listing import add_flags
from services.monitor.history.history import History
from services.monitor.metrics.collector import FiguresCollector, PipelineCollector, open_registry
from services.monitor.projector.entries import Stream
from services.monitor.projector.projection import Projector
from services.monitor.projector.worker import ProjectionWorker
from services.monitor.readers import Readers, open_broker
from services.monitor.rebuild import rebuild_when_outdated, written
from services.monitor.schema import upgrade
from services.monitor.shares import Share, Shares
from services.monitor.sharing import Sharing
from services.monitor.standing import Standing
from services.monitor.watch import Watch
from shared import redis_servers
from shared.api_rules import rule_abiding
from shared.clock import Clock, system_clock
from shared.databases import open_engine
from shared.erasure import Seal, seal_of
from shared.logs import get_logger
from shared.outages import answer_outages
from shared.publishers.gate import Gate
from shared.publishers.issuers import issuers_of
from shared.publishers.registry import Registry
from shared.security_txt import add_security_txt
from shared.serving import server_of
from shared.settings import Settings
from shared.tls import trust

LEDGER_SERVICES = ("intake", "placement")

_log = get_logger()


def streams_of(settings: Settings) -> list[Stream]:
    """Every stream of every service that has a ledger."""
    return sorted(stream for share in shares_of(settings) for stream in share)


def shares_of(settings: Settings) -> list[frozenset[Stream]]:
    """The same, as monitors divide them."""
    of = settings.monitor_workers or 1
    partitions = [Share(number, of).partitions(settings.partitions) for number in range(of)]
    return [frozenset(Stream(service, one) for service in LEDGER_SERVICES for one in numbers) for numbers in partitions]


def rules_of(settings: Settings) -> Rules:
    """The rules of the fold that this installation follows."""
    return Rules(link_days=settings.link_days)


def feed_of(settings: Settings) -> Feed:
    """The feeds of the services that have a ledger."""
    addresses = {service: settings.service_url(service) for service in LEDGER_SERVICES}
    return Feed(addresses, token=settings.feed_token, trust=trust(settings))


@dataclass(frozen=True, slots=True)
class _Monitor:
    """What is started and stopped together."""

    engine: Engine
    registry: Registry
    people: People
    rules: Rules
    feed: Feed
    worker: ProjectionWorker
    readers: Readers
    watch: Watch
    ending: Ending
    redis: redis_servers.Client
    sharing: Sharing
    history: History
    figures: FiguresCollector
    alerts: AlertWatch
    seal: Seal | None
    kept_engine: Engine
    """The same database for what cannot be made again: the life of the alerts."""


def create_app(settings: Settings, clock: Clock = system_clock, *, stop: Callable[[], None]) -> FastAPI:
    """The monitor. Nothing is opened before it starts, and it starts once.

    `stop` is called when the projection has ended and the process must end too.
    """
    monitor = _assemble(settings, clock)
    cookies = cookies_for(settings.service_url("monitor"))
    access = Access(Gate(monitor.registry, issuers_of(settings, clock)), monitor.people, cookies, settings=settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with _running(monitor, stop), _followed(app.state.live):
            yield

    app = rule_abiding(
        title="Doorstroom monitor",
        description="Who is closed in, for how long, on what title, and how often moved: figures from the facts.",
        lifespan=lifespan,
        paths={},
        schemas={},
    )
    answer_outages(app)
    add_security_txt(app, clock=clock)
    assets = Assets(settings.theme_css)
    add_access(app, access, settings, files=assets.addresses, clock=clock)
    conventions = Conventions(link_days=monitor.rules.link_days, settled_days=settings.settled_days)
    figures = Figures(monitor.engine, monitor.history.known_at, conventions=conventions, clock=clock)
    add_answers(app, figures, monitor.engine, access=access)
    add_flags(app, monitor.history, FlagBook(), access=access)
    add_alerts(
        app,
        monitor.kept_engine,
        rules=rulebook(),
        clock=clock,
        access=access,
        address=settings.service_url("monitor"),
    )
    judged = partial(alerts, rules=rulebook(), link_days=monitor.rules.link_days)
    add_cases(app, monitor.history, access=access, alerts=judged)
    add_exports(app, monitor.history, access=access)
    sources = Sources(figures, monitor.history, monitor.kept_engine, rulebook(), monitor.watch)
    app.state.live = add_cockpit(app, sources, access, assets, settings=settings, clock=clock)
    _add_state(app, monitor, access=access, clock=clock)
    return app


def _add_state(app: FastAPI, monitor: _Monitor, *, access: Access, clock: Clock) -> None:
    """What those ask who watch the monitor: whether it is alive and ready, and its metrics."""
    registry = open_registry(
        PipelineCollector(monitor.engine, clock=clock, watch=monitor.watch, build=version("doorstroom")),
        monitor.figures,
    )
    app.add_route("/livez", livez, methods=["GET"], include_in_schema=False)
    app.add_route("/readyz", readyz(monitor.engine, monitor.watch), methods=["GET"], include_in_schema=False)
    app.add_route("/metrics", metrics(registry, access=access), methods=["GET"], include_in_schema=False)


def run(settings: Settings, clock: Clock = system_clock) -> int:
    """Serve until SIGTERM or Ctrl-C; the exit code: 1 when it could not start, or when the projection had to end."""
    failed = False

    def stop() -> None:
        nonlocal failed
        failed = True
        server.should_exit = True

    server = _Server(serving(create_app(settings, clock, stop=stop), settings))
    server.run()
    return 1 if failed or not server.started else 0


def serving(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How the monitor is served; where a proxy is trusted, a request comes from whom the proxy says."""
    return server_of(app, settings, port=settings.monitor_port, trusted_proxies=settings.trusted_proxies)


class _Server(uvicorn.Server):
    """Ends the live streams when it is asked to stop: it waits for every answer, and these have no end."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called by the signal."""
        app: Any = self.config.app
        app.state.live.close()
        super().handle_exit(sig, frame)


@asynccontextmanager
async def _followed(live: Live) -> AsyncIterator[None]:
    """The live stream follows the figures."""
    following = asyncio.create_task(live.run(), name="live")
    try:
        yield
    finally:
        live.close()
        await asyncio.wait([following])


def _assemble(settings: Settings, clock: Clock) -> _Monitor:
    # Everything in this database can be made again from the ledgers, so its commits need not wait for the disk.
    engine = open_engine(settings.database_url("monitor"), durable=False)
    rules, feed, shares, ending = rules_of(settings), feed_of(settings), shares_of(settings), Ending()
    seal = seal_of(settings.erasure_key)
    projector = Projector(engine, rules=rules, clock=clock, source=feed, seal=seal)
    worker = ProjectionWorker(projector, ending=ending)
    # One more attempt: the first command on a connection that Redis closed in a restart fails.
    connection = redis_servers.client(settings.redis_address(), retry=Retry(NoBackoff(), 1))
    readers = Readers(open_broker(settings.redis_address()), apply=worker.apply, ending=ending)
    standing = Standing(projector, engine, shares=shares)
    watch = Watch(connection, readers, standing=standing, settle=worker.settle, ending=ending, clock=clock)
    sharing = _sharing(settings, worker, readers, ending)
    kept_engine = open_engine(settings.database_url("monitor"))
    book = AlertBook(kept_engine, rules=rulebook(), fold=rules, clock=clock)
    history = History(engine, rules=rules, clock=clock)
    return _Monitor(
        engine,
        Registry(engine, clock),
        People(open_engine(settings.database_url("access")), clock, seal=seal),
        rules,
        feed,
        worker,
        readers,
        watch,
        ending,
        connection,
        sharing,
        history,
        FiguresCollector(engine, history, rules=rulebook(), clock=clock),
        AlertWatch(engine, book, near=lambda: watch.near() and sharing.leads(), ending=ending, clock=clock),
        seal,
        kept_engine,
    )


def _sharing(settings: Settings, worker: ProjectionWorker, readers: Readers, ending: Ending) -> Sharing:
    """How this process comes to what it reads: everything, or the first share that is free."""
    streams = shares_of(settings)

    async def begin(share: Share) -> None:
        positions = await worker.start(sorted(streams[share.number]))
        await readers.start(positions)

    if settings.monitor_workers is None:
        return Sharing(None, begin=begin, ending=ending)
    url, workers = settings.database_url("monitor"), settings.monitor_workers
    return Sharing(Shares(url, partitions=settings.partitions, workers=workers), begin=begin, ending=ending)


@asynccontextmanager
async def _running(monitor: _Monitor, stop: Callable[[], None]) -> AsyncIterator[None]:
    """Reading, projecting and watching; at the end the transaction under way is finished first.

    What a start that fails had begun is ended too: a reader that goes on would keep the process from ending.
    """
    async with AsyncExitStack() as closing:
        for close in (monitor.engine.dispose, monitor.kept_engine.dispose, monitor.people.close, monitor.feed.close):
            closing.push_async_callback(asyncio.to_thread, close)
        closing.push_async_callback(monitor.redis.aclose)
        await asyncio.to_thread(_prepare, monitor)
        for end in (monitor.sharing.close, monitor.worker.stop, monitor.readers.stop):
            closing.push_async_callback(end)
        await monitor.sharing.start()
        await monitor.watch.tick()
        sharing = asyncio.create_task(monitor.sharing.run(), name="sharing")
        watching = asyncio.create_task(monitor.watch.run(), name="watch")
        alerting = asyncio.create_task(monitor.alerts.run(), name="alerts")
        ending = asyncio.create_task(_end(monitor.ending, stop), name="end")
        try:
            yield
        finally:
            ending.cancel()
            for part in (monitor.sharing, monitor.watch, monitor.alerts):
                part.stop()
            await asyncio.wait([sharing, watching, alerting, ending])


def _prepare(monitor: _Monitor) -> None:
    upgrade(monitor.engine)
    monitor.registry.create()
    monitor.people.create()
    recognise(monitor.engine, monitor.seal)
    monitor.people.log.recognise()
    if rebuild_when_outdated(monitor.engine, rules=monitor.rules, progress=_log_progress):
        _log.info("rebuilt_for_new_rules", rules=written(monitor.rules))
    monitor.history.known_at()  # Reads every dossier, so that nobody has to wait for that later.
    monitor.figures.compute()


def _log_progress(done: int, total: int) -> None:
    _log.info("rebuilding", persons=done, of=total)


async def _end(ending: Ending, stop: Callable[[], None]) -> None:
    await ending.wait()
    stop()
