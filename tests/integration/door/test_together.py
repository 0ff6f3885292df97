"""The head of an answer leaves with the beginning of its body, and is not kept where the body comes later."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from http.client import HTTPConnection

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from shared.listening import Listening
from tests.servers.serving import serving
from tests.servers.waiting import free_port

WAIT_S = 20
A_PIECE_BYTES = 64 * 1024


async def told(_request: Request) -> Response:
    return Response(b"told")


async def nothing(_request: Request) -> Response:
    return Response(status_code=204)


async def head_first(_request: Request) -> Response:
    async def never() -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b"never"

    return StreamingResponse(never())


async def pieces(_request: Request) -> Response:
    return StreamingResponse(iter([b"first ", b"second ", b"third"]))


@pytest.fixture(params=["uvloop", "asyncio"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """A service, on both event loops that a service may run on."""
    endpoints = {"/told": told, "/nothing": nothing, "/head-first": head_first, "/pieces": pieces}
    app = Starlette(routes=[Route(path, endpoint, methods=["GET"]) for path, endpoint in endpoints.items()])
    at = free_port()
    with serving(uvicorn.Config(app, port=at, log_config=None, http=Listening, loop=request.param)):
        yield at


@pytest.fixture
def connection(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=WAIT_S) as connected:
        yield connected


def asked(connection: socket.socket, path: str) -> bytes:
    """What comes first."""
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return connection.recv(A_PIECE_BYTES)


def test_head_and_body_come_together(connection: socket.socket) -> None:
    for _ in range(3):
        first = asked(connection, "/told")
        assert first.startswith(b"HTTP/1.1 200 OK\r\n")
        assert first.endswith(b"\r\n\r\ntold")


def test_a_head_does_not_wait_for_a_body_that_comes_later(connection: socket.socket) -> None:
    first = asked(connection, "/head-first")
    assert first.startswith(b"HTTP/1.1 200 OK\r\n")
    assert first.endswith(b"\r\n\r\n")


def test_an_answer_without_a_body_comes_too(connection: socket.socket) -> None:
    for _ in range(3):
        assert asked(connection, "/nothing").startswith(b"HTTP/1.1 204 No Content\r\n")


def test_pieces_come_in_their_order(port: int) -> None:
    client = HTTPConnection("127.0.0.1", port, timeout=WAIT_S)
    for _ in range(3):
        client.request("GET", "/pieces")
        assert client.getresponse().read() == b"first second third"
    client.close()


def test_answers_to_requests_that_were_sent_at_once_come_in_their_order(connection: socket.socket) -> None:
    paths = ("/told", "/nothing", "/told")
    connection.sendall(b"".join(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in paths))
    came = b""
    while came.count(b"told") < 2:
        came += connection.recv(A_PIECE_BYTES)
    assert [line.split()[1] for line in came.split(b"\r\n") if line.startswith((b"HTTP/1.1", b"toldHTTP/1.1"))] == [
        b"200", b"204", b"200",
    ]  # fmt: skip


def test_the_last_answer_of_a_connection_comes_whole(connection: socket.socket) -> None:
    connection.sendall(b"GET /told HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    came = b""
    while piece := connection.recv(A_PIECE_BYTES):
        came += piece
    assert came.startswith(b"HTTP/1.1 200 OK\r\n")
    assert came.endswith(b"\r\n\r\ntold")
