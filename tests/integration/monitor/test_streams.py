"""The road from a ledger through Redis into /metrics, and what happens to it when Redis forgets or ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx2
import pytest
import redis.asyncio
from fastapi import FastAPI

from services.monitor.app import create_app
from shared.clock import system_clock
from shared.databases import open_engine, sqlite_url
from shared.facts.catalogue import published
from shared.ledger import Draft, Ledger, Submission, draft
from shared.publishers.everywhere import add_to_all
from shared.publishers.registry import Publisher, Registry
from shared.relay import Relay
from shared.settings import Settings
from shared.streams import checkpoints_name, partition_of, stream_name
from tests.integration.monitor.ledgers import NOON, SOURCE, placement
from tests.servers.redis import LocalRedis
from tests.servers.waiting import until

pytestmark = pytest.mark.anyio

STARTED = "doorstroom_placements_started_total"


class Placement:
    """A real ledger of placement with a relay that runs."""

    def __init__(self, folder: Path, server: LocalRedis) -> None:
        self.redis = redis.asyncio.from_url(server.url)
        self.ledger = Ledger(
            open_engine(sqlite_url(folder / "placement.sqlite")), service="placement", clock=system_clock
        )
        self.ledger.create(partitions=4)
        self._relay = Relay(self.ledger, self.redis, service="placement", partitions=4)
        self._number = 0

    @asynccontextmanager
    async def publishing(self) -> AsyncIterator["Placement"]:
        """The relay runs."""
        task = asyncio.create_task(self._relay.run())
        try:
            yield self
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await self.redis.aclose()

    async def tell(self, count: int) -> None:
        """So many placements of so many persons."""
        for _ in range(count):
            self._number += 1
            event = {
                "specversion": "1.0",
                "id": f"event-{self._number}",
                "source": SOURCE,
                "type": "nl.doorstroom.placement-started.v1",
                "subject": f"person-{self._number:08d}-abcdef",
                "time": NOON.isoformat(),
                "data": placement(f"P{self._number}", "2026-01-01"),
            }
            told = published().validate_json(json.dumps(event))
            drafts = (draft(told, told.written()),)
            await asyncio.to_thread(self.ledger.append, [Submission(drafts)])
        self._relay.wake()


def token(settings: Settings, *accommodations: str) -> str:
    """The token of somebody who may read exact figures of these accommodations."""
    engine = open_engine(settings.database_url("monitor"))
    scopes = frozenset({"figures:exact"})
    reader = Publisher("reader", frozenset(), frozenset(), frozenset(accommodations), scopes)
    issued = add_to_all([Registry(engine, system_clock)], reader)
    engine.dispose()
    return issued


def settings_for(folder: Path, server: LocalRedis) -> Settings:
    return Settings(data=folder, redis_url=server.url)


def monitor(settings: Settings) -> FastAPI:
    """A monitor whose end is no end of the tests; that it should not have ended is what they see at its /readyz."""
    return create_app(settings, stop=lambda: None)


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """The monitor runs; a client of it on this machine."""
    transport = httpx2.ASGITransport(app, client=("127.0.0.1", 1))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        yield client


async def value(client: httpx2.AsyncClient, name: str) -> float:
    """The value of one sample without labels, or with the labels that the name has."""
    page = (await client.get("/metrics")).text
    return next(float(line.rpartition(" ")[2]) for line in page.splitlines() if line.rpartition(" ")[0] == name)


async def shows(client: httpx2.AsyncClient, count: int) -> None:
    async def there() -> bool:
        return await value(client, STARTED) == count

    await until(there, what=f"{count} placements in /metrics")


async def test_what_is_in_the_ledger_is_in_the_metrics(tmp_path, redis) -> None:
    async with (
        Placement(tmp_path, redis).publishing() as ledger,
        running(monitor(settings_for(tmp_path, redis))) as client,
    ):
        await ledger.tell(7)
        await shows(client, 7)
        assert await value(client, 'doorstroom_projected_position{service="placement"}') == 7
        assert (await client.get("/readyz")).status_code == 200
        bearer = {"Authorization": f"Bearer {token(settings_for(tmp_path, redis), '*')}"}
        stock = (await client.get("/v1/figures/stock", headers=bearer)).json()
        assert stock["n"] == {"status": "exact", "value": 7}


async def test_it_is_ready_on_either_database_and_not_when_that_has_lost_its_tables(
    tmp_path, redis, database_url: str
) -> None:
    settings = settings_for(tmp_path, redis).model_copy(update={"monitor_database_url": database_url})
    async with Placement(tmp_path, redis).publishing(), running(monitor(settings)) as client:

        async def ready() -> bool:
            return (await client.get("/readyz")).status_code == 200

        await until(ready, what="it is ready")
        engine = open_engine(database_url)
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE derivation RENAME TO elsewhere")
        engine.dispose()
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert "The database does not answer." in answer.json()["reasons"]


async def test_reading_goes_on_after_redis_was_flushed(tmp_path, redis) -> None:
    async with (
        Placement(tmp_path, redis).publishing() as ledger,
        running(monitor(settings_for(tmp_path, redis))) as client,
    ):
        await ledger.tell(9)
        await shows(client, 9)
        await ledger.redis.flushall()
        await ledger.tell(4)
        await shows(client, 13)

        async def announced() -> bool:
            names = [checkpoints_name("placement", number) for number in range(4)]
            return max([int(await ledger.redis.hget(name, "monitor") or 0) for name in names]) == 13

        await until(announced, what="the durable positions are announced again")


async def test_reading_goes_on_after_redis_lost_everything_in_a_crash(tmp_path, redis) -> None:
    async with (
        Placement(tmp_path, redis).publishing() as ledger,
        running(monitor(settings_for(tmp_path, redis))) as client,
    ):
        await ledger.tell(9)
        await shows(client, 9)
        await asyncio.to_thread(redis.kill)
        redis.forget()
        await asyncio.to_thread(redis.start)
        await ledger.tell(4)
        await shows(client, 13)
        assert (await client.get("/readyz")).status_code == 200


async def test_a_restart_takes_up_where_the_checkpoint_stands(tmp_path, redis) -> None:
    async with Placement(tmp_path, redis).publishing() as ledger:
        async with running(monitor(settings_for(tmp_path, redis))) as client:
            await ledger.tell(5)
            await shows(client, 5)
        await ledger.tell(6)
        async with running(monitor(settings_for(tmp_path, redis))) as client:
            await shows(client, 11)


async def test_a_start_without_redis_says_so_reads_when_it_is_there_and_leaves_nothing_running(tmp_path, redis) -> None:
    """What still reads would keep its process from ending, and then nobody starts it again."""
    before = asyncio.all_tasks()
    redis.kill()
    async with running(monitor(settings_for(tmp_path, redis))) as client:
        assert (await client.get("/readyz")).json()["reasons"] == ["Redis does not answer."]
        assert (await client.get("/livez")).status_code == 200
        await asyncio.to_thread(redis.start)
        async with Placement(tmp_path, redis).publishing() as ledger:
            await ledger.tell(3)
            await shows(client, 3)

    async def ended() -> bool:
        return asyncio.all_tasks() == before

    await until(ended, what="every task of it ends")


async def test_the_process_ends_when_the_projection_cannot_go_on(tmp_path, redis) -> None:
    """Something foreign in a stream: nobody can say what belongs before it, so nothing may be skipped."""
    ended = asyncio.Event()
    settings = settings_for(tmp_path, redis).model_copy(update={"placement_url": "http://127.0.0.1:1"})
    async with (
        Placement(tmp_path, redis).publishing() as ledger,
        running(create_app(settings, stop=ended.set)) as client,
    ):
        await ledger.redis.xadd(stream_name("placement", 0), {"event": "{}"}, id="77-0")
        async with asyncio.timeout(60):
            await ended.wait()
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["reasons"] == ["The projection has ended."]


async def test_the_process_ends_when_a_reader_dies(tmp_path, redis) -> None:
    """A stream that became something else: FastStream's task ends, and the process would live on, deaf."""
    ended = asyncio.Event()
    async with (
        Placement(tmp_path, redis).publishing() as ledger,
        running(create_app(settings_for(tmp_path, redis), stop=ended.set)),
    ):
        await ledger.redis.set(stream_name("intake", 2), "no stream")
        async with asyncio.timeout(20):
            await ended.wait()


async def test_a_fact_of_a_newer_version_halts_its_stream_and_says_so(tmp_path, redis) -> None:
    """Nothing is guessed and nothing skipped; what the other streams bring is projected all the same."""
    async with (
        Placement(tmp_path, redis).publishing() as ledger,
        running(monitor(settings_for(tmp_path, redis))) as client,
    ):
        await ledger.tell(3)
        await shows(client, 3)
        subject = f"person-{4:08d}-abcdef"
        body = {"type": "nl.doorstroom.something-new.v2", "subject": subject, "source": SOURCE, "id": "new", "data": {}}
        newer = Draft(SOURCE, "new", "something-new", subject, b"hash", json.dumps(body))
        await asyncio.to_thread(ledger.ledger.append, [Submission((newer,))])
        await ledger.tell(20)
        behind = sum(partition_of(f"person-{n:08d}-abcdef", 4) == partition_of(subject, 4) for n in range(4, 24))
        await shows(client, 23 - behind)
        halted = 'doorstroom_halted_streams{service="%s"}'
        assert (await value(client, halted % "placement"), await value(client, halted % "intake")) == (1, 0)
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        name = stream_name("placement", partition_of(subject, 4))
        stands = f"{name} stands still before position 4: this version does not know nl.doorstroom.something-new.v2."
        assert answer.json()["reasons"] == [stands]
        assert await value(client, "doorstroom_parked_facts") == 0


async def test_metrics_are_open_to_this_machine_only(tmp_path, redis) -> None:
    app = monitor(settings_for(tmp_path, redis))
    async with running(app):
        elsewhere = httpx2.ASGITransport(app, client=("192.0.2.1", 1))
        async with httpx2.AsyncClient(transport=elsewhere, base_url="http://m") as client:
            assert (await client.get("/metrics")).status_code == 401
            assert (await client.get("/livez")).status_code == 200


async def test_figures_of_the_country_are_not_exact_for_who_sees_a_part_of_it(tmp_path, redis) -> None:
    settings = settings_for(tmp_path, redis)
    async with running(monitor(settings)) as client:
        bearer = {"Authorization": f"Bearer {token(settings, 'schakenbosch')}"}
        stock = (await client.get("/v1/figures/stock", headers=bearer)).json()
        assert (stock["audience"], stock["n"]) == ("outside", {"status": "too-small"})


async def test_the_openapi_document_describes_the_figures(tmp_path, redis) -> None:
    async with running(monitor(settings_for(tmp_path, redis))) as client:
        document = (await client.get("/v1/openapi.json")).json()
        assert {"/figures", "/figures/changes", "/figures/{name}"} <= document["paths"].keys()
