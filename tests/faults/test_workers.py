"""Several monitors on one PostgreSQL database: together they say what one would, whoever of them is killed."""

import json
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from random import Random

import psycopg
import pytest

from services.monitor.shares import NAMESPACE
from tests.faults.checking import Checker
from tests.faults.kinds import KINDS
from tests.faults.nursery import Nursery
from tests.faults.stores import Disk, PostgresStores, SweptRedis, cluster_on
from tests.faults.system import System
from tests.servers.redis import find_redis_server
from tests.servers.waiting import wait_until

pytestmark = pytest.mark.postgres

LOCKS = f"SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = {NAMESPACE}"
"""Sessions that hold a share."""


@pytest.fixture(scope="module")
def disk() -> Iterator[Disk]:
    disk = Disk(mebibytes=280)
    yield disk
    disk.remove()


@pytest.fixture(scope="module")
def stores(disk: Disk) -> Iterator[PostgresStores]:
    cluster = cluster_on(disk)
    if cluster is None:
        pytest.skip("no PostgreSQL: no server programs on this machine")
    with ExitStack() as held:
        held.callback(cluster.remove)
        stores = PostgresStores(disk, cluster, epoch=0)
        held.callback(stores.close)
        yield stores


@pytest.fixture(scope="module")
def system(stores: PostgresStores, disk: Disk) -> Iterator[System]:
    """Two shares, and two monitors that read them."""
    program = find_redis_server()
    if program is None:
        pytest.skip("no redis-server: neither in a package nor on the PATH")
    with ExitStack() as held:
        nursery = Nursery()
        held.callback(nursery.close)
        redis = SweptRedis(program, disk)
        held.callback(redis.remove)
        redis.start()
        system = System(stores, redis, nursery, seed="workers", more={"monitor_workers": 2})
        held.callback(system.close)
        system.supervised.append("monitor-2")
        system.start("monitor-2")
        answers(system, "monitor")
        answers(system, "monitor-2")
        yield system


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    scratch = Disk(mebibytes=64)
    yield Checker(scratch.path)
    scratch.remove()


def answers(system: System, name: str) -> None:
    try:
        wait_until(lambda: system.ready(name)[0] == 200, what=f"{name} is ready", seconds_max=60)
    except AssertionError as error:
        error.add_note(f"{name} says {system.ready(name)}; its log: {system.log(name).read_text()[-5000:]}")
        raise


def holders(stores: PostgresStores) -> int:
    """How many monitors hold a share."""
    with psycopg.connect(stores.direct("monitor")) as connection:
        row = connection.execute(LOCKS).fetchone()
    assert row is not None
    return int(row[0])


def generation(stores: PostgresStores) -> int:
    """How often everything was replaced by what was read again."""
    with psycopg.connect(stores.direct("monitor")) as connection:
        row = connection.execute("SELECT generation FROM derivation").fetchone()
    assert row is not None
    return int(row[0])


def figures(system: System, name: str) -> str:
    """What a monitor tells Prometheus about young people."""
    page = system.client.get(f"{system.address(name)}/metrics", headers={"Accept": "text/plain"}).text
    about = re.compile(r"doorstroom_(open_closures|placements_started|discharges|doorplaatsingen|projected)\w*[{ ]")
    return "\n".join(line for line in page.splitlines() if about.match(line))


def share_of(system: System, name: str) -> int | None:
    """The share that a monitor last said it took; None when it never did."""
    said = [json.loads(line) for line in system.log(name).read_text().splitlines() if line.startswith("{")]
    taken = [line["share"] for line in said if line["event"] == "share_taken"]
    return taken[-1] if taken else None


def looked_at(system: System, name: str) -> float:
    """When the alerts were last looked at, as a monitor says."""
    page = system.client.get(f"{system.address(name)}/metrics", headers={"Accept": "text/plain"}).text
    found = re.search(r"^doorstroom_alerts_last_look_timestamp_seconds (\S+)$", page, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_facts_split_over_two_monitors_give_the_figures_of_a_fold_from_nothing(
    system: System, stores: PostgresStores, checker: Checker
) -> None:
    assert holders(stores) == 2
    system.allow(40)
    system.quiet()
    assert checker.check(system) == system.acknowledged() > 300
    assert figures(system, "monitor") == figures(system, "monitor-2")
    assert holders(stores) == 2


def test_one_that_stands_by_takes_the_share_and_the_alerts_of_one_that_is_killed(
    system: System, stores: PostgresStores, checker: Checker
) -> None:
    system.start("monitor-3")
    answers(system, "monitor-3")
    assert share_of(system, "monitor-3") is None
    [first] = [name for name in ("monitor", "monitor-2") if share_of(system, name) == 0]
    before = looked_at(system, "monitor-3")
    system.allow(30)
    system.wait_for_acknowledgements(50)
    system.kill(first)
    system.wait_for_acknowledgements(50)
    wait_until(lambda: share_of(system, "monitor-3") == 0, what="the share is taken", seconds_max=30)
    system.quiet()
    wait_until(lambda: looked_at(system, "monitor-3") > before, what="a look at the alerts", seconds_max=30)
    system.start(first)
    answers(system, first)
    checker.check(system)
    system.kill("monitor-3")
    wait_until(lambda: holders(stores) == 2, what="the one that was killed has a share again", seconds_max=30)


def test_a_monitor_that_stood_still_while_another_took_its_share_projects_nothing_twice(
    system: System, stores: PostgresStores, checker: Checker
) -> None:
    system.supervised.append("monitor-3")
    system.start("monitor-3")
    answers(system, "monitor-3")
    system.allow(20)
    system.wait_for_acknowledgements(20)
    system.send("monitor-2", signal.SIGSTOP)
    stores.end_connections("monitor")  # As PostgreSQL does with the sessions of a machine that is gone.

    def held() -> bool:
        # Two that believe to have one share stop each other, and stand by when they are started again.
        system.revive()
        return holders(stores) == 2

    wait_until(held, what="both shares are held by those who run", seconds_max=60)
    system.wait_for_acknowledgements(20)
    system.send("monitor-2", signal.SIGCONT)
    system.quiet()
    checker.check(system)
    system.supervised.remove("monitor-3")
    system.kill("monitor-3")
    system.kill("monitor-2")
    system.start("monitor-2")
    wait_until(lambda: holders(stores) == 2, what="both shares are held", seconds_max=30)


def test_everything_is_read_again_and_switched_under_several_monitors(
    system: System, stores: PostgresStores, checker: Checker
) -> None:
    [read_again] = [kind for kind in KINDS if kind.name == "everything read again and switched"]
    system.allow(20)
    system.wait_for_acknowledgements(20)
    before = generation(stores)
    read_again.happen(system, Random(1))
    assert generation(stores) == before + 1
    system.quiet()
    checker.check(system)
    assert holders(stores) == 2
