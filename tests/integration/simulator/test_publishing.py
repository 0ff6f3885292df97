"""The simulated publishers at the real doors: everything they say is taken, once."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from services.simulator.history import History, Sent
from services.simulator.landscape import figures
from services.simulator.live import Live
from services.simulator.parameters import Parameters
from services.simulator.publishers import PUBLISHERS
from services.simulator.publishing import Publishing, PublishingRefused, Service
from services.simulator.rebuilding import rebuilding
from services.simulator.statement import Writer
from services.simulator.transformation import funding, scans
from shared.clock import system_clock
from tests.integration.simulator.doors import Doors
from tests.servers.misbehaving import misbehaving
from tests.servers.redis_running import running_redis

UNTIL = date(2013, 2, 1)
LIVE_FACTS = 200
TRANSFORMED = date(2025, 1, 1)
"""The first money was awarded, and the first buildings were looked at."""


@pytest.fixture
def redis_url() -> Iterator[str]:
    with running_redis() as server:
        yield server.url


@pytest.fixture(scope="module")
def history() -> History:
    return History(1, UNTIL)


@pytest.fixture(scope="module")
def said(history: History) -> Sequence[Sent]:
    """The first month of the history, with everything that is brought in."""
    return list(history)


def different(said: Sequence[Sent]) -> Counter[Service]:
    """How many different facts each service is told."""
    return Counter(PUBLISHERS[publisher].service for publisher, _ in {(one.publisher, one.body) for one in said})


async def publish(doors: Doors, events: Sequence[Sent]) -> int:
    """Send these and give the number of events that were answered for."""
    answered: list[int] = []
    async with Publishing(doors=doors.addresses, tokens=doors.tokens, told=answered.append) as publishing:
        await publishing.publish(events)
    return sum(answered)


def test_a_month_of_the_country_is_taken_whole_and_told_again_counts_once(
    tmp_path: Path, redis_url: str, said: Sequence[Sent]
) -> None:
    doors = Doors(tmp_path, redis_url=redis_url)

    async def twice() -> tuple[int, int]:
        async with doors.open():
            return await publish(doors, said), await publish(doors, said)

    assert asyncio.run(twice()) == (len(said), len(said))
    assert doors.heads() == different(said)


def test_what_is_said_of_nobody_is_taken_with_its_money_buildings_and_small_groups(
    tmp_path: Path, redis_url: str
) -> None:
    doors = Doors(tmp_path, redis_url=redis_url)
    parameters, writer = Parameters(), Writer()
    told = [
        *figures(TRANSFORMED),
        *rebuilding(UNTIL, TRANSFORMED, Random(1), parameters.rebuilding),
        *funding(TRANSFORMED, Random(1), parameters.funding),
        *scans(TRANSFORMED, Random(1), parameters.buildings),
    ]
    events = [Sent(it.publisher, it.time, writer.event(it)) for it in told]

    async def once() -> None:
        async with doors.open():
            await publish(doors, events)

    asyncio.run(once())
    assert doors.heads() == different(events)


def test_a_door_that_is_full_is_asked_again_until_everything_is_in(
    tmp_path: Path, redis_url: str, said: Sequence[Sent]
) -> None:
    doors = Doors(tmp_path, redis_url=redis_url, queue_facts_max=900)

    async def once() -> None:
        async with doors.open():
            await publish(doors, said)

    asyncio.run(once())
    assert doors.heads() == different(said)


def test_a_door_that_opens_late_is_waited_for(tmp_path: Path, redis_url: str, said: Sequence[Sent]) -> None:
    doors = Doors(tmp_path, redis_url=redis_url)

    async def early() -> int:
        publishing = asyncio.create_task(publish(doors, said[:50]))
        await asyncio.sleep(0)
        async with doors.open():
            return await publishing

    assert asyncio.run(early()) == 50


def test_what_happens_live_is_taken(tmp_path: Path, redis_url: str, history: History, said: Sequence[Sent]) -> None:
    assert said, "the state stands after the history"
    doors = Doors(tmp_path, redis_url=redis_url)
    live = Live(history.state(), clock=system_clock, rng=Random(1))

    async def once() -> int:
        async with doors.open():
            return await publish(doors, list(islice(live, LIVE_FACTS)))

    assert asyncio.run(once()) == LIVE_FACTS
    assert sum(doors.heads().values()) == LIVE_FACTS


@pytest.mark.parametrize("status", [408, 429, 502, 503])
def test_a_door_that_is_busy_or_finds_us_slow_is_asked_again(status: int, said: Sequence[Sent]) -> None:
    """A machine with much else to do sends its requests slowly: that ends no demonstration."""
    answered: list[int] = []

    async def once(address: str) -> None:
        doors: dict[Service, str] = {"intake": address, "placement": address}
        async with Publishing(doors=doors, tokens=dict.fromkeys(PUBLISHERS, "t"), told=answered.append) as publishing:
            await publishing.publish(said[:1])

    with misbehaving(lambda number, _: (status if number < 3 else 202, {"Retry-After": "0"}, {})) as (
        address,
        requests,
    ):
        asyncio.run(once(address))
    assert (len(requests), answered) == (3, [1])


def test_a_refusal_ends_the_publishing_with_the_answer_of_the_door(
    tmp_path: Path, redis_url: str, said: Sequence[Sent]
) -> None:
    doors = Doors(tmp_path, redis_url=redis_url)
    event = json.loads(said[0].body)
    wrong = replace(said[0], body=json.dumps({**event, "source": "urn:nld:kvknr:99999999:systeem:ecd"}))

    async def once() -> None:
        async with doors.open():
            await publish(doors, [wrong, *said[1:5]])

    with pytest.RaisesGroup(pytest.RaisesExc(PublishingRefused, match="source-not-yours")):
        asyncio.run(once())
