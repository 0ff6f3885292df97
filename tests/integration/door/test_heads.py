"""What comes before a body is limited in size and in time, also for who has no token; the door limits bodies."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shared.listening import HEAD_BYTES_MAX, Listening
from tests.integration.door.doors import BATCH, LINES, ONE, Door, event

READ_BYTES_MAX = 512 * 1024
"""More than is ever read at once."""

HEAD = b"POST /v1/events HTTP/1.1\r\nHost: x\r\n"


@contextmanager
def connected(door: Door) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", door.settings.placement_port), timeout=20) as made:
        yield made


def sent(connection: socket.socket, *parts: bytes) -> bytes:
    """What is answered until the service closes the connection."""
    try:
        for part in parts:
            connection.sendall(part)
    except (BrokenPipeError, ConnectionResetError):
        return b"closed"
    answer = b""
    try:
        while piece := connection.recv(65_536):
            answer += piece
    except ConnectionResetError:
        return answer or b"closed"
    return answer


@pytest.mark.parametrize(
    "endless",
    [HEAD + b"X-Big: ", b"GET /", HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: "],
    ids=["header", "address", "trailer"],
)
def test_what_has_no_end_is_cut_off(door: Door, endless: bytes) -> None:
    with connected(door) as connection:
        answer = sent(connection, endless, *[b"x" * HEAD_BYTES_MAX] * (16 * READ_BYTES_MAX // HEAD_BYTES_MAX))

    assert answer == b"closed" or answer.startswith(b"HTTP/1.1 4")
    assert door.send(event()).status_code == 202


def test_headers_of_a_size_that_people_have_are_taken(door: Door) -> None:
    assert door.send(event(), X_Big="x" * 16_000).status_code == 202


@pytest.mark.parametrize("begun", [b"", b"POST", HEAD], ids=["nothing", "a word", "some headers"])
def test_who_does_not_finish_the_headers_is_not_waited_for(
    door: Door, begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Listening, "head_seconds_max", 0.5)
    with connected(door) as connection:
        assert sent(connection, begun).startswith(b"HTTP/1.1 408")


def test_a_request_that_was_begun_in_time_may_take_longer_for_its_body(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Listening, "head_seconds_max", 0.5)
    head = HEAD + b"Content-Type: text/plain\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"
    with connected(door) as idle, connected(door) as connection:
        connection.sendall(head)
        assert sent(idle).startswith(b"HTTP/1.1 408"), "by then the time for headers is over"
        assert sent(connection, b"body").startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize("media_type", [ONE, BATCH, LINES])
@pytest.mark.parametrize(
    "value",
    [
        "[" * 30_000 + "]" * 30_000,
        '{"a":' * 9_000 + "1" + "}" * 9_000,
        "9" * 60_000,
        "1e400",
        "1e-999999999",
        '"P\\ud800"',
        '"P\\u0000"',
    ],
    ids=["deep arrays", "deep objects", "long number", "infinite", "tiny", "half a character", "null character"],
)
def test_deep_and_huge_values_are_refused_as_any_other_mistake(door: Door, value: str, media_type: str) -> None:
    text = door_event().replace('"P-1"', value)
    answer = door.post((f"[{text}]" if media_type == BATCH else text).encode(), media_type)

    assert answer.status_code in (400, 207)
    assert answer.status_code == 400 or answer.json()["rejected"] == 1
    assert door.stored() == []


@pytest.mark.parametrize(
    "body",
    [
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace("P-1", "P\u00e9").encode("latin-1"),
        lambda text: text.encode().replace(b"P-1", b"P\xc0\xaf"),
    ],
    ids=["utf-16", "byte order mark", "latin-1", "overlong"],
)
def test_what_is_no_utf_8_is_refused(door: Door, body: object) -> None:
    assert callable(body)
    assert door.post(body(door_event()), ONE).status_code == 400
    assert door.stored() == []


def door_event() -> str:
    """An event as text."""
    return json.dumps(event())
