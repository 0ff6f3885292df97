"""Who chooses a part of the country sees that part, and who may see a part exactly is told how."""

import re
from pathlib import Path

import pytest

from services.monitor.access.reader import ALL
from shared.facts.regions import AREA_OF, REGIONS
from shared.settings import Settings
from tests.integration.access.apps import running
from tests.integration.access.conftest import DrivenClock
from tests.integration.monitor.alerting import Alerting
from tests.integration.monitor.conftest import prepared
from tests.integration.monitor.histories import PEOPLE
from tests.integration.monitor.ledgers import placement
from tests.servers.redis_running import running_redis

ANN, BEN = PEOPLE[:2]
NORTH, SOUTH = (next(region for region in REGIONS if AREA_OF[region] == area) for area in ("noord", "zuid"))
NEXT_TO_SOUTH = next(region for region in REGIONS if AREA_OF[region] == "zuid" and region != SOUTH)
HINT = "Exacte cijfers ziet u als u uw eigen gebied of regio kiest."


def cases(page: str) -> set[str]:
    """The first cases on the overview."""
    return set(re.findall(r'href="/casus/([^"?]+)', page))


@pytest.mark.anyio
async def test_the_first_cases_are_of_the_part_that_is_chosen(tmp_path: Path) -> None:
    """Beside the figures of one area stood cases of the whole country."""
    with running_redis() as redis:
        settings = Settings(data=tmp_path, redis_url=redis.url)
        engine = prepared(settings.database_url("monitor"))
        alerting = Alerting(engine)
        for person, region in ((ANN, NORTH), (BEN, SOUTH)):
            alerting.tell("placement-started", person, **placement(f"P-{person}", "2025-01-10", region=region))
        alerting.on("2025-04-20")
        engine.dispose()
        async with running(settings, DrivenClock()) as monitor, monitor.browser() as browser:
            monitor.add("olga", areas=ALL)
            await browser.sign_in("olga")
            page = (await browser.open("/?gebied=noord", Accept="text/html")).text
            assert 'href="/werklijst?gebied=noord"' in page
            for query, expected in {
                "": {ANN, BEN},
                f"?gebied={AREA_OF[NORTH]}": {ANN},
                f"?regio={SOUTH}": {BEN},
                f"?regio={NEXT_TO_SOUTH}": set(),
            }.items():
                assert cases((await browser.open(f"/{query}", Accept="text/html")).text) == expected, query


@pytest.mark.anyio
async def test_who_may_see_a_part_exactly_is_told_so_where_the_figures_are_rounded(tmp_path: Path) -> None:
    with running_redis() as redis:
        async with running(Settings(data=tmp_path, redis_url=redis.url), DrivenClock()) as monitor:
            monitor.add("bas", "board", areas=frozenset({"zuid"}))
            monitor.add("olga", areas=ALL)
            told = {}
            for name in ("bas", "olga", ""):
                async with monitor.browser() as browser:
                    if name:
                        await browser.sign_in(name)
                    for path in ("/", "/?gebied=zuid", "/beeld/stock"):
                        told[name, path] = HINT in (await browser.open(path, Accept="text/html")).text
    assert {key for key, hint in told.items() if hint} == {("bas", "/"), ("bas", "/beeld/stock")}
