"""What the monitor knows of its own projection: how far it is behind, and whether anything still comes in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from services.monitor.ending import Ending
from services.monitor.readers import Readers, open_broker
from services.monitor.standing import Standing
from services.monitor.watch import NEAR_POSITIONS, STUCK_AFTER, Watch
from shared.redis_servers import client
from tests.integration.access.conftest import DrivenClock
from tests.integration.monitor.conftest import projector_on
from tests.integration.monitor.ledgers import STREAMS, Ledgers
from tests.servers.redis import LocalRedis

pytestmark = pytest.mark.anyio


async def settled(*_: object) -> None:
    """The ledgers settled nothing."""


@asynccontextmanager
async def watch_on(engine: Engine, redis: LocalRedis, clock: DrivenClock) -> AsyncIterator[Watch]:
    """It looks at a projection that reads nothing."""
    ending = Ending()
    standing = Standing(projector_on(engine, Ledgers()), engine, shares=[frozenset(STREAMS)])
    readers = Readers(open_broker(redis.url), apply=settled, ending=ending)
    async with client(redis.url) as reached:
        yield Watch(reached, readers, standing=standing, settle=settled, ending=ending, clock=clock)


@pytest.mark.parametrize(("waiting", "far"), [(NEAR_POSITIONS, False), (NEAR_POSITIONS + 1, True)])
async def test_it_is_far_behind_when_more_waits_than_comes_in_soon(
    fresh, redis: LocalRedis, waiting: int, far: bool
) -> None:
    clock = DrivenClock()
    async with client(redis.url) as reached:
        await reached.xadd(STREAMS[0].name, {"event": b"{}"}, id=f"{waiting}-0")
    async with watch_on(fresh(), redis, clock) as watch:
        await watch.look()
        assert (watch.far(), watch.near()) == (far, not far)
        assert watch.flows()
        clock.forward(STUCK_AFTER)
        await watch.look()
        assert watch.flows(), "not for longer than that"
        clock.forward(timedelta(seconds=1))
        await watch.look()
        assert not watch.flows(), "facts wait, and none came in"


async def test_while_redis_is_away_nothing_comes_in_and_nobody_knows_how_far_it_is(fresh, redis: LocalRedis) -> None:
    async with watch_on(fresh(), redis, DrivenClock()) as watch:
        await watch.look()
        assert watch.flows()
        assert watch.near()
        redis.kill()
        await watch.look()
        assert not watch.flows()
        assert not watch.near()
        assert not watch.far()


async def test_a_redis_that_was_never_there_is_told_once_and_complained_of(fresh, redis: LocalRedis) -> None:
    redis.kill()
    async with watch_on(fresh(), redis, DrivenClock()) as watch:
        with capture_logs() as told:
            for _ in range(2):
                await watch.look()
                assert watch.complaints() == ["Redis does not answer."]
            redis.start()
            await watch.look()
            assert watch.complaints() == []
        assert [one["event"] for one in told] == ["redis_unreachable", "redis_answers_again"]


async def test_a_redis_that_answers_and_refuses_is_not_said_to_be_silent(fresh, redis: LocalRedis) -> None:
    """Whoever is woken looks at its memory and not at the network."""
    async with watch_on(fresh(), redis, DrivenClock()) as watch, client(redis.url) as asked:
        await asked.config_set("maxmemory", "1")
        await watch.look()
        [complaint] = watch.complaints()
        assert complaint.startswith("Redis refuses: OutOfMemoryError: command not allowed when used memory")
        assert complaint.endswith(".")
        assert not complaint.endswith("..")
        await asked.config_set("maxmemory", "0")
        await watch.look()
        assert watch.complaints() == []
