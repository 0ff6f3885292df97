"""What people are told when something did not work: what it was, that nothing was kept, and what to do next."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.settings import Settings
from tests.integration.access.apps import running
from tests.integration.access.conftest import DrivenClock
from tests.servers.redis import LocalRedis
from tests.servers.redis_running import running_redis

pytestmark = pytest.mark.anyio

HTML = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
ANSWER = "/werklijst/0123456789abcdef0123456789abcdef/kennisname"
NOTE = {"note": "Overleg gepland", "until": "2026-01-01", "version": "1"}


@pytest.fixture
def redis() -> Iterator[LocalRedis]:
    """A Redis server without streams."""
    with running_redis() as server:
        yield server


async def test_what_somebody_sends_who_is_no_longer_signed_in_is_not_said_to_be_kept(
    tmp_path: Path, redis: LocalRedis
) -> None:
    """It said "Het is vastgelegd", as of an answer that is on record, and led to an address without a page."""
    settings = Settings(data=tmp_path, redis_url=redis.url)
    async with running(settings, DrivenClock()) as monitor, monitor.browser() as browser:
        answer = await browser.client.post(f"{ANSWER}?lang=en", data=NOTE, headers=HTML)
    assert answer.status_code == 401
    assert "You are no longer signed in: what you filled in was not kept." in answer.text
    assert 'href="/aanmelden?to=%2Fwerklijst&amp;lang=en"' in answer.text
    assert "kennisname" not in answer.text


async def test_a_role_that_gives_no_access_is_told_apart_from_a_form_that_had_expired(
    tmp_path: Path, redis: LocalRedis
) -> None:
    async with running(Settings(data=tmp_path, redis_url=redis.url), DrivenClock()) as monitor:
        monitor.add("bas", "board")
        monitor.add("olga", areas=frozenset({"zuid"}))
        async with monitor.browser() as board, monitor.browser() as operations:
            await board.sign_in("bas")
            refused = await board.open("/werklijst", **HTML)
            await operations.sign_in("olga")
            expired = await operations.client.post(ANSWER, data=NOTE | {"csrf": "of another session"}, headers=HTML)
    assert (refused.status_code, expired.status_code) == (403, 403)
    assert "Uw rol geeft geen toegang tot deze bladzijde." in refused.text
    assert "Dit formulier was verlopen: wat u invulde is niet bewaard." in expired.text
    assert "formulier" not in refused.text
