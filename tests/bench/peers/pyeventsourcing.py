"""eventsourcing 9.5 (PyPI): its application recorder, which is the fastest way into its store, with stored events."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.persistence import ApplicationRecorder, InfrastructureFactory, StoredEvent
from eventsourcing.utils import Environment
from sqlalchemy import make_url

from tests.bench.peers.store import Sent, Write

PAGE = 1000
TOPIC = "bench:PlacementStarted"
POOL = "20"
"""Connections to PostgreSQL; its writers take a table lock in turns, so that more do not help."""


class Eventsourcing:
    """A recorder of an application, in the notification log that its projections follow."""

    def __init__(self, recorder: ApplicationRecorder) -> None:
        self._recorder = recorder

    def writer(self) -> Write:
        """Each person of a client is an aggregate."""
        aggregates: dict[str, tuple[UUID, count[int]]] = {}

        def write(sent: Sequence[Sent]) -> None:
            events = []
            for one in sent:
                originator, versions = aggregates.setdefault(one.person, (uuid4(), count(1)))
                events.append(StoredEvent(originator, next(versions), TOPIC, one.body.encode()))
            self._recorder.insert_events(events)

        return write

    def read(self, after: int) -> Sequence[tuple[int, str]]:
        """A page of notifications, as its subscriptions take them."""
        found = self._recorder.select_notifications(after, PAGE, inclusive_of_start=False)
        return [(notification.id, json.loads(bytes(notification.state))["id"]) for notification in found]


@contextmanager
def opened(request: Mapping[str, Any]) -> Iterator[Eventsourcing]:
    """Its tables in a new database."""
    factory = made(request)
    try:
        yield Eventsourcing(factory.application_recorder())
    finally:
        factory.close()


def made(request: Mapping[str, Any]) -> InfrastructureFactory[Any]:
    """Its factory, set up as documented for speed: no ping before use, connections kept; its own durable defaults."""
    url = make_url(request["url"])
    if url.get_backend_name() == "sqlite":
        settings = {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": str(url.database),
            "SQLITE_LOCK_TIMEOUT": "60",
        }
    else:
        settings = {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(url.database),
            "POSTGRES_HOST": str(url.host),
            "POSTGRES_PORT": str(url.port),
            "POSTGRES_USER": str(url.username),
            "POSTGRES_PASSWORD": "trusted",
            "POSTGRES_POOL_SIZE": POOL,
            "POSTGRES_MAX_WAITING": "1000",
            "POSTGRES_ENABLE_DB_FUNCTIONS": "y" if request.get("functions") else "n",
        }
    return InfrastructureFactory.construct(Environment("Bench", settings))
