"""The page of a young person under two pseudonyms: found by either, and it says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.monitor.access.reader import ALL
from shared.settings import Settings
from tests.integration.access.apps import running
from tests.integration.access.conftest import DrivenClock
from tests.integration.monitor.conftest import prepared, projector_on
from tests.integration.monitor.histories import PEOPLE
from tests.integration.monitor.ledgers import Ledgers, placement
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


async def test_a_merged_case_is_found_by_either_pseudonym_and_lists_both(tmp_path: Path, redis: LocalRedis) -> None:
    settings, ledgers = Settings(data=tmp_path, redis_url=redis.url), Ledgers()
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-01-01"))
    ledgers.tell("placement-started", BEN, **placement("P2", "2025-06-01", accommodation="via-almata"))
    ledgers.tell("pseudonyms-merged", BEN, other=ANN)
    engine = prepared(settings.database_url("monitor"))
    projector_on(engine, ledgers).apply(ledgers.batches())
    engine.dispose()
    async with running(settings, DrivenClock()) as monitor:
        monitor.add("olga", areas=ALL)
        async with monitor.browser() as browser:
            await browser.sign_in("olga")
            for person in (ANN, BEN):
                answer = await browser.open(f"/casus/{person}", **HTML)
                assert answer.status_code == 200
                assert f'<span class="mono">{ANN}</span></h1>' in answer.text
                assert f'Ook bekend onder: <span class="mono">{BEN}</span>' in answer.text
                assert "Samengevoegde pseudoniemen" in answer.text
                assert "Pseudoniemen samengevoegd" in answer.text
