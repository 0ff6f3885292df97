"""An installation as it runs in earnest: three processes, TLS everywhere, roles in PostgreSQL and users in Redis.

Its secrets are easy to find, wherever they appear.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from ssl import create_default_context

import httpx2

from tests.flow.processes import DOORSTROOM, STOP_S_MAX, command, command_line, free_ports, port_settings
from tests.servers.certificates import Authority, Files
from tests.servers.postgres import LocalPostgres, find_postgres
from tests.servers.redis import LocalRedis
from tests.servers.roles import (
    SERVICES,
    SUPERUSER,
    database_urls,
    find_redis_with_tls,
    passwords,
    postgres_with_roles,
    redis_with_users,
)
from tests.servers.waiting import wait_until

FEED_TOKEN = "dst_secret-feed-token-4d1f7be2"
ERASURE_KEY = "secret-erasure-key-of-32-characters-4d1f7be2"
READY_S_MAX = 60.0


def what_is_missing() -> str | None:
    """What this machine lacks for it; None when it has all."""
    if find_postgres() is None:
        return "no PostgreSQL's server programs"
    return None if find_redis_with_tls() else "no redis-server with TLS on the PATH"


@dataclass
class Hardened:
    """It, with the servers that it stands on."""

    folder: Path
    files: Files
    ports: Mapping[str, int]
    postgres: LocalPostgres
    redis: LocalRedis
    redis_port: int
    known: Mapping[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    command_lines: list[str] = field(default_factory=list)
    """Of every process that was started."""

    @property
    def addresses(self) -> Mapping[str, str]:
        """Where each service is."""
        return {service: f"https://127.0.0.1:{port}" for service, port in self.ports.items()}

    @property
    def secrets(self) -> list[str]:
        """What must be nowhere but in files and environments."""
        return [*self.known.values(), FEED_TOKEN, ERASURE_KEY, SUPERUSER]

    def environment(self, service: str) -> dict[str, str]:
        """The settings of a service: nothing of the others, and no owner."""
        url, _ = database_urls(self.postgres, self.known, service)
        return {**self.common, f"DOORSTROOM_{service.upper()}_DATABASE_URL": url, **self._shared(service)}

    def administration(self) -> dict[str, str]:
        """The settings of whoever brings the databases to a version and says who may publish."""
        urls = {}
        for service in SERVICES:
            url, owner = database_urls(self.postgres, self.known, service)
            urls |= {
                f"DOORSTROOM_{service.upper()}_DATABASE_URL": url,
                f"DOORSTROOM_{service.upper()}_OWNER_URL": owner,
            }
        return {**self.common, **urls, **self._shared("administration")}

    def _shared(self, user: str) -> dict[str, str]:
        """Redis as this user, and what all know."""
        return {
            "DOORSTROOM_REDIS_URL": f"rediss://{user}:{self.known[user]}@127.0.0.1:{self.redis_port}/0",
            "DOORSTROOM_FEED_TOKEN": FEED_TOKEN,
            "DOORSTROOM_ERASURE_KEY": ERASURE_KEY,
        }

    @property
    def common(self) -> dict[str, str]:
        """What everybody is told."""
        ports = port_settings(self.ports)
        return {**self.files.environment(), **ports, "DOORSTROOM_LOG_JSON": "true"}

    def start(self, service: str, **changes: str) -> subprocess.Popen[bytes]:
        """Start a service; its log is <service>.log."""
        with (self.folder / f"{service}.log").open("ab") as log:
            self.processes[service] = subprocess.Popen(
                [*DOORSTROOM, "serve", service],
                stdout=log,
                stderr=log,
                env={**os.environ, "DOORSTROOM_DATA": str(self.folder), **self.environment(service), **changes},
            )
        self.command_lines.append(command_line(self.processes[service].pid))
        return self.processes[service]

    def stop(self, service: str) -> int:
        """End a service as its supervisor would; its exit code."""
        process = self.processes.pop(service)
        process.terminate()
        return process.wait(timeout=STOP_S_MAX)

    def kill(self) -> None:
        """End every process, whatever it does."""
        for process in self.processes.values():
            process.kill()
            process.wait()

    def ask(self, service: str, path: str, **headers: str) -> httpx2.Response:
        """What a service answers."""
        trusted = create_default_context(cafile=self.files.authority)
        return httpx2.get(
            f"{self.addresses[service]}{path}", headers=headers, verify=trusted, trust_env=False, timeout=20
        )

    def wait_until_ready(self) -> None:
        """Wait until all three say so."""
        for service in SERVICES:
            wait_until(
                lambda service=service: self._is_ready(service), what=f"{service} is ready", seconds_max=READY_S_MAX
            )

    def _is_ready(self, service: str) -> bool:
        assert self.processes[service].poll() is None, (self.folder / f"{service}.log").read_text()[-3000:]
        return self.answers(service, "/readyz")

    def answers(self, service: str, path: str = "/livez") -> bool:
        """Whether a service says yes under this path."""
        try:
            return self.ask(service, path).status_code == 200
        except httpx2.TransportError:
            return False

    def logs(self) -> str:
        """All that was logged."""
        return "".join(file.read_text(errors="replace") for file in sorted(self.folder.glob("*.log")))


@contextmanager
def hardened(folder: Path) -> Iterator[Hardened]:
    """The servers, the databases at this version, and no service yet; everything ends with the block."""
    program = find_redis_with_tls()
    assert program is not None
    for name in ("tls", "secrets"):
        (folder / name).mkdir()
    known = passwords(folder / "secrets")
    authority = Authority(folder / "tls")
    with ExitStack() as ending:
        postgres = postgres_with_roles(folder / "secrets")
        ending.callback(postgres.remove)
        certificate = authority.issue("redis")
        redis, port = redis_with_users(program, folder / "secrets", certificate, folder=folder / "r")
        ending.callback(redis.remove)
        redis.start()
        made = Hardened(folder, authority.issue(), free_ports(), postgres, redis, port, known)
        ending.callback(made.kill)
        migrated = command("migrate", data=folder, **made.administration())
        assert migrated.returncode == 0, migrated.stderr
        yield made
