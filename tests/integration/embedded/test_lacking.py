"""What `up` says of a service that is not ready: what the service says itself, or that it says nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from services.command.supervision.system import lacks

PROBLEM = b'{"status": 503, "detail": "The streams are not being fed."}'


@contextmanager
def answering(status: int, body: bytes) -> Iterator[int]:
    """A server that answers everything so; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, b"{}", None),
        (503, PROBLEM, "The streams are not being fed."),
        (503, b'{"detail": ""}', ""),
        (502, b"<html>", "It answers 502."),
        (500, b"[]", "It answers 500."),
    ],
)
def test_a_service_that_is_not_ready_says_why(status: int, body: bytes, said: str | None) -> None:
    with answering(status, body) as port:
        assert lacks("127.0.0.1", port, "/readyz", tls=False) == said


def test_one_that_does_not_answer_says_nothing() -> None:
    with answering(200, b"") as port:
        pass
    assert lacks("127.0.0.1", port, "/readyz", tls=False) == "It does not answer."
