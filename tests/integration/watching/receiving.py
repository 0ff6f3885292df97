"""Those who are notified: a web server that keeps what is posted to it, and a mail server that keeps letters."""

import email
import email.policy
import json
import socketserver
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast

from tests.servers.waiting import wait_until

NOTIFIED_S_MAX = 60.0


@dataclass(frozen=True, slots=True)
class Notice:
    """One alert in one notification."""

    to: str
    """The path it was posted to: host and path of the receiver."""
    token: str
    status: str
    labels: dict[str, str]
    annotations: dict[str, str]


class Receiver:
    """Keeps what it is sent, in order."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.bodies: list[bytes] = []
        self.letters: list[EmailMessage] = []

    def wait_for(self, alertname: str, status: str, *, after: int = 0, **labels: str) -> Notice:
        """The first notice of this alert with this status and labels among those after the first `after`."""
        wait_until(
            lambda: bool(self.find(alertname, status, after=after, **labels)),
            what=f"the notice that {alertname} {labels} is {status}",
            seconds_max=NOTIFIED_S_MAX,
        )
        return self.find(alertname, status, after=after, **labels)[0]

    def find(self, alertname: str, status: str, *, after: int = 0, **labels: str) -> Sequence[Notice]:
        """All of them so far."""
        wanted = {"alertname": alertname, **labels}.items()
        return [one for one in self.notices[after:] if one.status == status and wanted <= one.labels.items()]

    def letters_about(self, alertname: str) -> Sequence[EmailMessage]:
        """Letters with the alert in their subject."""
        return [letter for letter in self.letters if alertname in letter["Subject"]]


def text_of(letter: EmailMessage) -> str:
    """What a reader sees of a letter: its subject, and the text that it must have."""
    body = letter.get_body(("plain",))
    assert body is not None
    return f"{letter['Subject']}\n{body.get_content()}"


class _WebServer(ThreadingHTTPServer):
    receiver: Receiver


class _MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    receiver: Receiver


class _Web(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        kept = cast(_WebServer, self.server).receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said: dict[str, Any] = json.loads(body)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        kept.bodies.append(body)
        kept.notices += [
            Notice(self.path, token, one["status"], one["labels"], one["annotations"]) for one in said["alerts"]
        ]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the screen of the tests."""


class _Mail(socketserver.StreamRequestHandler):
    """As much SMTP as it takes to receive a letter."""

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            match line.split()[0].upper():
                case b"EHLO" | b"HELO" | b"MAIL" | b"RCPT" | b"RSET":
                    self._say("250 go on")
                case b"DATA":
                    self._say("354 end with a dot")
                    text = b"".join(iter(self.rfile.readline, b".\r\n"))
                    letter = email.message_from_bytes(text, policy=email.policy.default)
                    cast(_MailServer, self.server).receiver.letters.append(cast(EmailMessage, letter))
                    self._say("250 kept")
                case b"QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("502 not here")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def receiving() -> Iterator[tuple[Receiver, int, int]]:
    """Both servers at work: the receiver, the port of the web server and that of the mail server."""
    receiver = Receiver()
    web, mail = _WebServer(("127.0.0.1", 0), _Web), _MailServer(("127.0.0.1", 0), _Mail)
    threads = []
    for server in (web, mail):
        server.receiver = receiver
        server.daemon_threads = True
        threads.append(Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}))
        threads[-1].start()
    try:
        yield receiver, web.server_address[1], mail.server_address[1]
    finally:
        for server in (web, mail):
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join(20)
