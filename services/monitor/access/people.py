"""Everything about persons who sign in, in the access database: accounts, sessions, and the log of what they saw."""

from datetime import timedelta

from sqlalchemy import Engine

from services.monitor.access.accounts import Accounts
from services.monitor.access.departures import Departures
from services.monitor.access.log import AccessLog
from services.monitor.access.schema import upgrade
from services.monitor.access.sessions import Lifetime, Sessions
from shared.clock import Clock
from shared.erasure import Seal

LIFETIME = Lifetime(idle=timedelta(minutes=30), whole=timedelta(hours=12))
"""A session lasts a working day at most, and half an hour without a request."""


class People:
    """Accounts, sessions and the access log on one engine, whose commits must be durable."""

    def __init__(
        self, engine: Engine, clock: Clock, lifetime: Lifetime = LIFETIME, *, seal: Seal | None = None
    ) -> None:
        self._engine = engine
        self.accounts = Accounts(engine, clock)
        self.sessions = Sessions(engine, clock, lifetime)
        self.departures = Departures(engine, clock)
        self.log = AccessLog(engine, clock, seal)
        self.clock = clock

    def create(self) -> None:
        """Make or upgrade the tables; nothing changes when they are there."""
        upgrade(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
