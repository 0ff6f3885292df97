"""Accounts of persons who sign in with a password of this installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select, update

from services.monitor.access.passwords import LENGTH_MAX, Passwords, check_password
from services.monitor.access.person import Person, check, check_account_name, from_json, to_json
from services.monitor.access.tables import account, session
from shared.calendar import microseconds, moment_of
from shared.clock import Clock
from shared.databases import reading


class AccountExists(ValueError):
    """There is an account of this name."""


class AccountUnknown(LookupError):
    """There is no account of this name."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in here."""

    person: Person
    created_at: datetime
    password_at: datetime
    """When the password was set."""


class Accounts:
    """The accounts in the access database. Blocking; call it from a thread.

    Whoever loses an account or gets another password is signed out everywhere.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._reader = reading(engine)
        self._clock = clock
        self._passwords = Passwords()

    def add(self, person: Person, *, password: str) -> None:
        """Make an account. Raises PersonInvalid, PasswordRefused or AccountExists."""
        check_account_name(person.name)
        check(person)
        check_password(password, name=person.name)
        hashed, now = self._passwords.hash(password), microseconds(self._clock())
        with self._engine.begin() as connection:
            if _kept(connection, person.name) is not None:
                raise AccountExists(f"{person.name} has an account already")
            connection.execute(
                insert(account).values(
                    name=person.name,
                    password_hash=hashed,
                    person=to_json(person),
                    created_at_us=now,
                    password_at_us=now,
                )
            )

    def set_password(self, name: str, *, password: str) -> None:
        """Give an account another password. Raises PasswordRefused or AccountUnknown."""
        check_password(password, name=name)
        hashed = self._passwords.hash(password)
        with self._engine.begin() as connection:
            changed = connection.execute(
                update(account)
                .where(account.c.name == name)
                .values(password_hash=hashed, password_at_us=microseconds(self._clock()))
            )
            _require_one(changed.rowcount, name)
            connection.execute(delete(session).where(session.c.account == name))

    def remove(self, name: str) -> None:
        """Take an account away; what it did stays in the access log. Raises AccountUnknown."""
        with self._engine.begin() as connection:
            removed = connection.execute(delete(account).where(account.c.name == name))
            _require_one(removed.rowcount, name)

    def list(self) -> Sequence[Account]:
        """All accounts by name."""
        with self._reader.begin() as connection:
            return [
                Account(from_json(row.name, row.person), moment_of(row.created_at_us), moment_of(row.password_at_us))
                for row in connection.execute(select(account).order_by(account.c.name))
            ]

    def check(self, name: str, password: str) -> Person | None:
        """The person whose name and password these are; it takes as long when there is no such account."""
        if len(password) > LENGTH_MAX:
            return None
        with self._reader.begin() as connection:
            row = connection.execute(select(account).where(account.c.name == name)).one_or_none()
        if not self._passwords.fits(password, None if row is None else row.password_hash) or row is None:
            return None
        if self._passwords.outdated(row.password_hash):
            self._hash_anew(name, password, row.password_hash)
        return from_json(row.name, row.person)

    def known(self, name: str) -> bool:
        """Whether there is an account of this name."""
        with self._reader.begin() as connection:
            return _kept(connection, name) is not None

    def _hash_anew(self, name: str, password: str, before: str) -> None:
        hashed = self._passwords.hash(password)
        with self._engine.begin() as connection:
            same = (account.c.name == name) & (account.c.password_hash == before)
            connection.execute(update(account).where(same).values(password_hash=hashed))


def _kept(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(account.c.name).where(account.c.name == name))


def _require_one(rows: int, name: str) -> None:
    if rows != 1:
        raise AccountUnknown(f"There is no account called {name}")
