"""What is done with the events of a submission: they are stored, or only tried."""

import asyncio
from typing import Protocol

from shared.ledger import Accepted, LedgerFull, LedgerUnavailable, Outcome, Submission, Writer
from shared.problems import BUSY, Problem, busy, problem_of
from shared.rejections import Rejection, RejectionLog

ROOM_TRIES_MAX = 100
ROOM_WAIT_SECONDS = 0.05
"""How often, and after what pause, the next part of a long body asks for room in the queue."""


class Desk(Protocol):
    """What is done with events that passed the examination, and with those that did not."""

    def admit(self) -> None:
        """Raise the problem 503 when there is no room, before any work."""

    async def append(self, submission: Submission) -> list[Outcome]:
        """Deal with the drafts; what it answers is durable."""

    def note(self, rejection: Rejection) -> None:
        """Account for a refused event."""

    def count_duplicates(self, facts: int) -> None:
        """Account for events that were known."""


class Storing:
    """Stores in the ledger."""

    def __init__(self, writer: Writer, log: RejectionLog, *, queue_facts_max: int) -> None:
        self._writer = writer
        self._queue_facts_max = queue_facts_max
        self.note = log.note
        self.count_duplicates = log.count_duplicates

    def admit(self) -> None:
        """503 when the queue of the writer is full."""
        if self._writer.waiting_facts >= self._queue_facts_max:
            raise busy()

    async def append(self, submission: Submission) -> list[Outcome]:
        """Resolves when the facts are committed and synced; 503 when that cannot be."""
        try:
            return await self._writer.append(submission)
        except (LedgerFull, LedgerUnavailable) as error:
            raise problem_of(error) from error


class Trying:
    """Stores nothing and keeps nothing, for a publisher who tries out events; the ledger is not asked either."""

    def admit(self) -> None:
        """There is always room."""

    async def append(self, submission: Submission) -> list[Outcome]:
        """Every draft would be taken; at position 0, which is nowhere."""
        return [Accepted(position=0)] * len(submission.drafts)

    def note(self, rejection: Rejection) -> None:
        """Nothing is kept."""

    def count_duplicates(self, facts: int) -> None:
        """Nothing is kept."""


class Patient:
    """Another desk, where a full queue is waited for: it need not end a long body half-way, and slows the reading."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.admit = desk.admit
        self.note = desk.note
        self.count_duplicates = desk.count_duplicates

    async def append(self, submission: Submission) -> list[Outcome]:
        """The answer of the desk; 503 when there was no room for five seconds."""
        for _ in range(ROOM_TRIES_MAX - 1):
            try:
                return await self._desk.append(submission)
            except Problem as problem:
                if problem.kind is not BUSY:
                    raise
            await asyncio.sleep(ROOM_WAIT_SECONDS)
        return await self._desk.append(submission)
