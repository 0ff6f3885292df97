"""How many facts a second one, two and four monitors project together on one PostgreSQL database.

The streams of a history are in Redis before the monitors start. The time goes from the first facts that are durably
projected to the last, so the start of the processes is not in it.
"""

import time
from collections.abc import Mapping
from contextlib import ExitStack

import psycopg
from redis import Redis

from shared.streams import FIELD
from tests.bench.projection import history
from tests.bench.runner import POSTGRESQL, Effort, Figure, Place, Work
from tests.bench.system import PROJECTED_SECONDS_MAX, served
from tests.servers.redis import LocalRedis, find_redis_server
from tests.servers.waiting import free_port

MONITORS = (1, 2, 4)
_PROJECTED = "SELECT coalesce(sum(entries), 0) FROM checkpoint"


def figure(monitors: int) -> str:
    """The figure of so many monitors."""
    return f"projection by {monitors} monitor{'s' if monitors > 1 else ''}"


def measure(place: Place, effort: Effort) -> Mapping[str, float]:
    """Project the same history with each number of monitors, each time into a new database."""
    program = find_redis_server()
    assert program is not None, "no redis-server here"
    redis = LocalRedis(program)
    redis.start()
    try:
        with Redis.from_url(redis.url) as client:
            for stream, entries in history(effort.facts).items():
                pipe = client.pipeline(transaction=False)
                for position, event in entries:
                    pipe.xadd(stream.name, {FIELD: event}, id=position)
                pipe.execute()
        return {figure(monitors): _per_second(place, redis.url, monitors, effort.facts) for monitors in MONITORS}
    finally:
        redis.remove()


def _per_second(place: Place, redis_url: str, monitors: int, facts: int) -> float:
    url = place.fresh()
    settings = {"redis_url": redis_url, "monitor_database_url": url, "monitor_workers": monitors}
    with ExitStack() as running:
        processes = [
            running.enter_context(served("monitor", place.folder, {**settings, "monitor_port": free_port()}))
            for _ in range(monitors)
        ]
        connection = running.enter_context(psycopg.connect(url, autocommit=True))
        end = time.monotonic() + PROJECTED_SECONDS_MAX
        first: tuple[float, int] | None = None
        while (done := _projected(connection)) < facts:
            assert time.monotonic() < end, f"{done} of {facts} facts are projected"
            assert all(process.poll() is None for process in processes), "a monitor ended"
            if done and first is None:
                first = (time.perf_counter(), done)
            time.sleep(0.01)
        if first is None:
            return float("nan")
        return (facts - first[1]) / (time.perf_counter() - first[0])


def _projected(connection: psycopg.Connection) -> int:
    try:
        row = connection.execute(_PROJECTED).fetchone()
    except psycopg.errors.UndefinedTable:
        return 0  # The first monitor has not made its tables yet.
    assert row is not None
    return int(row[0])


WORK = Work("scale-out", tuple(Figure(figure(number), "facts/s") for number in MONITORS), measure, (POSTGRESQL,))
