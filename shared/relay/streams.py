"""The streams of one service, as the relay sees them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.ledger import Entry
from shared.redis_servers import REDIS_ERRORS, Client
from shared.relay.script import BURY, PUBLISH
from shared.streams import FIELD, checkpoints_name, settled_name, stream_name

TRIM_MARGIN_POSITIONS = 10_000
"""Positions kept behind the slowest consumer, so that one that lost a little of its own state needs no feed."""


BURIED_MAX = 1_000
"""Erased entries that one call of the script is told of."""


class Streams:
    """The streams of one service's facts. Every method raises REDIS_ERRORS."""

    def __init__(self, redis: Client, *, service: str, partitions: int, script: str = PUBLISH) -> None:
        self._redis = redis
        self._service = service
        self._partitions = range(partitions)
        self._script = script

    def name(self, partition: int) -> str:
        """The stream of this partition."""
        return stream_name(self._service, partition)

    async def last_ids(self) -> dict[int, int]:
        """The last id that each stream ever had, 0 for one that never had any."""
        return await self.add(dict.fromkeys(self._partitions, ()))

    async def add(self, entries: Mapping[int, Iterable[Entry]]) -> dict[int, int]:
        """Add entries, in order, to the streams of their partitions; answers the last id of each of those streams.

        Less than the last position given means that there is a hole before one of them.
        """
        async with self._redis.pipeline(transaction=False) as pipeline:
            for partition, those in entries.items():
                pipeline.eval(self._script, 1, self.name(partition), *_arguments(those))
            answers = await pipeline.execute(raise_on_error=False)
        for answer in answers:
            if isinstance(answer, REDIS_ERRORS):
                raise answer
        return dict(zip(entries, answers, strict=True))

    async def event(self, partition: int, position: int) -> str | None:
        """The event of the entry of this position, while the stream has it; others may have come after it."""
        found = await self._redis.xrange(self.name(partition), f"{position}-0", f"{position}-0")
        return _event(found[0][1]) if found else None

    async def bury(self, erased: Sequence[Entry]) -> int:
        """Put what stands in the ledger in the place of these entries; how many stood there as they were.

        A stream that has one is written anew, because a deleted entry stays in the memory and files of Redis until
        its whole block goes. What was trimmed, or is of another ledger, is left alone.
        """
        parts: dict[int, list[Entry]] = {}
        for entry in erased:
            parts.setdefault(entry.partition, []).append(entry)
        buried = 0
        for partition, those in sorted(parts.items()):
            name = self.name(partition)
            beside = f"{name}:anew" if "{" in name else f"{{{name}}}:anew"  # In one slot of a cluster.
            for start in range(0, len(those), BURIED_MAX):
                told = [(one.position, one.event_json()) for one in those[start : start + BURIED_MAX]]
                arguments = [value for one in told for value in one]
                buried += int(await self._redis.eval(BURY, 2, name, beside, *arguments))
        return buried

    async def settle(self, position: int, moment_us: int) -> None:
        """Let everyone know that what follows this position is accepted after this moment."""
        await self._redis.set(settled_name(self._service), f"{position} {moment_us}")

    async def trim(self, published: Mapping[int, int]) -> None:
        """Remove what every registered consumer has durably, but for a margin; nothing where nobody is registered."""
        for partition in self._partitions:
            checkpoints = await self._redis.hvals(checkpoints_name(self._service, partition))
            # After a flush a consumer is ahead of the stream that is being filled again.
            least = min(published.get(partition, 0), _least(checkpoints)) - TRIM_MARGIN_POSITIONS
            if least > 0:
                await self._redis.xtrim(self.name(partition), minid=f"{least}-0", approximate=True)


def _arguments(entries: Iterable[Entry]) -> Sequence[str | int]:
    return [value for entry in entries for value in (entry.position, entry.prev, entry.event_json())]


def _event(fields: Mapping[Any, Any] | None) -> str | None:
    # The keys are text or bytes, as the client was told.
    fields = fields or {}
    value = fields.get(FIELD.encode(), fields.get(FIELD))
    return value.decode() if isinstance(value, bytes) else value


def _least(checkpoints: Iterable[bytes | str]) -> int:
    """The least of these positions; 0 when one cannot be read, because then nobody knows what its consumer has."""
    try:
        return min(map(int, checkpoints), default=0)
    except ValueError:
        return 0
