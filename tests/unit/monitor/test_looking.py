"""What looks every second stops when it is told to, and ends the process when a look fails."""

import asyncio

import pytest

from services.monitor.ending import Ending
from services.monitor.looking import Looking


class Eyes(Looking):
    """Sees nothing so often, and then something that it cannot bear."""

    def __init__(self, ending: Ending, *, bears: int) -> None:
        super().__init__(ending)
        self.looks, self._bears = 0, bears
        self.looked = asyncio.Event()

    async def look(self) -> None:
        self.looks += 1
        self.looked.set()
        if self.looks > self._bears:
            raise ZeroDivisionError


@pytest.mark.anyio
async def test_a_look_that_fails_ends_the_process_and_is_the_last() -> None:
    ending = Ending()
    eyes = Eyes(ending, bears=0)
    async with asyncio.timeout(10):
        await eyes.run()
    assert isinstance(ending.error, ZeroDivisionError)
    assert eyes.looks == 1


@pytest.mark.anyio
async def test_it_ends_when_it_is_told_to_without_another_look() -> None:
    ending = Ending()
    eyes = Eyes(ending, bears=1)
    running = asyncio.create_task(eyes.run())
    async with asyncio.timeout(10):
        await eyes.looked.wait()
        eyes.stop()
        await running
    assert (eyes.looks, ending.error) == (1, None)
