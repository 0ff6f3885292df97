"""Group commit: what waits is the next transaction, and who is answered has it on disk."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import OperationalError

from shared.databases import open_engine
from shared.ledger import (
    Accepted,
    Conflict,
    Duplicate,
    Ledger,
    LedgerFull,
    LedgerUnavailable,
    Outcome,
    Submission,
    Writer,
)
from tests.contract.drafts import a_submission, assert_chained, everything, held_before_commit, made
from tests.servers.waiting import until

pytestmark = pytest.mark.anyio


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return made(engine)


@pytest.fixture
def outside(database_url: str, ledger: Ledger) -> Iterator[Ledger]:
    """The same ledger as another process sees it: only what is committed."""
    other = open_engine(database_url)
    yield made(other)
    other.dispose()


@pytest.fixture
def commits(engine: Engine, ledger: Ledger) -> list[int]:
    """Grows by one with each commit after the ledger was made."""
    seen: list[int] = []

    def count(_connection: Connection) -> None:
        seen.append(len(seen) + 1)

    event.listen(engine, "commit", count)
    return seen


class Writing:
    """A writer at work, and the tasks of those who wait for it."""

    def __init__(self, ledger: Ledger, *, queue_facts_max: int = 1000, batch_facts_max: int = 1000) -> None:
        self.told: list[int] = []
        self.writer = Writer(
            ledger,
            queue_facts_max=queue_facts_max,
            batch_facts_max=batch_facts_max,
            committed=self.told.append,
        )

    async def hand_in(self, *numbers: int, content: str = "as it was") -> asyncio.Task[list[Outcome]]:
        """Somebody hands in these facts together; returns when they are in the queue."""
        before = self.writer.waiting_facts
        task = asyncio.create_task(self.writer.append(a_submission(numbers, content=content)))
        await until(lambda: task.done() or self.writer.waiting_facts == before + len(numbers), what="it is queued")
        return task


@asynccontextmanager
async def writing(ledger: Ledger, **limits: int) -> AsyncIterator[Writing]:
    """A writer that is stopped at the end."""
    made_writing = Writing(ledger, **limits)
    await made_writing.writer.start()
    try:
        yield made_writing
    finally:
        await made_writing.writer.stop()


@asynccontextmanager
async def busy(engine: Engine, work: Writing) -> AsyncIterator[asyncio.Task[list[Outcome]]]:
    """The transaction of fact 1 stands before its commit as long as the block runs."""
    with held_before_commit(engine) as (about_to, _may):
        first = await work.hand_in(1)
        await until(about_to.is_set, what="the commit of the first fact")
        yield first


async def test_what_waits_while_one_transaction_is_committed_is_the_next_transaction(
    engine: Engine, ledger: Ledger, commits: list[int]
) -> None:
    async with writing(ledger) as work:
        async with busy(engine, work) as first:
            waiting = [await work.hand_in(number) for number in range(2, 42)]
        assert await first == [Accepted(1)]
        assert [await one for one in waiting] == [[Accepted(number)] for number in range(2, 42)]
    assert len(commits) == 2
    assert_chained(everything(ledger))


async def test_those_who_come_one_after_the_other_without_a_pause_share_a_transaction(
    ledger: Ledger, commits: list[int]
) -> None:
    async with writing(ledger) as work:
        tasks = []
        for number in range(1, 21):
            tasks.append(asyncio.create_task(work.writer.append(a_submission([number]))))
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
    assert len(commits) == 1
    assert_chained(everything(ledger))


async def test_nobody_is_answered_before_the_commit_and_then_it_can_be_read_from_outside(
    engine: Engine, ledger: Ledger, outside: Ledger
) -> None:
    async with writing(ledger) as work:
        async with busy(engine, work) as first:
            assert await asyncio.to_thread(everything, outside) == []
            assert not first.done()
        await first
        assert [entry.position for entry in await asyncio.to_thread(everything, outside)] == [1]


async def test_a_transaction_holds_no_more_than_its_limit(engine: Engine, ledger: Ledger, commits: list[int]) -> None:
    async with writing(ledger, batch_facts_max=4) as work:
        async with busy(engine, work):
            waiting = [await work.hand_in(number, number + 1) for number in range(2, 12, 2)]
        await asyncio.gather(*waiting)
    # One alone, then two, two and one of the submissions of two facts.
    assert len(commits) == 4


async def test_a_submission_larger_than_a_transaction_is_one_all_the_same(ledger: Ledger, commits: list[int]) -> None:
    async with writing(ledger, batch_facts_max=4) as work:
        assert await work.writer.append(a_submission(range(1, 11))) == [Accepted(number) for number in range(1, 11)]
    assert len(commits) == 1


async def test_a_full_queue_refuses_at_once_and_nothing_of_it_is_stored(engine: Engine, ledger: Ledger) -> None:
    async with writing(ledger, queue_facts_max=3) as work:
        async with busy(engine, work) as first:
            second = await work.hand_in(2, 3)
            with pytest.raises(LedgerFull):
                await asyncio.wait_for(work.writer.append(a_submission([4])), timeout=60)
            assert work.writer.waiting_facts == 3
        await asyncio.gather(first, second)
        # There is room again, and what was refused may be sent again.
        assert await work.writer.append(a_submission([4])) == [Accepted(4)]
        assert work.writer.waiting_facts == 0
    assert [entry.position for entry in everything(ledger)] == [1, 2, 3, 4]


async def test_an_empty_queue_takes_a_submission_of_any_size(ledger: Ledger) -> None:
    async with writing(ledger, queue_facts_max=3) as work:
        assert len(await work.writer.append(a_submission(range(1, 11)))) == 10


async def test_a_caller_that_is_cancelled_does_not_take_its_facts_back(engine: Engine, ledger: Ledger) -> None:
    async with writing(ledger) as work:
        async with busy(engine, work) as first:
            second, third = await work.hand_in(2), await work.hand_in(3)
            first.cancel()
            second.cancel()
        assert await third == [Accepted(3)]
        assert first.cancelled()
        assert second.cancelled()
        assert work.writer.waiting_facts == 0
        # Who was cancelled asks again, and learns that it was stored.
        assert await work.writer.append(a_submission([2])) == [Duplicate(2)]


async def test_a_stop_writes_what_waits_and_takes_nothing_more(engine: Engine, ledger: Ledger) -> None:
    work = Writing(ledger)
    await work.writer.start()
    async with busy(engine, work) as first:
        waiting = [await work.hand_in(number) for number in (2, 3)]
        stopping = asyncio.create_task(work.writer.stop())
        await asyncio.sleep(0)
        with pytest.raises(LedgerUnavailable, match="stopping"):
            await work.writer.append(a_submission([4]))
        assert not stopping.done()
    await stopping
    assert [await one for one in (first, *waiting)] == [[Accepted(1)], [Accepted(2)], [Accepted(3)]]
    assert len(everything(ledger)) == 3


async def test_a_database_that_fails_is_told_to_all_who_wait_and_later_it_goes_on(
    engine: Engine, ledger: Ledger
) -> None:
    work = Writing(ledger)
    waiting = [await work.hand_in(number) for number in (1, 2)]
    rename(engine, "fact", "elsewhere")
    await work.writer.start()
    failures = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(failure) for failure in failures] == [LedgerUnavailable, LedgerUnavailable]
    assert "person-" not in f"{failures[0]}{failures[0].__cause__}"
    assert work.writer.waiting_facts == 0
    rename(engine, "elsewhere", "fact")
    assert await work.writer.append(a_submission([2, 1])) == [Accepted(1), Accepted(2)]
    await work.writer.stop()
    assert_chained(everything(ledger))


async def test_a_commit_whose_confirmation_was_lost_is_answered_as_what_it_is(
    engine: Engine, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with writing(ledger) as work:
        with monkeypatch.context() as patch:
            patch.setattr(engine.dialect, "do_commit", losing(engine.dialect.do_commit, reaches_the_disk=True))
            assert await work.writer.append(a_submission([1])) == [Accepted(1)]
        with monkeypatch.context() as patch:
            patch.setattr(engine.dialect, "do_commit", losing(engine.dialect.do_commit, reaches_the_disk=False))
            with pytest.raises(LedgerUnavailable):
                await work.writer.append(a_submission([2]))
        assert await work.writer.append(a_submission([2])) == [Accepted(2)]
    assert_chained(everything(ledger))


async def test_after_each_commit_that_stored_something_its_last_position_is_told(
    engine: Engine, ledger: Ledger
) -> None:
    async with writing(ledger) as work:
        async with busy(engine, work):
            waiting = [await work.hand_in(2, 3), await work.hand_in(4, 5)]
        await asyncio.gather(*waiting)
        await work.writer.append(a_submission([1, 2]))
        await work.writer.append(Submission(()))
        assert work.told == [1, 5]


async def test_a_conflict_is_told_to_who_caused_it_and_to_nobody_else(engine: Engine, ledger: Ledger) -> None:
    async with writing(ledger) as work:
        async with busy(engine, work):
            wrong = await work.hand_in(1, content="something else")
            right = await work.hand_in(2)
        assert await wrong == [Conflict(1)]
        assert await right == [Accepted(2)]


def rename(engine: Engine, table: str, to: str) -> None:
    """Take a table away, or bring it back."""
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))


def losing(commit: Callable[[Any], None], *, reaches_the_disk: bool) -> Callable[[Any], None]:
    """A commit that breaks the connection once: just after, or just before it took place."""
    broken: list[bool] = []

    def breaks(connection: Any) -> None:
        if broken:
            commit(connection)
            return
        broken.append(True)
        if reaches_the_disk:
            commit(connection)
        raise OperationalError("COMMIT", {}, ConnectionError("the line went dead"))

    return breaks
