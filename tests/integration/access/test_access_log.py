"""The access log in a real database: it only grows, all lines of one look or none, and a change is found."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import DBAPIError

from services.monitor.access.chain import EMPTY, ChainBroken, Head
from services.monitor.access.log import AccessLog, Deed, Origin
from services.monitor.access.people import People
from services.monitor.access.reader import Reader
from services.monitor.access.tables import access_log, metadata
from shared.databases import open_engine
from tests.integration.access.conftest import MONDAY, DrivenClock

ANN, BEN = "ann-0123456789abcdef", "ben-0123456789abcdef"
READER = Reader("jansen", "person", roles=("operations",), organisation="Gemeente Voorbeeld")
READ = Deed("case-read", "R", "cases:read")
ORIGIN = Origin("GET /v1/cases/{pseudonym}", "192.0.2.1", "a" * 32, "b" * 16)


@pytest.fixture
def log(people: People) -> AccessLog:
    return people.log


def test_a_line_says_who_saw_whom_when_and_on_what_authority(log: AccessLog) -> None:
    log.note(READER, READ, ORIGIN, persons=[ANN])
    [line] = log.lines()
    assert (line.number, line.happened_at_us) == (1, int(MONDAY.timestamp() * 1e6))
    assert (line.event, line.action, line.outcome, line.person) == ("case-read", "R", "granted", ANN)
    assert (line.user_name, line.user_kind, line.roles) == ("jansen", "person", "operations")
    assert (line.organisation, line.scope, line.what) == ("Gemeente Voorbeeld", "cases:read", ORIGIN.what)
    assert (line.source_address, line.trace_id, line.span_id) == ("192.0.2.1", "a" * 32, "b" * 16)


def test_a_look_at_many_is_a_line_for_each_of_them(log: AccessLog) -> None:
    log.note(READER, READ, ORIGIN, persons=[ANN, BEN, ANN])
    assert [(line.number, line.person) for line in log.lines()] == [(1, ANN), (2, BEN), (3, ANN)]
    assert log.note(READER, READ, ORIGIN, persons=[]) is None


def test_lines_are_found_by_person_and_period(log: AccessLog, clock: DrivenClock) -> None:
    for person in (ANN, BEN, ANN):
        log.note(READER, READ, ORIGIN, persons=[person])
        clock.forward(timedelta(days=1))
    assert [line.number for line in log.lines(person=ANN)] == [1, 3]
    tuesday = MONDAY + timedelta(days=1)
    assert [line.number for line in log.lines(since=tuesday)] == [2, 3]
    assert [line.number for line in log.lines(until=tuesday)] == [1]
    assert [line.number for line in log.lines(person=ANN, since=tuesday)] == [3]


def test_more_than_a_page_is_read_and_verified_whole(log: AccessLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.monitor.access.log.PAGE_LINES", 3)
    head = log.note(READER, READ, ORIGIN, persons=[ANN] * 7)
    assert [line.number for line in log.lines()] == [1, 2, 3, 4, 5, 6, 7]
    assert log.verify() == head


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_log SET user_name = 'somebody else'",
        "UPDATE access_log SET number = number + 10",
        "DELETE FROM access_log",
        "DELETE FROM access_log WHERE number = 2",
    ],
)
def test_no_line_can_be_changed_or_removed(log: AccessLog, engine: Engine, statement: str) -> None:
    head = log.note(READER, READ, ORIGIN, persons=[ANN, BEN])
    with pytest.raises(DBAPIError, match="only grows"), engine.begin() as connection:
        connection.execute(text(statement))
    assert log.verify() == head


def test_no_line_can_be_replaced(log: AccessLog, engine: Engine) -> None:
    head = log.note(READER, READ, ORIGIN, persons=[ANN, BEN])
    names = [column.name for column in access_log.columns]
    columns, other = ", ".join(names), ", ".join("'somebody else'" if name == "user_name" else name for name in names)
    replace = {
        "sqlite": f"INSERT OR REPLACE INTO access_log ({columns}) SELECT {other} FROM access_log WHERE number = 1",
        "postgresql": f"INSERT INTO access_log ({columns}) SELECT {other} FROM access_log WHERE number = 1"
        " ON CONFLICT (number) DO UPDATE SET user_name = 'somebody else'",
    }[engine.dialect.name]
    with pytest.raises(DBAPIError, match="only grows"), engine.begin() as connection:
        connection.execute(text(replace))
    assert log.verify() == head


@pytest.mark.postgres
def test_the_log_cannot_be_emptied_at_once(postgres_url: str, clock: DrivenClock) -> None:
    """SQLite has no TRUNCATE, and a DELETE without WHERE is refused above."""
    engine = open_engine(postgres_url)
    people = People(engine, clock)
    people.create()
    people.log.note(READER, READ, ORIGIN, persons=[ANN])
    with pytest.raises(DBAPIError, match="only grows"), engine.begin() as connection:
        connection.execute(text("TRUNCATE access_log"))
    assert people.log.verify().number == 1
    people.close()


def test_who_lifts_the_triggers_and_changes_a_line_is_found(log: AccessLog, engine: Engine) -> None:
    log.note(READER, READ, ORIGIN, persons=[ANN, BEN, ANN])
    _without_triggers(engine, "UPDATE access_log SET person = 'nobody' WHERE number = 2")
    with pytest.raises(ChainBroken, match="line 2 is not what was written"):
        log.verify()


def test_who_lifts_the_triggers_and_removes_a_line_is_found(log: AccessLog, engine: Engine) -> None:
    log.note(READER, READ, ORIGIN, persons=[ANN, BEN, ANN])
    _without_triggers(engine, "DELETE FROM access_log WHERE number = 2")
    with pytest.raises(ChainBroken, match="after line 1 comes line 3"):
        log.verify()


def test_who_cuts_off_the_end_is_found_by_the_end_that_was_noted(log: AccessLog, engine: Engine) -> None:
    noted = log.note(READER, READ, ORIGIN, persons=[ANN, BEN])
    assert noted is not None
    _without_triggers(engine, "DELETE FROM access_log WHERE number = 2")
    assert log.verify().number == 1
    with pytest.raises(ChainBroken, match="cut off"):
        log.verify(noted=noted)


def test_a_line_put_in_by_hand_is_found(log: AccessLog, engine: Engine) -> None:
    log.note(READER, READ, ORIGIN, persons=[ANN])
    with engine.begin() as connection:
        forged = dict(connection.execute(access_log.select()).one()._mapping)
        connection.execute(insert(access_log).values(forged | {"number": 2}))
    with pytest.raises(ChainBroken, match="line 2"):
        log.verify()


def test_all_lines_of_a_look_are_written_or_none(log: AccessLog) -> None:
    """The last of these cannot be encoded, in neither database."""
    log.note(READER, READ, ORIGIN, persons=[ANN])
    with pytest.raises((DBAPIError, UnicodeError)):
        log.note(READER, READ, ORIGIN, persons=[ANN, BEN, "\ud800"])
    assert [line.number for line in log.lines()] == [1]


def test_those_who_write_at_once_make_one_chain(engine: Engine, people: People, clock: DrivenClock) -> None:
    logs = [AccessLog(engine, clock) for _ in range(4)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: logs[n % 4].note(READER, READ, ORIGIN, persons=[ANN, BEN]), range(40)))
    assert [line.number for line in people.log.lines()] == list(range(1, 81))
    assert people.log.verify().number == 80


def test_an_empty_log_has_an_empty_end(log: AccessLog) -> None:
    assert log.verify() == EMPTY == Head(0, bytes(32))
    assert list(log.lines()) == []


def test_the_steps_lead_to_the_tables_that_the_code_declares(people: People, engine: Engine) -> None:
    def ours(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return not (kind == "table" and name == "access_version")

    with engine.connect() as connection:
        options = {"include_object": ours, "compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    people.create()


def _without_triggers(engine: Engine, statement: str) -> None:
    """What somebody does who owns the database."""
    with engine.begin() as connection:
        names = {
            "sqlite": ["DROP TRIGGER access_log_not_changed", "DROP TRIGGER access_log_not_removed"],
            "postgresql": [
                "DROP TRIGGER access_log_not_changed ON access_log",
                "DROP TRIGGER access_log_not_removed ON access_log",
            ],
        }
        for drop in names[engine.dialect.name]:
            connection.execute(text(drop))
        connection.execute(text(statement))
