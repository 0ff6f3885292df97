"""Several who append at once, and readers beside them: no position is missing, none is ever skipped."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import Engine

from shared.databases import open_engine, sqlite_url
from shared.ledger import Accepted, Duplicate, Entry, Ledger
from tests.contract.drafts import (
    a_draft,
    a_submission,
    append,
    append_many,
    assert_chained,
    everything,
    held_before_commit,
    made,
)
from tests.servers.waiting import wait_until


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=8) as pool:
        yield pool


@pytest.fixture
def second(database_url: str, engine: Engine) -> Iterator[Ledger]:
    """The same ledger through connections of its own, as another process has it."""
    made(engine)
    other = open_engine(database_url)
    yield made(other)
    other.dispose()


def test_who_comes_second_waits_for_the_first_and_a_reader_sees_neither_before_its_turn(
    engine: Engine, second: Ledger, threads: ThreadPoolExecutor
) -> None:
    first = made(engine)
    with held_before_commit(engine) as (about_to, may):
        earlier: Future[object] = threads.submit(append, first, a_draft(1), a_draft(2))
        assert about_to.wait(20)
        later: Future[object] = threads.submit(append, second, a_draft(3))
        # Long enough for an append that does not wait; it must still be waiting for the lock.
        with pytest.raises(TimeoutError):
            later.result(timeout=0.3)
        assert everything(second) == []
        may.set()
    assert earlier.result(20) == [Accepted(1), Accepted(2)]
    assert later.result(20) == [Accepted(3)]
    assert_chained(everything(second))


def test_a_retry_while_the_first_is_not_committed_yet_is_a_duplicate(
    engine: Engine, second: Ledger, threads: ThreadPoolExecutor
) -> None:
    first = made(engine)
    with held_before_commit(engine) as (about_to, may):
        earlier: Future[object] = threads.submit(append, first, a_draft(1))
        assert about_to.wait(20)
        again: Future[object] = threads.submit(append, second, a_draft(1))
        with pytest.raises(TimeoutError):
            again.result(timeout=0.3)
        may.set()
    assert (earlier.result(20), again.result(20)) == ([Accepted(1)], [Duplicate(1)])


def test_processes_that_append_at_once_leave_no_gap(engine: Engine, database_url: str) -> None:
    spawn = get_context("spawn")
    processes = [spawn.Process(target=append_many, args=(database_url, number, 60)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    entries = everything(made(engine))
    assert len(entries) == 3 * (60 + 300)
    assert_chained(entries)


def test_a_reader_beside_large_and_small_writers_skips_nothing(engine: Engine, threads: ThreadPoolExecutor) -> None:
    ledger = made(engine)

    def large() -> None:
        for part in range(10):
            ledger.append([a_submission(range(part * 500, part * 500 + 500))])

    def small(writer: int) -> None:
        for number in range(100):
            append(ledger, a_draft(writer * 1_000_000 + number))

    writers = [threads.submit(large), threads.submit(small, 1), threads.submit(small, 2)]
    readers = [threads.submit(_tail, ledger, lambda: all(writer.done() for writer in writers)) for _ in range(2)]
    for writer in writers:
        writer.result(60)
    stored = everything(ledger)
    assert len(stored) == 5_200
    assert_chained(stored)
    for reader in readers:
        assert reader.result(60) == stored


def test_several_may_make_the_ledger_at_the_same_moment(database_url: str, threads: ThreadPoolExecutor) -> None:
    engines = [open_engine(database_url) for _ in range(6)]
    ledgers = list(threads.map(made, engines))
    assert [ledger.head() for ledger in ledgers] == [0] * 6
    for engine in engines:
        engine.dispose()


def test_who_opens_a_new_file_waits_for_another_who_has_it(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    """SQLite turns away at once whoever would change how the file is written meanwhile."""

    def opened() -> str:
        engine = open_engine(sqlite_url(tmp_path / "new.sqlite"))
        with engine.begin() as connection:
            mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())
        engine.dispose()
        return mode

    with closing(sqlite3.connect(tmp_path / "new.sqlite", isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")
        later = threads.submit(opened)
        with pytest.raises(TimeoutError):
            later.result(timeout=0.3)
        another.execute("ROLLBACK")
        assert later.result(20) == "wal"


def _tail(ledger: Ledger, ended: Callable[[], bool]) -> list[Entry]:
    seen: list[Entry] = []

    def read_on() -> bool:
        last_round = ended()
        new = ledger.read(seen[-1].position if seen else 0, limit=97)
        seen.extend(new)
        return last_round and not new

    wait_until(read_on, what="the reader is at the end", seconds_max=60)
    return seen
