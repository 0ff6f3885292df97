"""Erasure in the access log: who looked when stays, at whom is replaced by a mark that only the key can make again."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update

from services.monitor.access.tables import access_log, erased
from shared.erasure import ErasureKeyNeeded, Seal, proven


def mark_of(token: str) -> str:
    """What stands in a line in the place of a young person who was erased."""
    return f"erased-{token}"


def without_erased(connection: Connection, persons: Sequence[str | None], seal: Seal | None) -> Sequence[str | None]:
    """The same persons, with the mark of each one who was erased. Raises ErasureKeyNeeded."""
    tokens = known_tokens(connection, seal) if any(persons) else set()
    if not tokens:
        return persons
    if seal is None:
        raise ErasureKeyNeeded
    marks = {person: seal.person(person) for person in persons if person is not None}
    return [mark_of(marks[one]) if one is not None and marks[one] in tokens else one for one in persons]


def known_tokens(connection: Connection, seal: Seal | None) -> set[str]:
    """Everybody on the list. Raises ErasureKeyNeeded when it was made with another key, or there is none."""
    rows = connection.execute(select(erased.c.token, erased.c.proof)).all()
    proven(seal, (row.proof for row in rows))
    return {row.token for row in rows}


def people_of(connection: Connection) -> list[str]:
    """Everybody who is in the log by pseudonym."""
    people = connection.scalars(select(access_log.c.person).where(access_log.c.person.is_not(None)).distinct())
    return [person for person in people if person is not None]


def note_erased(connection: Connection, token: str, *, lines: int, seal: Seal, at_us: int) -> None:
    """Keep the decision in the list."""
    again = {"lines": erased.c.lines + lines}
    if connection.execute(update(erased).where(erased.c.token == token).values(again)).rowcount == 0:
        connection.execute(insert(erased).values(token=token, proof=seal.proof, lines=lines, erased_at_us=at_us))
