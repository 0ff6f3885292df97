"""Runs the projector in one thread: what waits of all streams is the next transaction."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from services.monitor.ending import Ending
from services.monitor.projector.entries import RawEntry, Stream
from services.monitor.projector.marks import Promise
from services.monitor.projector.projection import Projector

_Waiting = tuple[Sequence[RawEntry], asyncio.Future[None]]


class ProjectionStopped(Exception):
    """The projection has ended, so this batch was not projected; it comes again after a restart."""


class ProjectionWorker:
    """Group commit of projections. Of each stream one batch is projected and one waits at most: the queue is bounded.

    What the projector raises ends the process.
    """

    def __init__(self, projector: Projector, *, ending: Ending) -> None:
        self._projector, self._ending = projector, ending
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="projection")
        self._waiting: dict[Stream, _Waiting] = {}
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self, streams: Sequence[Stream]) -> Mapping[Stream, int]:
        """Take up the streams at their checkpoints; where those are."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._projector.load, streams)
        self._task = asyncio.create_task(self._run(), name="projection")
        return self._projector.positions

    async def stop(self) -> None:
        """Finish the transaction that is under way; what still waits is refused."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._refuse()
        await asyncio.get_running_loop().run_in_executor(None, self._thread.shutdown)

    async def apply(self, stream: Stream, entries: Sequence[RawEntry]) -> None:
        """Returns when the transaction of these entries begins, so that the next of the stream are read meanwhile.

        Otherwise a stream that had a fact in one transaction would miss the next, and what was published together in
        several streams would take one transaction more. Raises ProjectionStopped.
        """
        if self._task is None or self._task.done():
            raise ProjectionStopped
        taken = asyncio.get_running_loop().create_future()
        self._waiting[stream] = (entries, taken)
        self._arrived.set()
        await taken

    async def settle(self, promised: Mapping[str, Promise]) -> None:
        """Returns when it is durable up to when everything is projected; raises what the projector raised."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._projector.settle, promised)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            taken, self._waiting = self._waiting, {}
            _settle(taken.values(), None)
            batches = {stream: entries for stream, (entries, _) in taken.items()}
            try:
                await loop.run_in_executor(self._thread, self._projector.apply, batches)
            except Exception as error:  # noqa: BLE001 - whatever it is, the process must end
                self._ending.fail(error)
                self._refuse()
                return

    def _refuse(self) -> None:
        """Nobody waits for what will not be projected: readers end at once, and the process with them."""
        _settle(self._waiting.values(), ProjectionStopped())
        self._waiting.clear()


def _settle(waiting: Iterable[_Waiting], error: Exception | None) -> None:
    for _, taken in waiting:
        if taken.done():
            continue  # Its reader was cancelled; its entries are projected all the same.
        if error is None:
            taken.set_result(None)
        else:
            taken.set_exception(error)
