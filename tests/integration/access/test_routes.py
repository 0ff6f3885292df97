"""Deny by default: every route of the monitor is asked by every reader, and compared with one table."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from services.monitor.access.forms import form_token
from services.monitor.access.person import Person
from services.monitor.access.reader import ALL, NOBODY, PUBLIC, Reader
from services.monitor.access.roles import ROLES
from shared.clock import system_clock
from shared.databases import open_engine
from shared.publishers.registry import SCOPES, Publisher, Registry, add_to_all
from shared.settings import Settings
from tests.integration.access.apps import HERE, Monitor, running
from tests.integration.access.conftest import DrivenClock
from tests.integration.access.routes import EVERYBODY, ROUTES, VALUES, refusal
from tests.servers.redis import LocalRedis

pytestmark = pytest.mark.anyio

ANSWER_SECONDS_MAX = 5.0
"""A stream goes on; whoever gets one was let in."""


@dataclass(frozen=True)
class Asker:
    """Somebody who asks, and as which reader."""

    reader: Reader
    headers: Mapping[str, str] = field(default_factory=dict)


def askers(monitor: Monitor) -> Mapping[str, Asker]:
    """The public, a person in each role, and a publisher with each scope; all of the whole country."""
    found = {"the public": Asker(PUBLIC if monitor.settings.figures_open else NOBODY)}
    for role in ROLES:
        person = Person(role, (role,), areas=ALL, accommodations=ALL)
        session = monitor.people.sessions.start(person, of_account=False)
        headers = {"Cookie": f"doorstroom-session={session}", "X-CSRF-Token": form_token(session)}
        found[f"a person in the role {role}"] = Asker(person.reader(), headers)
    engine = open_engine(monitor.settings.database_url("monitor"))
    for scope in SCOPES:
        name = scope.replace(":", "-")
        bound = frozenset({"*"}) if scope == "facts:write" else frozenset[str]()
        sources = frozenset({"urn:nld:kvknr:12345678:systeem:ecd"})
        publisher = Publisher(name, sources, bound, frozenset({"*"}), frozenset({scope}))
        token = add_to_all([Registry(engine, system_clock)], publisher)
        reader = Reader(name, "publisher", scopes=frozenset({scope}))
        found[f"a publisher with {scope}"] = Asker(reader, {"Authorization": f"Bearer {token}"})
    engine.dispose()
    return found


async def status(client: httpx2.AsyncClient, route: str, asker: Asker) -> int | None:
    """The status of the answer; None when it goes on and on."""
    method, path = route.split(" ", 1)
    address = re.sub(r"\{(\w+)[^}]*\}", lambda found: VALUES.get(found[1], "x" * 20), path)
    try:
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            sent = client.request(method, address, headers=dict(asker.headers), json=None if method == "GET" else {})
            return (await sent).status_code
    except TimeoutError:
        return None


@pytest.mark.parametrize("figures_open", [True, False], ids=["figures for everybody", "figures for readers"])
async def test_every_route_lets_in_those_whom_the_table_names_and_nobody_else(
    tmp_path: Path, redis: LocalRedis, clock: DrivenClock, figures_open: bool
) -> None:
    settings = Settings(data=tmp_path, redis_url=redis.url, figures_open=figures_open)
    async with running(settings, clock) as monitor:
        elsewhere = httpx2.ASGITransport(monitor.app, client=("192.0.2.1", 1))
        wrong = []
        async with httpx2.AsyncClient(transport=elsewhere, base_url=HERE) as client:
            for name, asker in askers(monitor).items():
                for route, needed in ROUTES.items():
                    due = refusal(needed, asker.reader)
                    found = await status(client, route, asker)
                    if (found if found in (401, 403) else None) != due:
                        wrong.append(f"{route} answers {name} with {found}, not {due or 'anything but a refusal'}")
        assert wrong == []


@pytest.mark.parametrize("authorization", ["Bearer dst_unknown", "Bearer", "Basic amFuc2VuOng=", ""])
async def test_a_wrong_token_is_refused_wherever_a_token_is_looked_at(
    tmp_path: Path, redis: LocalRedis, clock: DrivenClock, authorization: str
) -> None:
    async with running(Settings(data=tmp_path, redis_url=redis.url), clock) as monitor, monitor.browser() as browser:
        for route, needed in ROUTES.items():
            if needed != EVERYBODY:
                found = await status(browser.client, route, Asker(PUBLIC, {"Authorization": authorization}))
                assert found == 401, route


async def test_a_session_changes_nothing_without_the_token_of_a_form(
    tmp_path: Path, redis: LocalRedis, clock: DrivenClock
) -> None:
    async with running(Settings(data=tmp_path, redis_url=redis.url), clock) as monitor, monitor.browser() as browser:
        admin = Person("admin", ("admin",), areas=ALL)
        session = monitor.people.sessions.start(admin, of_account=False)
        headers = {"Cookie": f"doorstroom-session={session}"}
        for route in ROUTES:
            if not route.startswith("GET ") and route != "POST /aanmelden":
                assert await status(browser.client, route, Asker(admin.reader(), headers)) == 403, route
                stolen = headers | {"X-CSRF-Token": form_token("another session")}
                assert await status(browser.client, route, Asker(admin.reader(), stolen)) == 403, route
