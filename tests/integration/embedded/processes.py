"""What the tests ask of processes: whether one lives, and waiting for a condition with a bound."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

WAIT_S_MAX = 15.0


def lives(pid: int) -> bool:
    """Whether the process runs; one that ended and was not yet collected does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition: Callable[[], bool], *, what: str) -> None:
    """Wait until the condition holds; fails when it does not within WAIT_S_MAX seconds."""
    end = time.monotonic() + WAIT_S_MAX
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)


async def until(condition: Callable[[], bool], *, what: str) -> None:
    """The same in an event loop."""
    end = time.monotonic() + WAIT_S_MAX
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        await asyncio.sleep(0.02)
