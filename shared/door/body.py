"""Reads the body of a submission without ever holding more than its limit, unzipping as it comes."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from shared.problems import MALFORMED, TOO_LARGE, Problem

EVENT_BYTES_MAX = 64 * 1024
"""One event, unzipped (CloudEvents asks consumers to accept 64 KiB)."""

BATCH_BYTES_MAX = 1024 * 1024
"""One batch, unzipped."""

BATCH_FACTS_MAX = 1000
"""Events in one batch."""

RATIO_MAX = 100
"""How many times larger than its packed form a stream may become, beyond the first batch-size of it."""

_PIECE_BYTES_MAX = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS


async def whole(receive: Receive, *, gzip: bool, bytes_max: int, limit: str) -> bytes:
    """The whole body, unzipped. Raises the problem 413 that names the limit, as soon as the body passes it."""
    if not gzip:
        message = await receive()
        if not message.get("more_body", False) and message["type"] == "http.request":
            body: bytes = message.get("body", b"")
            if len(body) > bytes_max:
                raise Problem(TOO_LARGE, limit)
            return body
        first = _piece(message)
    else:
        first = None
    total = bytearray()
    async for piece in pieces(receive, gzip=gzip, first=first):
        total += piece
        if len(total) > bytes_max:
            raise Problem(TOO_LARGE, limit)
    return bytes(total)


async def pieces(receive: Receive, *, gzip: bool, first: bytes | None = None) -> AsyncIterator[bytes]:
    """The body in pieces of at most 64 KiB beyond what arrived at once, unzipped; reading waits for who takes them."""
    if first is not None:
        yield first
    unzip = _Unzip() if gzip else None
    more = True
    while more:
        message = await receive()
        body = _piece(message)
        more = message.get("more_body", False)
        if unzip is None:
            yield body
        else:
            for piece in unzip.pieces(body):
                yield piece
                await asyncio.sleep(0)  # What comes out of little may be much: others get a turn.
    if unzip is not None:
        unzip.end()


async def lines(parts: AsyncIterator[bytes], *, bytes_max: int) -> AsyncIterator[bytes]:
    """The lines of a body; of one longer than `bytes_max` only `bytes_max` + 1. Empty lines are passed over.

    Not so a line that begins with more spaces than that: an event may follow them.
    """
    rest = b""
    async for piece in parts:
        first, *others = piece.split(b"\n")
        rest += first[: bytes_max + 1 - len(rest)]
        for line in others:
            if rest and (len(rest) > bytes_max or not rest.isspace()):
                yield rest
            rest = line[: bytes_max + 1]
    if rest and (len(rest) > bytes_max or not rest.isspace()):
        yield rest


def _piece(message: object) -> bytes:
    assert isinstance(message, dict)
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    body: bytes = message.get("body", b"")
    return body


class _Unzip:
    """Unzips piece by piece and stops at a bomb. Several gzip members one after the other are one body."""

    def __init__(self) -> None:
        self._unpack = zlib.decompressobj(_GZIP)
        self._packed_bytes = self._unpacked_bytes = 0

    def pieces(self, packed: bytes) -> Iterator[bytes]:
        self._packed_bytes += len(packed)
        more = True
        while more:
            if packed and self._unpack.eof:
                self._unpack = zlib.decompressobj(_GZIP)
            piece = self._unpacked(packed)
            self._unpacked_bytes += len(piece)
            if self._unpacked_bytes > BATCH_BYTES_MAX + RATIO_MAX * self._packed_bytes:
                raise Problem(TOO_LARGE, f"The body unzips to more than {RATIO_MAX} times its size.")
            yield piece
            packed = self._unpack.unconsumed_tail or self._unpack.unused_data
            # A full piece may have left output behind although all input was taken.
            more = bool(packed) or len(piece) == _PIECE_BYTES_MAX

    def end(self) -> None:
        if not self._unpack.eof:
            raise Problem(MALFORMED, "The gzip data ends too early.")

    def _unpacked(self, packed: bytes) -> bytes:
        try:
            return self._unpack.decompress(packed, _PIECE_BYTES_MAX)
        except zlib.error as error:
            raise Problem(MALFORMED, "The body is not gzip data.") from error
