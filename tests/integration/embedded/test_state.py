"""What a command reads of the services that run: patiently, and with one line when there is no answer."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
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


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "wants a token with the scope metrics:read; give it with --token-file"),
        (403, "wants a token with the scope metrics:read; give it with --token-file"),
        (503, "answers 503 Service Unavailable; its /readyz says what it lacks"),
    ],
)
def test_a_service_that_answers_is_not_said_to_be_silent(folder: Path, status: int, said: str) -> None:
    """In containers and on Kubernetes status always needs a token, and said that nobody answered."""

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(status)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings = Settings(data=folder, monitor_port=server.server_port, intake_port=free_port())
        answer = state.ask(settings, token=None)
        server.shutdown()
    assert answer.silent["monitor"] == f"http://127.0.0.1:{server.server_port}/metrics {said}"
    assert answer.silent["intake"].startswith("no answer at ")
