"""An erasure that is killed on its way, and completed by the next one."""

import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.flow.processes import DOORSTROOM, command, up
from tests.flow.publishing import Publisher, started
from tests.flow.test_erasure import ANNE, figures, files_with, installed, machtiging, projected, told_of_others
from tests.servers.waiting import wait_until


def test_an_erasure_that_is_killed_in_a_ledger_is_completed_by_the_next_one(data: Path) -> None:
    with installed(data) as (_, publisher):
        alone = _told_of_both(publisher)
        _killed_when(_in_one_ledger, data)
        _completed(data)
        projected(publisher)
        assert figures(publisher) == alone


def test_one_that_is_killed_in_the_monitor_is_completed_as_well(data: Path) -> None:
    """While nothing runs: a running monitor would have taken the erasure from the stream by itself."""
    with installed(data) as (system, publisher):
        alone = _told_of_both(publisher)
        assert system.stop() == 0
        assert not _in_the_monitor(data)
        _killed_when(_in_the_monitor, data)
        _completed(data)
        with up(data, system.ports) as again:
            again.wait_until_ready()
            projected(publisher)
            assert figures(publisher) == alone


def _told_of_both(publisher: Publisher) -> Mapping[str, float]:
    alone = told_of_others(publisher)
    publisher.send(machtiging(ANNE, f"M-{ANNE}"), to="intake")
    publisher.send(started(ANNE, f"P-{ANNE}", on="2023-03-02"))
    projected(publisher)
    return alone


def _completed(data: Path) -> None:
    said = json.loads(command("erase", "--finish", "--json", data=data).stdout)
    assert [one["cleaned"] for one in said["erasures"]] == [True]
    assert files_with(data, ANNE) == []


def _in_one_ledger(data: Path) -> bool:
    return _rows(data / "intake.sqlite", "SELECT count(*) FROM erasure") == 1


def _in_the_monitor(data: Path) -> bool:
    return _rows(data / "monitor.sqlite", "SELECT count(*) FROM erased") == 1


def _rows(file: Path, query: str) -> int:
    database = sqlite3.connect(file, timeout=10)
    try:
        return int(database.execute(query).fetchone()[0])
    finally:
        database.close()


def _killed_when(reached: Callable[[Path], bool], data: Path) -> None:
    """Begin to erase, and kill it when it got there; it may have come further, but not to its end."""
    with _read_without_a_pause(data / "intake.sqlite"):
        process = subprocess.Popen(
            [*DOORSTROOM, "erase", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "DOORSTROOM_DATA": str(data)},
        )
        try:
            assert process.stdin is not None
            process.stdin.write(f"{ANNE}\n")
            process.stdin.close()
            wait_until(lambda: reached(data) or process.poll() is not None, what="it got there", seconds_max=60)
            assert process.poll() is None, "it ended by itself"
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=20)
    assert process.returncode == -signal.SIGKILL


@contextmanager
def _read_without_a_pause(file: Path) -> Iterator[None]:
    """As long as somebody reads from a database its files are not clean, so that an erasure does not end."""
    database = sqlite3.connect(file, isolation_level=None)
    try:
        database.execute("BEGIN")
        database.execute("SELECT count(*) FROM erasure")
        yield
    finally:
        database.close()
