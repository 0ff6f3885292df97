"""HTTP as the services speak it: what a client sends and how it takes its answer is limited, in size and in time."""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES_MAX = 64 * 1024
"""The request line and the headers together, or what comes after a body; beyond what arrived at once."""

HEAD_SECONDS_MAX = 20.0
"""How long a client may take for them, and from the beginning of a connection to its first request."""

BODY_SECONDS = 20.0
BODY_BYTES_MIN = 20 * 1024
"""Of a body that has not ended so much must come in so many seconds. There is no limit on the time of a whole body, for
NDJSON has none on its length."""

ANSWER_SECONDS = 60.0
ANSWER_BYTES_MIN = 60 * 1024
"""Of an answer that waits to be taken so much must be taken in so many seconds, or all that waited: however much is
written meanwhile. What counts is what the client's side acknowledged, where the kernel tells (Linux). Elsewhere it is
what waits no longer, and the time is longer than for a body because a kernel asks for more only when a third of its own
buffer is free, which is up to a megabyte."""

PIPELINED_MAX = 32
"""Requests that a client may send before the first is answered. Nobody needs that; uvicorn would keep any number."""

_ACKNOWLEDGED = struct.Struct("@Q")
_ACKNOWLEDGED_AT = 120
"""Where `tcpi_bytes_acked` is in what Linux tells of a connection, since 4.1; what is there stays where it is."""

_REFUSED = b"HTTP/1.1 %b\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class TooManyAtOnce(Exception):
    """A client sent request after request without waiting for an answer."""


class Together:
    """Where an answer is written to: its head leaves with the beginning of its body, or as soon as nothing follows."""

    __slots__ = ("_begun", "_head", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._begun, self._head = False, b""

    def write(self, data: bytes) -> None:
        """Write the next piece; the first of all is kept until the others that run now had their turn.

        An empty piece and one for a connection that is over go no further: of pieces that are given together asyncio
        since Python 3.12 keeps such a one for ever, and with it the descriptor that the next connection gets.
        """
        if not self._begun:
            self._begun, self._head = True, data
            self._loop.call_soon(self._write_head)
        elif data and not self._transport.is_closing():
            head, self._head = self._head, b""
            if head:
                self._transport.writelines((head, data))
            else:
                self._transport.write(data)

    def close(self) -> None:
        """End the connection when all is written."""
        self._write_head()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether nothing more can be written."""
        return self._transport.is_closing()

    def _write_head(self) -> None:
        head, self._head = self._head, b""
        if head and not self._transport.is_closing():
            self._transport.write(head)


class Listening(HttpToolsProtocol):
    """One connection. The parser keeps a header in memory until its end, so what never ends is cut off here.

    So is a body that trickles, and an answer that nobody takes: uvicorn would wait for both without end.
    """

    head_seconds_max = HEAD_SECONDS_MAX
    body_seconds = BODY_SECONDS
    body_bytes_min = BODY_BYTES_MIN
    answer_seconds = ANSWER_SECONDS
    answer_bytes_min = ANSWER_BYTES_MIN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unfinished_bytes = 0
        self._moved_on = False
        self._saying = True  # what it wants: a request line or headers that have not ended
        self._patience: asyncio.TimerHandle | None = None
        self._looks: dict[Callable[[], None], asyncio.TimerHandle] = {}
        self._receiving = False  # a body that has not ended
        self._received_bytes = 0  # of it, since the last look
        self._untaken_bytes = 0  # of answers, at the last look
        self._acknowledged_bytes: int | None = None  # since the beginning, at the last look; None: nobody tells
        self._excused = False  # since the last look the body began, or we did not read it

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client came: it has a while to say what it wants."""
        super().connection_made(transport)
        self._wait()
        self._looks[self._look_at_body] = self.loop.call_later(self.body_seconds, self._look_at_body)
        self._looks[self._look_at_answer] = self.loop.call_later(self.answer_seconds, self._look_at_answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client left."""
        self._waited()
        for look in self._looks.values():
            look.cancel()
        self._looks.clear()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; too much that is neither body nor the end of the headers ends the connection."""
        self._moved_on = False
        super().data_received(data)
        # Nearly every request has all its headers in what came at once, and needs no timer.
        if self._saying and self._patience is None:
            self._wait()
        self._unfinished_bytes = 0 if self._moved_on else self._unfinished_bytes + len(data)
        if self._unfinished_bytes > HEAD_BYTES_MAX:
            self._refuse(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._waited()
        self._saying = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """All headers are there."""
        self._moved_on = True
        self._saying = False
        self._waited()
        self._receiving = self._excused = True
        super().on_headers_complete()
        self.cycle.transport = Together(self.transport, self.loop)  # type: ignore[assignment]
        if len(self.pipeline) > PIPELINED_MAX:
            self.transport.abort()
            raise TooManyAtOnce  # The parser must not go on with what it has.

    def send_400_response(self, msg: str) -> None:
        """What cannot be read is answered, unless that is over."""
        if not self.transport.is_closing():
            super().send_400_response(msg)

    def on_body(self, body: bytes) -> None:
        """A piece of a body, which who reads it limits."""
        self._moved_on = True
        self._received_bytes += len(body)
        super().on_body(body)
        self._excused = self._excused or self.flow.read_paused

    def on_message_complete(self) -> None:
        """The end of a request."""
        self._moved_on = True
        self._receiving = False
        super().on_message_complete()

    def _look_at_body(self) -> None:
        self._looks[self._look_at_body] = self.loop.call_later(self.body_seconds, self._look_at_body)
        if not self._receiving or self.transport.is_closing():
            return
        received, self._received_bytes = self._received_bytes, 0
        waits_for_us = self._excused or self.flow.read_paused or self.cycle.waiting_for_100_continue
        self._excused = False
        if self.cycle.response_complete:
            # It was answered, with a refusal, and goes on: nobody reads it.
            self.transport.close()
        elif received < self.body_bytes_min and not waits_for_us:
            self._refuse(b"408 Request Timeout")

    def _look_at_answer(self) -> None:
        self._looks[self._look_at_answer] = self.loop.call_later(self.answer_seconds, self._look_at_answer)
        before, self._untaken_bytes = self._untaken_bytes, self.transport.get_write_buffer_size()
        since, self._acknowledged_bytes = self._acknowledged_bytes, acknowledged_bytes(self.transport)
        if since is None or self._acknowledged_bytes is None:
            taken = before - self._untaken_bytes
        else:
            taken = self._acknowledged_bytes - since
        # What waited is taken before what was written after it.
        if before and self._untaken_bytes and taken < min(before, self.answer_bytes_min):
            # Closing would wait until the rest is taken, and hold it in memory.
            self.transport.abort()

    def _wait(self) -> None:
        self._patience = self.loop.call_later(self.head_seconds_max, self._refuse, b"408 Request Timeout")

    def _waited(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _refuse(self, status: bytes) -> None:
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(_REFUSED % status)
        elif self._receiving and not self.pipeline:
            if not self.cycle.response_started:
                self.transport.write(_REFUSED % status)
            # Who reads the body is told at once, so that nothing of its own comes after this.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()


def acknowledged_bytes(transport: asyncio.Transport) -> int | None:
    """How much the other side of a connection has of what was ever sent to it, as TCP knows; None: it is not told.

    Below TLS as without it: between us and the kernel there are buffers of which nobody tells how much is in them.
    """
    connection = transport.get_extra_info("socket")
    if not hasattr(socket, "TCP_INFO") or connection is None or connection.fileno() < 0:
        return None
    end = _ACKNOWLEDGED_AT + _ACKNOWLEDGED.size
    try:
        told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, end)
    except OSError:  # No TCP.
        return None
    return _ACKNOWLEDGED.unpack_from(told, _ACKNOWLEDGED_AT)[0] if len(told) >= end else None
