"""Takes a share of the streams when one is free, reads it, and ends the process when it is lost."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import OperationalError

from services.monitor.ending import Ending
from services.monitor.looking import Looking
from services.monitor.shares import Share, Shares
from shared.logs import get_logger

EVERYTHING = Share(0, 1)

_log = get_logger()


class Sharing(Looking):
    """A monitor without a share stands by: it answers, and is there when another ends. Belongs to one event loop."""

    def __init__(self, shares: Shares | None, *, begin: Callable[[Share], Awaitable[None]], ending: Ending) -> None:
        """Without `shares` this is the one monitor, which reads everything and holds nothing."""
        super().__init__(ending)
        self._shares, self._begin = shares, begin
        self._ours: Share | None = None

    def leads(self) -> bool:
        """Whether this process does what only one of them does: it has the first share."""
        return self._ours is not None and self._ours.number == 0

    async def start(self) -> None:
        """Begin to read everything, or the share that is free; raises what that raises."""
        if self._shares is None:
            await self._take(EVERYTHING)
        else:
            await self._hold_or_take(self._shares)

    async def look(self) -> None:
        """Take what is free, or see that ours still is ours. A database that is away is tried again."""
        if self._shares is None:
            return
        try:
            await self._hold_or_take(self._shares)
        except OperationalError as error:
            _log.warning("share_not_seen", error=type(error).__name__)

    async def _hold_or_take(self, shares: Shares) -> None:
        if self._ours is not None:
            await asyncio.to_thread(shares.hold)
        elif (free := await asyncio.to_thread(shares.take)) is not None:
            await self._take(free)
            _log.info("share_taken", share=free.number, of=free.of)

    async def _take(self, share: Share) -> None:
        await self._begin(share)
        self._ours = share

    async def close(self) -> None:
        """Let go of the share; what was read of it is projected by now."""
        if self._shares is not None:
            await asyncio.to_thread(self._shares.close)
