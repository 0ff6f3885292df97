"""The files around the code: licences, metadata, containers. What watches is in test_watching_files.py."""

import shutil
import subprocess

import pytest
import yaml

from tests.house.source import PROJECT


def _run(*command: object) -> None:
    program = shutil.which(str(command[0]))
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run([program, *map(str, command[1:])], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_port_of_the_containers_is_on_loopback() -> None:
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_every_container_is_confined() -> None:
    """Grafana alone writes beside what it brings; Redis and PostgreSQL become their own user."""
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    assert [name for name, one in services.items() if one["read_only"] is not True] == ["grafana"]
    assert [name for name, one in services.items() if "cap_add" in one] == ["redis", "postgres"]
    for one in services.values():
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert "/tmp" in one["tmpfs"]
        assert {"mem_limit", "pids_limit"} <= one.keys()


def test_the_metadata_of_this_public_code_is_complete() -> None:
    """The mandatory keys of publiccode.yml 0.7, and the length of its descriptions."""
    metadata = yaml.safe_load((PROJECT / "publiccode.yml").read_text())
    mandatory = {"name", "url", "platforms", "developmentStatus", "softwareType", "description", "legal", "maintenance"}
    assert mandatory | {"publiccodeYmlVersion", "localisation"} <= metadata.keys()
    assert metadata["description"].keys() == {"nl", "en"}
    for text in metadata["description"].values():
        assert len(text["shortDescription"]) <= 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]


def test_every_file_has_a_licence() -> None:
    _run(PROJECT / ".venv" / "bin" / "reuse", "--root", PROJECT, "lint", "--quiet")
