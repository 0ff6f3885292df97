"""A proxy in front of PostgreSQL that can cut a connection at COMMIT: before it arrives, or before its answer does."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Literal

COMMIT = b"COMMIT\x00"
LAST_TURNS = 10
"""Of the event loop: who was accepted in the last of them begins in the next, and is closed in the one after."""
Cut = Literal["before", "after"]


class Proxy:
    """Forwards one port of this machine to another, in a thread of its own."""

    def __init__(self, port: int) -> None:
        self._upstream = port
        self._armed: Cut | None = None
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._started.wait(10)
        self.cuts = 0

    def arm(self, cut: Cut) -> None:
        """Cut the connection of the next COMMIT."""
        self._armed = cut

    def disarm(self) -> None:
        """Let everything pass."""
        self._armed = None

    def close(self) -> None:
        """End it and every connection through it."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port: int = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._end.wait()
        server.close()
        for _ in range(LAST_TURNS):
            others = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.sleep(0)  # Whoever is cancelled before it begins closes nothing.
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            upstream = await asyncio.open_connection("127.0.0.1", self._upstream)
            await self._forward(reader, writer, *upstream)
        writer.close()

    async def _forward(
        self,
        client: asyncio.StreamReader,
        to_client: asyncio.StreamWriter,
        server: asyncio.StreamReader,
        to_server: asyncio.StreamWriter,
    ) -> None:
        deaf = False

        def asked(data: bytes) -> bool:
            """Whether these bytes may pass to the server."""
            nonlocal deaf
            if self._armed is None or COMMIT not in data:
                return True
            cut, self._armed = self._armed, None
            self.cuts += 1
            deaf = cut == "after"
            return deaf

        there = asyncio.create_task(_pump(client, to_server, passes=asked))
        back = asyncio.create_task(_pump(server, to_client, passes=lambda _data: not deaf))
        try:
            await asyncio.wait([there, back], return_when=asyncio.FIRST_COMPLETED)
        finally:
            there.cancel()
            back.cancel()
            to_server.close()
            await asyncio.gather(there, back, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, passes: Callable[[bytes], bool]) -> None:
    """Forward until the end, or until something may not pass."""
    while data := await reader.read(65_536):
        if not passes(data):
            return
        writer.write(data)
        await writer.drain()
