"""From the ledger to the streams: each fact once, in order, as soon as it is committed, with any number of relays."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event

from shared.erasure import Seal
from shared.ledger import Ledger, Writer
from shared.relay import Relay
from shared.relay import relay as relaying
from shared.relay.streams import Streams
from shared.streams import settled_name
from tests.contract.drafts import SetClock, a_submission, append
from tests.contract.test_erasure import ANNE, KEY, erased, started
from tests.integration.relay.roads import Road, running
from tests.servers.waiting import until

pytestmark = pytest.mark.anyio


async def test_each_stream_gets_the_facts_of_its_partition_in_order_under_their_positions(road: Road) -> None:
    await road.append(1200)
    async with running(road.relay()):
        await road.becomes_complete()
    assert sum([len(await road.stream(partition)) for partition in range(4)]) == 1200


@pytest.mark.usefixtures("unasked")
async def test_a_commit_is_published_because_it_is_told_of_not_when_the_relay_next_looks(road: Road) -> None:
    relay = road.relay()
    writer = Writer(road.ledger, queue_facts_max=100, batch_facts_max=100, committed=lambda _position: relay.wake())
    await writer.start()
    async with running(relay):
        for number in range(1, 21):
            await writer.append(a_submission([number]))
            await road.becomes_complete()
    await writer.stop()


async def test_a_ledger_says_again_and_again_up_to_when_all_is_published_although_nothing_happens(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "SETTLE_SECONDS", 0.0)
    await road.append(3)
    async with running(road.relay()):
        await road.becomes_complete()

        async def settled() -> bool:
            said = await road.redis.get(settled_name("intake"))
            head, moment_us = await asyncio.to_thread(road.ledger.settle)
            return said == b"%d %d" % (head, moment_us) and head == 3

        await until(settled, what="the ledger of three facts is settled")


async def test_what_nobody_told_of_is_found_all_the_same(road: Road) -> None:
    async with running(road.relay()):
        await road.becomes_complete()
        # As another process of the same service appends.
        await road.append(30)
        await road.becomes_complete()


async def test_two_relays_at_once_publish_each_fact_once(road: Road) -> None:
    first = road.relay(batch_facts_max=7)
    async with road.another(batch_facts_max=5) as second, running(first, second):
        for _ in range(40):
            await road.append(25)
            first.wake()
            second.wake()
        await road.becomes_complete()
        assert first.failure is None
        assert second.failure is None


@contextmanager
def held_before_it_looks(relay: Relay) -> Iterator[tuple[Event, Event]]:
    """The relay has asked where the streams end, tells so, and does not look what is there until it may."""
    asked, may = Event(), Event()

    def hold(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "partition_heads" in statement:
            asked.set()
            assert may.wait(20)

    event.listen(relay._ledger._engine, "before_cursor_execute", hold)
    yield asked, may


async def test_a_relay_that_looks_where_a_stream_ends_while_another_goes_on_takes_its_facts_for_what_they_are(
    narrow: Road,
) -> None:
    await narrow.append(5)
    first = narrow.relay()
    async with narrow.another() as second, running(first):
        await narrow.becomes_complete()
        with held_before_it_looks(second) as (asked, may):
            async with running(second):
                assert await asyncio.to_thread(asked.wait, 20)
                await narrow.append(5)
                first.wake()
                await narrow.becomes_complete()
                may.set()
                await until(lambda: second.failure is not None or second.published == {0: 10}, what="it has looked")
                assert second.failure is None


async def test_a_relay_that_looks_where_a_stream_ends_while_its_last_fact_is_erased_goes_on(narrow: Road) -> None:
    sealed = Ledger(narrow._engine, service="intake", clock=SetClock(), seal=Seal(KEY))
    append(sealed, started(ANNE, "a1"))
    async with running(narrow.relay()):
        await narrow.becomes_complete()
    async with narrow.another() as second:
        with held_before_it_looks(second) as (asked, may):
            async with running(second):
                assert await asyncio.to_thread(asked.wait, 20)
                await asyncio.to_thread(append, sealed, erased(ANNE))
                may.set()
                await until(lambda: second.failure is not None or second.published == {0: 2}, what="it has looked")
                assert second.failure is None
    assert await narrow.complete()


async def test_a_relay_goes_on_where_the_stream_ends_whoever_filled_it(road: Road) -> None:
    await road.append(100)
    async with running(road.relay()):
        await road.becomes_complete()
    await road.append(100)
    async with road.another() as second, running(second):
        await road.becomes_complete()
        await until(lambda: max(second.published.values()) == 200, what="it says how far it has come")


async def test_what_follows_a_hole_is_not_added(narrow: Road) -> None:
    await narrow.append(6)
    entries = narrow.ledger.read(0, limit=10)
    streams = Streams(narrow.redis, service="intake", partitions=1)
    assert await streams.add({0: [*entries[:2], *entries[3:]]}) == {0: 2}
    assert [entry_id for entry_id, _ in await narrow.stream(0)] == ["1-0", "2-0"]
    # With what was missing, and with what is there already, it is whole.
    assert await streams.add({0: entries}) == {0: 6}
    assert await narrow.complete()


async def test_a_relay_that_is_stopped_ends_although_nothing_happens(road: Road) -> None:
    relay = road.relay()
    task = asyncio.create_task(relay.run())
    await until(lambda: relay.published != {}, what="it has looked")
    relay.stop()
    await asyncio.wait_for(task, timeout=20)
