"""What a command reads of the services that run: patiently, and with one line when there is no answer."""

import socket
from pathlib import Path

import pytest

from services.command import state
from services.command.failures import Failed
from shared.settings import Settings
from tests.servers.waiting import free_port


def test_figures_that_do_not_come_in_time_are_one_line(folder: Path) -> None:
    """A machine with much else to do took longer than the ten seconds of old, which ended a demonstration."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = Settings(data=folder, monitor_port=silent.getsockname()[1])
        with pytest.raises(Failed, match=r"no figures from .* within 0\.05 seconds \(timed out\); see its log"):
            state.figures(settings, within_s=0.05)


def test_a_monitor_that_is_not_there_is_one_line(folder: Path) -> None:
    with pytest.raises(Failed, match="refused"):
        state.figures(Settings(data=folder, monitor_port=free_port()))
