"""A monitor that has heard of nobody yet: every page says so, and none breaks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.monitor.access.reader import ALL
from services.monitor.cockpit.overview import PANELS
from shared.settings import Settings
from tests.integration.access.apps import running
from tests.integration.access.conftest import DrivenClock
from tests.servers.redis import LocalRedis
from tests.servers.redis_running import running_redis

pytestmark = pytest.mark.anyio

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def redis() -> Iterator[LocalRedis]:
    """A Redis server without streams."""
    with running_redis() as server:
        yield server


async def test_without_facts_every_page_is_whole_and_the_overview_says_that_there_are_none(
    tmp_path: Path, redis: LocalRedis
) -> None:
    async with running(Settings(data=tmp_path, redis_url=redis.url), DrivenClock()) as monitor:
        monitor.add("olga", areas=ALL)
        async with monitor.browser() as browser:
            await browser.sign_in("olga")
            first = await browser.open("/", **HTML)
            assert first.status_code == 200
            assert "er zijn nog geen feiten gemeld" in first.text
            for name in PANELS:
                answer = await browser.open(f"/beeld/{name}", **HTML)
                assert answer.status_code == 200, name
                assert "NaN" not in answer.text
            assert "Geen signaal voldoet" in (await browser.open("/werklijst", **HTML)).text


async def test_a_case_that_nobody_knows_is_not_found_as_one_that_may_not_be_seen(
    tmp_path: Path, redis: LocalRedis
) -> None:
    async with running(Settings(data=tmp_path, redis_url=redis.url), DrivenClock()) as monitor:
        monitor.add("olga", areas=ALL)
        async with monitor.browser() as browser:
            await browser.sign_in("olga")
            answer = await browser.open("/casus/nobody-knows-this-one", **HTML)
            assert answer.status_code == 404
            assert "Deze bladzijde bestaat niet, of u mag haar niet zien." in answer.text
        lines = list(monitor.people.log.lines(person="nobody-knows-this-one"))
        assert [(line.event, line.outcome) for line in lines] == [("case-read", "not-found")]


@pytest.mark.parametrize(
    ("known", "release"),
    [
        ("", "1 maart 2026"),
        ("2026-02-20", "1 februari 2026"),
        ("2026-03-31", "1 maart 2026"),
        ("2099-12-31", "1 maart 2026"),
    ],
)
async def test_everybody_is_told_of_which_release_the_figures_are_whatever_moment_they_ask_about(
    tmp_path: Path, redis: LocalRedis, known: str, release: str
) -> None:
    async with (
        running(Settings(data=tmp_path, redis_url=redis.url), DrivenClock()) as monitor,
        monitor.browser() as browser,
    ):
        answer = await browser.open(f"/beeld/stock?bekend={known}", **HTML)
    assert f"deze uitgave is van {release}." in answer.text
    assert "Zoals bekend op" not in answer.text


async def test_a_page_of_the_work_list_that_no_list_has_is_its_first(tmp_path: Path, redis: LocalRedis) -> None:
    async with running(Settings(data=tmp_path, redis_url=redis.url), DrivenClock()) as monitor:
        monitor.add("olga", areas=ALL)
        async with monitor.browser() as browser:
            await browser.sign_in("olga")
            for page in ("0", "x", "9" * 5_000):
                answer = await browser.open(f"/werklijst?bladzijde={page}", **HTML)
                assert answer.status_code == 200, page


async def test_a_theme_of_the_installation_is_served_after_our_own_styles(tmp_path: Path, redis: LocalRedis) -> None:
    theme = tmp_path / "theme.css"
    theme.write_text(":root { --doorstroom-accent: #123456; }")
    settings = Settings(data=tmp_path, redis_url=redis.url, theme_css=theme, organisation="Gemeente Voorbeeld")
    async with running(settings, DrivenClock()) as monitor, monitor.browser() as browser:
        page = (await browser.open("/toegankelijkheid", **HTML)).text
        assert "Gemeente Voorbeeld" in page
        address = page.split('href="/static/theme', 1)[1].split('"', 1)[0]
        assert page.index("/static/doorstroom") < page.index("/static/theme")
        assert (await browser.open(f"/static/theme{address}")).text == theme.read_text()
