"""From the first version of every schema to this one, service by service, killed on the way, while publishers send."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count

import pytest

from shared.migrations.upgrade import newest
from tests.faults.checking import Checker
from tests.faults.nursery import Nursery
from tests.faults.older import FIRST, STEPS_OF, made_older, stands
from tests.faults.stores import Disk, PostgresStores, SqliteStores, Stores, SweptRedis, cluster_on
from tests.faults.system import System
from tests.servers.redis import find_redis_server
from tests.servers.waiting import wait_until

Make = Callable[[str], tuple[System, Checker]]

LIVES_LONGER_S = 0.12
"""By how much a service outlives the one before it that was killed when it upgraded its database."""


@pytest.fixture
def make() -> Iterator[Make]:
    """A system over a kind of database, and who compares it with its ledgers."""
    program = find_redis_server()
    if program is None:
        pytest.skip("no redis-server: neither in a package nor on the PATH")
    with ExitStack() as held:

        def started(database: str) -> tuple[System, Checker]:
            disk, scratch = Disk(mebibytes=280), Disk(mebibytes=64)
            held.callback(disk.remove)
            held.callback(scratch.remove)
            stores: Stores = SqliteStores(disk, epoch=0)
            if database == "postgresql":
                cluster = cluster_on(disk)
                if cluster is None:
                    pytest.skip("no PostgreSQL: no server programs on this machine")
                held.callback(cluster.remove)
                stores = PostgresStores(disk, cluster, epoch=0)
                held.callback(stores.close)
            redis = SweptRedis(program, disk)
            held.callback(redis.remove)
            redis.start()
            nursery = Nursery()
            held.callback(nursery.close)
            system = System(stores, redis, nursery, seed="upgrade")
            held.callback(system.close)
            wait_until(lambda: system.ready("monitor")[0] == 200, what="the monitor is ready", seconds_max=60)
            return system, Checker(scratch.path)

        yield started


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_each_service_is_upgraded_under_load_though_it_is_killed_and_nothing_is_lost_or_doubled(
    make: Make, database: str
) -> None:
    system, checker = make(database)
    system.allow(40)
    system.wait_for_acknowledgements(60)
    missing: list[str] = []
    for service in ("monitor", "intake", "placement"):  # The monitor first, as docs/running.md says.
        before = system.acknowledged()
        system.allow(10)
        system.stop(service)
        older = system.stores.aside(service)
        missing += made_older(service, system.stores.direct(service), into=older)
        system.stores.swap(service)
        assert _kills_until_upgraded(system, service) > 1
        system.start(service)
        wait_until(lambda name=service: system.ready(name)[0] == 200, what=f"{service} is ready", seconds_max=60)
        assert system.acknowledged() > before
        system.allow(10)
        system.wait_for_acknowledgements(20)
    assert {"known_key", "horizon", "quarantine", "person.changed", "derivation.generation"} <= set(missing)
    system.quiet()
    assert checker.check(system) == system.acknowledged() > 300


def _kills_until_upgraded(system: System, service: str) -> int:
    """Start it and kill it, each time a little later, until its database is of this version; how often that was."""
    for kills in count(1):
        system.start(service)
        time.sleep(kills * LIVES_LONGER_S)  # When it is killed is what is tried.
        system.kill(service)
        found = stands(service, system.stores.direct(service))
        behind = {chain for chain, step in found.items() if step != newest(STEPS_OF[service][chain])}
        assert all(found[chain] == FIRST for chain in behind), found
        if not behind:
            return kills
    raise AssertionError
