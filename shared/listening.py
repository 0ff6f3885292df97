"""HTTP as the services speak it: what a request may have before its body is limited in size and in time."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES_MAX = 64 * 1024
"""The request line and the headers together, or what comes after a body; beyond what arrived at once."""

HEAD_SECONDS_MAX = 20.0
"""How long a client may take for them, and from the beginning of a connection to its first request."""

_REFUSED = b"HTTP/1.1 %b\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Listening(HttpToolsProtocol):
    """One connection. The parser keeps a header in memory until its end, so what never ends is cut off here."""

    head_seconds_max = HEAD_SECONDS_MAX

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unfinished_bytes = 0
        self._moved_on = False
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client came: it has a while to say what it wants."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client left."""
        self._waited()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; too much that is neither body nor the end of the headers ends the connection."""
        self._moved_on = False
        super().data_received(data)
        self._unfinished_bytes = 0 if self._moved_on else self._unfinished_bytes + len(data)
        if self._unfinished_bytes > HEAD_BYTES_MAX:
            self._refuse(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """All headers are there."""
        self._moved_on = True
        self._waited()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body, which who reads it limits."""
        self._moved_on = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The end of a request."""
        self._moved_on = True
        super().on_message_complete()

    def _wait(self) -> None:
        self._waited()
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
        self.transport.close()
