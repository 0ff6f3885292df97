"""eventsourcing 9.5 (PyPI) that projects: each event and its tracking in one transaction of the view, as it documents.

The same work as our projector: the fact is kept, the person folded anew from all their facts, and the rows replaced.
And like our projector it does not wait for the disk: what is projected can be made again.

python -m tests.bench.peers.pyeventsourcing_projection REQUEST
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, count, islice
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent, Tracking, TrackingRecorder
from sqlalchemy import Table, make_url

from services.monitor.derived import DOSSIER_TABLES
from services.monitor.dossier.fold import fold
from services.monitor.dossier.rules import Rules
from services.monitor.projector.rows import rows_of
from services.monitor.schema import upgrade
from shared.databases import open_engine
from shared.facts.catalogue import accepted
from tests.bench.peers.pyeventsourcing import TOPIC, made
from tests.bench.projection import history

PAGE = 500
BATCH = 500
NAME = "facts"


class View:
    """The tables of the monitor, written through a tracking recorder."""

    def __init__(self, recorder: TrackingRecorder, *, mark: str) -> None:
        self._recorder: Any = recorder
        self._keep = f"INSERT INTO said (person, body) VALUES ({mark}, {mark})"
        self._known = f"SELECT body FROM said WHERE person = {mark}"
        self._delete = [f"DELETE FROM {table.name} WHERE person = {mark}" for table in DOSSIER_TABLES]
        self._mark = mark
        with self._recorder.datastore.transaction(commit=True) as cursor:
            cursor.execute("CREATE TABLE said (person text, body text)")
            cursor.execute("CREATE INDEX said_person ON said (person)")

    def process(self, person: str, body: str, tracking: Tracking) -> None:
        """One event, and how far the view is with it, or neither."""
        with self._recorder.datastore.transaction(commit=True) as cursor:
            self._recorder._insert_tracking(
                cursor, tracking
            )  # as its guide writes a view with a transaction of its own
            cursor.execute(self._keep, (person, body))
            cursor.execute(self._known, (person,))
            facts = [accepted().validate_json(row["body"]) for row in cursor.fetchall()]
            rows = rows_of(fold(person, facts, rules=Rules()))
            for statement in self._delete:
                cursor.execute(statement, (person,))
            for table in DOSSIER_TABLES:
                self._insert(cursor, table, rows.get(table, ()))

    def _insert(self, cursor: Any, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            names = ", ".join(f'"{column}"' for column in row)
            marks = ", ".join([self._mark] * len(row))
            values = [value.isoformat() if isinstance(value, date) else value for value in row.values()]
            cursor.execute(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', tuple(values))


def main() -> None:
    """Fill the store, then project all of it; facts a second."""
    request = json.loads(sys.argv[1])
    os.environ["PGOPTIONS"] = "-c synchronous_commit=off"
    engine = open_engine(request["url"], durable=False)
    upgrade(engine)
    engine.dispose()
    factory: Any = made(request)
    sqlite = make_url(request["url"]).get_backend_name() == "sqlite"
    if sqlite:
        with factory.datastore.get_connection(commit=True) as connection:
            connection.cursor().execute("PRAGMA synchronous=NORMAL")
    recorder = factory.application_recorder()
    for batch in _batches(request["facts"]):
        recorder.insert_events(batch)
    view = View(factory.tracking_recorder(), mark="?" if sqlite else "%s")
    began, done = time.perf_counter(), 0
    while page := recorder.select_notifications(done, PAGE, inclusive_of_start=False):
        for notification in page:
            body = bytes(notification.state).decode()
            view.process(json.loads(body)["subject"], body, Tracking(NAME, notification.id))
        done = page[-1].id
    print(json.dumps({"projection": request["facts"] / (time.perf_counter() - began)}))
    factory.close()


def _batches(facts: int) -> Iterator[list[StoredEvent]]:
    """The same history that our projector is given, each person an aggregate."""
    entries = iter(sorted(chain.from_iterable(history(facts).values()), key=lambda entry: json.loads(entry[1])["time"]))
    aggregates: dict[str, tuple[UUID, count[int]]] = {}
    while some := list(islice(entries, BATCH)):
        batch = []
        for _, body in some:
            originator, versions = aggregates.setdefault(json.loads(body)["subject"], (uuid4(), count(1)))
            batch.append(StoredEvent(originator, next(versions), TOPIC, body))
        yield batch


if __name__ == "__main__":
    main()
