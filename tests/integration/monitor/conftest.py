"""Fixtures for the monitor: its database with its schema, and projectors on it."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import Engine

from services.monitor.dossier.fold import fold
from services.monitor.dossier.rules import Rules
from services.monitor.generation import NextGeneration
from services.monitor.history.history import History
from services.monitor.metrics.snapshot import snapshot as shown_snapshot
from services.monitor.metrics.tallies import Tallies
from services.monitor.metrics.today import Today
from services.monitor.projector.dossiers import Fold
from services.monitor.projector.projection import Projector, Source
from services.monitor.rebuild import rebuild_when_outdated
from services.monitor.schema import upgrade
from shared.databases import open_engine, sqlite_url
from tests.integration.monitor.ledgers import NOON, STREAMS, Ledgers
from tests.integration.monitor.recounted import Snapshot, marginals, snapshot
from tests.servers.derivation import digest
from tests.servers.redis import LocalRedis
from tests.servers.redis_running import running_redis

RULES = Rules()


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


def read_again(engine: Engine, source: Source, *, fold: Fold = fold) -> int:
    """Everything read again beside it and put in its place; how many facts were read."""
    generation = NextGeneration(engine, rules=RULES, clock=lambda: NOON, source=source, fold=fold)
    try:
        read = generation.build(STREAMS, progress=lambda _read: None)
        generation.switch()
    finally:
        generation.close()
    generation.discard()
    return read


def digest_of(engine: Engine) -> str:
    """The checksum over everything derived."""
    with engine.begin() as connection:
        return digest(connection)


def figures(engine: Engine, on: str) -> Snapshot:
    """The figures of a date, counted anew in SQL; what the metrics show must be the same."""
    day = date.fromisoformat(on)
    with engine.begin() as connection:
        recounted = snapshot(connection, on=day)
    history = History(engine, rules=RULES, clock=lambda: NOON)
    with history.looking() as look:
        shown = shown_snapshot(Today().count(look, day), look.register, {})
    for name, counts in marginals(recounted).items():
        found = getattr(shown, name) if name else {one: getattr(shown, one) for one in counts}
        assert {key: n for key, n in found.items() if n} == {key: n for key, n in counts.items() if n}, name
    return recounted


def tallies_of(engine: Engine, on: date) -> Tallies:
    """What the metrics count on a date, from nothing."""
    history = History(engine, rules=RULES, clock=lambda: NOON)
    with history.looking() as look:
        return Today().count(look, on)


@pytest.fixture
def redis() -> Iterator[LocalRedis]:
    """A Redis server that runs."""
    with running_redis() as server:
        yield server


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
