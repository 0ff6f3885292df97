"""kill -9 of every process under load, then a restart: nothing acknowledged is missing, nothing counts twice."""

import itertools
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests.flow.processes import Up, command, free_ports, up
from tests.flow.publishing import SOURCE, Publisher, event, registered, started
from tests.servers.waiting import wait_until

BEFORE_EACH_KILL = 25
"""Facts that are acknowledged by each service between two kills."""


def _placement(number: int) -> Mapping[str, Any]:
    return started(f"person-under-load-{number:06}", f"P-{number}", on="2024-03-02")


def _referral(number: int) -> Mapping[str, Any]:
    data = {"referral": f"R-{number}", "referred_on": "2024-03-01", "region": "JZ01", "referrer": "gi"}
    return event("referral-registered", f"person-under-load-{number:06}", **data, urgency="spoed", requested="gesloten")


class Load:
    """A publisher that sends one fact after the other to one service, and the same again until it is acknowledged."""

    def __init__(self, publisher: Publisher, service: str, make: Callable[[int], Mapping[str, Any]]) -> None:
        self.service = service
        self.acknowledged: list[str] = []
        self.failures: list[str] = []
        self._publisher = publisher
        self._make = make
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self._thread.start()

    def finish(self) -> None:
        """Stop after the fact that is under way is acknowledged."""
        self._enough.set()
        self._thread.join()

    def _run(self) -> None:
        for number in itertools.count(1):
            if self._enough.is_set():
                return
            fact = self._make(number)
            while not self._acknowledged(fact):
                self._enough.wait(0.02)

    def _acknowledged(self, fact: Mapping[str, Any]) -> bool:
        try:
            answer = self._publisher.post(fact, to=self.service)
        except httpx2.TransportError:
            return False
        if answer.status_code == 202:
            self.acknowledged.append(fact["id"])
            return True
        if answer.status_code not in (429, 503):
            self.failures.append(answer.text)
        return answer.status_code not in (429, 503)


@contextmanager
def _under_load(publisher: Publisher) -> Iterator[list[Load]]:
    loads = [Load(publisher, "placement", _placement), Load(publisher, "intake", _referral)]
    for load in loads:
        load.start()
    try:
        yield loads
    finally:
        for load in loads:
            load.finish()


def _more_acknowledged(loads: list[Load]) -> None:
    wanted = [len(load.acknowledged) + BEFORE_EACH_KILL for load in loads]
    wait_until(
        lambda: all(len(load.acknowledged) >= least for load, least in zip(loads, wanted, strict=True)),
        what="facts that are acknowledged",
        seconds_max=60,
    )


def test_what_was_acknowledged_survives_the_kill_of_every_process(data: Path) -> None:
    ports = free_ports()
    with up(data, ports) as first:
        first.wait_until_ready()
        with _publisher(first) as publisher, _under_load(publisher) as loads:
            for child in ("placement", "monitor", "redis", "intake"):
                _more_acknowledged(loads)
                os.kill(first.child(child), signal.SIGKILL)
            _more_acknowledged(loads)
            first.stop(signal.SIGKILL)
            with up(data, ports) as second:
                second.wait_until_ready()
                _more_acknowledged(loads)
                for load in loads:
                    load.finish()
                _check(second, publisher, loads)


def _publisher(system: Up) -> AbstractContextManager[Publisher]:
    return registered(system, "under-load", sources=[SOURCE], scopes=["facts:write", "facts:read"])


def _check(system: Up, publisher: Publisher, loads: list[Load]) -> None:
    for load in loads:
        stored = Counter(stored["id"] for stored in publisher.feed(load.service))
        assert load.failures == []
        assert set(load.acknowledged) <= stored.keys()
        assert set(stored.values()) == {1}
    placements = len(publisher.feed("placement"))
    wait_until(
        lambda: publisher.metrics()["doorstroom_placements_started_total"] == placements, what="every placement counted"
    )
    wait_until(lambda: publisher.metrics()["doorstroom_stream_lag_entries"] == 0, what="all entries read")
    figures = publisher.figures()
    assert command("rebuild", data=system.data).returncode == 0
    assert publisher.figures() == figures
