"""Takes one safeguard away in a test build, so that the sweep can show that it would notice.

Nothing of this is reachable from the product: only the processes of a sweep that was asked for it call it.
"""

import json
import threading
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, text, update

import services.monitor.projector.entries as entries
import services.monitor.projector.facts as facts
import services.monitor.projector.projection as projection
import shared.databases as databases
import shared.ledger.ledger as ledger
from services.monitor.tables import checkpoint
from shared.calendar import microseconds
from shared.facts.source import Heartbeat
from shared.ledger.decision import Head, decide

ANSWERED_BEFORE_S = 0.15
"""How long before the commit an answer is given when it does not wait for it."""


def take_away(safeguard: str | None) -> None:
    """Change this process; None leaves it as it is."""
    if safeguard is not None:
        SAFEGUARDS[safeguard]()


def _without_waiting_for_the_commit() -> None:
    """A 202 is given, and the commit comes a moment later."""

    def append(self: Any, submissions: Sequence[Any]) -> Any:
        with ledger._available():
            connection = self._engine.connect()
            outcomes, _ = self._append(connection, submissions)

        def commit() -> None:
            connection.commit()
            connection.close()

        threading.Timer(ANSWERED_BEFORE_S, commit).start()
        return outcomes

    ledger.Ledger.append = append  # type: ignore[method-assign]


def _without_the_lock_until_the_commit() -> None:
    """Positions are handed out as a sequence does: taken for good before the facts are stored."""

    def append(self: Any, submissions: Sequence[Any]) -> Any:
        with ledger._available():
            with self._engine.begin() as connection:
                position, at_us, heads, _ = connection.execute(ledger._LOCK).one()
                head = Head(position, at_us, json.loads(heads))
                drafts = [draft for submission in submissions for draft in submission.drafts]
                known = ledger.rows.known(connection, [(draft.source, draft.id) for draft in drafts])
                now_us, nobody = microseconds(self._clock()), ledger.Sealed(None)
                outcomes, new = decide(submissions, known=known, head=head, sealed=nobody, now_us=now_us)
                moved = {"position": head.position, "accepted_at_us": head.accepted_at_us}
                connection.execute(
                    update(ledger.ledger_head), {**moved, "partition_heads": json.dumps(head.partition_heads)}
                )
            threading.Event().wait(0.02)
            with self._engine.begin() as connection:
                if new:
                    ledger.rows.insert(connection, new)
        return outcomes

    ledger.Ledger.append = append  # type: ignore[method-assign]


def _without_comparing_the_checkpoint() -> None:
    """The checkpoint is set, whatever it was; a fact that is stored already is not stored again."""

    def advance(self: Any, connection: Any, stream: Any, run: Sequence[Any]) -> None:
        moved = {"position": run[-1].position, "entries": checkpoint.c.entries + len(run)}
        connection.execute(update(checkpoint).where(checkpoint.c.stream == stream.name).values(**moved))

    def store(self: Any, connection: Any, told: Sequence[Any]) -> None:
        for service, entry in told:
            if isinstance(entry.event.data, Heartbeat):
                continue
            known = text("SELECT count(*) FROM fact WHERE service = :service AND position = :position")
            where = {"service": service, "position": entry.position}
            if not connection.execute(known, where).scalar_one():
                facts.insert_rows(connection, facts.fact, [facts._row(service, entry)])

    projection.Projector._advance = advance  # type: ignore[method-assign]
    facts.Facts.store = store  # type: ignore[method-assign]


def _without_looking_for_holes() -> None:
    """Whatever comes next in a stream is taken as what follows."""

    def follow(found: Sequence[Any], *, after: int) -> Any:
        return entries.Run(tuple(entry for entry in found if entry.position > after))

    projection.follow = follow  # type: ignore[assignment]


def _without_the_disk() -> None:
    """A commit of PostgreSQL does not wait for the disk."""
    opened = databases.open_engine

    def open_engine(url: str, *, durable: bool = True) -> Engine:
        return opened(url, durable=False)

    import shared.service as service

    service.open_engine = open_engine  # type: ignore[attr-defined]
    ledger.assert_durable = lambda _connection: None  # type: ignore[attr-defined]


SAFEGUARDS = {
    "commit": _without_waiting_for_the_commit,
    "lock": _without_the_lock_until_the_commit,
    "compare": _without_comparing_the_checkpoint,
    "prev": _without_looking_for_holes,
    "sync": _without_the_disk,
}
"""What can be taken away, by name."""
