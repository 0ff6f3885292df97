"""A backup that is older than an erasure does not bring the person back, wherever it is restored."""

import json
import resource
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from services.command.backups.making import backup
from services.command.backups.restoring import Erasures, Restored, restore
from services.command.erasing import command
from services.command.failures import Failed, WrongCall
from services.command.supervision.folder import RESTORING
from shared.clock import system_clock
from shared.settings import Settings
from tests.contract.test_erasure import ANNE, BRAM
from tests.flow.test_erasure import files_with

NOTHING = Erasures()


def erase(settings: Settings) -> command.Report:
    return command.erase(settings, ANNE, basis="request", erased_on=date(2026, 3, 1), clock=system_clock, dry_run=False)


def put(source: Path, settings: Settings, *, replace: bool = False, erasures: Erasures = NOTHING) -> Restored:
    return restore(settings, source, replace=replace, erasures=erasures, clock=system_clock)


def test_it_applies_what_the_folder_that_it_replaces_knows(living: Settings, before: Path) -> None:
    assert erase(living).left == {}
    assert files_with(before, ANNE) != []
    done = put(before, living, replace=True)
    assert done.erased == 1
    assert done.aside is not None
    shutil.rmtree(done.aside)
    assert files_with(living.data, ANNE) == []
    assert files_with(living.data, BRAM) != []
    (one,) = command.on_record(living, clock=system_clock)
    assert one.facts == {"intake": 0, "placement": 1, "monitor": 0}


def test_elsewhere_it_applies_a_list_and_is_refused_without_one(
    living: Settings, before: Path, elsewhere: Settings, tmp_path: Path
) -> None:
    erase(living)
    command.write(living, tmp_path / "erased.json", clock=system_clock)
    assert ANNE not in (tmp_path / "erased.json").read_text()
    with pytest.raises(Failed, match="would come back"):
        put(before, elsewhere)
    assert not (elsewhere.data / "placement.sqlite").exists()
    assert put(before, elsewhere, erasures=Erasures(tmp_path / "erased.json")).erased == 1
    assert files_with(elsewhere.data, ANNE) == []


def test_a_list_of_another_installation_is_refused(
    living: Settings, before: Path, elsewhere: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "erased.json"
    file.write_text(json.dumps({"proof": "0" * 32, "erasures": []}))
    with pytest.raises(Failed, match="another erasure key"):
        put(before, elsewhere, erasures=Erasures(file))
    file.write_text("{}")
    with pytest.raises(WrongCall, match="no list of erasures"):
        put(before, elsewhere, erasures=Erasures(file))


def test_a_backup_from_after_the_erasure_needs_nothing_more(
    living: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    erase(living)
    backup(living, tmp_path / "after", clock=system_clock)
    assert files_with(tmp_path / "after", ANNE) == []
    assert put(tmp_path / "after", elsewhere, erasures=Erasures(nobody=True)).erased == 1
    assert files_with(elsewhere.data, ANNE) == []


def test_who_was_set_aside_is_found_by_the_search_until_somebody_removes_it(living: Settings, before: Path) -> None:
    aside = put(before, living, replace=True).aside
    report = erase(living)
    assert report.left
    assert not report.done
    assert all(str(aside) in place for place in report.left)
    assert not command.on_record(living, clock=system_clock)[0].cleaned
    assert aside is not None
    finished = command.finish(living, clock=system_clock)  # Nobody is known by name any more.
    assert [(one.cleaned, one.searched) for one in finished.erasures] == [(True, False)]
    assert not erase(living).done
    shutil.rmtree(aside)
    assert erase(living).done
    (one,) = command.on_record(living, clock=system_clock)
    assert (one.cleaned, one.searched) == (True, True)


def damage(settings: Settings, service: str) -> None:
    """Nothing of the ledger can be read any more."""
    (settings.data / f"{service}.sqlite").write_bytes(b"no database " * 1000)


def test_a_damaged_ledger_is_replaced_when_a_list_is_given(living: Settings, before: Path, tmp_path: Path) -> None:
    erase(living)
    command.write(living, tmp_path / "erased.json", clock=system_clock)
    damage(living, "intake")
    with pytest.raises(Failed, match=r"would come back, and .*intake\.sqlite does not say who that was.*--erasures"):
        put(before, living, replace=True)
    done = put(before, living, replace=True, erasures=Erasures(tmp_path / "erased.json"))
    assert (done.erased, [file.name for file in done.unread]) == (1, ["intake.sqlite"])
    assert done.aside is not None
    shutil.rmtree(done.aside)
    assert files_with(living.data, ANNE) == []


def test_what_the_other_ledger_knows_is_applied_also_when_nobody_else_was_erased(
    living: Settings, before: Path
) -> None:
    erase(living)
    damage(living, "intake")
    done = put(before, living, replace=True, erasures=Erasures(nobody=True))
    assert done.erased == 1


def test_a_folder_that_lost_one_ledger_does_not_know_who_was_erased(living: Settings, before: Path) -> None:
    erase(living)
    (living.data / "placement.sqlite").unlink()
    with pytest.raises(Failed, match=r"placement\.sqlite does not say who that was"):
        put(before, living, replace=True)
    assert (living.data / "intake.sqlite").exists()


def names_in(folder: Path) -> set[str]:
    """What is in a folder, but for what SQLite puts beside a file while somebody reads it."""
    return {path.name for path in folder.iterdir() if not path.name.endswith(("-wal", "-shm"))}


@contextmanager
def small_disk(bytes_max: int) -> Iterator[None]:
    """No file can become larger than this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("interrupted", [False, True], ids=["whole", "interrupted-before"])
def test_a_restore_that_fails_leaves_a_folder_as_it_was(living: Settings, before: Path, interrupted: bool) -> None:
    erase(living)
    names = names_in(living.data) | {"up.lock"}
    if interrupted:
        (living.data / RESTORING).mkdir()
    with small_disk(60_000), pytest.raises(Failed, match="could not be restored"):
        put(before, living, replace=True)
    assert names_in(living.data) == names
    assert put(before, living, replace=True).erased == 1


def test_a_restore_that_cannot_take_somebody_out_leaves_a_folder_as_it_was(living: Settings, before: Path) -> None:
    erase(living)
    names = names_in(living.data) | {"up.lock"}
    size = max(path.stat().st_size for path in before.iterdir())
    with small_disk(size + 4096), pytest.raises(Failed):
        put(before, living, replace=True)
    assert names_in(living.data) == names
    assert put(before, living, replace=True).erased == 1
