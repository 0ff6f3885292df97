"""Sessions of persons who signed in: kept here, so that they end here; the browser has only a number nobody guesses."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import ColumnElement, Engine, delete, insert, or_, select, update

from services.monitor.access.person import Person, from_json, to_json
from services.monitor.access.tables import session
from shared.calendar import microseconds
from shared.clock import Clock
from shared.databases import reading

SEEN_EVERY = timedelta(minutes=1)
"""How old the note of the last request may become, so that reading does not write each time."""

ID_LENGTH_MAX = 128
_RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lasts."""

    idle: timedelta
    """Without a request."""
    whole: timedelta
    """In any case, from sign-in."""


class Sessions:
    """The sessions in the access database. Blocking; call it from a thread."""

    def __init__(self, engine: Engine, clock: Clock, lifetime: Lifetime) -> None:
        self._engine = engine
        self._reader = reading(engine)
        self._clock = clock
        self._lifetime = lifetime

    def start(self, person: Person, *, of_account: bool, instead_of: str | None = None) -> str:
        """A new session with an id of its own; the one the browser had ends, and all that have expired are removed.

        A session of an account ends with the account. Raises IntegrityError when that is gone meanwhile.
        """
        made, now = token_urlsafe(_RANDOM_BYTES), self._clock()
        with self._engine.begin() as connection:
            connection.execute(delete(session).where(self._expired(now)))
            if instead_of is not None:
                connection.execute(delete(session).where(session.c.id_hash == _hash(instead_of)))
            connection.execute(
                insert(session).values(
                    id_hash=_hash(made),
                    name=person.name,
                    account=person.name if of_account else None,
                    person=to_json(person),
                    started_at_us=microseconds(now),
                    seen_at_us=microseconds(now),
                )
            )
        return made

    def find(self, session_id: str) -> Person | None:
        """Whose session this is, if it has not ended; a request keeps it from idling."""
        if len(session_id) > ID_LENGTH_MAX:
            return None
        now = self._clock()
        this = session.c.id_hash == _hash(session_id)
        with self._reader.begin() as connection:
            row = connection.execute(select(session).where(this, ~self._expired(now))).one_or_none()
        if row is None:
            return None
        if microseconds(now - SEEN_EVERY) >= row.seen_at_us:
            with self._engine.begin() as connection:
                connection.execute(update(session).where(this).values(seen_at_us=microseconds(now)))
        return from_json(row.name, row.person)

    def end(self, session_id: str) -> None:
        """End it; nothing happens when it has ended."""
        with self._engine.begin() as connection:
            connection.execute(delete(session).where(session.c.id_hash == _hash(session_id)))

    def _expired(self, now: datetime) -> ColumnElement[bool]:
        return or_(
            session.c.seen_at_us <= microseconds(now - self._lifetime.idle),
            session.c.started_at_us <= microseconds(now - self._lifetime.whole),
        )


def _hash(session_id: str) -> bytes:
    return sha256(session_id.encode()).digest()
