"""A Redis that has what the ledger has not is another installation's, or the ledger is an older copy: hands off."""

from pathlib import Path

import pytest

from shared.streams import FIELD, stream_name
from tests.integration.relay.roads import Road, running
from tests.servers.waiting import until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("soon")]


async def test_a_stream_that_is_ahead_of_the_ledger_is_left_alone(narrow: Road) -> None:
    await narrow.append(3)
    name = stream_name("intake", 0)
    await narrow.redis.xadd(name, {FIELD: "{}"}, id="7-0")
    relay = narrow.relay()
    async with running(relay):
        await until(lambda: relay.failure is not None, what="the relay refuses")
        assert relay.failure == f"{name} has the id 7-0, which the ledger has not"
        await narrow.append(10)
        relay.wake()
        # Now the ledger has a fact at that position, but it is another one.
        await until(lambda: "another fact" in (relay.failure or ""), what="the relay still refuses")
        assert [entry_id for entry_id, _ in await narrow.stream(0)] == ["7-0"]
        # Somebody mends it.
        await narrow.redis.delete(name)
        await narrow.becomes_complete()
        await until(lambda: relay.failure is None, what="the relay says that it publishes again")


async def test_the_streams_of_another_ledger_of_the_same_length_are_left_alone(narrow: Road, tmp_path: Path) -> None:
    other = Road(tmp_path, narrow.server, partitions=1, name="another")
    await other.append(5, content="of another installation")
    async with running(other.relay()):
        await other.becomes_complete()
    await narrow.append(5)
    relay = narrow.relay()
    async with running(relay):
        await until(lambda: "another fact under the id 5-0" in (relay.failure or ""), what="the relay refuses")
    assert await other.complete()
    await other.close()


async def test_a_stream_that_gets_ahead_while_the_relay_runs_is_noticed(narrow: Road) -> None:
    await narrow.append(5)
    relay = narrow.relay()
    async with running(relay):
        await narrow.becomes_complete()
        await narrow.redis.xadd(stream_name("intake", 0), {FIELD: "{}"}, id="9-0")
        await until(lambda: "9-0, which the ledger has not" in (relay.failure or ""), what="the relay refuses")
        assert [entry_id for entry_id, _ in await narrow.stream(0)][-1] == "9-0"
