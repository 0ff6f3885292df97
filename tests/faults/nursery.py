"""Forks the services from one process that has imported them: real processes, started in a tenth of the time.

A sweep kills and starts services thousands of times, and most of a start is importing. Run as a module it reads one
order a line and answers with the process it started; when its input ends it ends what it started.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from services.command.feed_token import admit
from services.intake.app import create_app as create_intake
from services.monitor.app import run as run_monitor
from services.placement.app import create_app as create_placement
from shared.clock import Clock, system_clock
from shared.logs import configure_logging
from shared.service import run
from shared.settings import Settings
from tests.faults.unsafe import take_away

PROJECT = Path(__file__).parents[2]


class Nursery:
    """The other end of such a process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=PROJECT,
            text=True,
        )

    def start(self, service: str, settings: Mapping[str, Any], *, log: Path, offset: Path, without: str | None) -> int:
        """Start a service; gives its process. Its clock is off by the seconds that the file `offset` says."""
        order = {"service": service, "settings": settings, "log": str(log), "offset": str(offset), "without": without}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    @property
    def pid(self) -> int:
        """The parent of every process that it started; whoever has another parent is a stranger with an old number."""
        return self._process.pid

    def close(self) -> None:
        """End every process that it started, and itself."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        assert self._process.stdout is not None
        self._process.stdout.close()


def jumping_clock(offset: Path) -> Clock:
    """The time of this machine, off by what the file says now."""

    def clock() -> datetime:
        return system_clock() + timedelta(seconds=float(offset.read_text()))

    return clock


def serve(order: Mapping[str, Any]) -> None:
    """As `doorstroom serve` does, with a clock that may jump and, in a revert test, without one of the safeguards."""
    settings, clock, service = Settings(**order["settings"]), jumping_clock(Path(order["offset"])), order["service"]
    configure_logging(service, json=True)
    take_away(order["without"])
    if service == "monitor":
        sys.exit(run_monitor(settings, clock))
    admit(settings, service, clock=clock)
    create = create_intake if service == "intake" else create_placement
    run(create(settings, clock), service, settings)


def parent_of(pid: int) -> int | None:
    """The parent of a process that runs; None when it has ended."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if said[0] == "Z" else int(said[1])


def _child(order: Mapping[str, Any]) -> None:
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        null = os.open(os.devnull, os.O_RDONLY)
        for number, file in ((0, null), (1, log), (2, log)):
            os.dup2(file, number)
        serve(order)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - the process ends here; its log says why
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Take orders until there are no more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody waits for a child; the kernel forgets it at once.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    started = []
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _child(order)
        started.append(pid)
        print(pid, flush=True)
    for pid in started:
        with suppress(ProcessLookupError):
            if parent_of(pid) == os.getpid():
                os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
