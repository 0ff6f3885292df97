"""Writes every file of every store anew after an erasure, so that the bytes are gone and not only the rows."""

import asyncio
import shutil
import socket
from collections.abc import Mapping

from services.command.erasing import redis_files
from services.command.erasing.stores import Stores
from services.command.failures import Failed
from services.command.supervision.folder import locked
from shared.redis_servers import REDIS_ERRORS, Client, client, parsed
from shared.scrubbing import NotWritten, Remains, StillRead, scrub

PUBLISHED_SECONDS_MAX = 10.0
"""How long the relays get to publish what the ledgers have; one that is stopped publishes it after its start."""
NO_REDIS = (
    "Redis was not looked at: set DOORSTROOM_REDIS_URL here too, or let it write its files anew with BGREWRITEAOF"
)
_LOOK_SECONDS = 0.05


def clean(stores: Stores) -> Remains:
    """Clean the streams and the databases; what remains to be done. Raises Failed."""
    return _together(clean_redis(stores), clean_databases(stores))


def clean_databases(stores: Stores) -> Remains:
    """Write the files of the databases anew; what remains to be done. Raises Failed."""
    remains = Remains()
    for engine in stores.databases.values():
        try:
            remains = _together(remains, scrub(engine))
        except StillRead as error:
            raise Failed(f"a database is in use all the time; call doorstroom erase again: {error}") from error
        except NotWritten as error:
            raise Failed(f"a database could not be written anew; call doorstroom erase again: {error}") from error
    return remains


def clean_redis(stores: Stores) -> Remains:
    """The streams and files of Redis. The embedded one, when it does not run, is emptied: relays fill it again."""
    if not _listens(stores):
        _empty_embedded(stores)
        return Remains() if _all_here(stores) else Remains(undone=(NO_REDIS,))
    try:
        return asyncio.run(_with_redis(stores))
    except (*REDIS_ERRORS, OSError) as error:
        raise Failed(f"Redis does not answer; call doorstroom erase again when it does: {error}") from error


def stream_mentions(stores: Stores, word: str) -> Mapping[str, int]:
    """By stream how many entries have this word; nothing where no Redis runs. Raises Failed."""
    if not _listens(stores):
        return {}

    async def ask() -> Mapping[str, int]:
        async with client(stores.settings.redis_address()) as redis:
            return await redis_files.mentions(redis, stores, word)

    try:
        return asyncio.run(ask())
    except (*REDIS_ERRORS, OSError) as error:
        raise Failed(f"Redis does not answer: {error}") from error


async def _with_redis(stores: Stores) -> Remains:
    async with client(stores.settings.redis_address()) as redis:
        await redis_files.bury(redis, stores)
        await _published(redis, stores)
        await redis_files.bury(redis, stores)
        kind = parsed(stores.settings.redis_address()).kind
        if kind == "cluster":
            return Remains(
                outside=("Redis is a cluster: let each node write its files anew, with BGREWRITEAOF and BGSAVE",)
            )
        replicas = ["let each replica of Redis write its files anew, with BGREWRITEAOF and BGSAVE"]
        return Remains(await redis_files.rewrite(redis), replicas if kind == "sentinel" else [])


async def _published(redis: Client, stores: Stores) -> None:
    """Wait, for a while, until a relay that had read a fact before it was erased has published it and more."""
    end = asyncio.get_running_loop().time() + PUBLISHED_SECONDS_MAX
    while asyncio.get_running_loop().time() < end:
        if all([await redis_files.is_published(redis, service, ledger) for service, ledger in stores.ledgers.items()]):
            return
        await asyncio.sleep(_LOOK_SECONDS)


def _listens(stores: Stores) -> bool:
    """Whether there is a Redis to ask: one that is set, or the embedded one while it runs. Raises Failed."""
    if stores.settings.redis_url is not None:
        return True
    address = stores.settings.redis_socket
    if not address.is_socket():
        return False
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(address))
        except (FileNotFoundError, ConnectionRefusedError):
            return False  # Of one that was killed the socket stays.
        except OSError as error:
            raise Failed(f"whether Redis runs cannot be seen: {error}; call doorstroom erase again") from error
    return True


def _all_here(stores: Stores) -> bool:
    """Whether the databases are in the data folder, where the only Redis there can be is the embedded one."""
    return all(engine.dialect.name == "sqlite" for engine in stores.engines.values())


def _empty_embedded(stores: Stores) -> None:
    """Remove the files of an embedded Redis that does not run; none can start meanwhile. Raises Failed."""
    folder = stores.settings.redis_socket.parent
    if not folder.exists():
        return
    with locked(folder / "owner.lock", wait_s=0) as lock:
        if lock is None or _listens(stores):
            raise Failed("Redis starts or stops just now; call doorstroom erase again")
        for path in folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != "owner.lock":
                path.unlink()


def _together(first: Remains, second: Remains) -> Remains:
    """Both, each sentence once."""
    return Remains(
        tuple(dict.fromkeys((*first.undone, *second.undone))), tuple(dict.fromkeys((*first.outside, *second.outside)))
    )
