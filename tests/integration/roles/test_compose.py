"""The secrets of docker-compose.yml: made once, in files, and given to nobody who does not need them."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy.engine import make_url

from services.command.choices import settings_from
from tests.house.source import PROJECT

PREFIX = "secrets-"
ONLY = {
    "secrets-postgres": {"postgres"},
    "secrets-redis": {"redis"},
    "secrets-intake": {"intake"},
    "secrets-placement": {"placement"},
    "secrets-monitor": {"monitor", "monitor-2"},
    "secrets-administration": {"migrate", "administration", "tokens"},
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
        assert f"//{service}:" in settings.redis_address()
        administration = settings_from(secrets=tmp_path / "administration")
        assert make_url(administration.owner_url(service)).username == f"{service}_owner"
        assert administration.database_url(service) == settings.database_url(service)
        assert administration.feed_token == settings.feed_token
        assert administration.erasure_key == settings.erasure_key
        assert "//administration:" in administration.redis_address()


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
