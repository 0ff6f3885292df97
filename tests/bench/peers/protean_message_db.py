"""Protean (PyPI) on the store that it recommends, message-db, whose SQL comes from npm; one event in a commit."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from protean import Domain, apply
from protean.fields import Identifier, String, Text
from sqlalchemy import make_url

from tests.bench.peers.store import Sent, Write

PAGE = 1000
TOGETHER_MAX = 1
SCRIPTS = Path(__file__).parent / "node_modules/@eventide/message-db/database"
CONNECTIONS = 90

domain = Domain(name="Bench")


@domain.event(part_of="Stay")
class PlacementStarted:
    """A fact, kept as the text that came."""

    id = String(max_length=50)
    person = Identifier()
    body = Text()


@domain.aggregate(event_sourced=True)
class Stay:
    """The facts of one person."""

    person = Identifier(identifier=True)
    last = String()

    @apply
    def started(self, event: PlacementStarted) -> None:
        """What an aggregate must have for each of its events."""
        self.last = event.id


class Protean:
    """The event store of a domain with one kind of aggregate."""

    def writer(self) -> Write:
        """Each person of a client is an aggregate, whose event is appended at its expected version."""
        stays: dict[str, Any] = {}
        # Raised events wait in the aggregate for a unit of work, which would do more than append.
        context = domain.domain_context()
        context.push()

        def write(sent: Sequence[Sent]) -> None:
            for one in sent:
                stay = stays.setdefault(one.person, Stay(person=one.person))
                stay.raise_(PlacementStarted(id=one.id, person=one.person, body=one.body))
                domain.event_store.store.append(stay._events.pop())

        return write

    def read(self, after: int) -> Sequence[tuple[int, str]]:
        """A page of the category, as its subscriptions take it."""
        with domain.domain_context():
            page = domain.event_store.store.read(Stay.meta_.stream_category, position=after + 1, no_of_messages=PAGE)
        return [(one.metadata.event_store.global_position, one.data["id"]) for one in page]


@contextmanager
def opened(request: Mapping[str, Any]) -> Iterator[Protean]:
    """Install message-db in the new database, and a domain on it."""
    url = make_url(request["url"])
    environment = {
        **os.environ,
        "PGHOST": str(url.host),
        "PGPORT": str(url.port),
        "PGUSER": str(url.username),
        "DATABASE_NAME": str(url.database),
        "CREATE_DATABASE": "off",
    }
    subprocess.run(["bash", SCRIPTS / "install.sh"], env=environment, check=True, stdout=subprocess.DEVNULL)
    domain.config["event_store"] = {
        "provider": "message_db",
        "database_uri": f"{request['url']}?options=-csearch_path%3Dmessage_store",
        "max_connections": CONNECTIONS,
    }
    domain.init(traverse=False)
    try:
        yield Protean()
    finally:
        with domain.domain_context():
            domain.event_store.store.close()
