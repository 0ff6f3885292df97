"""Services as their user runs them, and what a process takes of the machine."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from typing import Any

from shared.clock import system_clock
from shared.databases import open_engine
from shared.publishers.everywhere import add_to_all
from shared.publishers.registry import ALL, Publisher, Registry
from tests.bench.runner import Place
from tests.flow.processes import DOORSTROOM, Up, command, folder, free_ports, up
from tests.servers.waiting import wait_until

SERVICES = ("intake", "placement", "monitor")
READY_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 30.0
PROJECTED_SECONDS_MAX = 600.0
STREAM_FACTS = 5_000
REST_SECONDS, BUSY_MAX, RESTED_SECONDS_MAX = 3.0, 0.1, 300.0
"""So long with less than this share of a processor is rest."""


@dataclass(frozen=True, slots=True)
class Running:
    """A whole system, with a publisher that may say everything."""

    ports: Mapping[str, int]
    token: str
    up: Up


@contextmanager
def running(place: Place, source: str) -> Iterator[Running]:
    """`doorstroom up` on new databases, with a publisher for this source."""
    with folder() as data:
        settings = {f"DOORSTROOM_{service.upper()}_DATABASE_URL": place.fresh() for service in SERVICES}
        ports = free_ports()
        with up(data, ports, **settings) as started:
            started.wait_until_ready()
            options = (f"--source={source}", "--fact=*", "--accommodation=*", "--scope=facts:write", "--json")
            done = command("publisher", "add", "bench", *options, data=data, **settings)
            assert done.returncode == 0, done.stderr
            yield Running(ports, json.loads(done.stdout)["token"], started)
            started.stop()


@contextmanager
def served(service: str, data: Path, settings: Mapping[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
    """`doorstroom serve` of one service with these settings."""
    environment = {f"DOORSTROOM_{name.upper()}": str(value) for name, value in settings.items()}
    with (data / f"{service}.log").open("a") as log:
        process = subprocess.Popen(
            [*DOORSTROOM, "serve", service],
            env={**os.environ, "DOORSTROOM_DATA": str(data), **environment},
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def publisher(url: str, source: str) -> str:
    """The token of a publisher that may say everything for this source, in the database of one ledger service."""
    engine = open_engine(url)
    registry = Registry(engine, system_clock)
    registry.create()
    everything = frozenset({ALL})
    token = add_to_all(
        [registry], Publisher("bench", frozenset({source}), everything, everything, frozenset({"facts:write"}))
    )
    engine.dispose()
    return token


def until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a service says that it is ready."""

    def ready() -> bool:
        assert process.poll() is None, "the service ended"
        try:
            return asked(port, "/readyz")[0] == 200
        except ConnectionError:
            return False

    wait_until(ready, what=f"port {port} is ready", seconds_max=READY_SECONDS_MAX)


def until_projected(monitor: int, facts: int, *, service: str = "placement") -> None:
    """Wait until the monitor on that port has projected so many facts of a service."""
    name = f'doorstroom_projected_facts{{service="{service}"}} '.encode()
    end = time.monotonic() + PROJECTED_SECONDS_MAX
    only = "/metrics?name[]=doorstroom_projected_facts"  # A whole page would be made anew with each transaction.
    while float(asked(monitor, only)[1].partition(name)[2].partition(b"\n")[0] or 0) < facts:
        assert time.monotonic() < end, f"{facts} facts are not projected"
        time.sleep(0.02)


def publish(port: int, token: str, events: Iterable[Mapping[str, Any]]) -> None:
    """Send events as streams of lines; returns when all are durable."""
    lines = (json.dumps(event).encode() for event in events)
    connection = HTTPConnection("127.0.0.1", port, timeout=PROJECTED_SECONDS_MAX)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
    while some := list(islice(lines, STREAM_FACTS)):
        connection.request("POST", "/v1/events", b"\n".join(some), headers)
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status == 202, said[:500]
        assert said.startswith(b'{"accepted":%d,' % len(some)), said[:500]
    connection.close()


def asked(port: int, path: str) -> tuple[int, bytes]:
    """Status and body of an answer; with no more work than there must be, for the machine is being measured."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept": "text/plain"} if path == "/metrics" else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def until_rested(pids: Iterable[int]) -> None:
    """Wait until these processes have done next to nothing for a while: alerts, which come later, are done then too."""
    watched = tuple(pids)
    end = time.monotonic() + RESTED_SECONDS_MAX
    before = sum(map(_busy_seconds, watched))
    while True:
        time.sleep(REST_SECONDS)
        now = sum(map(_busy_seconds, watched))
        if now - before < REST_SECONDS * BUSY_MAX:
            return
        assert time.monotonic() < end, "they do not come to rest"
        before = now


def resident_bytes(pid: int) -> int:
    """The memory that a process occupies."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _busy_seconds(pid: int) -> float:
    """The processor time that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
