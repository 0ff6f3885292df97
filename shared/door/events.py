"""`POST /v1/events` and `POST /v1/events/_validate` as plain ASGI: the hot path, without a framework in between."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from shared.api_rules import acceptable
from shared.door.body import BATCH_BYTES_MAX, EVENT_BYTES_MAX, lines, pieces, whole
from shared.door.desks import Desk, Patient
from shared.door.examination import EVENT_LIMIT
from shared.door.media import Framing, Mode, combined, framing, structured
from shared.door.rate import Rates
from shared.door.results import Counts, Refused, Result, batch_refused, document, opening, result_json
from shared.door.submission import Submissions, events_of_batch
from shared.problems import NOT_ACCEPTABLE, Problem, unavailable
from shared.publishers.gate import Gate
from shared.publishers.registry import Publisher

BATCH_LIMIT = f"A batch may have {BATCH_BYTES_MAX // 1024 // 1024} MiB after unzipping; NDJSON has no limit."

CHUNK_FACTS_MAX = 500
"""Lines of an NDJSON body that are stored together; the next are read when these are durable."""

_SPOOL_MEMORY_BYTES_MAX = 1024 * 1024
_JSON = (b"content-type", b"application/json")
_STRICT_APPLIED = (b"preference-applied", b"handling=strict")


class Events:
    """Takes events from publishers and answers when they are durable."""

    def __init__(self, submissions: Submissions, *, gate: Gate, rates: Rates, desk: Desk) -> None:
        self._submissions = submissions
        self._gate = gate
        self._rates = rates
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check for room, then who it is, then how the body is written; only then read it."""
        self._desk.admit()
        headers = combined(scope["headers"])
        publisher = await self._gate.publisher(headers.get("authorization"), scope="facts:write")
        self._rates.admit(publisher.name, now=asyncio.get_running_loop().time())
        if acceptable(headers.get("accept"), ("application/json",)) is None:
            raise Problem(NOT_ACCEPTABLE, "The results are application/json.")
        frame = framing(headers)
        try:
            if frame.mode is Mode.LINES:
                await self._lines(publisher, frame, receive, send)
            elif frame.mode is Mode.BATCH:
                await self._batch(publisher, frame, receive, send)
            else:
                await self._one(publisher, frame, headers, receive, send)
        except ClientDisconnect:
            return

    async def _one(
        self, publisher: Publisher, frame: Framing, headers: Mapping[str, str], receive: Receive, send: Send
    ) -> None:
        body = await whole(receive, gzip=frame.gzip, bytes_max=EVENT_BYTES_MAX, limit=EVENT_LIMIT)
        raw = structured(headers, body) if frame.mode is Mode.BINARY else body
        results = await self._submissions.submit([raw], publisher=publisher, desk=self._desk)
        if isinstance(results[0], Refused):
            raise results[0].problem
        await _send(send, results)

    async def _batch(self, publisher: Publisher, frame: Framing, receive: Receive, send: Send) -> None:
        body = await whole(receive, gzip=frame.gzip, bytes_max=BATCH_BYTES_MAX, limit=BATCH_LIMIT)
        raws = events_of_batch(body)
        self._rates.spend(publisher.name, len(raws))
        results = await self._submissions.submit(raws, publisher=publisher, desk=self._desk, strict=frame.strict)
        refused = [result for result in results if isinstance(result, Refused)]
        if frame.strict and refused:
            raise batch_refused(refused)
        await _send(send, results, *([_STRICT_APPLIED] if frame.strict else ()))

    async def _lines(self, publisher: Publisher, frame: Framing, receive: Receive, send: Send) -> None:
        """Store chunk by chunk; the results wait in a file, because the counts and the status come first."""
        counts, index, desk = Counts(), 0, Patient(self._desk)
        with SpooledTemporaryFile(max_size=_SPOOL_MEMORY_BYTES_MAX) as spool:

            def tell(results: Sequence[Result]) -> None:
                nonlocal index
                counts.add(results)
                members = ",".join(result_json(index + place, result) for place, result in enumerate(results))
                spool.write(f"{',' if index else ''}{members}".encode())
                index += len(results)

            try:
                async for chunk in _chunks(lines(pieces(receive, gzip=frame.gzip), bytes_max=EVENT_BYTES_MAX)):
                    self._rates.spend(publisher.name, len(chunk))
                    tell(await self._submissions.submit(chunk, publisher=publisher, desk=desk))
            except Problem as problem:
                if not index:
                    raise
                tell([Refused(None, _cut_short(problem))])
            spool.seek(0)
            await send({"type": "http.response.start", "status": counts.status, "headers": [_JSON]})
            await send({"type": "http.response.body", "body": opening(counts).encode(), "more_body": True})
            while piece := spool.read(_SPOOL_MEMORY_BYTES_MAX):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"]}"})


def _cut_short(problem: Problem) -> Problem:
    """What is told at the first line that was not taken, when those before it are stored and must be accounted for."""
    if problem.kind.status >= 500:
        raise unavailable("Not all lines could be stored; some were. Send the same again.") from problem
    return Problem(problem.kind, f"Nothing from this line on was taken. {problem.detail}")


async def _chunks(parts: AsyncIterator[bytes]) -> AsyncIterator[list[bytes]]:
    chunk: list[bytes] = []
    async for part in parts:
        chunk.append(part)
        if len(chunk) == CHUNK_FACTS_MAX:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


async def _send(send: Send, results: Sequence[Result], *headers: tuple[bytes, bytes]) -> None:
    counts = Counts()
    counts.add(results)
    body = document(counts, results)
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": counts.status, "headers": [_JSON, length, *headers]})
    await send({"type": "http.response.body", "body": body})
