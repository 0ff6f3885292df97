"""Entries are removed only when every registered consumer has them durably, and a trimmed stream goes on as before."""

import pytest

from shared.relay import streams
from shared.streams import checkpoints_name
from tests.integration.relay.roads import Road, running
from tests.servers.waiting import until

pytestmark = pytest.mark.anyio

MARGIN = 100
FACTS = 2000


@pytest.fixture(autouse=True)
def margin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "TRIM_MARGIN_POSITIONS", MARGIN)


async def first_after_trimming(road: Road, **checkpoints: int | str) -> int:
    """The position of the first entry left, when these consumers have come so far."""
    await road.append(FACTS)
    relay = road.relay()
    async with running(relay):
        await road.becomes_complete()
        if checkpoints:
            await road.redis.hset(checkpoints_name("intake", 0), mapping=checkpoints)
        await relay.trim()
    left = await road.stream(0)
    assert left == (await road.wanted(0))[FACTS - len(left) :]
    return FACTS - len(left) + 1


async def test_only_what_the_slowest_consumer_has_is_removed_but_for_a_margin(narrow: Road) -> None:
    first = await first_after_trimming(narrow, monitor=1900, archive=1500)
    # Redis removes whole nodes of a hundred entries.
    assert 1500 - MARGIN - 100 <= first <= 1500 - MARGIN


async def test_without_a_consumer_nothing_is_removed(narrow: Road) -> None:
    assert await first_after_trimming(narrow) == 1


async def test_a_consumer_that_has_nothing_yet_keeps_everything(narrow: Road) -> None:
    assert await first_after_trimming(narrow, monitor=1900, archive=0) == 1


async def test_a_checkpoint_that_cannot_be_read_keeps_everything(narrow: Road) -> None:
    assert await first_after_trimming(narrow, monitor=1900, archive="far") == 1


async def test_after_a_flush_a_consumer_that_is_ahead_of_the_stream_removes_nothing(narrow: Road) -> None:
    assert await first_after_trimming(narrow, monitor=FACTS * 10) <= FACTS - MARGIN


async def test_a_stream_of_which_everything_was_removed_goes_on_after_its_last_position(narrow: Road) -> None:
    await narrow.append(50)
    async with running(narrow.relay()):
        await narrow.becomes_complete()
    await narrow.redis.xtrim("doorstroom:facts:intake:0", maxlen=0, approximate=False)
    await narrow.append(3)
    async with narrow.another() as second, running(second):
        await until_ids(narrow, ["51-0", "52-0", "53-0"])


async def until_ids(road: Road, ids: list[str]) -> None:
    """Wait until the stream holds exactly these entries."""

    async def held() -> bool:
        return [entry_id for entry_id, _ in await road.stream(0)] == ids

    await until(held, what=f"the stream holds {ids}")
