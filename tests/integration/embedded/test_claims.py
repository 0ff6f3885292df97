"""What is asked before anything starts: the data folder and the ports."""

import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from services.command.failures import Failed
from services.command.supervision.folder import owned
from services.command.supervision.ports import require_free


def test_a_folder_has_one_owner_at_a_time(folder: Path) -> None:
    data = folder / "data"
    with owned(data), pytest.raises(Failed, match="another doorstroom runs on"), owned(data):
        pass
    with owned(data):
        assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_a_killed_owner_owns_nothing(folder: Path) -> None:
    hold = f"""
import pathlib, sys
from services.command.supervision.folder import owned
with owned(pathlib.Path({str(folder)!r})):
    print("held", flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"held\n"
        with pytest.raises(Failed), owned(folder):
            pass
        owner.kill()
    with owned(folder):
        pass


def test_a_folder_that_cannot_be_made_is_said_in_one_line() -> None:
    with pytest.raises(Failed, match="cannot be"), owned(Path("/proc/doorstroom")):  # nobody may, not even root
        pass


def test_a_file_in_the_place_of_the_folder_is_said_in_one_line(folder: Path) -> None:
    (folder / "data").touch()
    with pytest.raises(Failed, match="cannot be made"), owned(folder / "data"):
        pass


def test_a_taken_port_is_named_with_its_service() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            Failed,
            match=rf"port {port} \(placement\) is not free on 127.0.0.1 \(Address already in use\); choose another",
        ):
            require_free("127.0.0.1", {"intake": _free_port(), "placement": port}, remedy="choose another")


def test_a_port_of_ipv6_is_free_or_taken() -> None:
    if not socket.has_dualstack_ipv6():
        with pytest.raises(Failed, match="::1 is no address of this machine"):
            require_free("::1", {"intake": _free_port()}, remedy="choose another")
        return
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Failed, match=rf"port {port} \(intake\) is not free on ::1 \(Address already in use\)"):
            require_free("::1", {"intake": port}, remedy="choose another")
    require_free("::1", {"intake": port}, remedy="choose another")


def test_one_port_for_two_services_is_refused() -> None:
    port = _free_port()
    with pytest.raises(Failed, match="asked for twice"):
        require_free("127.0.0.1", {"intake": port, "placement": port}, remedy="choose another")


@pytest.mark.parametrize("host", ["192.0.2.1", "1.2.3.4.5", "2001:db8::1", "nowhere.invalid"])
def test_an_address_of_another_machine_is_said_to_be_that_and_no_port_that_is_taken(host: str) -> None:
    with pytest.raises(Failed, match=rf"^DOORSTROOM_HOST: {host} is no address of this machine; 127\.0\.0\.1 is for"):
        require_free(host, {"intake": _free_port()}, remedy="choose another")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
