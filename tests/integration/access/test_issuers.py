"""A token that an issuer signed lets the same publisher in at intake, at placement and at the monitor, and no other."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from starlette.responses import Response

from services.intake.app import create_app as intake
from services.placement.app import create_app as placement
from shared.databases import open_engine
from shared.publishers.everywhere import add_to_all, link_in_all
from shared.publishers.registry import Client, Publisher, Registry
from shared.settings import Settings
from tests.integration.access.apps import running
from tests.integration.access.conftest import MONDAY, DrivenClock
from tests.servers.issuer import AUDIENCE, SUBJECT, Issuer, issuing
from tests.servers.redis import LocalRedis

pytestmark = pytest.mark.anyio

AT = int(MONDAY.timestamp())
ASKED = {"intake": "/v1/events", "placement": "/v1/events", "monitor": "/v1/alerts"}


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


@pytest.fixture
async def apps(
    tmp_path: Path, redis: LocalRedis, clock: DrivenClock, issuer: Issuer
) -> AsyncIterator[dict[str, FastAPI]]:
    """All three services with one publisher, that is a client of the issuer."""
    settings = Settings(
        data=tmp_path,
        redis_url=redis.url,
        token_issuers={issuer.name: issuer.keys_address},
        token_audience=AUDIENCE,
    )
    async with AsyncExitStack() as started:
        found = {name: make(settings, clock) for name, make in (("intake", intake), ("placement", placement))}
        for app in found.values():
            await started.enter_async_context(app.router.lifespan_context(app))
        found["monitor"] = (await started.enter_async_context(running(settings, clock))).app
        engines = [open_engine(settings.database_url(name)) for name in found]
        registries = [Registry(engine, clock) for engine in engines]
        nothing = frozenset[str]()
        reader = Publisher("reader", nothing, nothing, frozenset({"*"}), frozenset({"facts:read", "cases:read"}))
        add_to_all(registries, reader)
        link_in_all(registries, "reader", Client(issuer.name, SUBJECT))
        for engine in engines:
            engine.dispose()
        yield found


async def statuses(apps: dict[str, FastAPI], token: str) -> dict[str, int]:
    """What each service answers to who has this token."""
    found = {}
    for name, app in apps.items():
        transport = httpx2.ASGITransport(app, client=("192.0.2.1", 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.get(ASKED[name], headers={"Authorization": f"Bearer {token}"})
            found[name] = answer.status_code
    return found


async def test_one_token_is_one_publisher_at_every_service(apps: dict[str, FastAPI], issuer: Issuer) -> None:
    assert await statuses(apps, issuer.token(AT)) == {"intake": 200, "placement": 200, "monitor": 200}
    narrow = issuer.token(AT, scope="facts:read")
    assert await statuses(apps, narrow) == {"intake": 200, "placement": 200, "monitor": 403}


async def test_a_wrong_one_is_nobody_at_every_service(apps: dict[str, FastAPI], issuer: Issuer) -> None:
    for changes in ({"aud": "https://other.example.org"}, {"exp": AT - 60}, {"sub": "somebody"}, {"iss": "https://x"}):
        assert set((await statuses(apps, issuer.token(AT, **changes))).values()) == {401}


async def test_an_issuer_that_is_away_is_told_from_a_wrong_token_at_every_service(
    apps: dict[str, FastAPI], issuer: Issuer
) -> None:
    issuer.answer = Response(status_code=502)

    assert set((await statuses(apps, issuer.token(AT))).values()) == {503}
