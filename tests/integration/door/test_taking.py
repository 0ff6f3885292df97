"""A client that takes its answer slowly or never is not waited for; one that keeps a pace is, whatever more comes."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from shared.listening import Listening, acknowledged_bytes
from shared.settings import Settings
from shared.tls import listener_context, trust
from tests.integration.door.pace import BYTES_MIN, KERNEL_BYTES_MAX, PIECE, looked
from tests.servers.certificates import Authority
from tests.servers.serving import serving
from tests.servers.waiting import free_port, wait_until

TAKE_S = 1.0
AN_ANSWER_BYTES = 16 * 1024 * 1024
"""Several times what the buffers between two ends of a socket hold."""


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Listening, "answer_seconds", TAKE_S)
    monkeypatch.setattr(Listening, "answer_bytes_min", BYTES_MIN)


@dataclass
class Telling:
    """A service that tells more than anybody holds: at once, or in small pieces, and those with an end or without.

    Or only when something happens.
    """

    settings: Settings
    port: int = field(default_factory=free_port)
    ended: threading.Event = field(default_factory=threading.Event)
    """Set when the stream without end was left."""
    happening: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)

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

    async def now_and_then(self, _request: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            while True:
                yield await self.happening.get()

        return StreamingResponse(pieces())

    def config(self) -> uvicorn.Config:
        """How it is served."""
        told = {"/at-once": self.at_once, "/in-pieces": self.in_pieces, "/endless": self.endless}
        told["/now-and-then"] = self.now_and_then
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


def taken_since_the_look(ours: Listening) -> int:
    """What the client's side acknowledged since its pace was looked at last."""
    now, before = acknowledged_bytes(ours.transport), ours._acknowledged_bytes
    assert now is not None
    assert before is not None
    return now - before


needs_what_was_taken = pytest.mark.skipif(
    not hasattr(socket, "TCP_INFO"), reason="this system does not tell what was acknowledged"
)


@needs_what_was_taken
@pytest.mark.parametrize(
    ("settings", "path"), [("plain", "/at-once"), ("plain", "/in-pieces"), ("tls", "/in-pieces")], indirect=["settings"]
)
def test_an_answer_that_is_taken_slowly_arrives_whole(made: list[Listening], path: str, settings: Settings) -> None:
    with telling(settings) as (told, _server), told.connected() as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        wait_until(lambda: bool(made), what="it is connected")
        [ours], taken, paused = made, 0, list[bool]()

        def look() -> None:
            if ours.flow.write_paused:
                ours._look_at_answer()
                paused.append(True)

        for _ in range(4):  # The first look has nothing to compare with.
            paused.clear()
            wait_until(lambda: looked(ours, look) or bool(paused), what="it waits to be taken")
            while taken_since_the_look(ours) < BYTES_MIN:
                taken += len(piece := connection.recv(16_384))
                assert piece, "it was cut off"
        looked(ours, ours._look_at_answer)
        while piece := connection.recv(65_536):
            taken += len(piece)
    assert taken > AN_ANSWER_BYTES


@needs_what_was_taken
@pytest.mark.parametrize("least", [BYTES_MIN, AN_ANSWER_BYTES], ids=["enough of what waited", "all that waited"])
def test_a_stream_that_is_taken_steadily_goes_on_however_much_more_comes(
    made: list[Listening], settings: Settings, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits never becomes less, for more comes than is taken; who stops to take it is let go after all."""
    monkeypatch.setattr(Listening, "answer_bytes_min", least)
    with telling(settings) as (told, server), told.connected() as connection:
        connection.sendall(b"GET /now-and-then HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until(lambda: bool(made), what="it is connected")
        [ours] = made

        def more_waits_than(number: int) -> None:
            enough: list[bool] = []

            def look() -> None:
                if ours.transport.get_write_buffer_size() > number:
                    enough.append(True)
                else:
                    told.happening.put_nowait(PIECE)

            wait_until(lambda: looked(ours, look) or bool(enough), what="more waits to be taken")

        more_waits_than(2 * len(PIECE))  # One piece may be just on its way to the kernel.
        looked(ours, ours._look_at_answer)
        for _ in range(6):
            before = ours._untaken_bytes
            while taken_since_the_look(ours) < min(before, least):
                assert connection.recv(1024), "it was cut off"
            more_waits_than(before)
            looked(ours, ours._look_at_answer)
        assert not ours.flow.write_paused, "it is its pace that counts"

        def let_go() -> bool:
            looked(ours, ours._look_at_answer)
            return not server.server_state.connections

        wait_until(let_go, what="it is let go")
