"""What every store is asked to do, and how it is measured: so many clients that each wait for their own commit.

A reader beside writers of all sizes says whether the store may be read while it is written: who follows its positions
must meet every fact (the gate). A store that fails it is fast at something else.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Protocol

PERSONS_A_CLIENT = 8
"""Whom one client writes about, in turns: streams of their own, so that clients do not contend for a version."""

GATE_SINGLES, GATE_BATCH_MIN, GATE_BATCH_MAX = 4, 50, 2000
"""Beside the reader of the gate: so many clients with one fact at a time, and one with batches of a random size."""
GATE_QUIET_READS = 5
GATE_QUIET_SECONDS = 0.1
"""When everything is written, a reader that so often finds nothing more has read what it will ever read."""

_BODY = (
    '{{"specversion":"1.0","id":"{id}","source":"urn:nld:kvknr:12345678:systeem:bench",'
    '"type":"nl.doorstroom.placement-started.v1","subject":"{person}","time":"2026-03-02T14:30:00+01:00",'
    '"data":{{"placement":"P-{id}","accommodation":"schakenbosch","started_on":"2026-03-02","regime":"jw6",'
    '"closure":"gesloten","route":"crisis","region":"JZ24","machtiging":"M-{id}"}}}}'
)


_clients = count(1)


@dataclass(frozen=True, slots=True)
class Sent:
    """A fact as it is handed to a store."""

    id: str
    person: str
    body: str
    """An ordinary event as JSON, ready to be kept."""


Write = Callable[[Sequence[Sent]], None]
"""Makes these durable, in one commit; answers when they are."""


class Store(Protocol):
    """A store of facts."""

    def writer(self) -> Write:
        """How one client writes; called in its own thread."""

    def read(self, after: int) -> Sequence[tuple[int, str]]:
        """Position and id of what follows a position, in order; some of it, nothing at the end."""


class Facts:
    """Facts of one client, with ids that no other client of this process has."""

    def __init__(self) -> None:
        self.client = f"{next(_clients):04d}"
        self._numbers = count(1)

    def take(self, size: int) -> list[Sent]:
        """The next ones."""
        return [self._next() for _ in range(size)]

    def _next(self) -> Sent:
        number = next(self._numbers)
        name = f"{self.client}-{number:09d}"
        person = f"bench-person-{self.client}-{number % PERSONS_A_CLIENT}"
        return Sent(name, person, _BODY.format(id=name, person=person))


def per_second(store: Store, *, clients: int, facts: int, seconds: float) -> float:
    """Facts a second that so many clients make durable, each so many in a commit, one commit after the other."""
    done = [0] * clients
    start = threading.Barrier(clients + 1)
    until: list[float] = []

    def client(number: int) -> None:
        own, write = Facts(), store.writer()
        write(own.take(facts))  # connected, and every statement seen once
        start.wait()
        while time.perf_counter() < until[0]:
            write(own.take(facts))
            done[number] += facts

    with _together(client, range(clients), start):
        until.append(time.perf_counter() + seconds)
        start.wait()
        began = time.perf_counter()
    return sum(done) / (time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class Gate:
    """What a reader met of what was written beside it."""

    written: int
    missed: int


def gate(store: Store, *, seconds: float, together: int = GATE_BATCH_MAX) -> Gate:
    """Follow the positions while others write; `together` is the most facts that the store takes in one commit."""
    written: list[int] = [0] * (GATE_SINGLES + 1)
    start = threading.Barrier(GATE_SINGLES + 2)
    until: list[float] = []
    sizes = Random(1)
    facts = [Facts() for _ in written]

    def client(number: int) -> None:
        own, write = facts[number], store.writer()
        start.wait()
        while time.perf_counter() < until[0]:
            size = 1 if number else min(together, sizes.randint(GATE_BATCH_MIN, GATE_BATCH_MAX))
            write(own.take(size))
            written[number] += size

    seen: set[str] = set()
    with _together(client, range(GATE_SINGLES + 1), start) as threads:
        until.append(time.perf_counter() + seconds)
        start.wait()
        position = _follow(store, seen, after=0, while_=lambda: any(thread.is_alive() for thread in threads))
    for _ in range(GATE_QUIET_READS):
        position = _follow(store, seen, after=position, while_=lambda: False)
        time.sleep(GATE_QUIET_SECONDS)
    clients = {own.client for own in facts}
    return Gate(sum(written), sum(written) - sum(name.partition("-")[0] in clients for name in seen))


def _follow(store: Store, seen: set[str], *, after: int, while_: Callable[[], bool]) -> int:
    """Read on from a position until the end, and while that condition holds; the last position that was met."""
    while True:
        goes_on = while_()
        page = store.read(after)
        seen.update(name for _, name in page)
        if page:
            after = page[-1][0]
        elif not goes_on:
            return after
        else:
            time.sleep(0.001)


class _together:  # noqa: N801 - used as a with statement
    """Runs a client in a thread of its own for each number; leaving waits for all and raises what one of them met."""

    def __init__(self, client: Callable[[int], None], numbers: Iterable[int], start: threading.Barrier) -> None:
        self._client, self._start = client, start
        self._failed: list[BaseException] = []
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in numbers]

    def __enter__(self) -> Sequence[threading.Thread]:
        for thread in self._threads:
            thread.start()
        return self._threads

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join()
        if self._failed:
            raise self._failed[0]

    def _run(self, number: int) -> None:
        try:
            self._client(number)
        except BaseException as error:  # noqa: BLE001 - whoever waits for the threads raises it
            self._failed.append(error)
            self._start.abort()
