"""A backup while facts come in, restored elsewhere: everything that was acknowledged before it began is there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.flow.load import more_acknowledged, under_load
from tests.flow.processes import Up, command, folder, free_ports, up
from tests.flow.publishing import SOURCE, Publisher, registered, started
from tests.servers.waiting import wait_until


def test_a_backup_under_load_is_restored_elsewhere_and_goes_on(data: Path) -> None:
    with up(data, free_ports()) as running:
        running.wait_until_ready()
        with registered(running, "under-load", sources=[SOURCE], scopes=["facts:write", "facts:read"]) as publisher:
            with under_load(publisher) as loads:
                more_acknowledged(loads)
                before = {load.service: set(load.acknowledged) for load in loads}
                made = command("backup", str(data / "backup"), "--json", data=data)
                more_acknowledged(loads)
            assert made.returncode == 0, made.stderr
            everything = {load.service: set(load.acknowledged) for load in loads}
            with folder() as elsewhere:
                _goes_on(data / "backup", elsewhere, publisher, before=before, everything=everything)


def _goes_on(
    backup: Path, data: Path, publisher: Publisher, *, before: dict[str, set[str]], everything: dict[str, set[str]]
) -> None:
    with folder() as other:
        said = command("restore", str(backup), "--nobody-erased", data=other).stdout
    assert f"; doorstroom up --data {other}\n" in said, "with the folder, or another one is started"
    done = command("restore", str(backup), "--nobody-erased", "--json", data=data)
    assert done.returncode == 0, done.stderr
    positions = json.loads(done.stdout)["positions"]
    with up(data, free_ports()) as restored, _at(restored, publisher) as there:
        restored.wait_until_ready()
        for service, acknowledged in before.items():
            stored = [fact["id"] for fact in there.feed(service)]
            assert acknowledged <= set(stored) <= everything[service]
            assert len(stored) == len(set(stored)) == positions[service]["ledger"]
        _counted(there, positions["placement"]["ledger"])
        _rebuilt_alike(there, data)
        there.send(started("person-after-the-restore", "P-after", on="2024-03-02"))
        _counted(there, positions["placement"]["ledger"] + 1)


@contextmanager
def _at(system: Up, publisher: Publisher) -> Iterator[Publisher]:
    """The same publisher with the same token at a restored system: the registry is part of a backup."""
    addresses = {service: f"http://127.0.0.1:{port}" for service, port in system.ports.items()}
    with httpx2.Client(timeout=20, trust_env=False) as client:
        yield Publisher(addresses, publisher.token, client)


def _counted(there: Publisher, placements: int) -> None:
    wait_until(
        lambda: there.metrics()["doorstroom_placements_started_total"] == placements, what="every placement counted"
    )
    wait_until(lambda: there.metrics()["doorstroom_stream_lag_entries"] == 0, what="all entries read")


def _rebuilt_alike(there: Publisher, data: Path) -> None:
    figures = there.figures()
    assert command("rebuild", data=data).returncode == 0
    assert there.figures() == figures


def test_an_older_backup_over_a_newer_installation_is_taken_because_its_redis_is_new(data: Path) -> None:
    ports = free_ports()
    with up(data, ports) as running:
        running.wait_until_ready()
        with registered(running, "again", sources=[SOURCE], scopes=["facts:write", "facts:read"]) as publisher:
            publisher.send(started("person-before-the-backup", "P-1", on="2024-03-02"))
            assert command("backup", str(data / "backup"), data=data).returncode == 0
            lost = started("person-after-the-backup", "P-2", on="2024-03-02")
            publisher.send(lost)
            assert running.stop() == 0
            done = command("restore", str(data / "backup"), "--replace", data=data)
            assert done.returncode == 1, "the backup lies in the folder that is replaced"
            with folder() as safe:
                (data / "backup").rename(safe / "backup")
                done = command("restore", str(safe / "backup"), "--replace", "--json", data=data)
                assert done.returncode == 0, done.stderr
            assert (Path(json.loads(done.stdout)["aside"]) / "redis").is_dir()
            with up(data, ports) as again:
                again.wait_until_ready()
                _counted(publisher, 1)
                publisher.send(lost)
                _counted(publisher, 2)


@pytest.mark.parametrize("options", [[], ["--replace"]], ids=["as-it-is", "replace"])
def test_a_restore_into_a_running_installation_is_refused_in_one_line(
    system: Up, tmp_path: Path, options: list[str]
) -> None:
    assert command("backup", str(tmp_path / "backup"), data=system.data).returncode == 0
    done = command("restore", str(tmp_path / "backup"), *options, data=system.data)
    assert done.returncode == 1
    assert done.stderr.startswith(f"doorstroom: another doorstroom runs on {system.data}")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_damaged_backup_is_refused_in_one_line(system: Up, tmp_path: Path, data: Path) -> None:
    assert command("backup", str(tmp_path / "backup"), data=system.data).returncode == 0
    with (tmp_path / "backup" / "placement.sqlite").open("r+b") as damaged:
        damaged.seek(5000)
        damaged.write(b"damage")
    done = command("restore", str(tmp_path / "backup"), "--nobody-erased", data=data / "new")
    assert done.returncode == 1
    assert done.stderr.startswith(f"doorstroom: {tmp_path / 'backup' / 'placement.sqlite'} is damaged")
    assert done.stderr.count("\n") == 1
