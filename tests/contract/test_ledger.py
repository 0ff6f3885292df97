"""What a ledger does with what it is sent, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from shared.calendar import microseconds
from shared.databases import open_engine
from shared.ledger import (
    Accepted,
    Conflict,
    Duplicate,
    Ledger,
    LedgerUnavailable,
    NotDurable,
    PartitionsDiffer,
    ServiceDiffers,
    Submission,
    Withheld,
)
from shared.streams import partition_of
from tests.contract.drafts import (
    MONDAY,
    SOURCE,
    SetClock,
    a_draft,
    a_submission,
    append,
    assert_chained,
    everything,
    made,
)
from tests.servers.postgres import PostgresServer
from tests.servers.waiting import wait_until


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def ledger(engine: Engine, clock: SetClock) -> Ledger:
    return made(engine, clock=clock)


def test_an_empty_ledger_ends_at_0_and_has_nothing_to_read(ledger: Ledger) -> None:
    assert (ledger.head(), ledger.partition_heads(), everything(ledger)) == (0, [0, 0, 0, 0], [])


ODD = (
    '"', "\\", '\\"', '"\\', "\\\\", "{", "}", '{"a","b"}', ",", "a,b", "NULL", "null", "", " ", " a ", "'", "''",
    "\n", "\t", "%s", "%(a)s", ":a", "\\u0041", "é", "e\u0301", "\u2028", "\U0001f44d",
)  # fmt: skip
"""What means something to a database or a driver, or is written in several ways."""


def test_a_fact_is_known_again_whatever_its_source_and_its_id_are_written_with(ledger: Ledger) -> None:
    drafts = [a_draft(1, source=source)._replace(id=name) for source in ODD for name in ODD]
    assert append(ledger, *drafts) == [Accepted(number) for number, _ in enumerate(drafts, 1)]
    assert append(ledger, *drafts) == [Duplicate(number) for number, _ in enumerate(drafts, 1)]
    others = [draft._replace(id=f"{draft.id}.") for draft in drafts]
    assert all(isinstance(outcome, Accepted) for outcome in append(ledger, *others)), "and no other is"


def test_rows_that_the_database_refuses_are_an_outage_that_leaves_nothing_and_ends_with_its_cause(
    ledger: Ledger, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE fact RENAME COLUMN body TO elsewhere"))
    with pytest.raises(LedgerUnavailable):
        append(ledger, a_draft(1))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE fact RENAME COLUMN elsewhere TO body"))
    assert append(ledger, a_draft(2)) == [Accepted(1)]
    assert [entry.position for entry in everything(ledger)] == [1]


def test_what_comes_after_a_settlement_is_accepted_after_it_also_with_a_clock_that_was_set_back(
    ledger: Ledger, clock: SetClock, engine: Engine
) -> None:
    append(ledger, a_draft(1))
    clock.move(hours=1)
    position, moment_us = ledger.settle()
    assert (position, moment_us) == (1, microseconds(MONDAY + timedelta(hours=1)))
    clock.move(hours=-3)
    assert ledger.settle() == (position, moment_us)
    append(made(engine, clock=clock), a_draft(2))
    assert everything(ledger)[-1].accepted_at_us > moment_us


def test_facts_take_the_next_positions_in_the_order_they_were_sent(ledger: Ledger) -> None:
    assert append(ledger, a_draft(1), a_draft(2)) == [Accepted(1), Accepted(2)]
    assert append(ledger, a_draft(3)) == [Accepted(3)]
    assert [entry.body for entry in everything(ledger)] == [a_draft(number).body for number in (1, 2, 3)]
    assert ledger.head() == 3


def test_the_same_fact_again_is_a_duplicate_and_takes_no_position(ledger: Ledger) -> None:
    append(ledger, a_draft(1), a_draft(2))
    assert append(ledger, a_draft(2)) == [Duplicate(2)]
    assert append(ledger, a_draft(3)) == [Accepted(3)]


def test_the_same_id_with_other_content_is_a_conflict_and_changes_nothing(ledger: Ledger) -> None:
    append(ledger, a_draft(1))
    assert append(ledger, a_draft(1, content="something else")) == [Conflict(1)]
    assert [entry.body for entry in everything(ledger)] == [a_draft(1).body]


def test_the_same_id_of_another_source_is_another_fact(ledger: Ledger) -> None:
    assert append(ledger, a_draft(1), a_draft(1, source=f"{SOURCE}-2")) == [Accepted(1), Accepted(2)]


def test_a_batch_that_overlaps_an_earlier_one_stores_only_what_is_new(ledger: Ledger) -> None:
    append(ledger, a_draft(1), a_draft(2), a_draft(3))
    assert append(ledger, a_draft(2), a_draft(4), a_draft(3), a_draft(5)) == [
        Duplicate(2),
        Accepted(4),
        Duplicate(3),
        Accepted(5),
    ]


def test_inside_one_batch_the_first_counts_and_the_second_is_a_duplicate_or_a_conflict(ledger: Ledger) -> None:
    sent = (a_draft(1), a_draft(1), a_draft(1, content="something else"), a_draft(2))
    assert append(ledger, *sent) == [Accepted(1), Duplicate(1), Conflict(1), Accepted(2)]


def test_submissions_of_one_transaction_are_compared_with_each_other(ledger: Ledger) -> None:
    same, other = Submission((a_draft(1),)), Submission((a_draft(1, content="something else"),))
    assert ledger.append([same, same, other]) == [[Accepted(1)], [Duplicate(1)], [Conflict(1)]]


def test_a_strict_submission_with_a_conflict_stores_nothing_and_the_others_of_its_transaction_are_stored(
    ledger: Ledger,
) -> None:
    append(ledger, a_draft(1))
    strict = Submission((a_draft(2), a_draft(1, content="something else"), a_draft(1)), strict=True)
    outcomes = ledger.append([a_submission([3]), strict, a_submission([2])])
    assert outcomes == [[Accepted(2)], [Withheld(), Conflict(1), Withheld()], [Accepted(3)]]
    assert ledger.head() == 3


def test_a_strict_submission_that_contradicts_itself_stores_nothing(ledger: Ledger) -> None:
    outcomes = append(ledger, a_draft(1), a_draft(2), a_draft(1, content="something else"), strict=True)
    assert outcomes == [Withheld(), Withheld(), Conflict(0)]
    assert ledger.head() == 0


def test_a_strict_submission_with_duplicates_only_is_stored(ledger: Ledger) -> None:
    append(ledger, a_draft(1))
    assert append(ledger, a_draft(1), a_draft(2), a_draft(2), strict=True) == [Duplicate(1), Accepted(2), Duplicate(2)]


def test_a_submission_may_be_far_larger_than_a_batch(ledger: Ledger) -> None:
    first = ledger.append([a_submission(range(20_000))])[0]
    again = ledger.append([a_submission(range(20_000))])[0]
    assert first == [Accepted(position) for position in range(1, 20_001)]
    assert again == [Duplicate(position) for position in range(1, 20_001)]


def test_each_fact_names_the_one_before_it_in_the_partition_of_its_person(ledger: Ledger) -> None:
    ledger.append([a_submission(range(200)), a_submission(range(100, 300))])
    entries = everything(ledger)
    assert_chained(entries)
    assert [entry.partition for entry in entries[:100]] == [
        partition_of(a_draft(number).person or "", 4) for number in range(100)
    ]
    assert {entry.partition for entry in entries} == {0, 1, 2, 3}


def test_a_fact_about_nobody_goes_to_the_partition_of_its_source(ledger: Ledger) -> None:
    nobody = a_draft(1)
    append(ledger, type(nobody)(SOURCE, "x", "heartbeat", None, nobody.content_hash, nobody.body))
    assert [entry.partition for entry in everything(ledger)] == [partition_of(SOURCE, 4)]


def test_accepted_at_rises_with_every_fact_also_when_the_clock_jumps_back(ledger: Ledger, clock: SetClock) -> None:
    append(ledger, a_draft(1), a_draft(2))
    clock.move(hours=-3)
    append(ledger, a_draft(3))
    clock.move(hours=4)
    append(ledger, a_draft(4))
    monday = microseconds(MONDAY)
    later = microseconds(MONDAY + timedelta(hours=1))
    assert [entry.accepted_at_us for entry in everything(ledger)] == [monday, monday + 1, monday + 2, later]


def test_reading_goes_on_after_a_position_and_keeps_to_a_limit_a_source_and_a_partition(ledger: Ledger) -> None:
    append(ledger, *(a_draft(number, source=f"{SOURCE}-{number % 2}") for number in range(100)))
    assert [entry.position for entry in ledger.read(40, limit=3)] == [41, 42, 43]
    assert [entry.position for entry in ledger.read(97, limit=10)] == [98, 99, 100]
    assert [entry.position for entry in ledger.read(40, limit=3, source=f"{SOURCE}-1")] == [42, 44, 46]
    in_partition = ledger.read(0, limit=100, partition=2)
    assert in_partition == [entry for entry in everything(ledger) if entry.partition == 2]
    assert in_partition[-1].position == ledger.partition_heads()[2]


@pytest.mark.parametrize("statement", ["UPDATE fact SET body = 'x'", "DELETE FROM fact", "TRUNCATE fact"])
def test_the_database_itself_refuses_to_change_a_fact(ledger: Ledger, engine: Engine, statement: str) -> None:
    append(ledger, a_draft(1))
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text(statement))
    assert [entry.body for entry in everything(ledger)] == [a_draft(1).body]


def test_after_a_restart_it_goes_on_where_it_ended(database_url: str) -> None:
    for start in range(3):
        engine = open_engine(database_url)
        ledger = made(engine)
        append(ledger, *(a_draft(number) for number in range(start * 10, start * 10 + 15)))
        engine.dispose()
    engine = open_engine(database_url)
    entries = everything(made(engine))
    assert len(entries) == 35
    assert_chained(entries)
    engine.dispose()


def test_the_number_of_partitions_never_changes(engine: Engine) -> None:
    made(engine, partitions=4)
    with pytest.raises(PartitionsDiffer, match="made with 4 partitions, not 8"):
        made(engine, partitions=8)
    assert Ledger(engine, service="intake", clock=SetClock()).partitions == 4


def test_two_services_cannot_share_one_database(engine: Engine) -> None:
    made(engine)
    with pytest.raises(ServiceDiffers, match="the ledger of intake, not of placement"):
        Ledger(engine, service="placement", clock=SetClock()).create(partitions=4)


def test_a_database_that_does_not_sync_commits_is_refused(database_url: str) -> None:
    engine = open_engine(database_url, durable=False)
    with pytest.raises(NotDurable, match="synchronous"):
        made(engine)
    engine.dispose()


@pytest.mark.postgres
def test_a_postgresql_server_without_fsync_is_refused_by_the_name_of_the_setting(
    postgres: PostgresServer, postgres_url: str
) -> None:
    engine = open_engine(postgres_url)
    with _settings(postgres, fsync="off", full_page_writes="off"), pytest.raises(NotDurable) as refused:
        made(engine)
    assert str(refused.value).endswith("here fsync is off, full_page_writes is off")
    engine.dispose()


@contextmanager
def _settings(postgres: PostgresServer, **settings: str) -> Iterator[None]:
    """The server with other settings, which it takes without a restart."""

    def take(statement: str, value: str) -> None:
        for name in settings:
            postgres.execute(statement.format(name=name, value=settings[name]))
        postgres.execute("SELECT pg_reload_conf()")
        wait_until(lambda: postgres.ask(f"SHOW {next(iter(settings))}") == value, what="PostgreSQL took its settings")

    take("ALTER SYSTEM SET {name} = {value}", "off")
    try:
        yield
    finally:
        take("ALTER SYSTEM RESET {name}", "on")
