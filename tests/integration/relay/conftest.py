"""A road for each test: a ledger in a file of its own, and a Redis of its own."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from shared.relay import relay
from tests.conftest import RedisServer
from tests.integration.relay.roads import Road


@pytest.fixture
async def road(tmp_path: Path, redis_server: Callable[..., RedisServer]) -> AsyncIterator[Road]:
    """Four streams."""
    made = Road(tmp_path, redis_server())
    yield made
    await made.close()


@pytest.fixture
async def narrow(tmp_path: Path, redis_server: Callable[..., RedisServer]) -> AsyncIterator[Road]:
    """One stream for everybody."""
    made = Road(tmp_path, redis_server(), partitions=1)
    yield made
    await made.close()


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relay never looks by itself: it publishes when it is woken, or not at all."""
    monkeypatch.setattr(relay, "POLL_SECONDS_MIN", 3600.0)
    monkeypatch.setattr(relay, "POLL_SECONDS_MAX", 3600.0)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relay that refused looks again at once."""
    monkeypatch.setattr(relay, "REFUSED_SECONDS", 0.02)
