"""Everything that runs in one epoch of the sweep: the services, Redis, their databases, and those who publish."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2

from shared.clock import system_clock
from shared.databases import open_engine
from shared.ledger import Ledger
from shared.publishers.registry import Publisher, Registry
from shared.publishers.tokens import new_token
from tests.faults.load import SOURCE, Load
from tests.faults.nursery import Nursery, parent_of
from tests.faults.stores import SERVICES, Stores, SweptRedis
from tests.servers.containers import ContainerRedis
from tests.servers.redis_failover import ClusterServers, SentinelServers
from tests.servers.waiting import free_port, wait_until

LEDGERS = ("intake", "placement")
PARTITIONS = 4
ENDED_S_MAX = 20.0
STOPPED_S_MAX = 40.0
LOOKS_BEFORE_REVIVAL = 40
PATIENCE_S = 90.0
PATIENCE_WITHOUT_S = 20.0
"""For the figures of a test build without a safeguard: they may never come there. Facts are always acknowledged."""


class System:
    """The processes, by name. A second one of a service is named `placement-2`, and so on."""

    def __init__(
        self,
        stores: Stores,
        redis: SweptRedis | ContainerRedis | SentinelServers | ClusterServers,
        nursery: Nursery,
        *,
        seed: str,
        without: str | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """`more` are settings of all processes besides those that each has."""
        self.stores, self.redis, self._nursery, self._without = stores, redis, nursery, without
        self._more = more or {}
        self.patience_s = PATIENCE_S if without is None else PATIENCE_WITHOUT_S
        self.folder = stores.disk.path
        self._ports = {f"{service}{second}": free_port() for service in SERVICES for second in ("", "-2", "-3")}
        self._pids: dict[str, int] = {}
        self.supervised = list(SERVICES)
        """The processes that are started again when they end by themselves."""
        self.ended: dict[str, int] = {}
        """How often a process had ended that nobody killed."""
        self.keeps_logs = False
        self.token = new_token()
        for service in SERVICES:
            self.set_clock(service, seconds=0)
        self._register()
        self.loads = [
            Load(service, token=self.token, seed=f"{seed}-{service}-{n}") for service in LEDGERS for n in (1, 2)
        ]
        self.client = httpx2.Client(timeout=10, trust_env=False)
        for service in SERVICES:
            self.start(service)
        self.address_loads()

    def offset(self, service: str) -> Path:
        """The file with the seconds by which the clock of a service is off; not on the disk that may be full."""
        return Path(f"{self.folder}-{service}.offset")

    def set_clock(self, service: str, *, seconds: int) -> None:
        """Let the clock of a service be off by so many seconds, from one look to the next."""
        new = self.offset(service).with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self.offset(service))

    @contextmanager
    def set(self, more: Mapping[str, Any]) -> Iterator[None]:
        """What is started meanwhile is started with these settings too."""
        before, self._more = self._more, {**self._more, **more}
        yield
        self._more = before

    def start(self, name: str) -> None:
        """Start a process that does not run."""
        service = name.partition("-")[0]
        settings: dict[str, Any] = {
            "data": str(self.folder / "data"),
            "redis_url": self.redis.url,
            "feed_token": self.token,
            **{f"{one}_database_url": self.stores.url(one) for one in SERVICES},
            **{f"{one}_port": self._ports[one] for one in SERVICES},
            f"{service}_port": self._ports[name],
            **{f"{one}_url": self.address(one) for one in LEDGERS},
            "access_database_url": self.stores.url("monitor"),
            **self._more,
        }
        (self.folder / "data").mkdir(exist_ok=True)
        self._pids[name] = self._nursery.start(
            service, settings, log=self.log(name), offset=self.offset(service), without=self._without
        )

    def log(self, name: str) -> Path:
        """Where a process logs: not on the disk that may be full."""
        return Path(f"{self.folder}-{name}.log")

    def address(self, name: str) -> str:
        """Where a process answers."""
        return f"http://127.0.0.1:{self._ports[name]}"

    def address_loads(self, *more: str) -> None:
        """Tell the publishers whom to send to."""
        for load in self.loads:
            names = [load.service, *(name for name in more if name.startswith(load.service))]
            load.addresses = [self.address(name) for name in names]

    def lives(self, name: str) -> bool:
        """Whether a process runs."""
        return name in self._pids and parent_of(self._pids[name]) == self._nursery.pid

    def send(self, name: str, number: signal.Signals) -> None:
        """A signal to a process, if it runs."""
        if self.lives(name):
            with suppress(ProcessLookupError):
                os.kill(self._pids[name], number)

    def kill(self, name: str) -> None:
        """kill -9."""
        self.send(name, signal.SIGCONT)
        self.send(name, signal.SIGKILL)
        wait_until(lambda: not self.lives(name), what=f"the end of {name}", seconds_max=ENDED_S_MAX)
        self._pids.pop(name, None)

    def stop(self, name: str) -> None:
        """SIGTERM, and wait until it has drained and ended."""
        self.send(name, signal.SIGTERM)
        wait_until(lambda: not self.lives(name), what=f"the end of {name}", seconds_max=STOPPED_S_MAX)
        self._pids.pop(name, None)

    def revive(self) -> None:
        """What a supervisor does: start again what ended by itself."""
        for name in self.supervised:
            if name in self._pids and not self.lives(name):
                self.ended[name] = self.ended.get(name, 0) + 1
                self.start(name)

    def heal(self) -> None:
        """Start again everything that does not run."""
        if hasattr(self.stores, "cluster"):
            self.stores.cluster.ensure()
        self.revive()
        for service in SERVICES:
            if not self.lives(service):
                self.start(service)

    def allow(self, batches: int) -> None:
        """Let every publisher send so many batches more."""
        for load in self.loads:
            load.allow(batches)

    def acknowledged(self) -> int:
        """Facts that were promised to be stored."""
        return sum(len(load.acknowledged) for load in self.loads)

    def wait_for_acknowledgements(self, more: int) -> None:
        """Until so many facts more are promised, or all are that may be sent."""
        least = self.acknowledged() + more
        self._wait(lambda: self.acknowledged() >= least or not self.waiting(), "facts that are acknowledged")

    def waiting(self) -> int:
        """Batches that were not acknowledged yet."""
        return sum(load.waiting() for load in self.loads)

    def quiet(self) -> None:
        """Until everything that may be sent is acknowledged."""
        self._wait(lambda: not self.waiting(), "everything acknowledged")

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        looks = 0

        def holds() -> bool:
            nonlocal looks
            looks += 1
            if looks % LOOKS_BEFORE_REVIVAL == 0:
                self.revive()
            return condition()

        try:
            wait_until(holds, what=what, seconds_max=PATIENCE_S)
        except AssertionError as error:
            refused = {load.refused for load in self.loads if load.waiting()}
            raise AssertionError(f"{error}; the last refusals: {refused}") from error

    def ready(self, name: str) -> tuple[int, str]:
        """What /readyz of a process answers; 0 when nothing does."""
        try:
            answer = self.client.get(f"{self.address(name)}/readyz")
        except httpx2.TransportError:
            return 0, ""
        return answer.status_code, answer.text

    def feed(self, service: str) -> Sequence[dict[str, Any]]:
        """Every event in a ledger, over HTTP."""
        events: list[dict[str, Any]] = []
        headers = {"Authorization": f"Bearer {self.token}"}
        while True:
            after = events[-1]["position"] if events else 0
            parameters = {"after": after, "limit": 1000}
            answer = self.client.get(f"{self.address(service)}/v1/events", params=parameters, headers=headers)
            answer.raise_for_status()
            page = answer.json()
            if not page:
                return events
            events += page

    def close(self) -> None:
        """End everything of this epoch."""
        for load in self.loads:
            load.stop()
        for name in list(self._pids):
            self.kill(name)
        self.client.close()
        for service in SERVICES:
            self.offset(service).unlink()
        for name in () if self.keeps_logs else self._ports:
            self.log(name).unlink(missing_ok=True)

    def _register(self) -> None:
        scopes = frozenset({"facts:write", "facts:read"})
        everything = frozenset({"*"})
        for service in LEDGERS:
            engine = open_engine(self.stores.direct(service))
            registry = Registry(engine, system_clock)
            registry.create()
            registry.add(Publisher("sweep", frozenset({SOURCE}), everything, everything, scopes), token=self.token)
            if self._without is not None:
                # Else it may be the ledger itself that is lost, before anything was promised.
                Ledger(engine, service=service, clock=system_clock).create(partitions=PARTITIONS)
            engine.dispose()
