"""The access log: who saw or did what of whom, written and on disk before the answer leaves (NEN 7513)."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, text, update

from services.monitor.access.chain import (
    EMPTY,
    PERSON_ERASED,
    Action,
    Head,
    Line,
    Linked,
    Outcome,
    link,
    verify,
    vouching,
)
from services.monitor.access.erased import known_tokens, mark_of, note_erased, people_of, without_erased
from services.monitor.access.reader import Reader
from services.monitor.access.tables import access_log, erased
from shared.calendar import microseconds
from shared.clock import Clock
from shared.databases import reading
from shared.erasure import Seal
from shared.streams import partition_of

PAGE_LINES = 1_000
"""Lines that are read from the database at once."""

_LOCK = text("SELECT pg_advisory_xact_lock(:key)")
_LOCK_KEY = partition_of("doorstroom access log", 2**31)


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done or tried: an event and its action code, the authorisation it needs, and what became of it."""

    event: str
    action: Action
    scope: str | None
    outcome: Outcome = "granted"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where it came from, and what was asked for."""

    what: str
    source_address: str | None
    trace_id: str
    span_id: str


def new_trace() -> tuple[str, str]:
    """The ids of a trace and a span that nobody has used."""
    return token_hex(16), token_hex(8)


class AccessLog:
    """Lines in the access database, each linked to the one before. Blocking; call it from a thread."""

    def __init__(self, engine: Engine, clock: Clock, seal: Seal | None = None) -> None:
        self._engine = engine
        self._seal = seal
        self._reader = reading(engine)
        self._clock = clock

    def note(self, reader: Reader, deed: Deed, origin: Origin, *, persons: Sequence[str | None]) -> Head | None:
        """Write one line for each of these persons, all or none; when it returns they are on disk.

        None among the persons is a line about no young person. Gives the end of the log after it, None when there was
        nothing to write.
        """
        if not persons:
            return None
        with self._engine.begin() as connection:
            head = _locked_head(connection)
            rows = []
            for person in without_erased(connection, persons, self._seal):
                linked = link(self._line(head.number + 1, reader, deed, origin, person), head)
                head = Head(linked.line.number, linked.hash)
                rows.append(asdict(linked.line) | {"previous_hash": linked.previous_hash, "hash": linked.hash})
            connection.execute(insert(access_log), rows)
        return head

    def erase(self, token: str, person: str | None, *, reader: Reader, seal: Seal) -> int:
        """Put a mark in the place of a young person in every line, and say so in the log; how many lines there were.

        `person` None: no line is about them, and only later ones get the mark. What is done already is not done again.
        """
        origin = Origin("", None, *new_trace())
        with self._engine.begin() as connection:
            head = _locked_head(connection)
            wanted = select(access_log).where(access_log.c.person == person).order_by(access_log.c.number)
            mine = [_linked(row) for row in connection.execute(wanted)] if person is not None else []
            known = connection.execute(select(erased.c.token).where(erased.c.token == token)).one_or_none()
            if known is not None and not mine:
                return 0
            left = [replace(one, line=replace(one.line, person=mark_of(token))) for one in mine]
            deed = Deed(PERSON_ERASED, "D", None)
            told = self._line(head.number + 1, reader, deed, replace(origin, what=vouching(left)), mark_of(token))
            linked = link(told, head)
            mark = {"person": mark_of(token), "erased_by": told.number}
            if mine:  # Without a person it would be every line about nobody.
                connection.execute(update(access_log).where(access_log.c.person == person).values(mark))
            connection.execute(
                insert(access_log).values(**asdict(told), previous_hash=linked.previous_hash, hash=linked.hash)
            )
            note_erased(connection, token, lines=len(mine), seal=seal, at_us=told.happened_at_us)
        return len(mine)

    def recognise(self) -> None:
        """Raises ErasureKeyNeeded when somebody was erased under another key: they would not be known again."""
        with self._reader.begin() as connection:
            known_tokens(connection, self._seal)

    def erased(self) -> set[str]:
        """Everybody who was put out of the log, by keyed hash. Raises ErasureKeyNeeded."""
        with self._reader.begin() as connection:
            return known_tokens(connection, self._seal)

    def people(self) -> list[str]:
        """Everybody whom a line is about, by pseudonym, or by mark once erased."""
        with self._reader.begin() as connection:
            return people_of(connection)

    def lines(
        self, *, person: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Line]:
        """The lines about a person, or all, in order, that happened at or after `since` and before `until`."""
        wanted = select(access_log)
        if person is not None:
            names = [person] if self._seal is None else [person, mark_of(self._seal.person(person))]
            wanted = wanted.where(access_log.c.person.in_(names))
        if since is not None:
            wanted = wanted.where(access_log.c.happened_at_us >= microseconds(since))
        if until is not None:
            wanted = wanted.where(access_log.c.happened_at_us < microseconds(until))
        return (linked.line for linked in self._pages(wanted))

    def verify(self, *, noted: Head = EMPTY) -> Head:
        """The end of the log, when the whole chain holds and has the noted end in it. Raises ChainBroken."""
        return verify(self._pages(select(access_log)), noted=noted)

    def _line(self, number: int, reader: Reader, deed: Deed, origin: Origin, person: str | None) -> Line:
        return Line(
            number=number,
            happened_at_us=microseconds(self._clock()),
            event=deed.event,
            action=deed.action,
            outcome=deed.outcome,
            person=person,
            what=origin.what,
            user_name=reader.name,
            user_kind=reader.kind,
            roles=",".join(reader.roles),
            organisation=reader.organisation,
            scope=deed.scope,
            source_address=origin.source_address,
            trace_id=origin.trace_id,
            span_id=origin.span_id,
        )

    def _pages(self, wanted: Any) -> Iterator[Linked]:
        last = 0
        while True:
            page = wanted.where(access_log.c.number > last).order_by(access_log.c.number).limit(PAGE_LINES)
            with self._reader.begin() as connection:
                rows = connection.execute(page).all()
            yield from (_linked(row) for row in rows)
            if len(rows) < PAGE_LINES:
                return
            last = rows[-1].number


def _locked_head(connection: Connection) -> Head:
    """The end of the log, which stays the end until the transaction is over."""
    if connection.dialect.name == "postgresql":
        # On SQLite the transaction began with the lock on the whole file.
        connection.execute(_LOCK, {"key": _LOCK_KEY})
    return _head(connection)


def _head(connection: Connection) -> Head:
    newest = select(access_log.c.number, access_log.c.hash).order_by(access_log.c.number.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return EMPTY if row is None else Head(row.number, bytes(row.hash))


def _linked(row: Row[Any]) -> Linked:
    kept = dict(row._mapping)
    previous_hash, own = bytes(kept.pop("previous_hash")), bytes(kept.pop("hash"))
    return Linked(erased_by=kept.pop("erased_by"), line=Line(**kept), previous_hash=previous_hash, hash=own)
