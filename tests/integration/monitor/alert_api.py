"""The alerts as an app over HTTP, with some alerts and readers."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import Engine

from services.monitor.access import Access
from services.monitor.access.cookies import Cookies
from services.monitor.access.people import People
from services.monitor.alerts.api import add_alerts
from services.monitor.alerts.rulebook import rulebook
from shared.api_rules import rule_abiding
from shared.databases import open_engine, sqlite_url
from shared.publishers.gate import Gate
from shared.publishers.registry import Publisher, Registry
from shared.publishers.tokens import new_token
from shared.settings import Settings
from tests.integration.monitor.alerting import Alerting, later
from tests.integration.monitor.ledgers import SOURCE, discharge, machtiging, placement

BEGAN = "2025-01-10"
LONG, UNTITLED, WAITING, ELSEWHERE = (f"person-{name}-0123456789" for name in ("long", "untitled", "waiting", "other"))
READ, WRITE = "cases:read", "alerts:write"


class Api:
    """The alerts as an app, with tokens for some readers."""

    def __init__(self, alerting: Alerting, folder: Path) -> None:
        self.alerting = alerting
        self.people = People(open_engine(sqlite_url(folder / "access.sqlite")), alerting.clock)
        self.people.create()
        registry = Registry(alerting.engine, alerting.clock)
        registry.create()
        self.tokens = {}
        for name, accommodations, scopes in (
            ("national", {"*"}, {READ, WRITE}),
            ("reader", {"*"}, {READ}),
            ("institution", {"schakenbosch"}, {READ, WRITE}),
            ("nobody", {"*"}, {"facts:write"}),
        ):
            self.tokens[name] = new_token()
            publisher = Publisher(
                name, frozenset({SOURCE}), frozenset({"*"}), frozenset(accommodations), frozenset(scopes)
            )
            registry.add(publisher, token=self.tokens[name])
        access = Access(Gate(registry), self.people, Cookies(secure=False), settings=Settings())
        self.app: FastAPI = rule_abiding(title="t", description="d", lifespan=None, paths={}, schemas={})  # type: ignore[arg-type]
        add_alerts(
            self.app,
            alerting.engine,
            rules=rulebook(),
            clock=alerting.clock,
            access=access,
            address="https://monitor.example",
        )

    def ask(self, path: str, *, by: str = "national", **headers: str) -> httpx2.Response:
        """What the app answers to a GET."""
        return self.send("GET", path, by=by, headers=headers)

    def send(self, method: str, path: str, *, by: str = "national", **more: Any) -> httpx2.Response:
        """What the app answers."""
        headers = {"Authorization": f"Bearer {self.tokens[by]}"} | more.pop("headers", {})

        async def sent() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://doorstroom") as client:
                return await client.request(method, f"/v1{path}", headers=headers, **more)

        return asyncio.run(sent())

    def logged(self) -> list[tuple[str, str, str | None]]:
        """Event, outcome and person of every line of the access log."""
        return [(line.event, line.outcome, line.person) for line in self.people.log.lines()]


@contextmanager
def four_young_persons(monitor: Engine, folder: Path) -> Iterator[Api]:
    """One closed in for 200 days, one without a title, one who waits, and one in another institution."""
    made = Alerting(monitor)
    made.tell("placement-started", LONG, **placement("P1", BEGAN))
    made.tell("machtiging-granted", LONG, **machtiging("M1", BEGAN, "2026-01-10"))
    made.tell("placement-started", UNTITLED, **placement("P2", later(BEGAN, 180)))
    made.tell("machtiging-granted", WAITING, **machtiging("M3", later(BEGAN, 150), "2026-01-10"))
    made.tell("placement-started", ELSEWHERE, **placement("P4", later(BEGAN, 20), accommodation="via", region="JZ01"))
    made.tell("machtiging-granted", ELSEWHERE, **machtiging("M4", BEGAN, "2026-01-10"))
    made.on(later(BEGAN, 199))
    made.tell("discharge-recorded", LONG, _record="none", **discharge("P9", BEGAN))
    made.on(later(BEGAN, 200))
    api = Api(made, folder)
    try:
        yield api
    finally:
        api.people.close()
