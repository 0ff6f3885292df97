"""Publishers that send one fact after the other, and the same again until it is acknowledged."""

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2

from tests.flow.publishing import Publisher, event, started
from tests.servers.waiting import wait_until

MORE = 25
"""Facts that are acknowledged by each service until `more_acknowledged` goes on."""


def placement(number: int) -> Mapping[str, Any]:
    return started(f"person-under-load-{number:06}", f"P-{number}", on="2024-03-02")


def referral(number: int) -> Mapping[str, Any]:
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
def under_load(publisher: Publisher) -> Iterator[list[Load]]:
    """Two that publish as long as the block runs; nothing that they send is refused."""
    loads = [Load(publisher, "placement", placement), Load(publisher, "intake", referral)]
    for load in loads:
        load.start()
    try:
        yield loads
    finally:
        for load in loads:
            load.finish()
    assert [load.failures for load in loads] == [[], []]


def more_acknowledged(loads: list[Load]) -> None:
    wanted = [len(load.acknowledged) + MORE for load in loads]
    wait_until(
        lambda: all(len(load.acknowledged) >= least for load, least in zip(loads, wanted, strict=True)),
        what="facts that are acknowledged",
        seconds_max=60,
    )
