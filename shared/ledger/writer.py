"""Group commit: what waits while one transaction is being synced is the next transaction; no timer."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic

from shared.ledger.drafts import Accepted, Duplicate, Outcome, Submission
from shared.ledger.errors import LedgerFull, LedgerUnavailable
from shared.ledger.ledger import Ledger
from shared.logs import get_logger

FAILED_SECONDS = 60.0
"""How long a commit that failed counts; who was refused sends again long before that."""

_log = get_logger()


@dataclass(frozen=True, slots=True)
class _Waiting:
    submission: Submission
    answer: asyncio.Future[list[Outcome]]


class Writer:
    """The one writer of a ledger in this process. Belongs to one event loop; the database is touched in one thread.

    `committed` is called on the event loop, with the last position, after each commit that stored something.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        queue_facts_max: int,
        batch_facts_max: int,
        committed: Callable[[int], None],
    ) -> None:
        self._ledger = ledger
        self._queue_facts_max = queue_facts_max
        self._batch_facts_max = batch_facts_max
        self._committed = committed
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger-writer")
        self._queue: deque[_Waiting] = deque()
        self._work = asyncio.Event()
        self._stopping = False
        self._writing: asyncio.Task[None] | None = None
        self._waiting_facts = 0
        self._failed: tuple[float, str] | None = None

    @property
    def failure(self) -> str | None:
        """Why facts could not be stored in the last minute, when none were, or had been, since; None when they could.

        A transaction that stores nothing needs no room, so it cannot tell of a disk that is full.
        """
        at, reason = self._failed or (0.0, "")
        return reason if self._failed is not None and monotonic() - at < FAILED_SECONDS else None

    @property
    def waiting_facts(self) -> int:
        """Facts that were handed in and not answered yet, those of the running transaction included."""
        return self._waiting_facts

    async def start(self) -> None:
        """Begin to write."""
        self._writing = asyncio.create_task(self._write())

    async def stop(self) -> None:
        """Take nothing more, write what waits, and end."""
        self._stopping = True
        self._work.set()
        if self._writing is not None:
            await self._writing
        self._thread.shutdown()

    async def append(self, submission: Submission) -> list[Outcome]:
        """What became of each draft; answers when that is on disk.

        A caller that is cancelled does not take its facts back. Raises LedgerFull at once when too many facts wait, and
        LedgerUnavailable when the database fails or the writer is stopping.
        """
        facts = len(submission.drafts)
        if self._stopping:
            raise LedgerUnavailable("the writer is stopping")
        if self._waiting_facts and self._waiting_facts + facts > self._queue_facts_max:
            raise LedgerFull(f"{self._waiting_facts} facts wait for a commit")
        answer: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self._waiting_facts += facts
        self._queue.append(_Waiting(submission, answer))
        self._work.set()
        return await answer

    async def _write(self) -> None:
        try:
            while self._queue or not self._stopping:
                self._work.clear()
                if self._queue:
                    await self._gather()
                    await self._write_batch(self._take())
                else:
                    await self._work.wait()
        finally:
            # Reached with a queue only when it was cancelled or has a bug: nobody may wait for ever.
            self._stopping = True
            self._fail(list(self._queue), LedgerUnavailable("the writer has ended"))

    async def _gather(self) -> None:
        """Let those hand something in who are about to: as long as each turn of the event loop brings more.

        Answers go out together, and what follows on them comes one after the other: without this the first of it would
        be a transaction of its own, and all others the next. Who is alone waits for one turn.
        """
        before = 0
        while before < self._waiting_facts < self._batch_facts_max:
            before = self._waiting_facts
            await asyncio.sleep(0)

    async def _write_batch(self, batch: list[_Waiting]) -> None:
        submissions = [waiting.submission for waiting in batch]
        loop = asyncio.get_running_loop()
        try:
            outcomes = await loop.run_in_executor(self._thread, self._ledger.append, submissions)
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait get it and decide
            self._fail(batch, error)
        else:
            self._answer(batch, outcomes)

    def _take(self) -> list[_Waiting]:
        """The next transaction: as many as stay within the limit, and at least one however large it is."""
        batch = [self._queue.popleft()]
        facts = len(batch[0].submission.drafts)
        while self._queue and facts + len(self._queue[0].submission.drafts) <= self._batch_facts_max:
            facts += len(self._queue[0].submission.drafts)
            batch.append(self._queue.popleft())
        return batch

    def _answer(self, batch: list[_Waiting], outcomes: list[list[Outcome]]) -> None:
        self._leave(batch)
        for waiting, result in zip(batch, outcomes, strict=True):
            if not waiting.answer.done():
                waiting.answer.set_result(result)
        accepted = [outcome.position for result in outcomes for outcome in result if isinstance(outcome, Accepted)]
        if accepted or any(isinstance(outcome, Duplicate) for result in outcomes for outcome in result):
            self._failed = None  # A duplicate may be what the commit that failed did store.
        if accepted:
            self._committed(accepted[-1])

    def _fail(self, batch: list[_Waiting], error: Exception) -> None:
        self._leave(batch)
        if batch:
            _log.error("append_failed", error=type(error).__name__, reason=str(error), submissions=len(batch))
        if any(waiting.submission.drafts for waiting in batch):
            self._failed = monotonic(), f"{type(error).__name__}: {error}"
        for waiting in batch:
            if not waiting.answer.done():
                waiting.answer.set_exception(error)

    def _leave(self, batch: list[_Waiting]) -> None:
        self._waiting_facts -= sum(len(waiting.submission.drafts) for waiting in batch)
