"""Looks again and again until told to stop; what a look cannot bear ends the process, for nobody else would see it."""

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress

from services.monitor.ending import Ending

TICK_SECONDS = 1.0


class Looking(ABC):
    """Something that looks every second. Belongs to one event loop."""

    def __init__(self, ending: Ending) -> None:
        self.ending = ending
        self._stopping = asyncio.Event()

    @abstractmethod
    async def look(self) -> None:
        """Look once; a database or a Redis that is away is no reason to raise, it is looked at again."""

    async def run(self) -> None:
        """Look every second, until `stop`."""
        while not self._stopping.is_set():
            await self.tick()
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._stopping.wait()

    async def tick(self) -> None:
        """Look once. Whatever that raises ends the process, which must not go on as if it had looked."""
        try:
            await self.look()
        except Exception as error:  # noqa: BLE001 - of any kind
            self.ending.fail(error)
            self.stop()

    def stop(self) -> None:
        """Look no more; a look that is under way ends first. To cancel it would leave a connection half used."""
        self._stopping.set()
