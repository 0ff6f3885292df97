"""kill -9 of every process under load, then a restart: nothing acknowledged is missing, nothing counts twice."""

import os
import signal
from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path

from tests.flow.load import Load, more_acknowledged, under_load
from tests.flow.processes import Up, command, free_ports, up
from tests.flow.publishing import SOURCE, Publisher, registered
from tests.servers.waiting import wait_until


def test_what_was_acknowledged_survives_the_kill_of_every_process(data: Path) -> None:
    ports = free_ports()
    with up(data, ports) as first:
        first.wait_until_ready()
        with _publisher(first) as publisher, under_load(publisher) as loads:
            for child in ("placement", "monitor", "redis", "intake"):
                more_acknowledged(loads)
                os.kill(first.child(child), signal.SIGKILL)
            more_acknowledged(loads)
            first.stop(signal.SIGKILL)
            with up(data, ports) as second:
                second.wait_until_ready()
                more_acknowledged(loads)
                for load in loads:
                    load.finish()
                _check(second, publisher, loads)


def _publisher(system: Up) -> AbstractContextManager[Publisher]:
    return registered(system, "under-load", sources=[SOURCE], scopes=["facts:write", "facts:read"])


def _check(system: Up, publisher: Publisher, loads: list[Load]) -> None:
    for load in loads:
        stored = Counter(stored["id"] for stored in publisher.feed(load.service))
        assert load.failures == []
        assert set(load.acknowledged) <= stored.keys()
        assert set(stored.values()) == {1}
    placements = len(publisher.feed("placement"))
    wait_until(
        lambda: publisher.metrics()["doorstroom_placements_started_total"] == placements, what="every placement counted"
    )
    wait_until(lambda: publisher.metrics()["doorstroom_stream_lag_entries"] == 0, what="all entries read")
    figures = publisher.figures()
    assert command("rebuild", data=system.data).returncode == 0
    assert publisher.figures() == figures
