"""The door that most tests knock at: one for each test, or one for all tests of a file that change nothing."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.listening import Listening
from tests.integration.door.doors import Door, opened, publisher, settings_in
from tests.integration.door.pace import KERNEL_BYTES_MAX, NEVER_S


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """An empty placement service, with the publisher `ecd`. It has no Redis: storing does not need one."""
    with opened(settings_in(tmp_path)) as running:
        running.register(publisher())
        yield running


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Listening]:
    """Every connection to a service in the order in which they were made; only the test looks at their pace."""
    monkeypatch.setattr(Listening, "body_seconds", NEVER_S)
    monkeypatch.setattr(Listening, "answer_seconds", NEVER_S)
    connections: list[Listening] = []
    real = Listening.connection_made

    def connection_made(self: Listening, transport: asyncio.Transport) -> None:
        real(self, transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES_MAX)
        connections.append(self)

    monkeypatch.setattr(Listening, "connection_made", connection_made)
    return connections
