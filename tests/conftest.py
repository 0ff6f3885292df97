"""Fixtures for every test: real servers, and REQUIRE_ALL=1, with which a test that cannot run here fails."""

import os
from collections.abc import Callable, Generator, Iterator
from itertools import count
from typing import TypeVar

import pytest
from sqlalchemy import Engine

from shared.databases import open_engine, sqlite_url
from tests.servers.containers import POSTGRES_IMAGE, REDIS_IMAGE, ContainerPostgres, ContainerRedis, docker_has
from tests.servers.postgres import LocalPostgres, PostgresServer, find_postgres
from tests.servers.redis import LocalRedis, find_redis_server

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
RedisServer = LocalRedis | ContainerRedis

_numbers = count(1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _required((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _required((yield))


def _required(report: Report) -> Report:
    """With REQUIRE_ALL=1 nothing is left out unseen."""
    if report.skipped and os.environ.get("REQUIRE_ALL") == "1" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1, and this was skipped: {reason}"
    return report


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def redis_server() -> Iterator[Callable[..., RedisServer]]:
    """Makes and starts Redis servers, each with a file of its own.

    In containers where a Docker engine has the image, otherwise with the redis-server of this machine.
    """
    in_containers, program = docker_has(REDIS_IMAGE), find_redis_server()
    if not in_containers and program is None:
        pytest.skip("no Redis: neither a Docker engine, nor a redis-server in a package or on the PATH")
    servers: list[RedisServer] = []

    def make() -> RedisServer:
        servers.append(LocalRedis(program) if program and not in_containers else ContainerRedis())
        servers[-1].start()
        return servers[-1]

    yield make
    for server in servers:
        server.remove()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The PostgreSQL server of this run; a test that stops it starts it again."""
    programs = find_postgres()
    if docker_has(POSTGRES_IMAGE):
        server: PostgresServer = ContainerPostgres()
    elif programs is not None:
        server = LocalPostgres(programs)
    else:
        pytest.skip("no PostgreSQL: neither a Docker engine nor PostgreSQL's server programs")
    yield server
    server.remove()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """A fresh PostgreSQL database."""
    name = f"test_{next(_numbers)}"
    postgres.create(name)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A fresh database; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return sqlite_url(tmp_path_factory.mktemp("database") / "test.sqlite")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh database, durable as a ledger needs it; SQLite and PostgreSQL."""
    made = open_engine(database_url)
    yield made
    made.dispose()
