"""The secrets of docker-compose.yml: made once, in files, and given to nobody who does not need them."""

import itertools
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy.engine import make_url

from services.command.choices import settings_from
from tests.house.source import PROJECT
from tests.servers.roles import find_redis_with_tls
from tests.servers.waiting import free_port, wait_until

PREFIX = "secrets-"
ONLY = {
    "secrets-authority": set(),
    "secrets-postgres": {"postgres"},
    "secrets-redis": {"redis"},
    "secrets-intake": {"intake"},
    "secrets-placement": {"placement"},
    "secrets-monitor": {"monitor", "monitor-2"},
    "secrets-administration": {"migrate", "administration", "tokens", "erasures"},
    "secrets-grafana": {"grafana"},
}
"""Who is given each volume, besides the one that fills it."""


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    return found


def make(folder: Path) -> dict[str, str]:
    """Run the script, and read all that it made."""
    subprocess.run(["sh", PROJECT / "infra/secrets.sh", folder], check=True, capture_output=True, timeout=20)
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}


def test_each_part_is_all_that_its_service_needs(tmp_path: Path) -> None:
    make(tmp_path)
    for service in ("intake", "placement", "monitor"):
        settings = settings_from(secrets=tmp_path / service)
        assert make_url(settings.database_url(service)).username == service
        assert settings.owner_url(service) == settings.database_url(service), "it does not know the owner"
        assert settings.redis_address().startswith(f"rediss://{service}:")
        administration = settings_from(secrets=tmp_path / "administration")
        assert make_url(administration.owner_url(service)).username == f"{service}_owner"
        assert administration.database_url(service) == settings.database_url(service)
        assert administration.feed_token == settings.feed_token
        assert administration.erasure_key == settings.erasure_key
        assert administration.redis_address().startswith("rediss://administration:")


def test_an_installation_from_before_goes_over_to_tls_with_the_passwords_that_it_has(tmp_path: Path) -> None:
    first = make(tmp_path)
    kept = {name: text for name, text in first.items() if name.partition("/")[2] in ("intake", "superuser")}
    address = tmp_path / "intake/doorstroom_redis_url"
    address.chmod(0o644)
    address.write_text("redis://intake:before@redis:6379/0")
    shutil.rmtree(tmp_path / "authority")
    for name in ("redis/server.crt", "redis/server.key"):
        (tmp_path / name).unlink()
    again = make(tmp_path)
    assert again.keys() == first.keys()
    assert again["intake/doorstroom_redis_url"] == first["intake/doorstroom_redis_url"]
    assert {name: again[name] for name in kept} == kept
    assert again["intake/authority.crt"] == again["authority/certificate"] != first["authority/certificate"]


@pytest.mark.parametrize("lost", ["authority/key", "authority/certificate", "redis/server.key", "redis/server.crt"])
def test_a_certificate_whose_making_was_interrupted_is_made_again(tmp_path: Path, lost: str) -> None:
    other = make(tmp_path / "other")
    make(tmp_path / "one")
    (tmp_path / "one" / lost).chmod(0o644)
    (tmp_path / "one" / lost).write_text(other[lost])
    make(tmp_path / "one")
    one = tmp_path / "one"
    context = ssl.create_default_context(cafile=one / "monitor/authority.crt")
    context.load_cert_chain(
        one / "redis/server.crt", one / "redis/server.key"
    )  # Raises when they do not belong together.
    verified = ["openssl", "verify", "-CAfile", one / "monitor/authority.crt", one / "redis/server.crt"]
    subprocess.run(verified, check=True, capture_output=True, timeout=20)


@pytest.fixture
def redis_as_in_compose(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A server with the file and the users that the container has, and its secrets; the port."""
    program = find_redis_with_tls()
    if program is None:
        pytest.skip("no redis-server with TLS")
    make(tmp_path / "secrets")
    secrets = tmp_path / "secrets" / "redis"
    users = ["sh", PROJECT / "infra/redis/users.sh", secrets]
    (tmp_path / "users.acl").write_bytes(subprocess.run(users, check=True, capture_output=True, timeout=20).stdout)
    port = free_port()
    here = {"/run/secrets": secrets, "/tmp": tmp_path, "/data": tmp_path, "6379": port}
    said = (PROJECT / "infra/redis/redis.conf").read_text()
    (tmp_path / "redis.conf").write_text(re.sub("|".join(here), lambda there: str(here[there[0]]), said))
    server = subprocess.Popen([program, tmp_path / "redis.conf", "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: listens(port), what="redis-server listens", seconds_max=20)
        yield tmp_path / "secrets", port
    finally:
        server.kill()
        server.wait()


def test_redis_is_reached_over_tls_only_by_its_name_and_with_a_password(
    redis_as_in_compose: tuple[Path, int],
) -> None:
    secrets, port = redis_as_in_compose
    trusting = ssl.create_default_context(cafile=secrets / "monitor/authority.crt")
    for name, known in {"redis": True, "another": False}.items():
        said: list[bytes] = []
        with (
            socket.create_connection(("127.0.0.1", port), timeout=60) as plain,
            nullcontext() if known else pytest.raises(ssl.SSLCertVerificationError),
            trusting.wrap_socket(plain, server_hostname=name) as sealed,
        ):
            password = (secrets / "redis/monitor").read_text()
            sealed.sendall(f"PING\r\nAUTH monitor wrong\r\nAUTH monitor {password}\r\nPING\r\n".encode())
            said += [line.split()[0] for line in itertools.islice(sealed.makefile("rb"), 4)]
        assert said == ([b"-NOAUTH", b"-WRONGPASS", b"+OK", b"+PONG"] if known else [])
    with socket.create_connection(("127.0.0.1", port), timeout=60) as plain:
        plain.sendall(b"PING\r\n")
        with suppress(ConnectionResetError):
            assert b"PONG" not in plain.recv(100), "not in the clear"


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_what_was_made_stays_and_another_installation_has_others(tmp_path: Path) -> None:
    first = make(tmp_path / "one")

    assert make(tmp_path / "one") == first
    assert set(make(tmp_path / "two").values()).isdisjoint(first.values())


def test_a_volume_of_secrets_is_given_to_those_who_need_it_and_nobody_writes_to_it() -> None:
    given: dict[str, set[str]] = {volume: set() for volume in ONLY}
    for name, service in services().items():
        for mount in service.get("volumes", []):
            volume, _, where = mount.partition(":")
            if volume.startswith(PREFIX) and name != "secrets":
                assert where == "/run/secrets:ro"
                given[volume].add(name)
    assert given == ONLY


@pytest.mark.parametrize("name", ["monitor", "monitor-2", "administration"])
def test_whoever_links_to_the_monitor_says_where_people_reach_it(name: str) -> None:
    """It listens on 0.0.0.0, which is nobody's address: links led there, and cookies were for HTTPS only."""
    [port] = services()["monitor"]["ports"]
    assert services()[name]["environment"]["DOORSTROOM_MONITOR_URL"] == f"http://{port.rpartition(':')[0]}"


@pytest.mark.parametrize("name", services())
def test_nothing_secret_is_in_an_environment_or_a_command(name: str) -> None:
    service = services()[name]
    told = yaml.safe_dump({part: service.get(part) for part in ("environment", "command", "entrypoint")})
    for line in told.splitlines():
        assert "://" not in line or "@" not in line, line
        if "PASSWORD" in line or "TOKEN" in line:
            assert "_FILE: /run/secrets/" in line


def test_postgresql_uses_no_old_file_of_its_log_again_so_that_an_erasure_can_remove_them() -> None:
    command = services()["postgres"]["command"]
    assert {"wal_recycle=off", "wal_init_zero=off"} <= set(command)
