"""From publishers to the figures over PostgreSQL and Redis in containers, in the versions that compose runs."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from tests.faults.checking import Checker
from tests.faults.nursery import Nursery
from tests.faults.stores import SERVICES, Disk, Stores
from tests.faults.system import System
from tests.servers.containers import POSTGRES_IMAGE, REDIS_IMAGE, ContainerPostgres, ContainerRedis, docker_has
from tests.servers.waiting import wait_until

COMPOSE = Path(__file__).parents[2] / "docker-compose.yml"


class ContainerStores(Stores):
    """A database for each service on one server in a container."""

    kind = "postgresql"

    def __init__(self, disk: Disk, server: ContainerPostgres) -> None:
        super().__init__(disk)
        self.server = server
        for service in SERVICES:
            server.create(service)

    def url(self, service: str) -> str:
        return f"{self.server.url(service)}?connect_timeout=5"

    direct = url

    def copy(self, service: str) -> None:
        raise NotImplementedError

    aside = swap = copy

    def close(self) -> None:
        for service in SERVICES:
            self.server.drop(service)


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    for image in (POSTGRES_IMAGE, REDIS_IMAGE):
        if not docker_has(image):
            pytest.skip(f"no Docker engine that has {image} or can pull it")
    with ExitStack() as held:
        disk = Disk(mebibytes=64)
        held.callback(disk.remove)
        server, redis = ContainerPostgres(), ContainerRedis()
        held.callback(server.remove)
        held.callback(redis.remove)
        redis.start()
        stores = ContainerStores(disk, server)
        held.callback(stores.close)
        nursery = Nursery()
        held.callback(nursery.close)
        system = System(stores, redis, nursery, seed="containers", more={"monitor_workers": 2})
        held.callback(system.close)
        system.supervised.append("monitor-2")
        system.start("monitor-2")
        for name in ("monitor", "monitor-2"):
            wait_until(lambda name=name: system.ready(name)[0] == 200, what=f"{name} is ready", seconds_max=60)
        yield system


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    scratch = Disk(mebibytes=64)
    yield Checker(scratch.path)
    scratch.remove()


def redis_killed(system: System) -> None:
    assert isinstance(system.redis, ContainerRedis)
    system.redis.kill()
    system.redis.start()


def redis_empty(system: System) -> None:
    assert isinstance(system.redis, ContainerRedis)
    system.redis.kill()
    system.redis.forget()
    system.redis.start()


def postgres_killed(system: System) -> None:
    assert isinstance(system.stores, ContainerStores)
    system.stores.server.stop()
    system.stores.server.start()


def test_the_versions_are_those_that_compose_runs() -> None:
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    assert {services[name]["image"] for name in ("postgres", "redis")} == {POSTGRES_IMAGE, REDIS_IMAGE}


def test_every_figure_is_that_of_a_fold_of_the_ledgers(system: System, checker: Checker) -> None:
    system.allow(20)
    system.quiet()
    assert checker.check(system) == system.acknowledged() > 100


@pytest.mark.parametrize("struck", [redis_killed, redis_empty, postgres_killed])
def test_a_server_that_is_killed_under_load_costs_no_fact(
    system: System, checker: Checker, struck: Callable[[System], None]
) -> None:
    system.allow(10)
    system.wait_for_acknowledgements(15)
    struck(system)
    system.heal()
    system.quiet()
    assert checker.check(system) == system.acknowledged()
