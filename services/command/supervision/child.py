"""One supervised process: started, watched, restarted with back-off, and stopped."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from services.command.failures import Failed
from services.command.supervision import tether
from shared.logs import get_logger

RESTART_PAUSE_S_MIN = 0.2
RESTART_PAUSE_S_MAX = 10.0
STEADY_S = 30.0
"""A process that ran this long is well again: its next restart is a quick one."""
STOP_S_MAX = 15.0
"""How long a process may take to drain before it is killed."""
LOG_BYTES_MAX = 16 * 1024 * 1024
"""A log larger than this is set aside when its process starts; one older log is kept."""

NOTICE_S = 60.0
"""Who takes longer than this to be ready is told of, again and again: else a long start looks like one that hangs."""

_READY_PAUSE_S = 0.02


async def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Program:
    """What to run."""

    name: str
    arguments: Sequence[str]
    """The program by its full path, and its arguments."""
    log: Path
    """Where its output goes."""
    lacks: Callable[[], Awaitable[str | None]] = _nothing
    """What keeps it from its work, as a sentence; None when it does it. Never raises."""
    orphaned: signal.Signals = signal.SIGTERM
    """What it is sent when this process ends without stopping it."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to the environment of this process."""
    descriptors: tuple[int, ...] = ()
    """Open files it inherits."""


class Child:
    """A program that is kept running. Create, start and stop it in the event loop of the main thread."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.restarts = 0
        self._log = get_logger().bind(child=program.name)
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process now running, or None between two."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self, *, within_s: float) -> None:
        """Start it and wait until it is ready.

        Raises Failed when it ends before that, or takes longer than `within_s` seconds: what fails at first would fail
        again, so it is not retried. From then on it is restarted whenever it ends.
        """
        self._process = await spawn(self.program)
        clock = asyncio.get_running_loop().time
        lacking: str | None = "It does not answer."
        noticed = clock()
        try:
            async with asyncio.timeout(within_s):
                while (lacking := await self.program.lacks()) is not None:
                    self._require_alive(self._process)
                    if clock() - noticed > NOTICE_S:
                        noticed = clock()
                        self._log.info("child_not_ready_yet", lacks=lacking, log=str(self.program.log))
                    await asyncio.sleep(_READY_PAUSE_S)
        except TimeoutError as error:
            raise Failed(
                f"{self.program.name} was not ready within {within_s:.0f} seconds: {lacking} See {self.program.log}"
            ) from error
        self._keeper = asyncio.create_task(self._keep(self._process), name=f"keep {self.program.name}")

    async def stop(self) -> None:
        """End it: SIGTERM, and SIGKILL when it has not drained within STOP_S_MAX seconds."""
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        process = self._process
        if process is None or process.returncode is not None:
            return
        _send(process, signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_S_MAX):
                await process.wait()
        except TimeoutError:
            self._log.error("child_killed", after_s=STOP_S_MAX)
            _send(process, signal.SIGKILL)
            await process.wait()

    async def _keep(self, process: asyncio.subprocess.Process) -> None:
        clock = asyncio.get_running_loop().time
        pause_s = RESTART_PAUSE_S_MIN
        while True:
            started = clock()
            code = await process.wait()
            pause_s = RESTART_PAUSE_S_MIN if clock() - started > STEADY_S else pause_s
            self.restarts += 1
            self._log.error("child_restarting", code=code, pause_s=pause_s, restarts=self.restarts)
            process, pause_s = await self._next(pause_s)

    async def _next(self, pause_s: float) -> tuple[asyncio.subprocess.Process, float]:
        """Start it again after a pause, as often as it takes to get a process; and the pause before the next time."""
        while True:
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, RESTART_PAUSE_S_MAX)
            try:
                self._process = await spawn(self.program)
            except OSError as error:  # No memory, say, for which the one before may have been ended.
                self._log.error("child_not_started", error=str(error), pause_s=pause_s)
            else:
                return self._process, pause_s

    def _require_alive(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            name, code = self.program.name, process.returncode
            raise Failed(f"{name} ended at its start (exit code {code}): {self._last_words()}")

    def _last_words(self) -> str:
        with self.program.log.open("rb") as log:
            log.seek(max(0, self.program.log.stat().st_size - 4096))
            lines = log.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), f"see {self.program.log}")


async def spawn(program: Program) -> asyncio.subprocess.Process:
    """Start it once; it ends with this process at the latest."""
    tethered = (sys.executable, "-I", "-S", tether.__file__, str(os.getpid()), str(int(program.orphaned)))
    _set_aside_when_large(program.log)
    with program.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *tethered,
            *program.arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Its own session: Ctrl-C in the terminal reaches only this process, which stops them in order.
            start_new_session=True,
            env={**os.environ, **program.environment},
            pass_fds=program.descriptors,
        )


def _set_aside_when_large(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
        log.replace(log.with_suffix(".old.log"))


def _send(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # It ended by itself in the meantime.
        process.send_signal(number)
