"""What `up` does where an erasure is not done yet and the process that completes it cannot be started."""

import asyncio
import errno

import pytest

from services.command.supervision import erasures
from services.command.supervision.child import Program
from services.command.supervision.erasures import finish_erasures
from shared.settings import Settings
from tests.integration.embedded.processes import until

pytestmark = pytest.mark.anyio


async def test_it_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    async def spawn(program: Program) -> None:
        tried.append(program.name)
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(erasures, "spawn", spawn)
    monkeypatch.setattr(erasures, "_is_due", lambda settings, services: True)
    monkeypatch.setattr(erasures, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(erasures, "AGAIN_SECONDS", 0.02)
    finishing = asyncio.create_task(finish_erasures(Settings(), ("intake",), {}))
    await until(lambda: len(tried) > 1 or finishing.done(), what="a next try")
    finishing.cancel()
    await asyncio.wait([finishing])
    assert finishing.cancelled()
    assert set(tried) == {"erase"}
