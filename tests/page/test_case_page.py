"""The page of a young person: found by either of two pseudonyms, and it says so; and which day is known roughly."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from services.monitor.access.reader import ALL
from shared.settings import Settings
from tests.integration.access.apps import running
from tests.integration.access.conftest import DrivenClock
from tests.integration.monitor.conftest import prepared, projector_on
from tests.integration.monitor.histories import PEOPLE
from tests.integration.monitor.ledgers import Ledgers, discharge, machtiging, placement
from tests.servers.redis import LocalRedis
from tests.servers.redis_running import running_redis

pytestmark = pytest.mark.anyio

ANN, BEN = PEOPLE[:2]
HTML = {"Accept": "text/html"}


@pytest.fixture
def redis() -> Iterator[LocalRedis]:
    """A Redis server without streams."""
    with running_redis() as server:
        yield server


@pytest.fixture
def ledgers() -> Ledgers:
    """What has been said."""
    return Ledgers()


@pytest.fixture
async def pages(tmp_path: Path, redis: LocalRedis, ledgers: Ledgers) -> Callable[[str], Awaitable[str]]:
    """Gets the page of somebody as a reader of the whole country, after what has been said until then."""

    async def page(person: str) -> str:
        settings = Settings(data=tmp_path, redis_url=redis.url)
        engine = prepared(settings.database_url("monitor"))
        projector_on(engine, ledgers).apply(ledgers.batches())
        engine.dispose()
        async with running(settings, DrivenClock()) as monitor:
            monitor.add(f"olga-{person}", areas=ALL)
            async with monitor.browser() as browser:
                await browser.sign_in(f"olga-{person}")
                answer = await browser.open(f"/casus/{person}", **HTML)
                assert answer.status_code == 200
                return answer.text

    return page


async def test_a_merged_case_is_found_by_either_pseudonym_and_lists_both(
    ledgers: Ledgers, pages: Callable[[str], Awaitable[str]]
) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-01-01"))
    ledgers.tell("placement-started", BEN, **placement("P2", "2025-06-01", accommodation="via-almata"))
    ledgers.tell("pseudonyms-merged", BEN, other=ANN)
    for person in (ANN, BEN):
        page = await pages(person)
        assert f'<span class="mono">{ANN}</span></h1>' in page
        assert f'Ook bekend onder: <span class="mono">{BEN}</span>' in page
        assert "Samengevoegde pseudoniemen" in page
        assert "Pseudoniemen samengevoegd" in page


async def test_a_day_that_is_known_to_the_month_only_says_so(
    ledgers: Ledgers, pages: Callable[[str], Awaitable[str]]
) -> None:
    ledgers.tell("placement-started", ANN, _precision="month", **placement("P1", "2025-01-01"))
    ledgers.tell("placement-started", BEN, _precision="day", **placement("P2", "2025-01-01"))
    rough, sharp = await pages(ANN), await pages(BEN)
    assert ">op de maand</span>" in rough
    assert "Datum alleen op maand of jaar" in rough
    assert "op de maand" not in sharp


async def test_of_nights_it_speaks_only_where_there_was_one(
    ledgers: Ledgers, pages: Callable[[str], Awaitable[str]]
) -> None:
    for person in (ANN, BEN):
        ledgers.tell("machtiging-granted", person, **machtiging(f"M-{person}", "2025-01-01", "2026-01-01"))
    ledgers.tell("placement-started", BEN, **placement("P1", "2025-02-01"))
    ledgers.tell("discharge-recorded", BEN, **discharge("P1", "2025-06-01"))
    assert "Elke nacht" not in await pages(ANN)
    assert "Elke nacht was er een machtiging." in await pages(BEN)
