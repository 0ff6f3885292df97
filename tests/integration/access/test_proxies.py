"""Who calls, when there is a proxy before the monitor: what it says is believed from a trusted one only."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
import uvicorn

from services.monitor.app import create_app, serving
from shared.settings import Settings
from tests.servers.redis import LocalRedis
from tests.servers.waiting import free_port, wait_until

FORWARDED = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}


@contextmanager
def served(settings: Settings) -> Iterator[httpx2.Client]:
    """The monitor, served as in production; a client on this machine."""
    server = uvicorn.Server(serving(create_app(settings, stop=lambda: None), settings))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive(), what="the monitor listens")
        with httpx2.Client(base_url=settings.service_url("monitor"), timeout=20, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    "trusted",
    ["", "192.0.2.1", "127.0.0.1", "192.0.2.0/24,127.0.0.0/8"],
    ids=["none", "another", "this one", "its network"],
)
def test_a_caller_behind_a_proxy_is_not_on_this_machine_whether_it_is_trusted_or_not(
    tmp_path: Path, redis: LocalRedis, trusted: str
) -> None:
    settings = Settings(data=tmp_path, redis_url=redis.url, monitor_port=free_port(), trusted_proxies=trusted)
    with served(settings) as client:
        assert client.get("/metrics").status_code == 200
        assert client.get("/metrics", headers=FORWARDED).status_code == 401
        for name in ("127.0.0.1:8003", "127.1.2.3", "localhost", "[::1]:8003"):
            assert client.get("/metrics", headers={"Host": name}).status_code == 200
        for name in ("evil.example:8003", "localhost.evil.example", "192.0.2.1", "[x", "127.0.0.1.evil.example"):
            answer = client.get("/metrics", headers={"Host": name})
            assert answer.status_code in (400, 401), "a page of that name reads what its browser is answered"
