"""What the inputs are sent to: the whole placement service in this process, with a ledger of its own on SQLite.

Only the socket and the HTTP parser are left out: a request enters where the server would hand it over.
"""

import asyncio
import sqlite3
import traceback
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI

from services.placement.app import create_app
from shared.databases import open_engine
from shared.publishers.everywhere import add_to_all
from shared.publishers.registry import ALL, Publisher, Registry
from shared.settings import Settings
from tests.fuzz.events import SOURCES
from tests.fuzz.inputs import Input

NOW = datetime(2026, 9, 2, 12, 0, tzinfo=UTC)
"""It is always this moment."""

ANSWER_SECONDS_MAX = 60.0
"""When no answer came within this, none will."""

_EVERYTHING = frozenset({ALL})
PUBLISHERS = (
    Publisher("all", frozenset(SOURCES), _EVERYTHING, _EVERYTHING, frozenset({"facts:write"})),
    Publisher(
        "narrow",
        frozenset(SOURCES[:1]),
        frozenset({"placement-started", "heartbeat"}),
        frozenset({"schakenbosch"}),
        frozenset({"facts:write"}),
    ),
    Publisher("reader", frozenset(SOURCES), _EVERYTHING, _EVERYTHING, frozenset({"facts:read"})),
)


@dataclass(slots=True)
class Answer:
    """What came of one request; without a status when there was none."""

    status: int | None
    headers: dict[str, str]
    body: bytes
    error: BaseException | None = None
    """What broke through all of the service."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A row of the ledger, read past all of the product."""

    position: int
    source: str
    id: str
    body: str


class Target:
    """A running service, and its ledger as somebody else sees it."""

    def __init__(self, app: FastAPI, settings: Settings, tokens: dict[str, str]) -> None:
        self._app = app
        self._tokens = {name: f"Bearer {token}".encode() for name, token in tokens.items()}
        self._ledger = sqlite3.connect(settings.data / "placement.sqlite")
        self.broke: list[str] = []
        """Errors that were logged, or that no task waited for."""

    async def ask(self, sent: Sequence[Input]) -> list[Answer]:
        """Send them all at once, so that they meet in the queue and in the transactions of the ledger."""
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            return list(await asyncio.gather(*map(self._ask, sent)))

    async def _ask(self, one: Input) -> Answer:
        messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in one.pieces]
        messages.append({"type": "http.disconnect"} if one.left else {"type": "http.request", "body": b""})
        remaining = iter(messages)

        async def receive() -> dict[str, Any]:
            return next(remaining, {"type": "http.disconnect"})

        answer = Answer(None, {}, b"")

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                assert answer.status is None, "an answer begins once"
                answer.status = message["status"]
                answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            else:
                answer.body += message["body"]

        try:
            await self._app(self._scope(one), receive, send)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            answer.error = error
        return answer

    def _scope(self, one: Input) -> dict[str, Any]:
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": one.path,
            "raw_path": one.path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(b"authorization", self._tokens.get(one.whose, b"Bearer nobody")), *one.headers],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8002),
        }

    def stored(self, *, after: int, most: int = -1) -> list[Stored]:
        """The rows of the ledger after a position, in order; at most so many."""
        found = self._ledger.execute(
            "SELECT position, source, id, body FROM fact WHERE position > ? ORDER BY position LIMIT ?", (after, most)
        )
        return [Stored(*row) for row in found]

    def at(self, position: int) -> Stored | None:
        """The row at a position."""
        return next((row for row in self.stored(after=position - 1, most=1) if row.position == position), None)

    def kept(self) -> bytes:
        """Every value of every table of the database as text: what could be found there later."""
        tables = [name for (name,) in self._ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = (row for table in tables for row in self._ledger.execute(f'SELECT * FROM "{table}"'))
        return b"\n".join(str(value).encode("utf-8", "replace") for row in rows for value in row)

    def close(self) -> None:
        """Let go of the ledger."""
        self._ledger.close()


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Target]:
    """The service in this folder. It has no Redis: storing does not need one."""
    settings = Settings(data=folder)
    app = create_app(settings, lambda: NOW)
    broke: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: broke.append(str(context.get("exception") or context["message"])))
    before = structlog.get_config()
    structlog.configure(processors=[_noting(broke)], cache_logger_on_first_use=False)
    try:
        async with app.router.lifespan_context(app):
            engine = open_engine(settings.database_url("placement"))
            registry = Registry(engine, lambda: NOW)
            target = Target(app, settings, {one.name: add_to_all([registry], one) for one in PUBLISHERS})
            target.broke = broke
            engine.dispose()
            yield target
            target.close()
    finally:
        structlog.configure(**before)


def _noting(broke: list[str]) -> Any:
    def note(_logger: Any, method: str, fields: Any) -> Any:
        if method in ("error", "exception", "critical"):
            broke.append(f"{fields['event']}: {fields.get('error', '')} {traceback.format_exc(limit=-6)}")
        raise structlog.DropEvent

    return note
