"""A server that answers as a test says: what no door of ours does at will, such as being busy twice and then not."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answers = Callable[[int, list[str]], tuple[int, dict[str, str], Any]]
"""Status, headers and JSON of an answer."""


@contextmanager
def misbehaving(answers: Answers) -> Iterator[tuple[str, list[list[str]]]]:
    """A server that answers as told, given the number of the request and its lines; also what it was sent."""
    requests: list[list[str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Content-Encoding"] == "gzip":
                body = gzip.decompress(body)
            requests.append(body.decode().split("\n"))
            status, headers, content = answers(len(requests), requests[-1])
            self.send_response(status)
            packed = json.dumps(content).encode()
            for name, value in {**headers, "Content-Length": str(len(packed))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(packed)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", requests
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
