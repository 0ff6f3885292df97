"""A client that sends its body slowly is not waited for; one that is busy is."""

import json
import select
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from shared.databases import open_engine
from shared.listening import Listening
from tests.integration.door.doors import LINES, ONE, Door, event
from tests.integration.door.pace import BYTES_MIN, PIECE, looked
from tests.integration.door.test_heads import connected, sent
from tests.servers.waiting import wait_until

LOOK_S = 0.25


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Listening, "body_seconds", LOOK_S)
    monkeypatch.setattr(Listening, "body_bytes_min", BYTES_MIN)


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
