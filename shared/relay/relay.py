"""Publishes the facts of a ledger to its Redis streams, in order, also when Redis is restarted, flushed or absent."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from random import SystemRandom

from shared.ledger import Entry, Ledger, LedgerUnavailable
from shared.logs import get_logger
from shared.redis_servers import REDIS_ERRORS, Client
from shared.relay.script import PUBLISH
from shared.relay.streams import Streams

POLL_SECONDS_MIN = 0.1
POLL_SECONDS_MAX = 2.0
"""How long a relay that nobody wakes waits before it looks again, at ledger and streams."""
RETRY_SECONDS_MIN = 0.05
RETRY_SECONDS_MAX = 2.0
REFUSED_SECONDS = 5.0
"""How long it waits after it refused to publish: somebody has to mend that."""
TRIM_SECONDS = 60.0
SETTLE_SECONDS = 60.0
"""How often it says up to when everything is published, also while nothing happens."""

_log = get_logger()
_spread = SystemRandom()
"""So that relays do not all try again at once; drawn without a state that others share."""


class StreamAhead(Exception):
    """A stream has what the ledger has not: the ledger is an older copy, or the Redis is another installation's."""


class Relay:
    """Keeps no state of its own: it goes on from the last id of each stream. Any number of relays may run at once."""

    def __init__(
        self,
        ledger: Ledger,
        redis: Client,
        *,
        service: str,
        partitions: int,
        batch_facts_max: int = 500,
        script: str = PUBLISH,
    ) -> None:
        self.published: dict[int, int] = {}
        """The last id in the stream of each partition, as far as known."""
        self.failure: str | None = None
        """Why it is not publishing now; None when it is."""
        self._ledger = ledger
        self._streams = Streams(redis, service=service, partitions=partitions, script=script)
        self._batch_facts_max = batch_facts_max
        self._after: int | None = None  # all up to this position is in the streams; None: ask them
        self._bury = True  # the streams may have facts as they were before they were erased
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Say that there is something to publish. Call it on the event loop, after each commit."""
        self._woken.set()

    def stop(self) -> None:
        """Say that the present round is the last one. A cancellation alone may be lost in a client library."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Publish until stopped or cancelled.

        What goes wrong with Redis or the ledger is told in `failure` and tried again. So is a bug told, which ends it.
        """
        try:
            await self._publish_on()
        except Exception as error:
            # Nobody waits for it: without this the service would seem ready, and pass nothing on.
            self.failure = f"the relay has ended ({type(error).__name__}), start the service again"
            _log.critical("relay_ended", exc_info=error)
            raise

    async def trim(self) -> None:
        """Remove from the streams what every registered consumer has durably. Raises REDIS_ERRORS."""
        await self._streams.trim(self.published)

    async def _publish_on(self) -> None:
        loop = asyncio.get_running_loop()
        trimmed_at, settled_at = loop.time(), -SETTLE_SECONDS
        poll_s, retry_s = POLL_SECONDS_MIN, RETRY_SECONDS_MIN
        while not self._stopping:
            self._woken.clear()
            try:
                published = await self._publish()
                if loop.time() - trimmed_at >= TRIM_SECONDS:
                    trimmed_at = loop.time()
                    await self.trim()
                if not published and loop.time() - settled_at >= SETTLE_SECONDS:
                    settled_at = loop.time()
                    await self._streams.settle(*await asyncio.to_thread(self._ledger.settle))
            except StreamAhead as error:
                self._failed("stream_ahead_of_ledger", str(error))
                await asyncio.sleep(REFUSED_SECONDS)
            except (*REDIS_ERRORS, LedgerUnavailable, OSError) as error:
                self._failed("publishing_failed", f"{type(error).__name__}: {error}")
                await asyncio.sleep(retry_s * _spread.uniform(0.5, 1.0))
                retry_s = min(retry_s * 2, RETRY_SECONDS_MAX)
            else:
                self._succeeded()
                retry_s = RETRY_SECONDS_MIN
                poll_s = POLL_SECONDS_MIN if published else min(poll_s * 2, POLL_SECONDS_MAX)
                if not published:
                    await self._idle(poll_s)

    async def _publish(self) -> bool:
        """Add the next facts to the streams, at most a batch; False when there was nothing to add."""
        if self._bury:
            await self._streams.bury(await asyncio.to_thread(self._ledger.erased_entries))
            self._bury = False
        if self._after is None:
            self._after = await self._resume()
        entries = await asyncio.to_thread(self._ledger.read, self._after, limit=self._batch_facts_max)
        if not entries:
            return False
        self._bury = self._bury or any(entry.erases for entry in entries)
        by_partition = _by_partition(entries)
        last_ids = await self._streams.add(by_partition)
        self.published.update(last_ids)
        if all(last_ids[partition] >= those[-1].position for partition, those in by_partition.items()):
            self._after = entries[-1].position
        else:
            # Redis was flushed, or came back with an older file: go back to what it has.
            self._after = None
        return True

    async def _resume(self) -> int:
        """The position after which a stream lacks something. Raises StreamAhead."""
        last_ids = await self._streams.last_ids()
        # A stream that went back is an older copy, which may have what was erased since.
        self._bury = self._bury or any(last_id < self.published.get(one, 0) for one, last_id in last_ids.items())
        # Read after the streams: what another relay published meanwhile is in the ledger by now.
        heads = await asyncio.to_thread(self._ledger.partition_heads)
        for partition, last_id in last_ids.items():
            if last_id and self.published.get(partition) != last_id:
                await self._verify(partition, last_id)
        self.published = last_ids
        behind = [last_id for partition, last_id in last_ids.items() if last_id < heads[partition]]
        return min(behind, default=max(heads))

    async def _verify(self, partition: int, last_id: int) -> None:
        """Raises StreamAhead unless the end of the stream is a fact of this ledger."""
        if await self._is_ours(partition, last_id):
            return
        # It may have been erased since the streams were cleaned, which puts there what the ledger has now.
        await self._streams.bury(await asyncio.to_thread(self._ledger.erased_entries))
        if not await self._is_ours(partition, last_id):
            name = self._streams.name(partition)
            raise StreamAhead(f"{name} has another fact under the id {last_id}-0 than the ledger")

    async def _is_ours(self, partition: int, last_id: int) -> bool:
        """Whether the entry of this id, if the stream still has it, is what the ledger has; or raises StreamAhead."""
        found = await asyncio.to_thread(self._ledger.read, last_id - 1, limit=1, partition=partition)
        if not found or found[0].position != last_id:
            raise StreamAhead(f"{self._streams.name(partition)} has the id {last_id}-0, which the ledger has not")
        return await self._streams.event(partition, last_id) in (None, found[0].event_json())

    async def _idle(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            # Nobody told us of a flush or of what another process appended; the next round asks.
            self._after = None

    def _failed(self, event: str, failure: str) -> None:
        if self.failure != failure:
            _log.warning(event, failure=failure)
        self.failure = failure
        self._after = None
        self._bury = True

    def _succeeded(self) -> None:
        if self.failure is not None:
            _log.info("publishing_resumed")
        self.failure = None


def _by_partition(entries: Sequence[Entry]) -> dict[int, list[Entry]]:
    parts: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        parts[entry.partition].append(entry)
    return parts
