"""Who left to sign in at an identity provider, and what must come back with them."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import Engine, delete, insert, select

from services.monitor.access.tables import departure
from shared.calendar import microseconds
from shared.clock import Clock

AWAY_MAX = timedelta(minutes=10)
"""How long signing in elsewhere may take."""

_RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class Departure:
    """What was sent along, and where to go when back."""

    state: str
    nonce: str
    verifier: str
    """Of PKCE: the provider gave its code to whoever knows this."""
    to: str


class Departures:
    """Departures in the access database. Blocking; call it from a thread."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def leave(self, *, browser: str, to: str) -> Departure:
        """Somebody leaves with this browser; those who left too long ago are forgotten."""
        made = Departure(_random(), _random(), _random(), to)
        now = self._clock()
        with self._engine.begin() as connection:
            connection.execute(delete(departure).where(departure.c.left_at_us <= microseconds(now - AWAY_MAX)))
            connection.execute(
                insert(departure).values(
                    state_hash=_hash(made.state),
                    browser_hash=_hash(browser),
                    nonce=made.nonce,
                    verifier=made.verifier,
                    to=to,
                    left_at_us=microseconds(now),
                )
            )
        return made

    def back(self, *, browser: str, state: str) -> Departure | None:
        """What they left with, once, if it was this browser and not too long ago."""
        mine = (departure.c.state_hash == _hash(state)) & (departure.c.browser_hash == _hash(browser))
        with self._engine.begin() as connection:
            row = connection.execute(select(departure).where(mine)).one_or_none()
            connection.execute(delete(departure).where(mine))
        if row is None or row.left_at_us <= microseconds(self._clock() - AWAY_MAX):
            return None
        return Departure(state, row.nonce, row.verifier, row.to)


def _random() -> str:
    return token_urlsafe(_RANDOM_BYTES)


def _hash(value: str) -> bytes:
    return sha256(value.encode()).digest()
