"""Watches the projection: how far behind it is, whether it moves, and whether a reader died."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from services.monitor.ending import Ending
from services.monitor.projector.entries import Stream
from services.monitor.projector.marks import Promise
from services.monitor.projector.projection import CheckpointLost, Projector
from services.monitor.readers import ReaderEnded, Readers
from shared.clock import Clock
from shared.logs import get_logger
from shared.streams import checkpoints_name, settled_name

CONSUMER = "monitor"
"""Our name among the registered consumers of the streams; trimming stays behind what we announce."""

TICK_SECONDS = 1.0
NEAR_POSITIONS = 200
"""So many positions of a ledger behind, the projection of a stream is near its end."""
STUCK_AFTER = timedelta(seconds=30)
"""With entries waiting and no progress for this long, the monitor is not ready."""


class Watch:
    """Ends the process when its reading is over: FastStream would let it live on, healthy to the eye and deaf."""

    def __init__(
        self,
        redis: Redis,
        readers: Readers,
        *,
        projector: Projector,
        settle: Callable[[Mapping[str, Promise]], Awaitable[None]],
        ending: Ending,
        clock: Clock,
    ) -> None:
        self._redis, self._readers, self._projector = redis, readers, projector
        self._ending, self._clock, self._settle = ending, clock, settle
        self._promised: Mapping[str, Promise] = {}
        self._heads: dict[Stream, int] | None = None
        self._seen: dict[Stream, int] = {}
        self._log = get_logger()
        self._stopping = asyncio.Event()
        self.last_run = clock()
        """When the projection last moved, or last was seen to have nothing to do."""

    async def run(self) -> None:
        """Look every second, until `stop`."""
        while not self._stopping.is_set():
            await self.tick()
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._stopping.wait()

    def stop(self) -> None:
        """Look no more. To cancel a look would leave a connection to Redis half used, and Redis may swallow it."""
        self._stopping.set()

    async def tick(self) -> None:
        """Look once: at the readers, at Redis, at the progress."""
        if dead := self._readers.dead():
            self._ending.fail(ReaderEnded(f"nobody reads {', '.join(stream.name for stream in dead)} any more"))
        positions = dict(self._projector.positions)
        try:
            self._heads = await self._announce(positions)
        except RedisError as error:
            # The readers wait for Redis by themselves; until it answers nobody knows how far behind we are.
            if self._heads is not None:
                self._log.warning("redis_unreachable", error=type(error).__name__)
            self._heads = None
        else:
            await self._take_promises()
        # Without an answer nothing was seen: figures that may be old must not look fresh while Redis is away.
        idle = self._heads is not None and not self._behind(positions)
        if positions != self._seen or idle:
            self._seen = positions
            self.last_run = self._clock()

    def lag(self, entries: Mapping[str, int]) -> dict[str, int]:
        """By service how many published facts are not projected, given how many are; empty while Redis does not answer.

        Positions of a service have no gap, so the highest one published is also the number of its facts.
        """
        if self._heads is None:
            return {}
        published: dict[str, int] = {}
        for stream, head in self._heads.items():
            published[stream.service] = max(published.get(stream.service, 0), head)
        return {service: max(0, head - entries.get(service, 0)) for service, head in published.items()}

    def halted(self) -> dict[str, int]:
        """By service how many of its streams stand still before a fact of an unknown type."""
        counts = dict.fromkeys(sorted({stream.service for stream in self._projector.positions}), 0)
        for stream in self._projector.halted:
            counts[stream.service] += 1
        return counts

    def near(self) -> bool:
        """Whether nearly everything that is published is projected: what follows from less the rest may undo."""
        seen = self._projector.positions
        return self._heads is not None and all(
            head - seen.get(stream, 0) <= NEAR_POSITIONS for stream, head in self._heads.items()
        )

    def complaints(self) -> list[str]:
        """Why the projection is not ready: it ended, a stream is halted, Redis is away, or facts wait and it stands."""
        found = [] if self._ending.error is None else ["The projection has ended."]
        found += [
            f"{stream.name} stands still before position {unknown.position}: this version does not know {unknown.type}."
            for stream, unknown in sorted(self._projector.halted.items())
        ]
        if self._heads is None:
            found.append("Redis does not answer.")
        elif self._behind(self._seen) and self._clock() - self.last_run > STUCK_AFTER:
            found.append(f"Facts wait, and none was projected for {STUCK_AFTER.seconds} seconds.")
        return found

    async def _take_promises(self) -> None:
        """Hand on what the ledgers settled, when they said something new; what fails is tried at the next look."""
        services = sorted({stream.service for stream in self._projector.positions})
        try:
            said = await self._redis.mget([settled_name(service) for service in services])
            promises = zip(services, map(_promise, cast("list[bytes | None]", said)), strict=True)
            promised = {service: promise for service, promise in promises if promise is not None}
            if promised != self._promised:
                await self._settle(promised)
                self._promised = promised
        except CheckpointLost as error:
            self._ending.fail(error)
        except (RedisError, SQLAlchemyError) as error:
            self._log.warning("not_settled", error=type(error).__name__)

    def _behind(self, positions: Mapping[Stream, int]) -> bool:
        return any(head > positions.get(stream, 0) for stream, head in (self._heads or {}).items())

    async def _announce(self, positions: Mapping[Stream, int]) -> dict[Stream, int]:
        """Tell trimming where we durably are, again and again because Redis may forget; learn where the streams end."""
        streams: Sequence[Stream] = sorted(positions)
        async with self._redis.pipeline(transaction=False) as pipeline:
            for stream in streams:
                pipeline.hset(checkpoints_name(stream.service, stream.partition), CONSUMER, str(positions[stream]))
                pipeline.xrevrange(stream.name, count=1)
            answers = await pipeline.execute()
        return {stream: _position(newest) for stream, newest in zip(streams, answers[1::2], strict=True)}


def _promise(said: bytes | None) -> Promise | None:
    """What a ledger settled, or None where it says nothing that can be read."""
    position, _, moment_us = (said or b"").partition(b" ")
    return (int(position), int(moment_us)) if position.isdigit() and moment_us.isdigit() else None


def _position(newest: Sequence[tuple[bytes, object]]) -> int:
    return int(newest[0][0].partition(b"-")[0]) if newest else 0
