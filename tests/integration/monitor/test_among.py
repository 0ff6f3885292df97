"""Whoever asks for many values at once finds exactly those, however many they are, and reads no table whole for it."""

import json

import pytest
from sqlalchemy import select

from services.monitor.alerts import book, kept
from services.monitor.history import stored
from services.monitor.projector import dossiers, facts, families, marks, outdated, quarantine
from services.monitor.projector.among import _Many, among
from services.monitor.tables import fact
from shared.databases import sqlite_url
from tests.integration.monitor.conftest import prepared, projector_on
from tests.integration.monitor.histories import PEOPLE, tangled

MANY = 100_000
"""More than either database takes as parameters of one statement."""

QUESTIONS = {
    "people of records": facts._PEOPLE_OF_RECORDS,
    "facts of people": facts._PLACES_OF_PEOPLE,
    "facts at places": facts._BODIES,
    "records of people": facts._HASHES_OF_PEOPLE,
    "families": families._OF_PEOPLE,
    "stored dossiers": dossiers._STORED,
    "held by people": quarantine._OF_PEOPLE,
    "parked facts": quarantine._WAITING,
    "alerts of people": kept._OF_PEOPLE,
    "last looks at people": book._LAST_LOOKS,
    "who of them is known": book._KNOWN,
    "looks that are forgotten": book._FORGET,
    "what sources observed": marks._OBSERVED,
    "persons that are outdated": outdated._PERSONS,
    **{f"rows of {statement.table.name}": statement for statement in outdated._ONE_BY_ONE},
    **{f"read of {table.name}": statement for table, statement in stored._BY_NAME.items()},
}


@pytest.mark.parametrize("more", [0, MANY])
def test_exactly_what_is_asked_for_is_found(monitor, ledgers, more) -> None:
    tangled(ledgers, seed=1)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    wanted = [*(f"nobody's \"{number}" for number in range(more)), *PEOPLE[:2]]
    with monitor.begin() as connection:
        people = select(fact.c.person).where(among(fact.c.person, "people")).distinct()
        assert set(connection.scalars(people, {"people": wanted})) == set(PEOPLE[:2])
        assert set(connection.scalars(people, {"people": []})) == set()
        hashes = connection.scalars(select(fact.c.record_hash).where(fact.c.person == PEOPLE[0])).all()
        numbers = select(fact.c.record_hash).where(among(fact.c.record_hash, "hashes"))
        assert set(connection.scalars(numbers, {"hashes": [*hashes, *range(more)]})) == set(hashes)


@pytest.mark.parametrize("question", QUESTIONS)
def test_sqlite_searches_for_the_values_and_reads_no_table_whole(tmp_path, question) -> None:
    engine = prepared(sqlite_url(tmp_path / "monitor.sqlite"))
    written = str(QUESTIONS[question].compile(engine))
    with engine.begin() as connection:
        given = (json.dumps([1]),) * written.count("?")
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}", given)]
    engine.dispose()
    assert [step for step in steps if step.startswith("SCAN") and "json_each" not in step] == []
    assert any(step.startswith("SEARCH") for step in steps)


@pytest.mark.postgres
def test_postgresql_does_so_too_in_tables_that_were_never_analysed(postgres_url, ledgers) -> None:
    """It thinks then that a few values are in most of the rows, and would read them all."""
    engine = prepared(postgres_url)
    tangled(ledgers, seed=1)
    projector_on(engine, ledgers).apply(ledgers.batches())
    asked, whole = list(range(100)), {}
    with engine.begin() as connection:
        for question, statement in QUESTIONS.items():
            written = statement.compile(engine)
            given = {name: asked if isinstance(bound.type, _Many) else "1" for name, bound in written.binds.items()}
            plan = connection.exec_driver_sql(f"EXPLAIN {written}", given).scalars().all()
            whole[question] = [step for step in plan if "Seq Scan" in step]
    engine.dispose()
    assert {question: steps for question, steps in whole.items() if steps} == {}
