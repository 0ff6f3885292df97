"""Waits for a condition, with a bound."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable

WAIT_S_MAX = 20.0


def wait_until(condition: Callable[[], bool], *, what: str, seconds_max: float = WAIT_S_MAX) -> None:
    """Blocks until the condition holds; an AssertionError that names `what` when it does not in time."""
    end = time.monotonic() + seconds_max
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.005)


async def until(
    condition: Callable[[], bool] | Callable[[], Awaitable[bool]], *, what: str, seconds_max: float = WAIT_S_MAX
) -> None:
    """The same in an event loop; the condition may be a coroutine function."""
    end = time.monotonic() + seconds_max
    while True:
        held = condition()
        if held if isinstance(held, bool) else await held:
            return
        assert time.monotonic() < end, f"waited in vain: {what}"
        await asyncio.sleep(0.005)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
