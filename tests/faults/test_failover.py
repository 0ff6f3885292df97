"""Redis that takes over by itself, with Sentinels and as a cluster: nothing is lost and nothing doubled under load."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from shared.streams import stream_name
from tests.faults.checking import Checker
from tests.faults.nursery import Nursery
from tests.faults.stores import Disk, SqliteStores
from tests.faults.system import System
from tests.servers.certificates import Authority
from tests.servers.redis import find_redis_server
from tests.servers.redis_failover import ClusterServers, SentinelServers
from tests.servers.roles import find_redis_with_tls
from tests.servers.waiting import wait_until

FAILOVER_S_MAX = 60.0
STREAM = stream_name("placement", 0)

Servers = SentinelServers | ClusterServers
Make = Callable[..., tuple[System, Servers, Checker]]


@pytest.fixture
def make() -> Iterator[Make]:
    """A system over such servers, with TLS or without, and who compares it with its ledgers."""
    with ExitStack() as held:

        def started(kind: type[Servers], *, tls: bool = False) -> tuple[System, Servers, Checker]:
            program = find_redis_with_tls() if tls else find_redis_server()
            if program is None:
                pytest.skip(f"no redis-server{' with TLS' if tls else ''}")
            disk, scratch = Disk(mebibytes=96), Disk(mebibytes=64)
            held.callback(disk.remove)
            held.callback(scratch.remove)
            servers = kind(program, Authority(scratch.path).issue("redis") if tls else None)
            held.callback(servers.remove)
            servers.start()
            nursery = Nursery()
            held.callback(nursery.close)
            system = System(SqliteStores(disk, epoch=0), servers, nursery, seed="failover")
            held.callback(system.close)
            wait_until(lambda: system.ready("monitor")[0] == 200, what="the monitor is ready", seconds_max=60)
            return system, servers, Checker(scratch.path)

        yield started


@pytest.mark.parametrize(
    ("kind", "tls"),
    [(SentinelServers, False), (ClusterServers, False), (ClusterServers, True)],
    ids=["sentinels", "cluster", "cluster over TLS"],
)
def test_what_was_acknowledged_during_a_failover_is_counted_once(make: Make, kind: type[Servers], tls: bool) -> None:
    system, servers, checker = make(kind, tls=tls)
    assert servers.url.startswith("rediss+cluster://" if tls else "redis+")
    system.allow(30)
    system.wait_for_acknowledgements(40)
    primary, before = servers.primary_of(STREAM), len(servers.primaries())
    primary.kill()
    system.wait_for_acknowledgements(40)
    wait_until(lambda: len(servers.primaries()) == before, what="another takes over", seconds_max=FAILOVER_S_MAX)
    primary.start()  # It comes back with less than the others have, and holds itself for what it was, for a while.
    system.quiet()
    assert checker.check(system) == system.acknowledged() > 200


def test_a_replica_that_has_nothing_is_filled_from_the_ledgers_when_it_takes_over(make: Make) -> None:
    """Over TLS: clients, Sentinels and servers, all with each other; and published to meanwhile."""
    system, servers, checker = make(SentinelServers, tls=True)
    assert servers.url.startswith("rediss+sentinel://")
    system.allow(20)
    system.quiet()
    primary = servers.primary_of(STREAM)
    [replica] = [node for node in servers.data if node is not primary]
    assert replica.ask("CONFIG", "SET", "replica-read-only", "no") is not None
    assert replica.ask("FLUSHALL") is not None
    primary.kill()
    system.allow(10)
    wait_until(replica.is_primary, what="the replica takes over", seconds_max=FAILOVER_S_MAX)
    system.quiet()
    heads = [len(feed) for feed in (system.feed("intake"), system.feed("placement"))]

    def filled() -> bool:
        lengths = [
            sum(int(str(replica.ask("XLEN", stream_name(service, partition)) or 0)) for partition in range(4))
            for service in ("intake", "placement")
        ]
        return lengths == heads

    wait_until(filled, what="the streams hold every fact", seconds_max=FAILOVER_S_MAX)
    system.allow(5)
    system.quiet()
    assert checker.check(system) == system.acknowledged()
