"""The whole monitor over HTTP, in this process, with a clock that is driven and browsers that keep cookies."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from fastapi import FastAPI

from services.monitor.access.people import People
from services.monitor.access.person import Person
from services.monitor.app import create_app
from shared.databases import open_engine
from shared.settings import Settings
from tests.integration.access.conftest import DrivenClock

PASSWORD = "correct horse battery"
HERE = "http://127.0.0.1:8003"


@dataclass
class Browser:
    """Keeps cookies, follows no redirect, and fills in forms as they were given."""

    client: httpx2.AsyncClient
    form: dict[str, str] = field(default_factory=dict)

    async def open(self, path: str, **headers: str) -> httpx2.Response:
        """Open a page, and keep what its first form has in it."""
        answer = await self.client.get(path, headers=headers)
        self._keep_form(answer)
        return answer

    async def send(self, path: str, **fields: str) -> httpx2.Response:
        """Send the form that was kept, with these fields filled in."""
        answer = await self.client.post(path, data=self.form | fields, headers={"Sec-Fetch-Site": "same-origin"})
        self._keep_form(answer)
        return answer

    async def sign_in(self, name: str, password: str = PASSWORD, **fields: str) -> httpx2.Response:
        """Open the page to sign in, fill in its form and send it."""
        await self.open("/aanmelden")
        return await self.send("/aanmelden", name=name, password=password, **fields)

    async def is_signed_in(self) -> bool:
        """Whether the page to sign in says who this is."""
        return "U bent aangemeld als" in (await self.open("/aanmelden")).text

    def _keep_form(self, answer: httpx2.Response) -> None:
        if "<form" in answer.text:
            first = answer.text.split("<form", 1)[1].split("</form>", 1)[0]
            self.form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', first))


@dataclass
class Monitor:
    """A monitor that runs."""

    app: FastAPI
    people: People
    settings: Settings
    clock: DrivenClock

    @asynccontextmanager
    async def browser(self, *, base: str = HERE, address: str = "192.0.2.1", **options: Any) -> AsyncIterator[Browser]:
        """A new browser at this address."""
        transport = httpx2.ASGITransport(self.app, client=(address, 1))
        async with httpx2.AsyncClient(transport=transport, base_url=base, **options) as client:
            yield Browser(client)

    def add(self, name: str, *roles: str, **bounds: Any) -> None:
        """Make an account."""
        self.people.accounts.add(Person(name, roles or ("operations",), **bounds), password=PASSWORD)


@asynccontextmanager
async def running(settings: Settings, clock: DrivenClock) -> AsyncIterator[Monitor]:
    """The monitor with these settings."""
    app = create_app(settings, clock, stop=lambda: None)
    people = People(open_engine(settings.database_url("access")), clock)
    async with app.router.lifespan_context(app):
        yield Monitor(app, people, settings, clock)
    people.close()
