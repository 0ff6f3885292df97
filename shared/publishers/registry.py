"""The registry of publishers in the database of one service."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from shared.calendar import microseconds
from shared.clock import Clock
from shared.databases import reading
from shared.facts.catalogue import catalogue
from shared.migrations import upgrade
from shared.pseudonym import contains_bsn
from shared.publishers.tables import client, credential, publisher
from shared.publishers.tokens import TOKEN_LENGTH_MAX, token_hash

SCOPES: Mapping[str, str] = {
    "facts:write": "publish facts of its own sources",
    "facts:read": "read the facts of all sources",
    "figures:read": "read figures with small cells suppressed",
    "figures:exact": "read exact figures",
    "cases:read": "read single cases; every read is logged",
    "alerts:write": "acknowledge alerts",
    "metrics:read": "read /metrics from another machine",
    "admin": "everything that the other scopes allow",
}
"""What a token may be good for."""

ALL = "*"
"""In facts or accommodations: every one of them, but for the facts of the pseudonym authority."""

TOKENS_MAX = 2
"""Tokens of one publisher that are valid at once, so that a rotation needs no standstill."""

ISSUER_LENGTH_MAX = 400
CLIENT_LENGTH_MAX = 200

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_SOURCE = re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:[!-~]{1,190}")


class PublisherInvalid(ValueError):
    """What was asked to be registered breaks a rule; the message says which."""


class PublisherExists(ValueError):
    """A publisher of this name is registered already."""


class PublisherUnknown(LookupError):
    """No publisher of this name is registered."""


class ClientTaken(ValueError):
    """This client is another publisher already."""


class ClientUnknown(LookupError):
    """This client is no publisher."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who asked an issuer for a token: the issuer as its tokens name it (`iss`), and whom they are about (`sub`)."""

    issuer: str
    name: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who may do what: bound to its sources, to names of facts and to accommodations ("*": all of them)."""

    name: str
    sources: frozenset[str]
    facts: frozenset[str]
    accommodations: frozenset[str]
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        """Whether it was given this scope."""
        return scope in self.scopes or "admin" in self.scopes


@dataclass(frozen=True, slots=True)
class Change:
    """What a publisher may do from now on; None: what it could do before."""

    sources: frozenset[str] | None = None
    facts: frozenset[str] | None = None
    accommodations: frozenset[str] | None = None
    scopes: frozenset[str] | None = None

    def of(self, known: Publisher) -> Publisher:
        """This publisher, changed."""
        return Publisher(
            known.name,
            known.sources if self.sources is None else self.sources,
            known.facts if self.facts is None else self.facts,
            known.accommodations if self.accommodations is None else self.accommodations,
            known.scopes if self.scopes is None else self.scopes,
        )


class Registry:
    """Publishers and their tokens in the database of one service. Blocking; call it from a thread."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._reader = reading(engine)
        self._clock = clock

    def create(self) -> None:
        """Make or upgrade the tables; nothing changes when they are there."""
        upgrade(self._engine, chain="publishers")

    def add(self, new: Publisher, *, token: str) -> None:
        """Register a publisher with its first token. Raises PublisherInvalid or PublisherExists."""
        check(new)
        with self._engine.begin() as connection:
            if _named(connection, new.name) is not None:
                raise PublisherExists(f"{new.name} is registered already")
            row = _bounds(new) | {"name": new.name, "created_at_us": microseconds(self._clock())}
            connection.execute(insert(publisher).values(row))
            self._add_token(connection, new.name, token)

    def change(self, to: Publisher) -> None:
        """Let a publisher do what this says and nothing else, with the tokens and clients that it has.

        Raises PublisherInvalid or PublisherUnknown.
        """
        check(to)
        with self._engine.begin() as connection:
            changed = connection.execute(update(publisher).where(publisher.c.name == to.name).values(_bounds(to)))
            if changed.rowcount == 0:
                raise PublisherUnknown(f"{to.name} is not registered")

    def rotate(self, name: str, *, token: str) -> None:
        """Give a publisher a next token; the one before stays valid, older ones do not. Raises PublisherUnknown."""
        with self._engine.begin() as connection:
            if _named(connection, name) is None:
                raise PublisherUnknown(f"{name} is not registered")
            self._add_token(connection, name, token)
            newest = (
                select(credential.c.number)
                .where(credential.c.publisher == name)
                .order_by(credential.c.number.desc())
                .limit(TOKENS_MAX)
            )
            kept = list(connection.scalars(newest))
            connection.execute(
                delete(credential).where(credential.c.publisher == name, credential.c.number.not_in(kept))
            )

    def revoke(self, name: str) -> bool:
        """Let no token and no client be this publisher any more; whether any was. It stays registered."""
        with self._engine.begin() as connection:
            gone = [
                connection.execute(delete(table).where(table.c.publisher == name)).rowcount
                for table in (credential, client)
            ]
        return any(gone)

    def list(self) -> Sequence[Publisher]:
        """All publishers by name."""
        with self._reader.begin() as connection:
            return [_publisher(row) for row in connection.execute(select(publisher).order_by(publisher.c.name))]

    def authenticate(self, token: str) -> Publisher | None:
        """The publisher that this token belongs to now, or None."""
        if len(token) > TOKEN_LENGTH_MAX:
            return None
        with self._reader.begin() as connection:
            row = connection.execute(
                select(publisher)
                .join(credential, credential.c.publisher == publisher.c.name)
                .where(credential.c.token_hash == token_hash(token))
            ).one_or_none()
        return None if row is None else _publisher(row)

    def of_client(self, one: Client) -> Publisher | None:
        """The publisher that this client is now, or None."""
        with self._reader.begin() as connection:
            row = connection.execute(
                select(publisher)
                .join(client, client.c.publisher == publisher.c.name)
                .where(client.c.issuer == one.issuer, client.c.name == one.name)
            ).one_or_none()
        return None if row is None else _publisher(row)

    def clients(self) -> Mapping[str, Sequence[Client]]:
        """The clients that each publisher is, by its name; those without one are left out."""
        found: dict[str, list[Client]] = {}
        with self._reader.begin() as connection:
            for row in connection.execute(select(client).order_by(client.c.issuer, client.c.name)):
                found.setdefault(row.publisher, []).append(Client(row.issuer, row.name))
        return found

    def link(self, name: str, one: Client) -> None:
        """Let a client be this publisher; nothing changes when it is. Raises ClientTaken or PublisherUnknown."""
        with self._engine.begin() as connection:
            if _named(connection, name) is None:
                raise PublisherUnknown(f"{name} is not registered")
            owner = connection.scalar(
                select(client.c.publisher).where(client.c.issuer == one.issuer, client.c.name == one.name)
            )
            if owner is None:
                connection.execute(
                    insert(client).values(
                        issuer=one.issuer, name=one.name, publisher=name, created_at_us=microseconds(self._clock())
                    )
                )
            elif owner != name:
                raise ClientTaken(f"this client is {owner} already; unlink it first")

    def unlink(self, one: Client) -> bool:
        """Let a client be nobody any more; whether it was somebody."""
        with self._engine.begin() as connection:
            gone = connection.execute(delete(client).where(client.c.issuer == one.issuer, client.c.name == one.name))
        return gone.rowcount > 0

    def _add_token(self, connection: Connection, name: str, token: str) -> None:
        connection.execute(
            insert(credential).values(
                token_hash=token_hash(token), publisher=name, created_at_us=microseconds(self._clock())
            )
        )


def _named(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(publisher.c.name).where(publisher.c.name == name))


def _bounds(one: Publisher) -> dict[str, object]:
    """What a publisher may do, as its row has it."""
    return {field: sorted(value) for field, value in asdict(one).items() if field != "name"}


def _publisher(row: Row[tuple[object, ...]]) -> Publisher:
    return Publisher(
        row.name, frozenset(row.sources), frozenset(row.facts), frozenset(row.accommodations), frozenset(row.scopes)
    )


def check(new: Publisher) -> None:
    """Raises PublisherInvalid for what nobody can be registered with, and says what to do."""
    names = {entry.model.fact_name for entry in catalogue().values() if entry.model.owner != "ledger"}
    if not _NAME.fullmatch(new.name):
        raise PublisherInvalid("A name has 1 to 64 lower-case letters, digits, dots and hyphens")
    if any(map(contains_bsn, (new.name, *new.sources, *new.accommodations))):
        raise PublisherInvalid("What looks like a BSN is in no name, source or accommodation; choose another")
    for source in new.sources:
        if not _SOURCE.fullmatch(source):
            raise PublisherInvalid(f"{source} is no URN such as urn:nld:kvknr:12345678:systeem:ecd")
    if unknown := new.facts - names - {ALL}:
        raise PublisherInvalid(f"There is no fact called {min(unknown)}; use {', '.join(sorted(names))} or *")
    if unknown := new.scopes - SCOPES.keys():
        raise PublisherInvalid(f"There is no scope called {min(unknown)}; use {', '.join(SCOPES)}")
    if "facts:write" in new.scopes and not (new.sources and new.facts):
        raise PublisherInvalid("Who may publish (facts:write) needs at least one source and one name of a fact")
