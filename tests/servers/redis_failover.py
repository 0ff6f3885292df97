"""Redis servers that take over from each other: with Sentinels, and as a cluster. Real processes on loopback.

With a certificate they speak TLS only, also among each other.
"""

import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import redis
from redis.exceptions import RedisError

from tests.servers.certificates import Files
from tests.servers.redis import OPTIONS
from tests.servers.waiting import free_port, wait_until

SERVICE = "doorstroom"
DOWN_MS = 1_000
"""How long a server is silent until the others hold it for dead."""
START_S_MAX = 30.0
_BUS = 10_000
"""So far above its own port a node of a cluster talks to the others."""


class Node:
    """One server process with a folder of its own."""

    def __init__(
        self, program: Path, folder: Path, *options: str, port: int | None = None, files: Files | None = None
    ) -> None:
        self.port = port or free_port()
        self._program, self._folder, self._files = program, folder / str(self.port), files
        self._options = (*options, *_listening(self.port, files))
        self._folder.mkdir(parents=True)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Where a client finds this server, whatever it is now."""
        return _address("redis", self.address, self._files)

    def start(self, *first: str) -> None:
        """Start it with what is in its folder; returns when it answers."""
        own = ("--bind", "127.0.0.1", "--dir", str(self._folder))
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([self._program, *first, *own, *self._options], stdout=log, stderr=log)
        try:
            wait_until(lambda: self.ask("PING") is not None, what=f"redis-server answers, see {self._folder / 'log'}")
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def ask(self, *command: str | int) -> object:
        """What it answers, or None when it does not or says no."""
        with redis.Redis.from_url(self.url, socket_timeout=2, decode_responses=True) as client:
            try:
                return client.execute_command(*command)
            except RedisError:
                return None

    def is_primary(self) -> bool:
        """Whether it takes writes, as it says itself."""
        said = self.ask("ROLE")
        return isinstance(said, list) and said[0] in ("master", b"master")

    def follows(self) -> bool:
        """Whether it is a replica that has what its primary has."""
        said = self.ask("ROLE")
        return isinstance(said, list) and said[0] in ("slave", b"slave") and said[3] in ("connected", b"connected")

    def watches(self, *, replicas: int, sentinels: int) -> bool:
        """Whether it is a Sentinel that knows so many replicas of a primary that is well, and so many Sentinels."""
        said = self.ask("INFO", "sentinel")
        primary = said.get("master0", {}) if isinstance(said, dict) else {}
        known = primary.get("status"), primary.get("slaves"), primary.get("sentinels")
        return known == ("ok", replicas, sentinels)


class _Servers:
    """Several of them, of which some take over from others."""

    def __init__(self, files: Files | None) -> None:
        self._files = files
        self._folder = Path(tempfile.mkdtemp(prefix="ds-redis-"))
        self.data: list[Node] = []
        """The servers that hold data."""

    def start(self) -> None:
        """Start them and let them know each other; whatever happens, `remove` ends them."""
        raise NotImplementedError

    def primaries(self) -> list[Node]:
        """Those that take writes now."""
        return [node for node in self.data if node.is_primary()]

    def primary_of(self, _key: str) -> Node:
        """The server that has this key now, or will have it soon."""
        [primary] = self.primaries()
        return primary

    def remove(self) -> None:
        """End them all and remove their folders."""
        for node in self._all():
            node.kill()
        shutil.rmtree(self._folder)

    def _all(self) -> list[Node]:
        return self.data


class SentinelServers(_Servers):
    """A primary and a replica, and three Sentinels that watch them."""

    def __init__(self, program: Path, files: Files | None = None) -> None:
        super().__init__(files)
        self.data = [Node(program, self._folder, *OPTIONS, files=files) for _ in range(2)]
        self.sentinels = [Node(program, self._folder, files=files) for _ in range(3)]

    def start(self) -> None:
        first, second = self.data
        first.start()
        second.start()
        second.ask("REPLICAOF", "127.0.0.1", first.port)
        wait_until(second.follows, what="the replica follows", seconds_max=START_S_MAX)
        for sentinel in self.sentinels:
            file = self._folder / f"{sentinel.port}.conf"
            file.write_text(
                f"sentinel monitor {SERVICE} 127.0.0.1 {first.port} 2\n"
                f"sentinel down-after-milliseconds {SERVICE} {DOWN_MS}\n"
                f"sentinel failover-timeout {SERVICE} 5000\n"
            )
            sentinel.start(str(file), "--sentinel")
        wait_until(self._watched, what="the Sentinels know the replica and each other", seconds_max=START_S_MAX)

    @property
    def url(self) -> str:
        """The setting."""
        named = ",".join(sentinel.address for sentinel in self.sentinels)
        return _address("redis+sentinel", f"{named}/{SERVICE}", self._files)

    def _watched(self) -> bool:
        return all(sentinel.watches(replicas=1, sentinels=len(self.sentinels)) for sentinel in self.sentinels)

    def _all(self) -> list[Node]:
        return [*self.sentinels, *self.data]


class ClusterServers(_Servers):
    """Three primaries with a part of the slots each, and a replica for each of them."""

    def __init__(self, program: Path, files: Files | None = None) -> None:
        super().__init__(files)
        options = ("--cluster-enabled", "yes", "--cluster-node-timeout", str(DOWN_MS), *OPTIONS)
        self.data = [Node(program, self._folder, *options, port=_port_with_bus(), files=files) for _ in range(6)]

    def start(self) -> None:
        for node in self.data:
            node.start()
        slots = [range(5461), range(5461, 10923), range(10923, 16384)]
        for node, own in zip(self.data, slots, strict=False):
            node.ask("CLUSTER", "ADDSLOTS", *own)
        for number, node in enumerate(self.data, 1):
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", number)
            node.ask("CLUSTER", "MEET", "127.0.0.1", self.data[0].port)
        wait_until(self._known, what="the nodes know each other", seconds_max=START_S_MAX)
        for primary, replica in zip(self.data[:3], self.data[3:], strict=True):
            name = str(primary.ask("CLUSTER", "MYID"))
            wait_until(
                lambda replica=replica, name=name: replica.ask("CLUSTER", "REPLICATE", name) is not None,
                what="a replica takes its primary",
                seconds_max=START_S_MAX,
            )
        wait_until(self.whole, what="the cluster is whole", seconds_max=START_S_MAX)

    @property
    def url(self) -> str:
        """The setting, with two of the nodes: the others are learned from them."""
        return _address("redis+cluster", f"{self.data[0].address},{self.data[4].address}", self._files)

    def whole(self) -> bool:
        """Whether every slot is served, and every replica of a running primary follows."""
        running = [node for node in self.data if node.ask("PING") is not None]
        served = all("cluster_state:ok" in str(node.ask("CLUSTER", "INFO")) for node in running)
        return served and all(node.is_primary() or node.follows() for node in running)

    def primary_of(self, key: str) -> Node:
        wait_until(lambda: len(self._with(key)) == 1, what=f"one primary has {key}", seconds_max=START_S_MAX)
        [found] = self._with(key)
        return found

    def _with(self, key: str) -> list[Node]:
        return [node for node in self.primaries() if node.ask("EXISTS", key)]

    def _known(self) -> bool:
        return all("cluster_known_nodes:6" in str(node.ask("CLUSTER", "INFO")) for node in self.data)


def _listening(port: int, files: Files | None) -> tuple[str, ...]:
    if files is None:
        return ("--port", str(port))
    return (
        *("--port", "0", "--tls-port", str(port), "--tls-auth-clients", "no"),
        *("--tls-replication", "yes", "--tls-cluster", "yes"),
        *("--tls-cert-file", str(files.certificate), "--tls-key-file", str(files.key)),
        *("--tls-ca-cert-file", str(files.authority)),
    )


def _address(scheme: str, where: str, files: Files | None) -> str:
    if files is None:
        return f"{scheme}://{where}"
    return f"{scheme.replace('redis', 'rediss', 1)}://{where}?ssl_ca_certs={files.authority}"


def _port_with_bus() -> int:
    """A free port, with another one free where the nodes of a cluster talk to each other."""
    while True:
        port = free_port()
        if port + _BUS > 65_535:
            continue
        with suppress(OSError), socket.create_server(("127.0.0.1", port + _BUS)):
            return port
