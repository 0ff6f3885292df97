"""A supervised process: what happens when it fails to start, dies, or does not want to end."""

import asyncio
import errno
import os
import signal
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.command.failures import Failed
from services.command.supervision import child as supervision
from services.command.supervision.child import Child, Program
from tests.integration.embedded.processes import lives, until

pytestmark = pytest.mark.anyio


def _steady(folder: Path) -> Program:
    """One that is ready at once and stays."""
    return _program(folder, f"import pathlib, time; pathlib.Path({str(folder)!r}, 'ready').touch(); time.sleep(60)")


def _program(folder: Path, code: str) -> Program:
    """A Python program that is ready when it has made the file `ready`."""

    async def lacks() -> str | None:
        return None if (folder / "ready").exists() else "It made no file."

    return Program("sample", (sys.executable, "-c", code), folder / "sample.log", lacks)


async def test_one_that_ends_at_its_start_is_not_retried_and_its_last_words_are_passed_on(folder: Path) -> None:
    child = Child(_program(folder, "import sys; sys.exit('the ledger has 8 partitions')"))
    with pytest.raises(Failed, match=r"sample ended at its start \(exit code 1\): the ledger has 8 partitions"):
        await child.start(within_s=10)
    assert child.pid is None
    await child.stop()


async def test_one_that_is_never_ready_is_given_up_and_stopped(folder: Path) -> None:
    child = Child(_program(folder, "import time; time.sleep(60)"))
    with pytest.raises(Failed, match=r"sample was not ready within 0 seconds: It made no file\. See .*sample\.log"):
        await child.start(within_s=0.3)
    pid = child.pid
    assert pid is not None
    await child.stop()
    assert not lives(pid)


async def test_one_that_takes_long_is_told_of_meanwhile(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A monitor that folds a country anew takes minutes, and nobody must take it for one that hangs."""
    monkeypatch.setattr(supervision, "NOTICE_S", 0.3)
    code = f"import pathlib, time; time.sleep(1); pathlib.Path({str(folder)!r}, 'ready').touch(); time.sleep(60)"
    child = Child(_program(folder, code))
    with capture_logs() as told:
        await child.start(within_s=10)
    await child.stop()
    said = [one for one in told if one["event"] == "child_not_ready_yet"]
    assert said
    assert {(one["child"], one["lacks"], one["log"]) for one in said} == {
        ("sample", "It made no file.", str(folder / "sample.log"))
    }


async def test_one_that_dies_comes_back(folder: Path) -> None:
    child = Child(
        _program(folder, f"import pathlib, time; pathlib.Path({str(folder)!r}, 'ready').touch(); time.sleep(60)")
    )
    await child.start(within_s=10)
    first = child.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: child.pid not in (None, first), what="a next process")
    assert child.restarts == 1
    second = child.pid
    assert second is not None
    await child.stop()
    assert not lives(second)


async def test_one_that_cannot_be_started_again_at_once_is_tried_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where memory is short a process is ended, and the next one finds none either."""
    tried = []

    async def spawn(program: Program) -> asyncio.subprocess.Process:
        tried.append(program)
        if len(tried) < 3:
            raise OSError(errno.ENOMEM, "Cannot allocate memory")
        return await spawned(program)

    child = Child(_steady(folder))
    await child.start(within_s=10)
    first, spawned = child.pid, supervision.spawn
    assert first is not None
    monkeypatch.setattr(supervision, "RESTART_PAUSE_S_MAX", 0.3)
    monkeypatch.setattr(supervision, "spawn", spawn)
    os.kill(first, signal.SIGKILL)
    await until(lambda: child.pid not in (None, first), what="a next process")
    assert len(tried) == 3
    assert child.restarts == 1
    await child.stop()


async def test_one_that_ignores_the_request_to_end_is_killed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "STOP_S_MAX", 0.2)
    code = f"""
import pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path({str(folder)!r}, 'ready').touch()
time.sleep(60)
"""
    child = Child(_program(folder, code))
    await child.start(within_s=10)
    pid = child.pid
    assert pid is not None
    await child.stop()
    assert not lives(pid)


async def test_a_large_log_is_set_aside_at_the_next_start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "LOG_BYTES_MAX", 10)
    (folder / "sample.log").write_text("what an earlier process said")
    child = Child(
        _program(folder, f"import pathlib, time; pathlib.Path({str(folder)!r}, 'ready').touch(); time.sleep(60)")
    )
    await child.start(within_s=10)
    await child.stop()
    assert (folder / "sample.old.log").read_text() == "what an earlier process said"
    assert (folder / "sample.log").read_text() == ""
