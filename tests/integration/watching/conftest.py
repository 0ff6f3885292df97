"""The whole way from a fact to whoever is notified, as real processes; skipped by name where a program is missing."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.watching.configured import alertmanager_files, prometheus_files
from tests.integration.watching.country import Country
from tests.integration.watching.programs import Alertmanager, Prometheus, alertmanager, program, prometheus
from tests.integration.watching.receiving import Receiver, receiving
from tests.servers.redis import LocalRedis, find_redis_server
from tests.servers.waiting import free_port

JOBS = ("intake", "placement", "monitor", "prometheus", "alertmanager")


@dataclass(frozen=True, slots=True)
class Watchers:
    """Prometheus, Alertmanager and those they notify."""

    prometheus: Prometheus
    alertmanager: Alertmanager
    receiver: Receiver


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path."""
    path = Path(tempfile.mkdtemp(prefix="ds-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def ports() -> dict[str, int]:
    """A port for each job that Prometheus scrapes."""
    return {job: free_port() for job in JOBS}


@pytest.fixture
def country(folder: Path, ports: dict[str, int]) -> Iterator[Country]:
    """The services, on a Redis of their own."""
    found = find_redis_server()
    if found is None:
        pytest.skip("no redis-server: neither in a package nor on the PATH")
    redis = LocalRedis(found)
    redis.start()
    try:
        with Country(folder, redis, ports).running() as running:
            yield running
    finally:
        redis.remove()


@pytest.fixture
def watchers(folder: Path, ports: dict[str, int]) -> Iterator[Watchers]:
    """What watches the services at these ports, with the checked-in rules and routes made quick."""
    with watching(folder, ports) as found:
        yield found


@contextmanager
def watching(folder: Path, ports: dict[str, int]) -> Iterator[Watchers]:
    """Prometheus, Alertmanager and a receiver at work."""
    program("prometheus")
    program("prometheus-alertmanager", "alertmanager")
    with receiving() as (receiver, webhooks, mail):
        routes = alertmanager_files(folder / "am", webhooks=webhooks, mail=mail)
        rules = prometheus_files(folder / "prom", targets=ports)
        with (
            alertmanager(folder / "am", routes, port=ports["alertmanager"]) as alerts,
            prometheus(folder / "prom", rules, port=ports["prometheus"]) as series,
        ):
            yield Watchers(series, alerts, receiver)
