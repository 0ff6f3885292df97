"""A hole in a stream is filled over HTTP from the real door of the service whose ledger has the facts."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import uvicorn

from services.monitor.feed import Feed, FeedUnusable
from services.monitor.projector.entries import Stream
from services.placement.app import create_app
from shared.clock import system_clock
from shared.databases import open_engine, sqlite_url
from shared.facts.catalogue import published
from shared.ledger import Ledger, Submission, draft
from shared.publishers.registry import Publisher, Registry
from shared.publishers.tokens import new_token
from shared.settings import Settings
from shared.streams import partition_of
from tests.integration.monitor.conftest import figures, projector_on
from tests.integration.monitor.ledgers import NOON, SOURCE, placement
from tests.servers.redis import LocalRedis
from tests.servers.waiting import free_port, wait_until

READER = Publisher("monitor", frozenset(), frozenset(), frozenset(), frozenset({"facts:read"}))
FACTS = 40
PEOPLE = [name for name in (f"person-{number:04d}-abcdef" for number in range(200)) if partition_of(name, 4) < 2]


@pytest.fixture
def feed(tmp_path: Path, redis: LocalRedis) -> Iterator[Feed]:
    """The feed of a placement service with facts of persons in its first two streams."""
    token = new_token()
    engine = open_engine(sqlite_url(tmp_path / "placement.sqlite"))
    ledger = Ledger(engine, service="placement", clock=system_clock)
    ledger.create(partitions=4)
    registry = Registry(engine, system_clock)
    registry.create()
    registry.add(READER, token=token)
    for number, person in enumerate(PEOPLE[:FACTS]):
        event = {
            "specversion": "1.0",
            "id": f"event-{number}",
            "source": SOURCE,
            "type": "nl.doorstroom.placement-started.v1",
            "subject": person,
            "time": NOON.isoformat(),
            "data": placement(f"P{number}", "2026-01-01"),
        }
        told = published().validate_json(json.dumps(event))
        ledger.append([Submission((draft(told, told.written()),))])
    engine.dispose()
    port = free_port()
    app = create_app(Settings(data=tmp_path, redis_url=redis.url))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
    serving = Thread(target=server.run)
    serving.start()
    wait_until(lambda: server.started, what="placement is served")
    made = Feed({"placement": f"http://127.0.0.1:{port}"}, token=token)
    yield made
    made.close()
    server.should_exit = True
    serving.join(timeout=20)
    assert not serving.is_alive()


def test_everything_before_an_entry_is_fetched(monitor, feed: Feed) -> None:
    stream = Stream("placement", 0)
    told = feed.read(stream, after=0)
    last = (b"%d-0" % told[-1].position, told[-1].body.encode())
    projector_on(monitor, feed).apply({stream: [last]})
    assert figures(monitor, "2026-02-01").placements_started == len(told)
    assert feed.read(stream, after=told[-1].position) == []


def test_a_monitor_that_begins_anew_reads_everything(monitor, feed: Feed) -> None:
    projector = projector_on(monitor, feed)
    assert sum(projector.catch_up(Stream("placement", number)) for number in (0, 1)) == FACTS
    assert len(figures(monitor, "2026-02-01").open_closures) == FACTS


def test_a_feed_that_refuses_us_is_not_asked_again(feed: Feed) -> None:
    stranger = Feed(feed.addresses, token="not-a-token")
    with pytest.raises(FeedUnusable, match="answered 401"):
        stranger.read(Stream("placement", 0), after=0)
    stranger.close()
