"""The figures over HTTP on a database of the monitor, without a projection that runs, and who may ask."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import httpx2
from sqlalchemy import Engine

from services.monitor.access import Access
from services.monitor.access.cookies import Cookies
from services.monitor.access.people import People
from services.monitor.answers.answering import Figures
from services.monitor.answers.routes import add_answers
from services.monitor.figures.question import Conventions
from services.monitor.history.history import History
from shared.api_rules import rule_abiding
from shared.publishers.everywhere import add_to_all
from shared.publishers.gate import Gate
from shared.publishers.registry import Publisher, Registry
from shared.settings import Settings
from tests.integration.monitor.conftest import RULES

SCOPES = {
    "analyst": {"figures:read", "figures:exact"},
    "operations": {"figures:read", "figures:exact", "cases:read"},
    "nobody": {"metrics:read"},
}


class Monitor:
    """The figures of a database, at a moment that a test sets."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self.engine, self.now = engine, now
        self.people = People(engine, lambda: self.now)
        self.people.create()
        self._registry = Registry(engine, lambda: self.now)
        self._registry.create()
        self._tokens: dict[str, str] = {}

    def token(self, who: str, *accommodations: str) -> str:
        """The token of a reader with the scopes of SCOPES, of the whole country unless accommodations are named."""
        if who not in self._tokens:
            reader = Publisher(who, frozenset(), frozenset(), frozenset(accommodations or "*"), frozenset(SCOPES[who]))
            self._tokens[who] = add_to_all([self._registry], reader)
        return self._tokens[who]

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Asking"]:
        """Someone who asks."""
        app = rule_abiding(title="t", description="d", lifespan=None, paths={}, schemas={})
        clock: Callable[[], datetime] = lambda: self.now  # noqa: E731 - a driven clock
        history = History(self.engine, rules=RULES, clock=clock)
        figures = Figures(self.engine, history.known_at, conventions=Conventions(), clock=clock)
        access = Access(Gate(self._registry), self.people, Cookies(secure=False), settings=Settings())
        add_answers(app, figures, self.engine, access=access)
        transport = httpx2.ASGITransport(app, client=("192.0.2.1", 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://m") as client:
            yield Asking(client, self)


class Asking:
    """Asks as anybody, or with a token."""

    def __init__(self, client: httpx2.AsyncClient, monitor: Monitor) -> None:
        self._client, self._monitor = client, monitor

    async def get(self, path: str, *, who: str | None = "analyst", **headers: str) -> httpx2.Response:
        """The answer at an address under /v1/figures."""
        bearer = {"Authorization": f"Bearer {self._monitor.token(who)}"} if who else {}
        return await self._client.get(f"/v1/figures{path}", headers=bearer | headers)

    async def json(self, path: str, *, who: str | None = "analyst") -> dict:
        """The document at an address, which must be there."""
        answer = await self.get(path, who=who)
        assert answer.status_code == 200, answer.text
        return answer.json()


def cell(document: dict, table: str, measure: str, *, at: object = None, **key: str) -> dict:
    """One cell of an answer."""
    (found,) = [one for one in document["tables"] if one["name"] == table]
    wanted = {name: key.get(name, "total") for name in found["dimensions"]}
    (row,) = [one for one in found["rows"] if one["key"] == wanted and one["at"] == at]
    return row["values"][measure]
