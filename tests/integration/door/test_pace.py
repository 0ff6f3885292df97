"""A client that sends its body slowly, or takes its answer slowly or never, is not waited for; one that is busy is."""

import asyncio
import json
import select
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from shared.databases import open_engine
from shared.listening import Listening
from shared.settings import Settings
from shared.tls import listener_context, trust
from tests.integration.door.doors import LINES, ONE, Door, event
from tests.integration.door.test_heads import connected, sent
from tests.servers.certificates import Authority
from tests.servers.serving import serving
from tests.servers.waiting import free_port, wait_until

PIECE = b" " * 4095 + b"\n"
LOOK_S = 0.25
TAKE_S = 1.0
BYTES_MIN = 2048
NEVER_S = 3600.0
"""In this time nobody looks by itself, so a test that looks itself does not depend on how fast a machine is."""
AN_ANSWER_BYTES = 16 * 1024 * 1024
"""Several times what the buffers between two ends of a socket hold."""
KERNEL_BYTES_MAX = 64 * 1024
"""What it may hold at one end; it would let that grow to megabytes, so that a few looks see all of an answer gone."""


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Listening, "body_seconds", LOOK_S)
    monkeypatch.setattr(Listening, "body_bytes_min", BYTES_MIN)
    monkeypatch.setattr(Listening, "answer_seconds", TAKE_S)
    monkeypatch.setattr(Listening, "answer_bytes_min", BYTES_MIN)


def head(door: Door, media_type: str, length: int, *, token: str | None = None) -> bytes:
    """What comes before a body of this length."""
    authorization = f"Bearer {door.tokens['ecd'] if token is None else token}"
    return (
        f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization}\r\nContent-Type: {media_type}\r\n"
        f"Content-Length: {length}\r\nConnection: close\r\n\r\n"
    ).encode()


def trickled(connection: socket.socket, piece: bytes) -> bytes:
    """Send this again and again, a while after each other, until an answer comes; the answer."""
    for _ in range(2000):
        readable, _, _ = select.select([connection], [], [], LOOK_S / 10)
        if readable:
            return sent(connection)
        try:
            connection.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            return b"closed"
    raise AssertionError("it was waited for")


@dataclass
class Looks:
    """How often somebody looked whether a client keeps its pace."""

    number: int = 0

    def after(self, number: int) -> Callable[[], bool]:
        """Whether so many were since now."""
        end = self.number + number
        return lambda: self.number >= end


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    counted = Looks()
    real = Listening._look_at_body

    def look(self: Listening) -> None:
        counted.number += 1
        real(self)

    monkeypatch.setattr(Listening, "_look_at_body", look)
    return counted


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Listening]:
    """Every connection to a service in the order in which they were made; only the test looks at their pace."""
    monkeypatch.setattr(Listening, "body_seconds", NEVER_S)
    monkeypatch.setattr(Listening, "answer_seconds", NEVER_S)
    connections: list[Listening] = []
    real = Listening.connection_made

    def connection_made(self: Listening, transport: asyncio.Transport) -> None:
        real(self, transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES_MAX)
        connections.append(self)

    monkeypatch.setattr(Listening, "connection_made", connection_made)
    return connections


def looked(ours: Listening, look: Callable[[], object]) -> None:
    """Look at a pace where the service does."""
    done = threading.Event()
    ours.loop.call_soon_threadsafe(lambda: (look(), done.set()))
    assert done.wait(20)


@pytest.mark.parametrize("media_type", [ONE, LINES])
@pytest.mark.parametrize("piece", [b"", b" "], ids=["nothing", "a byte at a time"])
def test_a_body_that_trickles_is_not_waited_for(door: Door, media_type: str, piece: bytes) -> None:
    with connected(door) as connection:
        connection.sendall(head(door, media_type, 60_000) + b"{")
        assert trickled(connection, piece).startswith(b"HTTP/1.1 408")

    assert door.send(event()).status_code == 202
    assert door.stored() == ["a-1"]


def test_a_body_without_end_is_not_read_on_after_its_refusal(door: Door) -> None:
    with connected(door) as connection:
        connection.sendall(head(door, ONE, 10**9, token="dst_unknown"))
        answer = b""
        try:
            for _ in range(100_000):
                connection.sendall(PIECE)
                if select.select([connection], [], [], 0)[0]:
                    piece = connection.recv(65_536)
                    answer += piece
                    if not piece:
                        break
            else:
                raise AssertionError("it is read on and on")
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert answer.startswith(b"HTTP/1.1 401") or answer == b""


def test_a_long_body_may_take_as_long_as_it_comes(door: Door, made: list[Listening]) -> None:
    body = json.dumps(event()).encode()
    with connected(door) as connection:
        pending = head(door, LINES, 0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        connection.sendall(pending + f"{len(body) + 1:x}\r\n".encode() + body + b"\n\r\n")
        wait_until(lambda: bool(made) and made[-1]._receiving, what="the body began")
        ours = made[-1]
        for _ in range(8):
            connection.sendall(f"{len(PIECE):x}\r\n".encode() + PIECE + b"\r\n")
            wait_until(lambda: ours._received_bytes >= BYTES_MIN, what="enough of it came")
            looked(ours, ours._look_at_body)
            assert not ours._excused, "it is its pace that counts"
        answer = sent(connection, b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 202"), answer


def test_a_body_that_waits_for_our_ledger_is_not_cut_off(door: Door, looks: Looks) -> None:
    """Who writes to the ledger keeps us from reading on, and so the client from sending."""
    body = b"".join(json.dumps(event(f"a-{number}")).encode() + b"\n" for number in range(1500))
    engine = open_engine(door.settings.database_url("placement"))
    with connected(door) as connection:
        connection.sendall(head(door, LINES, len(body)))
        with engine.begin():
            sending = threading.Thread(target=connection.sendall, args=(body,))
            sending.start()
            enough = looks.after(6)
            wait_until(enough, what="several looks at its pace")
        answer = sent(connection)
        sending.join(20)
    engine.dispose()
    assert answer.startswith(b"HTTP/1.1 202"), answer
    assert len(door.stored()) == 1500


@dataclass
class Telling:
    """A service that tells more than anybody holds: at once, or in small pieces, and those with an end or without."""

    settings: Settings
    port: int = field(default_factory=free_port)
    ended: threading.Event = field(default_factory=threading.Event)
    """Set when the stream without end was left."""

    async def at_once(self, _request: Request) -> Response:
        return Response(b"x" * AN_ANSWER_BYTES)

    async def in_pieces(self, _request: Request) -> Response:
        return StreamingResponse(iter([PIECE] * (AN_ANSWER_BYTES // len(PIECE))))

    async def endless(self, _request: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield PIECE
                    await asyncio.sleep(0)
            finally:
                self.ended.set()

        return StreamingResponse(pieces())

    def config(self) -> uvicorn.Config:
        """How it is served."""
        told = {"/at-once": self.at_once, "/in-pieces": self.in_pieces, "/endless": self.endless}
        app = Starlette(routes=[Route(path, endpoint) for path, endpoint in told.items()])
        context = listener_context(self.settings)
        return uvicorn.Config(
            app, port=self.port, log_config=None, http=Listening, loop="auto", ssl_context_factory=context
        )

    def connected(self) -> socket.socket:
        """A client of it."""
        plain = socket.socket()
        plain.settimeout(20)
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KERNEL_BYTES_MAX)
        plain.connect(("127.0.0.1", self.port))
        if self.settings.tls_certificate is None:
            return plain
        return trust(self.settings).wrap_socket(plain, server_hostname="127.0.0.1")


@contextmanager
def telling(settings: Settings) -> Iterator[tuple[Telling, uvicorn.Server]]:
    told = Telling(settings)
    with serving(told.config()) as server:
        yield told, server


@pytest.fixture(params=["plain", "tls"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Those of a service, with a certificate and without."""
    if request.param == "plain":
        return Settings(data=tmp_path)
    files = Authority(tmp_path).issue()
    named = {"tls_certificate": files.certificate, "tls_key": files.key, "tls_authority": files.authority}
    return Settings(data=tmp_path, **named)


@pytest.mark.parametrize("path", ["/at-once", "/endless"])
def test_an_answer_that_nobody_takes_is_not_held(path: str, settings: Settings) -> None:
    with telling(settings) as (told, server), told.connected() as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        wait_until(lambda: bool(server.server_state.connections), what="it is connected")
        wait_until(lambda: not server.server_state.connections, what="the connection is let go")
        wait_until(lambda: not server.server_state.tasks, what="nobody works for it any more")
        assert path == "/at-once" or told.ended.wait(20)


def test_requests_without_end_that_wait_for_no_answer_are_not_kept(door: Door) -> None:
    with connected(door) as connection:
        connection.setblocking(False)
        ask = b"GET /v1/event-types HTTP/1.1\r\nHost: x\r\n\r\n" * 1000

        def let_go() -> bool:
            try:
                connection.send(ask)
            except BlockingIOError:
                return False
            except ConnectionError:
                return True
            return False

        wait_until(let_go, what="nobody keeps its requests")
    assert door.send(event()).status_code == 202


@pytest.mark.parametrize(
    ("settings", "path"), [("plain", "/at-once"), ("plain", "/in-pieces"), ("tls", "/in-pieces")], indirect=["settings"]
)
def test_an_answer_that_is_taken_slowly_arrives_whole(made: list[Listening], path: str, settings: Settings) -> None:
    with telling(settings) as (told, _server), told.connected() as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        wait_until(lambda: bool(made), what="it is connected")
        [ours], taken, before = made, 0, list[int]()
        waiting = ours.transport.get_write_buffer_size

        def look() -> None:
            if ours.flow.write_paused:
                ours._look_at_answer()
                before.append(waiting())

        for _ in range(4):  # The first look has nothing to compare with.
            before.clear()
            wait_until(lambda: looked(ours, look) or bool(before), what="it waits to be taken")
            while ours._untaken_bytes and waiting() > before[0] - BYTES_MIN:
                taken += len(piece := connection.recv(16_384))
                assert piece, "it was cut off"
        looked(ours, ours._look_at_answer)
        while piece := connection.recv(65_536):
            taken += len(piece)
    assert taken > AN_ANSWER_BYTES
