"""Accounts, sessions and the access log in a fresh database (SQLite, PostgreSQL), with a clock that is driven."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from services.monitor.access.people import People
from tests.servers.redis import LocalRedis
from tests.servers.redis_running import running_redis

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class DrivenClock:
    """It stands still until a test moves it."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        """Time passes."""
        self.now += by


@pytest.fixture
def clock() -> DrivenClock:
    return DrivenClock()


@pytest.fixture(scope="session")
def redis() -> Iterator[LocalRedis]:
    """A Redis server without streams: the monitor reads nothing, and its figures are empty."""
    with running_redis() as server:
        yield server


@pytest.fixture
def people(engine: Engine, clock: DrivenClock) -> Iterator[People]:
    made = People(engine, clock)
    made.create()
    yield made
    made.close()
