"""Deny by default: every route of every service is asked by everybody there is, and compared with one table."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from services.intake.app import create_app as intake
from services.monitor.access.forms import form_token
from services.monitor.access.person import Person
from services.monitor.access.reader import ALL, NOBODY, PUBLIC, Reader
from services.monitor.access.roles import ROLES
from services.placement.app import create_app as placement
from shared.clock import Clock, system_clock
from shared.databases import open_engine
from shared.publishers.everywhere import add_to_all
from shared.publishers.registry import SCOPES, Publisher, Registry
from shared.settings import Settings
from tests.integration.access.apps import HERE, Monitor, running
from tests.integration.access.conftest import DrivenClock
from tests.integration.access.routes import DOOR, EVERYBODY, MONITOR, VALUES, Needed, refusal
from tests.servers.redis import LocalRedis

pytestmark = pytest.mark.anyio

DOORS: Mapping[str, Callable[[Settings, Clock], FastAPI]] = {"intake": intake, "placement": placement}


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
    return found | publishers(monitor.settings.database_url("monitor"))


def publishers(database_url: str) -> Mapping[str, Asker]:
    """A publisher with each scope, whose facts and sources are the same."""
    found = {}
    engine = open_engine(database_url)
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


async def differing(client: httpx2.AsyncClient, table: Mapping[str, Needed], by: Mapping[str, Asker]) -> list[str]:
    """Where somebody is let in or refused otherwise than the table says."""
    wrong = []
    for name, asker in by.items():
        for route, needed in table.items():
            due = refusal(needed, asker.reader)
            found = await status(client, route, asker)
            if (found if found in (401, 403) else None) != due:
                wrong.append(f"{route} answers {name} with {found}, not {due or 'anything but a refusal'}")
    return wrong


async def status(client: httpx2.AsyncClient, route: str, asker: Asker) -> int:
    """The status of the answer."""
    method, path = route.split(" ", 1)
    address = re.sub(r"\{(\w+)[^}]*\}", lambda found: VALUES.get(found[1], "x" * 20), path)
    answer = await client.request(method, address, headers=dict(asker.headers), json=None if method == "GET" else {})
    return answer.status_code


@pytest.mark.parametrize("figures_open", [True, False], ids=["figures for everybody", "figures for readers"])
async def test_every_route_lets_in_those_whom_the_table_names_and_nobody_else(
    tmp_path: Path, redis: LocalRedis, clock: DrivenClock, figures_open: bool
) -> None:
    settings = Settings(data=tmp_path, redis_url=redis.url, figures_open=figures_open)
    async with running(settings, clock) as monitor:
        elsewhere = httpx2.ASGITransport(monitor.app, client=("192.0.2.1", 1))
        monitor.app.state.live.close()  # A stream that ends at once says as much about who is let in.
        async with httpx2.AsyncClient(transport=elsewhere, base_url=HERE) as client:
            assert await differing(client, MONITOR, askers(monitor)) == []


@pytest.mark.parametrize("service", DOORS)
async def test_a_door_lets_in_those_whom_the_table_names_and_nobody_else(
    tmp_path: Path, clock: DrivenClock, service: str
) -> None:
    """A person who signed in at the monitor is nobody here; so is a token that is not known."""
    settings = Settings(data=tmp_path)
    app = DOORS[service](settings, clock)
    async with app.router.lifespan_context(app):
        by = {
            "the public": Asker(NOBODY),
            "somebody with a session": Asker(NOBODY, {"Cookie": "doorstroom-session=of-the-monitor"}),
            "an unknown token": Asker(NOBODY, {"Authorization": "Bearer dst_unknown"}),
        }
        elsewhere = httpx2.ASGITransport(app, client=("192.0.2.1", 1))
        async with httpx2.AsyncClient(transport=elsewhere, base_url="http://door") as client:
            assert await differing(client, DOOR, by | publishers(settings.database_url(service))) == []


@pytest.mark.parametrize("authorization", ["Bearer dst_unknown", "Bearer", "Basic amFuc2VuOng=", ""])
async def test_a_wrong_token_is_refused_wherever_a_token_is_looked_at(
    tmp_path: Path, redis: LocalRedis, clock: DrivenClock, authorization: str
) -> None:
    async with running(Settings(data=tmp_path, redis_url=redis.url), clock) as monitor, monitor.browser() as browser:
        for route, needed in MONITOR.items():
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
        for route in MONITOR:
            if not route.startswith("GET ") and route != "POST /aanmelden":
                assert await status(browser.client, route, Asker(admin.reader(), headers)) == 403, route
                stolen = headers | {"X-CSRF-Token": form_token("another session")}
                assert await status(browser.client, route, Asker(admin.reader(), stolen)) == 403, route
