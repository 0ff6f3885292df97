"""Nobody takes figures for those of this moment that have stood still for a while."""

from pathlib import Path

import pytest

from services.monitor.access.reader import ALL
from shared.settings import Settings
from tests.integration.access.apps import Browser, running
from tests.integration.access.conftest import DrivenClock
from tests.integration.monitor.conftest import prepared, projector_on
from tests.integration.monitor.histories import PEOPLE
from tests.integration.monitor.ledgers import Ledgers, placement
from tests.servers.redis_running import running_redis
from tests.servers.waiting import until

pytestmark = pytest.mark.anyio

HTML = {"Accept": "text/html"}
STILL = "Nieuwe feiten komen nu niet in deze cijfers"


async def says_so(browser: Browser, path: str = "/") -> bool:
    """Whether the page says that nothing new is in it."""
    answer = await browser.open(path, **HTML)
    assert answer.status_code == 200
    return STILL in answer.text


async def test_the_overview_says_when_nothing_new_comes_in_and_when_it_does_again(tmp_path: Path) -> None:
    with running_redis() as redis:
        settings, ledgers = Settings(data=tmp_path, redis_url=redis.url), Ledgers()
        ledgers.tell("placement-started", PEOPLE[0], **placement("P1", "2025-01-01"))
        engine = prepared(settings.database_url("monitor"))
        projector_on(engine, ledgers).apply(ledgers.batches())
        engine.dispose()
        async with running(settings, DrivenClock()) as monitor:
            monitor.add("olga", areas=ALL)
            async with monitor.browser() as browser, monitor.browser() as somebody:
                await browser.sign_in("olga")

                async def all_is_well() -> bool:
                    return not await says_so(browser)

                async def nothing_comes_in() -> bool:
                    return await says_so(browser)

                await until(all_is_well, what="the first look")
                redis.kill()
                await until(nothing_comes_in, what="it is noticed")
                assert await says_so(browser, "/beeld/stock")
                assert not await says_so(browser, "/?bekend=2025-06-01"), "what was known then is no other than it was"
                assert not await says_so(somebody), "nor is a release"
                redis.start()
                await until(all_is_well, what="it is over")
