"""A Redis server for as long as a test or a file of tests needs one."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.servers.redis import LocalRedis, find_redis_server


@contextmanager
def running_redis() -> Iterator[LocalRedis]:
    """An empty one, removed afterwards; without any program for it the test is skipped by name."""
    program = find_redis_server()
    if program is None:
        pytest.skip("no redis-server: neither in a package nor on the PATH")
    server = LocalRedis(program)
    try:
        server.start()
        yield server
    finally:
        server.remove()
