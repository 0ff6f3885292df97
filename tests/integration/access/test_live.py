"""The live stream: nobody takes all of its places, and who leaves gives a place back."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from services.monitor.cockpit import live
from shared.settings import Settings
from tests.integration.access.test_proxies import served
from tests.servers.redis import LocalRedis
from tests.servers.waiting import free_port, wait_until


def test_nobody_takes_all_places_and_who_leaves_gives_one_back(
    tmp_path: Path, redis: LocalRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "CONNECTIONS_MAX", 3)
    monkeypatch.setattr(live, "CONNECTIONS_OF_ONE_MAX", 2)
    proxied = Settings(data=tmp_path, redis_url=redis.url, monitor_port=free_port(), trusted_proxies="127.0.0.1")

    def status(client: httpx2.Client, address: str) -> int:
        with client.stream("GET", "/v1/live", headers={"X-Forwarded-For": address}) as answer:
            return answer.status_code

    with served(proxied) as client, ExitStack() as listening:
        first, said = listening.enter_context(ExitStack()), list[Iterator[bytes]]()
        for place in (first, listening):
            stream = client.stream("GET", "/v1/live", headers={"X-Forwarded-For": "192.0.2.1"})
            said.append(place.enter_context(stream).iter_bytes())
            assert next(said[-1]).startswith(b"retry:")
        assert status(client, "192.0.2.1") == 429, "one address has two"
        assert status(client, "192.0.2.2") == 200

        first.close()
        wait_until(lambda: status(client, "192.0.2.1") == 200, what="the place is free again")
