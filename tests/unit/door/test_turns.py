"""However much work one request is, the others get their turns in between."""

import asyncio
import gzip
import json
from collections.abc import Awaitable
from datetime import UTC, datetime

from shared.door.body import lines, pieces
from shared.door.desks import Trying
from shared.door.submission import Submissions
from shared.publishers.registry import ALL, Publisher

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ALL_OF_IT = frozenset({ALL})
PUBLISHER = Publisher("ecd", frozenset({"urn:nld:kvknr:12345678:systeem:ecd"}), ALL_OF_IT, ALL_OF_IT, frozenset())


def turns_during(work: Awaitable[object]) -> int:
    """How often something else could go on while this was done."""

    async def counted() -> int:
        turns = 0

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        waiting = asyncio.create_task(others())
        await work
        waiting.cancel()
        return turns

    return asyncio.run(counted())


def examined(raws: list[bytes]) -> Awaitable[object]:
    """The work of examining these."""
    submissions = Submissions(service="placement", addresses={}, clock=lambda: NOW)
    return submissions.submit(raws, publisher=PUBLISHER, desk=Trying())


def test_after_each_large_event_others_get_a_turn() -> None:
    large = json.dumps({f"field{number}": number for number in range(3_000)}).encode()
    assert turns_during(examined([large] * 10)) >= 9


def test_after_every_hundred_small_events_others_get_a_turn() -> None:
    assert 9 <= turns_during(examined([b"{}"] * 1_000)) < 100


def test_after_each_piece_that_is_unzipped_others_get_a_turn() -> None:
    """Three million empty lines come out of one small piece."""
    packed = gzip.compress(b"\n" * 65_536) * 48 + gzip.compress(bytes(range(256)) * 200, 0)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": packed, "more_body": False}

    async def unzipped() -> None:
        assert [line async for line in lines(pieces(receive, gzip=True), bytes_max=10)]

    assert turns_during(unzipped()) >= 48
