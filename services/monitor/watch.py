"""Watches the projection: how far behind it is, whether it moves, and whether a reader died."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast

from redis.exceptions import AuthenticationError, ResponseError
from sqlalchemy.exc import SQLAlchemyError

from services.monitor.ending import Ending
from services.monitor.looking import Looking
from services.monitor.projector.entries import Stream
from services.monitor.projector.marks import Promise
from services.monitor.projector.projection import CheckpointLost
from services.monitor.readers import ReaderEnded, Readers
from services.monitor.standing import Standing
from shared.clock import Clock
from shared.logs import get_logger
from shared.redis_servers import REDIS_ERRORS, Client
from shared.streams import checkpoints_name, settled_name

CONSUMER = "monitor"
"""Our name among the registered consumers of the streams; trimming stays behind what we announce."""

NEAR_POSITIONS = 200
"""So many positions of a ledger behind, the projection of a stream is near its end."""
STUCK_AFTER = timedelta(seconds=30)
"""With entries waiting and no progress for this long, the monitor is not ready."""


class Watch(Looking):
    """Ends the process when its reading is over: FastStream would let it live on, healthy to the eye and deaf."""

    def __init__(
        self,
        redis: Client,
        readers: Readers,
        *,
        standing: Standing,
        settle: Callable[[Mapping[str, Promise]], Awaitable[None]],
        ending: Ending,
        clock: Clock,
    ) -> None:
        super().__init__(ending)
        self._redis, self._readers, self._standing = redis, readers, standing
        self._clock, self._settle = clock, settle
        self._promised: Mapping[str, Promise] = {}
        self._heads: dict[Stream, int] | None = None
        self._refused: str | None = None
        """What Redis says where it answers and does not do what it is asked: its memory is full, it is a replica."""
        self._reachable = True
        self._seen: Mapping[Stream, int] = {}
        self._log = get_logger()
        self._moved_at = {share: clock() for share in standing.shares or [frozenset()]}

    @property
    def last_run(self) -> datetime:
        """When the projection last moved, or was seen to have nothing to do: of the share of which that is longest ago.

        So figures look old also when it is another monitor that stands still, or that is not there.
        """
        return min(self._moved_at.values())

    async def look(self) -> None:
        """Look at the readers, at Redis, at the progress."""
        if dead := self._readers.dead():
            self.ending.fail(ReaderEnded(f"nobody reads {', '.join(stream.name for stream in dead)} any more"))
        positions = await self._positions()
        try:
            self._heads = await self._announce()
        except REDIS_ERRORS as error:
            # The readers wait for Redis by themselves; until it answers nobody knows how far behind we are.
            if self._reachable:
                self._log.warning("redis_unreachable", error=type(error).__name__, reason=str(error))
            self._heads, self._reachable, self._refused = None, False, _refusal(error)
        else:
            if not self._reachable:
                self._log.info("redis_answers_again")
            self._reachable = True
            await self._take_promises()
        for share in self._moved_at:
            moved = any(positions.get(stream) != self._seen.get(stream) for stream in share)
            # Without an answer nothing was seen: figures that may be old must not look fresh while Redis is away.
            idle = self._heads is not None and not self._behind(positions, share)
            if moved or idle:
                self._moved_at[share] = self._clock()
        self._seen = positions

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
        """By service how many of those of its streams that we read stand still before a fact of an unknown type."""
        counts = dict.fromkeys(sorted({stream.service for stream in self._standing.streams}), 0)
        for stream in self._standing.halted:
            counts[stream.service] += 1
        return counts

    def near(self) -> bool:
        """Whether nearly everything that is published is projected: what follows from less the rest may undo."""
        return self._heads is not None and not self.far()

    def far(self) -> bool:
        """Whether much of what is published is not projected yet, as far as anybody knows."""
        seen = {**self._seen, **self._standing.ours}
        heads = self._heads or {}
        return any(head - seen.get(stream, 0) > NEAR_POSITIONS for stream, head in heads.items())

    def flows(self) -> bool:
        """Whether what is published comes into the figures: nothing stands still, here or in another monitor."""
        return not self.complaints() and self._clock() - self.last_run <= STUCK_AFTER

    def complaints(self) -> list[str]:
        """Why our part is not ready: it ended, a stream is halted, Redis is away, or facts wait and it stands."""
        found = [] if self.ending.error is None else ["The projection has ended."]
        found += [
            f"{stream.name} stands still before position {unknown.position}: this version does not know {unknown.type}."
            for stream, unknown in sorted(self._standing.halted.items())
        ]
        if self._heads is None:
            found.append("Redis does not answer." if self._refused is None else f"Redis refuses: {self._refused}.")
        elif self._stuck():
            found.append(f"Facts wait, and none was projected for {STUCK_AFTER.seconds} seconds.")
        return found

    async def _take_promises(self) -> None:
        """Hand on what the ledgers settled, when they said something new; what fails is tried at the next look."""
        services = sorted({stream.service for stream in self._standing.ours})
        try:
            said = [await self._redis.get(settled_name(service)) for service in services]
            promises = zip(services, map(_promise, cast("list[bytes | None]", said)), strict=True)
            promised = {service: promise for service, promise in promises if promise is not None}
            if promised != self._promised:
                await self._settle(promised)
                self._promised = promised
        except CheckpointLost as error:
            self.ending.fail(error)
        except (*REDIS_ERRORS, SQLAlchemyError) as error:
            self._log.warning("not_settled", error=type(error).__name__)

    async def _positions(self) -> Mapping[Stream, int]:
        """Where all streams stand; those of others as they stood before while the database is away."""
        try:
            return await asyncio.to_thread(self._standing.everywhere)
        except SQLAlchemyError as error:
            self._log.warning("others_not_seen", error=type(error).__name__)
            return {**self._seen, **self._standing.ours}

    def _behind(self, positions: Mapping[Stream, int], streams: Collection[Stream]) -> bool:
        heads = self._heads or {}
        return any(heads.get(stream, 0) > positions.get(stream, 0) for stream in streams)

    def _stuck(self) -> bool:
        """Whether facts wait in our streams, and none was projected for too long."""
        ours = self._standing.ours
        moved_at = [at for share, at in self._moved_at.items() if not share.isdisjoint(ours)]
        return self._behind(self._seen, ours) and self._clock() - min(moved_at) > STUCK_AFTER

    async def _announce(self) -> dict[Stream, int]:
        """Tell trimming where we durably are, again and again because Redis may forget; learn where the streams end."""
        ours, streams = dict(self._standing.ours), self._standing.streams
        async with self._redis.pipeline(transaction=False) as pipeline:
            for stream in streams:
                pipeline.xrevrange(stream.name, count=1)
            for stream, position in ours.items():
                pipeline.hset(checkpoints_name(stream.service, stream.partition), CONSUMER, str(position))
            # What Redis refuses is raised as it says it: redis-py would write the command before it.
            answers = await pipeline.execute(raise_on_error=False)
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return {stream: _position(newest) for stream, newest in zip(streams, answers, strict=False)}


def _refusal(error: Exception) -> str | None:
    """What Redis said; None where nothing is heard of it."""
    if not isinstance(error, ResponseError | AuthenticationError):
        return None
    return f"{type(error).__name__}: {error}".rstrip(".")


def _promise(said: bytes | None) -> Promise | None:
    """What a ledger settled, or None where it says nothing that can be read."""
    position, _, moment_us = (said or b"").partition(b" ")
    return (int(position), int(moment_us)) if position.isdigit() and moment_us.isdigit() else None


def _position(newest: Sequence[tuple[bytes, object]]) -> int:
    return int(newest[0][0].partition(b"-")[0]) if newest else 0
