"""A real PostgreSQL server for tests, with a fresh database for each test."""

import os
import pwd
import shutil
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.servers.waiting import free_port

_PROGRAMS = Path("/usr/lib/postgresql")
_ROOT = 0


def find_postgres() -> Path | None:
    """The folder with PostgreSQL's server programs, the newest if there are several."""
    installed = sorted(_PROGRAMS.glob("*/bin/initdb"), key=lambda program: int(program.parts[-3]))
    if installed:
        return installed[-1].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


class PostgresServer(ABC):
    """What a test may ask of a PostgreSQL server, wherever it runs."""

    @abstractmethod
    def url(self, database: str) -> str:
        """Where a database of it is reached; the same after a restart."""

    @abstractmethod
    def start(self) -> None:
        """Start it after a stop; returns when it accepts connections."""

    @abstractmethod
    def stop(self) -> None:
        """Stop it at once, as a power cut would; it recovers at the next start."""

    @abstractmethod
    def remove(self) -> None:
        """End it and remove what it kept."""

    def create(self, database: str) -> None:
        """Make an empty database."""
        self.execute(f'CREATE DATABASE "{database}"')

    def drop(self, database: str) -> None:
        """Remove a database and end every connection to it."""
        self.execute(f'DROP DATABASE "{database}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        """Run one statement as the superuser, in no database of a test."""
        with psycopg.connect(self.url("postgres"), autocommit=True, client_encoding="utf8") as connection:
            connection.execute(statement.encode())

    def ask(self, question: str) -> object:
        """The one value that such a statement answers."""
        with psycopg.connect(self.url("postgres"), autocommit=True, client_encoding="utf8") as connection:
            row = connection.execute(question.encode()).fetchone()
            return row and row[0]


class LocalPostgres(PostgresServer):
    """A cluster in a temporary folder, on a port of the loopback, with the durable settings a ledger asks for."""

    def __init__(
        self,
        programs: Path,
        *,
        connections: int = 50,
        password: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """With a password it asks everybody for theirs; without one nobody."""
        self._programs, self._connections, self._password = programs, connections, password
        self._settings = settings or {}
        self._folder = Path(tempfile.mkdtemp(prefix="ds-postgres-"))
        # PostgreSQL refuses to run as root.
        self._user = "postgres" if os.getuid() == _ROOT else None
        if self._user is not None:
            account = pwd.getpwnam(self._user)
            os.chown(self._folder, account.pw_uid, account.pw_gid)
        self._data = self._folder / "data"
        self.port = free_port()
        asked = ["-A", "trust"]
        if password is not None:
            (self._folder / "password").write_text(password)
            asked = ["-A", "scram-sha-256", "--pwfile", str(self._folder / "password")]
        try:
            self._run("initdb", "-D", str(self._data), "-U", "postgres", *asked, "-E", "UTF8", "--no-locale")
            self.start()
        except BaseException:
            with suppress(subprocess.SubprocessError):  # It may not run.
                self.stop()
            shutil.rmtree(self._folder)
            raise

    @property
    def folder(self) -> Path:
        """All that it keeps, its log among it."""
        return self._folder

    def url(self, database: str) -> str:
        user = "postgres" if self._password is None else f"postgres:{self._password}"
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        parts = {
            "port": self.port,
            "unix_socket_directories": self._folder,
            "max_connections": self._connections,
            **self._settings,
        }
        options = " ".join(f"-c {name}={value}" for name, value in parts.items())
        self._run("pg_ctl", "-D", str(self._data), "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", "immediate", "stop")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            user=self._user,
            cwd=self._folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )
