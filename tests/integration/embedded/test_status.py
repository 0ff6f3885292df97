"""What `doorstroom status` says where something else answers at the address of a service."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from services.command.failures import Failed
from services.command.state import ask, figures
from shared.settings import Settings


class _Another(BaseHTTPRequestHandler):
    """A site of its own."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Welcome</html>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def settings() -> Iterator[Settings]:
    with HTTPServer(("127.0.0.1", 0), _Another) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield Settings(intake_url=address, placement_url=address, monitor_url=address)
        finally:
            server.shutdown()
            thread.join()


def test_it_is_no_answer(settings: Settings) -> None:
    said = ask(settings, token=None)
    assert said.silent.keys() == {"intake", "placement", "monitor"}
    assert all("no answer at http://127.0.0.1:" in reason for reason in said.silent.values())


def test_it_has_no_figures(settings: Settings) -> None:
    with pytest.raises(Failed, match="no figures from http://127"):
        figures(settings)
