"""Waits for a condition, with a bound."""

import asyncio
import os
import random
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import cycle, islice

WAIT_S_MAX = 60.0
"""For what never comes; a machine with other work is slow."""
_FIRST_PORT, _PORTS_OF_A_WORKER, _WORKERS = 10_240, 2_750, 8


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
    """A port of this machine that nobody listens on, and that no other worker of this run is told."""
    for port in islice(_ports, _PORTS_OF_A_WORKER):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def _of_this_worker() -> list[int]:
    """A range of its own for each worker of pytest-xdist, below the ports that Linux gives to whoever connects: one of
    those could be taken between the moment at which it is told here and the start of a server.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS
    first = _FIRST_PORT + worker * _PORTS_OF_A_WORKER
    return random.sample(range(first, first + _PORTS_OF_A_WORKER), _PORTS_OF_A_WORKER)


_ports = cycle(_of_this_worker())
