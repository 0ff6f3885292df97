"""Prometheus and Alertmanager as real processes on ports of the loopback, and what a test asks of them."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest

from tests.servers.waiting import wait_until

START_S_MAX = 60.0

Server = TypeVar("Server", bound="Asked")


def program(*names: str) -> str:
    """Where the first of these programs is; skips by name where none is installed."""
    for name in names:
        if found := shutil.which(name):
            return found
    pytest.skip(f"no {names[0]} on the PATH")


class Asked:
    """A server that answers JSON."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._client = httpx2.Client(base_url=self.url, timeout=20, trust_env=False)

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def get(self, path: str, **parameters: str) -> Any:
        """The JSON of a page that must be there."""
        answer = self._client.get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ready(self) -> bool:
        """Whether it serves."""
        try:
            return self._client.get("/-/ready").status_code == 200
        except httpx2.TransportError:
            return False


class Prometheus(Asked):
    """A Prometheus that runs."""

    def ask(self, expression: str) -> list[tuple[Mapping[str, str], float]]:
        """The labels and values that an expression has now. An expression that is none fails the test."""
        result = self.get("/api/v1/query", query=expression)["data"]["result"]
        return [(sample["metric"], float(sample["value"][1])) for sample in result]

    def values(self, expression: str) -> list[float]:
        """The values only."""
        return [value for _, value in self.ask(expression)]


class Alertmanager(Asked):
    """An Alertmanager that runs."""

    def states(self, alertname: str, **labels: str) -> list[str]:
        """What it does with the alerts of this name and labels: active, or suppressed."""
        wanted = {"alertname": alertname, **labels}.items()
        return [one["status"]["state"] for one in self.get("/api/v2/alerts") if wanted <= one["labels"].items()]


@contextmanager
def prometheus(folder: Path, config: Path, *, port: int) -> Iterator[Prometheus]:
    """Run Prometheus with this configuration, its data in the folder."""
    options = {
        "--config.file": config,
        "--storage.tsdb.path": folder / "tsdb",
        "--web.listen-address": f"127.0.0.1:{port}",
        "--log.level": "warn",
    }
    with _running(program("prometheus"), options, folder / "prometheus.log"), _asked(Prometheus(port)) as asked:
        yield asked


@contextmanager
def alertmanager(folder: Path, config: Path, *, port: int) -> Iterator[Alertmanager]:
    """Run Alertmanager with this configuration, alone."""
    options = {
        "--config.file": config,
        "--storage.path": folder / "alerts",
        "--data.retention": "240h",
        "--web.listen-address": f"127.0.0.1:{port}",
        "--cluster.listen-address": "",
    }
    found = program("prometheus-alertmanager", "alertmanager")
    with _running(found, options, folder / "alertmanager.log"), _asked(Alertmanager(port)) as asked:
        yield asked


@contextmanager
def _asked(server: Server) -> Iterator[Server]:
    try:
        wait_until(server.ready, what=f"{type(server).__name__} is ready", seconds_max=START_S_MAX)
        yield server
    finally:
        server.close()


@contextmanager
def _running(found: str, options: Mapping[str, object], log: Path) -> Iterator[None]:
    with log.open("w") as output:
        process = subprocess.Popen([found, *(f"{k}={v}" for k, v in options.items())], stdout=output, stderr=output)
    try:
        yield
    except AssertionError as failure:
        failure.add_note(f"{log.name}: {log.read_text()[-2000:]}")
        raise
    finally:
        process.terminate()
        process.wait(timeout=30)
