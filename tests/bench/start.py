"""How long each service takes from its start until it says that it is ready, with what it needs already there."""

import time
from collections.abc import Mapping
from contextlib import ExitStack

from tests.bench.runner import Effort, Figure, Place, Work
from tests.bench.system import SERVICES, served, until_ready
from tests.flow.processes import free_ports
from tests.servers.redis import LocalRedis, find_redis_server


def measure(place: Place, _effort: Effort) -> Mapping[str, float]:
    """Start one after the other, on new databases; then each once more, on those that are there."""
    program = find_redis_server()
    assert program is not None, "no redis-server here"
    redis = LocalRedis(program)
    redis.start()
    ports = free_ports()
    settings = {
        "redis_url": redis.url,
        **{f"{service}_port": ports[service] for service in SERVICES},
        **{f"{service}_database_url": place.fresh() for service in SERVICES},
    }
    found = {}
    try:
        for when in ("first start", "next start"):
            with ExitStack() as running:
                for service in SERVICES:
                    began = time.perf_counter()
                    process = running.enter_context(served(service, place.folder, settings))
                    until_ready(ports[service], process)
                    found[f"{service}, {when}"] = time.perf_counter() - began
    finally:
        redis.remove()
    return found


WORK = Work(
    "start to ready",
    tuple(Figure(f"{service}, {when}", "s") for when in ("first start", "next start") for service in SERVICES),
    measure,
)
