"""A real door over a socket: the whole placement service in a thread of this process, with publishers to call it."""

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import uvicorn

from services.placement.app import create_app
from shared.clock import Clock
from shared.databases import open_engine
from shared.publishers.everywhere import add_to_all
from shared.publishers.registry import ALL, Publisher, Registry
from shared.serving import server_of
from shared.settings import Settings
from shared.tls import trust
from tests.servers.waiting import free_port, wait_until

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SOURCE = "urn:nld:kvknr:12345678:systeem:ecd"
OTHER_SOURCE = "urn:nld:kvknr:87654321:systeem:ecd"
ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LINES = "application/x-ndjson"
PERSON = "wq3k9VZr0yXcB7uT1mNfJ5hPdL2sGaEo"


def clock() -> datetime:
    """It is always the same moment."""
    return NOW


def event(event_id: str = "a-1", **changes: Any) -> dict[str, Any]:
    """A young person came to stay; `data` in the changes changes single fields of it."""
    data = {
        "placement": "P-1",
        "accommodation": "schakenbosch",
        "started_on": "2026-03-01",
        "regime": "jw6",
        "closure": "gesloten",
        "route": "crisis",
        "region": "JZ24",
    }
    attributes = {
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCE,
        "type": "nl.doorstroom.placement-started.v1",
        "subject": PERSON,
        "time": "2026-03-02T09:00:00+01:00",
    }
    return {**attributes, **changes, "data": {**data, **changes.get("data", {})}}


def publisher(name: str = "ecd", **changes: Any) -> Publisher:
    """A publisher that may publish everything from the one source, unless changed."""
    bounds: dict[str, Any] = {
        "sources": {SOURCE},
        "facts": {ALL},
        "accommodations": {ALL},
        "scopes": {"facts:write"},
        **changes,
    }
    return Publisher(name, **{bound: frozenset(values) for bound, values in bounds.items()})


@dataclass
class Door:
    """A running service."""

    settings: Settings
    client: httpx2.Client
    tokens: dict[str, str] = field(default_factory=dict)

    def register(self, new: Publisher) -> str:
        """Register a publisher in the database of the running service; its token."""
        engine = open_engine(self.settings.database_url("placement"))
        self.tokens[new.name] = add_to_all([Registry(engine, clock)], new)
        engine.dispose()
        return self.tokens[new.name]

    def post(self, body: bytes, media_type: str | None, *, to: str = "/v1/events", **headers: str) -> httpx2.Response:
        """Post a body as the publisher `ecd`; underscores in the names of headers stand for hyphens."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        content_type = {} if media_type is None else {"Content-Type": media_type}
        token = {"Authorization": f"Bearer {self.tokens['ecd']}"}
        return self.client.post(to, content=body, headers={**token, **content_type, **given})

    def send(self, sent: Mapping[str, Any], **headers: str) -> httpx2.Response:
        """Post one event."""
        return self.post(json.dumps(sent).encode(), ONE, **headers)

    def send_batch(self, sent: Sequence[Any], **headers: str) -> httpx2.Response:
        """Post a batch of events."""
        return self.post(json.dumps(sent).encode(), BATCH, **headers)

    def get(self, path: str, *, as_: str = "ecd", **headers: str) -> httpx2.Response:
        """Read as a publisher."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(path, headers={"Authorization": f"Bearer {self.tokens[as_]}", **given})

    def stored(self) -> list[Any]:
        """The ids in the ledger, in order."""
        engine = open_engine(self.settings.database_url("placement"))
        with engine.connect() as connection:
            found = [row[0] for row in connection.exec_driver_sql("SELECT id FROM fact ORDER BY position")]
        engine.dispose()
        return found


def settings_in(folder: Path, **changes: Any) -> Settings:
    """Settings for a service in this folder, on a port of its own; no Redis unless one is named."""
    return Settings(data=folder, placement_port=free_port(), **changes)


@contextmanager
def opened(settings: Settings, now: Clock = clock) -> Iterator[Door]:
    """The placement service with these settings, and the publisher `ecd` where there is none yet."""
    app = create_app(settings, now)
    config = server_of(app, settings, port=settings.placement_port)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive(), what="the service listens")
        address = settings.service_url("placement")
        with httpx2.Client(base_url=address, timeout=20, trust_env=False, verify=trust(settings)) as client:
            yield Door(settings, client)
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()
