"""Real Redis servers for tests: started, killed, and started again with the file they left, an older one or none."""

import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from services.command.failures import Failed
from services.command.supervision import redis_server
from tests.servers.waiting import free_port, wait_until


def find_redis_server() -> Path | None:
    """The server that `doorstroom up` would start, if there is one."""
    try:
        return redis_server.find_redis_server()
    except Failed:
        return None


OPTIONS = ("--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction")
"""Every write goes to a file, and nothing is thrown away when memory is full."""


class LocalRedis:
    """A redis-server in a folder of its own, on a Unix socket, or on a port of the loopback when `port` is asked."""

    def __init__(
        self, program: Path, *, port: bool = False, options: tuple[str, ...] = (), folder: Path | None = None
    ) -> None:
        # Short: a socket's path has 107 bytes at most.
        self._folder = folder or Path(tempfile.mkdtemp(prefix="ds-redis-"))
        self._data = self._folder / "data"
        self._data.mkdir(parents=True)
        self._socket = self._folder / "s"
        self._port = free_port() if port else 0
        self._program = program
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._copies = 0

    @property
    def url(self) -> str:
        """Where clients find it; the same after a restart."""
        return f"redis://127.0.0.1:{self._port}" if self._port else f"unix://{self._socket}"

    def start(self) -> None:
        """Start it with what is in its folder; returns when it answers, and leaves nothing behind when it does not."""
        arguments = {
            "--port": str(self._port),
            "--bind": "127.0.0.1",
            "--unixsocket": str(self._socket),
            "--dir": str(self._data),
        }
        flat = [part for pair in arguments.items() for part in pair]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([self._program, *flat, *OPTIONS, *self._options], stdout=log, stderr=log)
        try:
            wait_until(self._answers, what="redis-server answers PING")
        except BaseException:
            self.kill()
            raise

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process that runs."""
        assert self._process is not None
        return self._process

    def runs(self) -> bool:
        """Whether it has not ended by itself."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """kill -9; what it had handed to the kernel stays in its folder."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def forget(self) -> None:
        """Throw its file away; it must not run."""
        shutil.rmtree(self._data)
        self._data.mkdir()

    def copy(self) -> Path:
        """A copy of its file as it is now, for `restore`."""
        self._copies += 1
        return Path(shutil.copytree(self._data, self._folder / f"copy-{self._copies}"))

    def restore(self, copy: Path) -> None:
        """Put an older file in place; it must not run."""
        shutil.rmtree(self._data)
        shutil.copytree(copy, self._data)

    def remove(self) -> None:
        """End it and remove its folder."""
        self.kill()
        shutil.rmtree(self._folder)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._folder / "log").read_text()
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self._socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith((b"+PONG", b"-NOAUTH"))
            except OSError:
                return False
