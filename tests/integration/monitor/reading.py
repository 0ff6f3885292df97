"""Readers who ask the monitor about young persons, over HTTP, on a database without a projection that runs."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial

import httpx2
from sqlalchemy import Engine

from services.monitor.access import Access
from services.monitor.access.cookies import Cookies
from services.monitor.access.people import People
from services.monitor.alerts.conditions.judging import alerts
from services.monitor.alerts.rulebook import rulebook
from services.monitor.cases.reading import add_cases
from services.monitor.flags.book import FlagBook
from services.monitor.flags.listing import add_flags
from services.monitor.history.history import History
from shared.api_rules import rule_abiding
from shared.publishers.everywhere import add_to_all
from shared.publishers.gate import Gate
from shared.publishers.registry import Publisher, Registry
from shared.settings import Settings
from tests.integration.monitor.conftest import RULES
from tests.integration.monitor.ledgers import NOON


class Readers:
    """The flags and cases of a database, and who may ask for them."""

    def __init__(self, engine: Engine) -> None:
        clock: Callable[[], datetime] = lambda: NOON + timedelta(days=1)  # noqa: E731 - a clock that stands still
        self.people = People(engine, clock)
        self.people.create()
        self._registry = Registry(engine, clock)
        self._registry.create()
        history = History(engine, rules=RULES, clock=clock)
        self._app = rule_abiding(title="t", description="d", lifespan=None, paths={}, schemas={})
        access = Access(Gate(self._registry), self.people, Cookies(secure=False), settings=Settings())
        add_flags(self._app, history, FlagBook(), access=access)
        judged = partial(alerts, rules=rulebook(), link_days=RULES.link_days)
        add_cases(self._app, history, access=access, alerts=judged)

    def token(self, name: str, *scopes: str, sources: str = "", accommodations: str = "") -> dict[str, str]:
        """The header of a reader with these scopes, sources and accommodations."""
        bound = (frozenset(sources.split()), frozenset({"*"}), frozenset(accommodations.split()), frozenset(scopes))
        return {"Authorization": f"Bearer {add_to_all([self._registry], Publisher(name, *bound))}"}

    @asynccontextmanager
    async def asking(self, token: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
        transport = httpx2.ASGITransport(self._app, client=("192.0.2.1", 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://m", headers=token) as client:
            yield client

    async def codes(self, token: dict[str, str], query: str = "") -> list[tuple[str, str | None]]:
        """Code and person of the flags that this reader gets."""
        async with self.asking(token) as client:
            answer = await client.get(f"/v1/flags{query}")
            assert answer.status_code == 200, answer.text
            return [(flag["code"], flag["person"]) for flag in answer.json()["flags"]]
