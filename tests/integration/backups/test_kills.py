"""A backup and a restore, killed before each of their steps on the disk: nothing is half-done, the next is whole."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from services.command.backups.copies import digest
from services.command.backups.making import backup
from services.command.backups.restoring import ASIDE, Erasures, Restored, restore
from services.command.backups.verifying import verified
from services.command.erasing import command
from services.command.failures import Failed
from services.command.supervision.system import claimed
from shared.clock import system_clock
from shared.settings import Settings
from tests.contract.test_erasure import ANNE, BRAM
from tests.flow.test_erasure import files_with

FORKING = get_context("forkserver")
FORKING.set_forkserver_preload([__name__])
STEPS = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "sqlite3.connect"}
"""Besides files that are opened to be written: what Python says it does next, so that the disk is as it was before."""


def _killed_before(step: int, root: Path, name: str, settings: Settings, folder: Path) -> None:
    """In a process of its own: begin, and die before this step in the folder of the test."""
    left = step

    def look(event: str, given: tuple[object, ...]) -> None:
        nonlocal left
        writes = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
        if (event in STEPS or writes) and str(root) in str(given[0]):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)
    {"backup": _backup, "restore": _restore}[name](settings, folder)


def _backup(settings: Settings, folder: Path) -> object:
    return backup(settings, folder, clock=system_clock)


def _restore(settings: Settings, folder: Path) -> Restored:
    return restore(settings, folder, replace=True, erasures=Erasures(), clock=system_clock)


def _killed_everywhere(root: Path, name: str, settings: Settings, folder: Path) -> Iterator[int]:
    """Begin again and again, each time killed a step later, until there is no step left; each kill by its number."""
    step = 0
    while True:
        step += 1
        child = FORKING.Process(target=_killed_before, args=(step, root, name, settings, folder))
        child.start()
        child.join(60)
        assert child.exitcode in (0, -signal.SIGKILL)
        if child.exitcode == 0:
            return
        yield step


def test_a_backup_that_was_killed_is_whole_or_not_there_and_the_next_leaves_nothing_of_it(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "backups" / "today"
    before = {file.name: digest(file) for file in settings.data.iterdir()}
    kills = 0
    for _ in _killed_everywhere(tmp_path, "backup", settings, folder):
        kills += 1
        if folder.exists():
            verified(folder)
            shutil.rmtree(folder)
        assert {file.name: digest(file) for file in settings.data.iterdir()} == before
        assert len(list(folder.parent.glob(".*"))) <= 1
    assert kills > 10
    assert list(folder.parent.iterdir()) == [folder]
    verified(folder)


def test_a_restore_that_was_killed_is_completed_by_the_next_which_still_knows_who_was_erased(
    living: Settings, before: Path, tmp_path: Path
) -> None:
    """The list of erasures is in the ledger that is replaced: wherever that was moved meanwhile, nobody comes back."""
    command.erase(living, ANNE, basis="request", erased_on=date(2026, 3, 1), clock=system_clock, dry_run=False)
    (living.data / "intake.sqlite-wal").touch()
    original = tmp_path / "original"
    shutil.copytree(living.data, original)
    replaced = {file.name: digest(file) for file in original.iterdir()}
    stopped = 0
    for step in _killed_everywhere(living.data, "restore", living, before):
        stopped += _refused_to_start(living)
        done = _restore(living, before)
        assert done.erased == 1, f"killed before step {step}"
        assert not _refused_to_start(living)
        first, *later = sorted(living.data.glob(f"{ASIDE}*"))
        assert {name: digest(first / name) for name in replaced} == replaced
        assert len(later) <= 1
        for aside in (first, *later):
            shutil.rmtree(aside)
        assert files_with(living.data, ANNE) == []
        assert files_with(living.data, BRAM) != []
        shutil.rmtree(living.data)
        shutil.copytree(original, living.data)
    assert stopped > 20


def _refused_to_start(settings: Settings) -> bool:
    with suppress(Failed), claimed(settings):
        return False
    return True
