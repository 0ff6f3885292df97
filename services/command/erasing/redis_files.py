"""Makes Redis forget: the streams hold what the ledgers hold, and the files of Redis are written anew."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

from redis.exceptions import ResponseError

from services.command.erasing.stores import Stores
from shared.ledger import Ledger
from shared.redis_servers import Client
from shared.relay.streams import Streams
from shared.streams import stream_name

PAGE_ENTRIES = 1_000
REWRITE_SECONDS_MAX = 60.0
_LOOK_SECONDS = 0.05


async def bury(redis: Client, stores: Stores) -> int:
    """Put the tombstones into the streams; how many entries were still as they had been. Raises REDIS_ERRORS."""
    buried = 0
    for service, ledger in stores.ledgers.items():
        streams = Streams(redis, service=service, partitions=stores.settings.partitions)
        buried += await streams.bury(await asyncio.to_thread(ledger.erased_entries))
    return buried


async def mentions(redis: Client, stores: Stores, word: str) -> dict[str, int]:
    """By stream how many entries have this word. Raises REDIS_ERRORS."""
    found: dict[str, int] = {}
    for service in stores.ledgers:
        for partition in range(stores.settings.partitions):
            name = stream_name(service, partition)
            if entries := await _entries_with(redis, name, word.encode()):
                found[name] = entries
    return found


async def rewrite(redis: Client) -> list[str]:
    """Let Redis write its files anew; what it does not let us do, in sentences. Raises REDIS_ERRORS."""
    try:
        persistence = await redis.info("persistence")
        if persistence.get("aof_enabled"):
            await _begun(redis.bgrewriteaof)
            await _ended(redis, "aof_rewrite_in_progress", "aof_rewrite_scheduled")
        if _has_saved(persistence):
            await _begun(redis.bgsave)
            await _ended(redis, "rdb_bgsave_in_progress")
    except (ResponseError, TimeoutError) as error:
        return [f"Redis did not write its files anew, somebody has to (BGREWRITEAOF, BGSAVE): {error}"]
    return []


def _has_saved(persistence: Mapping[str, object]) -> bool:
    """Whether it keeps snapshots: one may lie there from before."""
    return int(str(persistence.get("rdb_saves", 1))) > 0 or not persistence.get("aof_enabled")


async def _begun(start: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(REWRITE_SECONDS_MAX):
        while True:
            try:
                await start()
            except ResponseError as error:
                if "in progress" not in str(error).lower() and "already" not in str(error).lower():
                    raise
                await asyncio.sleep(_LOOK_SECONDS)  # One that began before does not count: it may have the old text.
            else:
                return


async def _ended(redis: Client, *running: str) -> None:
    async with asyncio.timeout(REWRITE_SECONDS_MAX):
        persistence = await redis.info("persistence")
        while any(persistence.get(name) for name in running):
            await asyncio.sleep(_LOOK_SECONDS)
            persistence = await redis.info("persistence")
    for name in ("aof_last_bgrewrite_status", "rdb_last_bgsave_status"):
        if persistence.get(name) not in (None, "ok"):
            raise ResponseError(f"{name} is {persistence[name]}")


async def _entries_with(redis: Client, name: str, word: bytes) -> int:
    found, after = 0, "-"
    while page := cast("list[tuple[bytes, dict[bytes, bytes]]]", await redis.xrange(name, after, "+", PAGE_ENTRIES)):
        found += sum(word in value for _, fields in page for value in fields.values())
        after = f"({page[-1][0].decode()}"
    return found


async def is_published(redis: Client, service: str, ledger: Ledger) -> bool:
    """Whether the streams of a service have all that its ledger has. Raises REDIS_ERRORS."""
    heads = await asyncio.to_thread(ledger.partition_heads)
    last = await Streams(redis, service=service, partitions=len(heads)).last_ids()
    return all(last[partition] >= head for partition, head in enumerate(heads))
