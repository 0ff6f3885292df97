"""Writes every file of every store anew after an erasure, so that the bytes are gone and not only the rows."""

import asyncio
import shutil
from collections.abc import Mapping

from sqlalchemy.exc import OperationalError

from services.command.erasing import redis_files
from services.command.erasing.stores import Stores
from services.command.failures import Failed
from services.command.supervision.folder import owned
from shared.redis_servers import REDIS_ERRORS, Client, client, parsed
from shared.scrubbing import StillRead, scrub

PUBLISHED_SECONDS_MAX = 10.0
"""How long the relays get to publish what the ledgers have; one that is stopped publishes it after its start."""
NO_REDIS = (
    "Redis was not looked at: set DOORSTROOM_REDIS_URL here too, or let it write its files anew with BGREWRITEAOF"
)
_LOOK_SECONDS = 0.05


def clean(stores: Stores) -> list[str]:
    """Clean the streams and the databases; what somebody else has to do, in sentences. Raises Failed."""
    return list(dict.fromkeys([*clean_redis(stores), *clean_databases(stores)]))


def clean_databases(stores: Stores) -> list[str]:
    """Write the files of the databases anew; what somebody else has to do, in sentences. Raises Failed."""
    left: list[str] = []
    for engine in {str(engine.url): engine for engine in stores.engines.values()}.values():
        try:
            left += scrub(engine)
        except (StillRead, OperationalError) as error:
            raise Failed(f"a database is in use all the time; call doorstroom erase again: {error}") from error
    return left


def clean_redis(stores: Stores) -> list[str]:
    """The streams and files of Redis. The embedded one, when it does not run, is emptied: relays fill it again."""
    settings = stores.settings
    if settings.redis_url is None and not settings.redis_socket.is_socket():
        _empty_embedded(stores)
        return [] if _all_here(stores) else [NO_REDIS]
    try:
        return asyncio.run(_with_redis(stores))
    except (*REDIS_ERRORS, OSError) as error:
        if settings.redis_url is None:
            _empty_embedded(stores)  # A socket that a killed Redis left behind.
            return []
        raise Failed(f"Redis does not answer; call doorstroom erase again when it does: {error}") from error


def stream_mentions(stores: Stores, word: str) -> Mapping[str, int]:
    """By stream how many entries have this word; nothing where no Redis runs."""
    settings = stores.settings
    if settings.redis_url is None and not settings.redis_socket.is_socket():
        return {}

    async def ask() -> Mapping[str, int]:
        async with client(settings.redis_address()) as redis:
            return await redis_files.mentions(redis, stores, word)

    try:
        return asyncio.run(ask())
    except (*REDIS_ERRORS, OSError) as error:
        if settings.redis_url is None:
            return {}
        raise Failed(f"Redis does not answer: {error}") from error


async def _with_redis(stores: Stores) -> list[str]:
    async with client(stores.settings.redis_address()) as redis:
        await redis_files.bury(redis, stores)
        await _published(redis, stores)
        await redis_files.bury(redis, stores)
        kind = parsed(stores.settings.redis_address()).kind
        if kind == "cluster":
            return ["Redis is a cluster: let each node write its files anew, with BGREWRITEAOF and BGSAVE"]
        replicas = ["let each replica of Redis write its files anew, with BGREWRITEAOF and BGSAVE"]
        return [*await redis_files.rewrite(redis), *(replicas if kind == "sentinel" else [])]


async def _published(redis: Client, stores: Stores) -> None:
    """Wait, for a while, until a relay that had read a fact before it was erased has published it and more."""
    end = asyncio.get_running_loop().time() + PUBLISHED_SECONDS_MAX
    while asyncio.get_running_loop().time() < end:
        if all([await redis_files.is_published(redis, service, ledger) for service, ledger in stores.ledgers.items()]):
            return
        await asyncio.sleep(_LOOK_SECONDS)


def _all_here(stores: Stores) -> bool:
    """Whether the databases are in the data folder, where the only Redis there can be is the embedded one."""
    return all(engine.dialect.name == "sqlite" for engine in stores.engines.values())


def _empty_embedded(stores: Stores) -> None:
    folder = stores.settings.redis_socket.parent
    if not folder.exists():
        return
    with owned(stores.settings.data):
        for path in folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != "owner.lock":
                path.unlink()
