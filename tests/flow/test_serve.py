"""`doorstroom serve`, and other commands, with what they cannot use: one line that says so, and nothing that runs."""

import re
import socket
from pathlib import Path

import pytest

from shared.redis_servers import FORMS
from tests.flow.processes import command, free_ports, port_settings


@pytest.mark.parametrize("service", ["intake", "placement", "monitor"])
def test_a_taken_port_is_said_in_one_line_with_the_setting_that_changes_it(data: Path, service: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = command("serve", service, data=data, **{f"DOORSTROOM_{service.upper()}_PORT": port})
    assert done.returncode == 1
    assert done.stderr == (
        f"doorstroom: port {port} ({service}) is not free on 127.0.0.1 (Address already in use); "
        f"choose another with DOORSTROOM_{service.upper()}_PORT\n"
    )


@pytest.mark.parametrize("service", ["intake", "placement", "monitor"])
def test_a_database_that_does_not_answer_is_said_in_one_line_without_its_password(data: Path, service: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        url = f"postgresql://nobody:s3cret@127.0.0.1:{nobody.getsockname()[1]}/nothing?connect_timeout=2"
        settings = port_settings(free_ports())
        done = command("serve", service, data=data, **settings, **{f"DOORSTROOM_{service.upper()}_DATABASE_URL": url})
    assert done.returncode == 1
    assert done.stderr.startswith(f"doorstroom: the database of {service} does not answer: ")
    assert done.stderr.count("\n") == 1
    assert "s3cret" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("account", "list"),
        ("access-log",),
        ("access-log", "--verify"),
        ("digest",),
        ("export", "log"),
        ("parked", "list"),
        ("parked", "replay"),
        ("rebuild",),
        ("rebuild", "--from-ledgers"),
    ],
    ids=" ".join,
)
def test_a_command_on_a_database_that_does_not_answer_says_so_in_one_line(data: Path, words: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        url = f"postgresql://nobody:s3cret@127.0.0.1:{nobody.getsockname()[1]}/nothing?connect_timeout=2"
        away = {f"DOORSTROOM_{one}_DATABASE_URL": url for one in ("MONITOR", "ACCESS")}
        done = command(*words, "--data", str(data), data=data, DOORSTROOM_FEED_TOKEN="t", **away)
    assert done.returncode == 1
    assert re.match(r"doorstroom: the database of (monitor|access) does not answer: ", done.stderr)
    assert done.stderr.count("\n") == 1
    assert "s3cret" not in done.stderr


def test_a_setting_that_cannot_be_used_is_a_wrong_call(data: Path) -> None:
    done = command("serve", "intake", data=data, DOORSTROOM_REDIS_URL="somewhere")
    assert done.returncode == 2
    assert done.stderr == f"doorstroom: DOORSTROOM_REDIS_URL: use {FORMS}\n"


@pytest.mark.parametrize(
    ("setting", "content", "reason"),
    [
        ("DOORSTROOM_THEME_CSS", None, "No such file or directory"),
        ("DOORSTROOM_THEME_CSS", " " * 300_000, "it is larger than 256 KiB"),
        ("DOORSTROOM_OIDC_GRANTS", None, "No such file or directory"),
        ("DOORSTROOM_OIDC_GRANTS", "{", "Invalid JSON: EOF while parsing an object at line 1 column 1"),
        ("DOORSTROOM_OIDC_GRANTS", '[{"claim": "groups", "value": "x"}]', "0.roles: Field required"),
    ],
)
def test_a_file_of_the_monitor_that_cannot_be_used_is_a_wrong_call(
    data: Path, tmp_path: Path, setting: str, content: str | None, reason: str
) -> None:
    file = tmp_path / "named"
    if content is not None:
        file.write_text(content)
    ports, issuer = port_settings(free_ports()), "https://login.example.org"
    done = command("serve", "monitor", data=data, **ports, DOORSTROOM_OIDC_ISSUER=issuer, **{setting: str(file)})
    assert done.returncode == 2
    assert done.stderr == f"doorstroom: {setting}: {file} cannot be used: {reason}\n"


def test_several_monitors_on_a_file_are_a_wrong_call(data: Path) -> None:
    ports = port_settings(free_ports())
    done = command("serve", "monitor", data=data, **ports, DOORSTROOM_MONITOR_WORKERS="2")
    assert done.returncode == 2
    assert done.stderr == "doorstroom: DOORSTROOM_MONITOR_WORKERS: several monitors need one PostgreSQL database\n"
