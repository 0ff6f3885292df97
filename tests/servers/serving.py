"""An application of a test that is served on loopback, in a thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from tests.servers.waiting import wait_until

END_S_MAX = 30.0


@contextmanager
def serving(config: uvicorn.Config) -> Iterator[uvicorn.Server]:
    """Listens before the block runs, and no longer after it."""
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="serving")
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive(), what="it listens", seconds_max=60)
        assert server.started
        yield server
    finally:
        server.should_exit = True
        thread.join(END_S_MAX)
        assert not thread.is_alive()
