"""The one place where the parts of the monitor say that this process must end."""

import asyncio

from shared.logs import get_logger


class Ending:
    """The first error after which this process must not go on; a restart takes up from the checkpoint."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self._log = get_logger()
        self._happened = asyncio.Event()

    def fail(self, error: BaseException) -> None:
        """Note and log it; what fails after the first is its consequence."""
        if self.error is None:
            self.error = error
            self._log.critical("projection_ended", exc_info=error)
            self._happened.set()

    async def wait(self) -> None:
        """Returns when something failed."""
        await self._happened.wait()
