"""The databases of the sweep: SQLite files or a PostgreSQL cluster, on a disk of their own that can be full."""

import os
import shutil
import signal
import subprocess
import tempfile
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path

import psycopg

from shared.databases import sqlite_url
from tests.faults.proxy import Proxy
from tests.servers.postgres import LocalPostgres, find_postgres
from tests.servers.redis import LocalRedis
from tests.servers.waiting import wait_until

SERVICES = ("intake", "placement", "monitor")
START_S_MAX = 60.0
FREE_BYTES_MAX = 300 * 1024 * 1024
"""A disk with more room than this is not filled: it is not ours alone."""


class Disk:
    """A small file system of its own where the kernel lets us make one, else an ordinary folder."""

    def __init__(self, *, mebibytes: int) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="ds-"))  # Short: a Unix socket allows 107 bytes.
        os.chmod(self.path, 0o755)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0755", "tmpfs", str(self.path)]
        self.own = os.getuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0

    @property
    def _filler(self) -> Path:
        return self.path / "filler"

    def fill(self) -> None:
        """Leave not one byte."""
        free = os.statvfs(self.path)
        assert self.own
        assert free.f_bavail * free.f_frsize < FREE_BYTES_MAX
        for size in (1024 * 1024, 4096):
            # Without a buffer: what one still held would be written at the end, and raise there.
            with suppress(OSError), self._filler.open("ab", buffering=0) as filler:
                while True:
                    filler.write(bytes(size))

    def empty(self) -> None:
        """Make room again."""
        self._filler.unlink(missing_ok=True)

    def remove(self) -> None:
        """Give it back."""
        if self.own:
            subprocess.run(["umount", "-l", str(self.path)], check=True)
        shutil.rmtree(self.path, ignore_errors=True)


class Stores(ABC):
    """The databases of one epoch of the sweep."""

    kind: str

    def __init__(self, disk: Disk) -> None:
        self.disk = disk

    @abstractmethod
    def url(self, service: str) -> str:
        """Where a service finds its database."""

    @abstractmethod
    def direct(self, service: str) -> str:
        """Where the checker finds it."""

    @abstractmethod
    def copy(self, service: str) -> None:
        """Keep a copy of the database of a service that does not run."""

    @abstractmethod
    def aside(self, service: str) -> str:
        """An empty database that `swap` puts in the place of that of a service."""

    @abstractmethod
    def swap(self, service: str) -> None:
        """Put the copy in its place, and it in the place of the copy; the service does not run."""

    @abstractmethod
    def close(self) -> None:
        """Forget this epoch."""


class SqliteStores(Stores):
    """A file for each service."""

    kind = "sqlite"

    def __init__(self, disk: Disk, *, epoch: int) -> None:
        super().__init__(disk)
        self._folder = disk.path / f"epoch-{epoch}"
        self._folder.mkdir()

    def url(self, service: str) -> str:
        return sqlite_url(self._folder / f"{service}.sqlite")

    direct = url

    def copy(self, service: str) -> None:
        copies = self._folder / "copies"
        copies.mkdir(exist_ok=True)
        for file in self._files(self._folder, service):
            shutil.copy(file, copies / file.name)

    def aside(self, service: str) -> str:
        copies = self._folder / "copies"
        copies.mkdir(exist_ok=True)
        for file in self._files(copies, service):
            file.unlink()
        return sqlite_url(copies / f"{service}.sqlite")

    def swap(self, service: str) -> None:
        copies, aside = self._folder / "copies", self._folder / "aside"
        aside.mkdir(exist_ok=True)
        for source, target in ((self._folder, aside), (copies, self._folder), (aside, copies)):
            for file in self._files(source, service):
                file.rename(target / file.name)

    def close(self) -> None:
        shutil.rmtree(self._folder)

    @staticmethod
    def _files(folder: Path, service: str) -> list[Path]:
        return sorted(folder.glob(f"{service}.sqlite*"))


class SweptRedis(LocalRedis):
    """A Redis on the disk of the sweep."""

    def __init__(self, program: Path, disk: Disk) -> None:
        super().__init__(program, folder=disk.path / "redis")
        self.disk = disk


class SweptPostgres(LocalPostgres):
    """A cluster on the disk of the sweep, with little room for its log, and killed in the ways that servers are."""

    def __init__(self, programs: Path, disk: Disk) -> None:
        self._disk = disk
        before, tempfile.tempdir = tempfile.tempdir, str(disk.path)
        try:
            super().__init__(programs)
        finally:
            tempfile.tempdir = before

    def start(self) -> None:
        parts = [f"port={self.port}", f"unix_socket_directories={self._folder}", "max_connections=60"]
        parts += ["max_wal_size=64MB", "min_wal_size=32MB", "shared_buffers=16MB", "wal_writer_delay=10s"]
        options = " ".join(f"-c {part}" for part in parts)
        self._run("pg_ctl", "-D", str(self._data), "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def postmaster(self) -> int:
        """The process that all others of it descend from."""
        return int(self._pid_file.read_text().split("\n")[0])

    @property
    def _pid_file(self) -> Path:
        return self._data / "postmaster.pid"

    def _lives(self) -> bool:
        """Whether the process of the file is this server, and no stranger with its number."""
        try:
            return str(self._data).encode() in Path(f"/proc/{self.postmaster()}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return False

    def stop(self) -> None:
        if self._lives():
            super().stop()

    def runs(self) -> bool:
        """Whether it accepts connections."""
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except (psycopg.OperationalError, OSError):
            return False
        return True

    def kill(self) -> None:
        """kill -9 of the postmaster; its children notice and end."""
        pid = self.postmaster()
        children = _descendants(pid)
        os.kill(pid, signal.SIGKILL)
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        wait_until(lambda: all(map(_gone, (pid, *children))), what="the end of PostgreSQL")
        self._pid_file.unlink()  # The number may soon be that of a stranger, whom pg_ctl would stop.

    def send(self, number: signal.Signals) -> None:
        """A signal to all of its processes."""
        pid = self.postmaster()
        for one in (pid, *_descendants(pid)):
            with suppress(ProcessLookupError):
                os.kill(one, number)

    def ensure(self) -> None:
        """Start it when it does not run."""
        if self.runs():
            return
        if self._lives():
            with suppress(AssertionError):  # It may only be slow, or recovering.
                wait_until(self.runs, what="PostgreSQL accepts connections")
                return
            self.stop()
        wait_until(self._starts, what=f"PostgreSQL starts again, see {self._folder / 'log'}", seconds_max=START_S_MAX)

    def _starts(self) -> bool:
        """Whether it starts; it does not while a child of the one before still holds its memory."""
        self._pid_file.unlink(missing_ok=True)
        try:
            self.start()
        except subprocess.CalledProcessError:
            return False
        return True


class PostgresStores(Stores):
    """A database for each service in one cluster, each behind a proxy of its own."""

    kind = "postgresql"

    def __init__(self, disk: Disk, cluster: SweptPostgres, *, epoch: int) -> None:
        super().__init__(disk)
        self.cluster, self._epoch = cluster, epoch
        self.proxies = {service: Proxy(cluster.port) for service in SERVICES}
        for service in SERVICES:
            cluster.create(self._name(service))

    def url(self, service: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.proxies[service].port}/{self._name(service)}?connect_timeout=5"

    def direct(self, service: str) -> str:
        return self.cluster.url(self._name(service))

    def copy(self, service: str) -> None:
        name, older = self._name(service), f"{self._name(service)}_older"
        self.cluster.execute(f'DROP DATABASE IF EXISTS "{older}"')
        self.end_connections(service)
        self.cluster.execute(f'CREATE DATABASE "{older}" TEMPLATE "{name}"')

    def aside(self, service: str) -> str:
        older = f"{self._name(service)}_older"
        self.cluster.execute(f'DROP DATABASE IF EXISTS "{older}"')
        self.cluster.create(older)
        return self.cluster.url(older)

    def swap(self, service: str) -> None:
        name, older = self._name(service), f"{self._name(service)}_older"
        self.end_connections(service)
        for one, other in ((name, "aside"), (older, name), ("aside", older)):
            self.cluster.execute(f'ALTER DATABASE "{one}" RENAME TO "{other}"')

    def end_connections(self, service: str) -> None:
        """As an administrator would, or a firewall."""
        self.cluster.execute(
            f"SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = '{self._name(service)}'"
        )

    def close(self) -> None:
        for proxy in self.proxies.values():
            proxy.close()
        for service in SERVICES:
            self.cluster.drop(self._name(service))
            self.cluster.execute(f'DROP DATABASE IF EXISTS "{self._name(service)}_older" WITH (FORCE)')

    def _name(self, service: str) -> str:
        return f"{service}_{self._epoch}"


def cluster_on(disk: Disk) -> SweptPostgres | None:
    """A cluster on this disk; None where the machine has no PostgreSQL."""
    programs = find_postgres()
    return None if programs is None else SweptPostgres(programs, disk)


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(child) for child in children.read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _gone(pid: int) -> bool:
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
