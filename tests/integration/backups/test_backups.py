"""A backup is whole, private and verified; what is damaged, changed, newer or in the way is refused in one line."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from services.command.backups.copies import digest
from services.command.backups.making import backup
from services.command.backups.manifest import Manifest
from services.command.backups.restoring import Erasures, restore
from services.command.backups.verifying import verified
from services.command.failures import Failed, WrongCall
from services.command.supervision.folder import RESTORING, owned
from services.command.supervision.system import claimed
from shared.clock import system_clock
from shared.settings import Settings
from tests.integration.backups.conftest import FACTS

FILES = {"monitor.sqlite", "access.sqlite", "intake.sqlite", "placement.sqlite", "feed.token", "manifest.json"}

Change = Callable[[dict[str, Any]], object]


def put(source: Path, settings: Settings, *, replace: bool = False) -> Path | None:
    """Restore, and where what was there before is."""
    since = Erasures(nobody=True)
    return restore(settings, source, replace=replace, erasures=since, clock=system_clock).aside


def refused(source: Path, settings: Settings, *, replace: bool = False) -> str:
    """The one line with which a restore is refused; nothing is in its folder then."""
    with pytest.raises(Failed) as found:
        put(source, settings, replace=replace)
    assert "\n" not in str(found.value)
    assert not (settings.data / "intake.sqlite").exists()
    return str(found.value)


def change_manifest(source: Path, change: Change) -> None:
    """Change what a manifest says."""
    file = source / "manifest.json"
    said = json.loads(file.read_text())
    change(said)
    file.write_text(json.dumps(said))


def change_database(source: Path, name: str, statement: str) -> None:
    """Change a file of a backup, and make the manifest agree with its bytes."""
    with closing(sqlite3.connect(source / name)) as database:
        database.execute(statement)
        database.commit()

    def agree(said: dict[str, Any]) -> None:
        for file in said["files"]:
            if file["name"] == name:
                file |= {"sha256": digest(source / name), "bytes": (source / name).stat().st_size}

    change_manifest(source, agree)


def test_it_has_every_file_for_this_user_only(copy: Path) -> None:
    assert {file.name for file in copy.iterdir()} == FILES
    assert {file.stat().st_mode & 0o777 for file in copy.iterdir()} == {0o600}
    assert copy.stat().st_mode & 0o777 == 0o700


def test_its_manifest_says_how_far_the_facts_had_come(copy: Path) -> None:
    said = verified(copy)
    assert {service: (at.ledger, at.projected) for service, at in said.positions.items()} == {
        "intake": (FACTS, 0),
        "placement": (FACTS, 0),
    }
    assert said.size == sum((copy / file.name).stat().st_size for file in said.files)


def test_reading_a_backup_leaves_it_as_it_was(copy: Path) -> None:
    before = {file.name: digest(file) for file in copy.iterdir()}
    verified(copy)
    assert {file.name: digest(file) for file in copy.iterdir()} == before


def test_it_is_restored_to_the_byte_and_private(copy: Path, elsewhere: Settings) -> None:
    assert put(copy, elsewhere) is None
    names = FILES - {"manifest.json"}
    assert {file.name for file in elsewhere.data.iterdir()} == names | {"up.lock"}
    assert {name: digest(elsewhere.data / name) for name in names} == {name: digest(copy / name) for name in names}
    assert {(elsewhere.data / name).stat().st_mode & 0o777 for name in names} == {0o600}


def test_a_backup_of_what_was_restored_says_the_same(copy: Path, elsewhere: Settings, tmp_path: Path) -> None:
    put(copy, elsewhere)

    def facts(made: Manifest) -> object:
        return made.positions, [(file.name, file.steps) for file in made.files]

    assert facts(backup(elsewhere, tmp_path / "again", clock=system_clock)) == facts(verified(copy))


def test_what_was_in_the_folder_is_set_aside_whole_when_asked(copy: Path, settings: Settings) -> None:
    (settings.data / "redis").mkdir()
    (settings.data / "redis" / "appendonly.aof").write_text("ahead")
    (settings.data / "intake.sqlite-wal").write_bytes(b"of the database before")
    aside = put(copy, settings, replace=True)
    assert aside is not None
    assert (aside / "redis" / "appendonly.aof").read_text() == "ahead"
    assert (aside / "intake.sqlite").exists()
    assert {file.name for file in settings.data.iterdir()} == FILES - {"manifest.json"} | {"up.lock", aside.name}


def test_a_folder_with_something_in_it_is_left_alone(copy: Path, elsewhere: Settings) -> None:
    elsewhere.data.mkdir()
    (elsewhere.data / "mine").write_text("kept")
    assert "is not empty" in refused(copy, elsewhere)
    assert (elsewhere.data / "mine").read_text() == "kept"


def test_a_running_installation_is_left_alone(copy: Path, elsewhere: Settings) -> None:
    with owned(elsewhere.data):
        assert "another doorstroom runs on" in refused(copy, elsewhere, replace=True)


def test_nobody_starts_on_a_restore_that_was_interrupted_and_the_next_one_completes_it(
    copy: Path, elsewhere: Settings
) -> None:
    (elsewhere.data / RESTORING).mkdir(parents=True)
    (elsewhere.data / RESTORING / "monitor.sqlite").write_text("half")
    with pytest.raises(Failed, match="was interrupted"), claimed(elsewhere):
        pytest.fail("it was claimed")
    put(copy, elsewhere, replace=True)
    assert not (elsewhere.data / RESTORING).exists()
    assert (elsewhere.data / "intake.sqlite").exists()


@pytest.mark.parametrize("name", sorted(FILES - {"manifest.json"}))
def test_one_other_bit_in_a_file_is_seen(copy: Path, elsewhere: Settings, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    assert f"{name} is damaged" in refused(copy, elsewhere)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_missing_file_is_named(copy: Path, elsewhere: Settings, name: str) -> None:
    (copy / name).unlink()
    assert name in refused(copy, elsewhere)


def test_a_database_that_is_none_is_seen_though_the_manifest_agrees(copy: Path, elsewhere: Settings) -> None:
    (copy / "intake.sqlite").write_bytes(b"no database " * 100)

    def agree(said: dict[str, Any]) -> None:
        for file in said["files"]:
            if file["name"] == "intake.sqlite":
                file |= {"sha256": digest(copy / "intake.sqlite"), "bytes": 1200}

    change_manifest(copy, agree)
    assert "intake.sqlite is damaged" in refused(copy, elsewhere)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda said: said["positions"]["intake"].update(ledger=FACTS + 1), "says other than its files"),
        (lambda said: said["files"][0]["steps"].clear(), "says other than its files"),
        (lambda said: said.pop("positions"), "positions: Field required"),
        (lambda said: said["files"].pop(0), "missing: monitor.sqlite"),
        (lambda said: said["files"][0].update(name="../../etc/passwd"), "files.0.name"),
        (lambda said: said.update(doorstroom="one"), "is no version"),
        (lambda said: said.update(doorstroom="99.0.0"), "was made by doorstroom 99.0.0"),
        (lambda said: said.update(format=2), "was made by doorstroom"),
    ],
    ids=["positions", "steps", "no-positions", "no-monitor", "path", "no-version", "newer-version", "newer-format"],
)
def test_a_manifest_that_is_wrong_or_newer_is_refused(
    copy: Path, elsewhere: Settings, change: Change, complaint: str
) -> None:
    change_manifest(copy, change)
    assert complaint in refused(copy, elsewhere)


@pytest.mark.parametrize("text", ["", "[]", "{", "null"], ids=["empty", "list", "half", "null"])
def test_a_manifest_that_is_none_is_refused(copy: Path, elsewhere: Settings, text: str) -> None:
    (copy / "manifest.json").write_text(text)
    assert "manifest.json" in refused(copy, elsewhere)


def test_a_schema_that_only_a_newer_version_knows_is_refused(copy: Path, elsewhere: Settings) -> None:
    change_database(copy, "access.sqlite", "UPDATE access_version SET version_num = '9999'")
    change_manifest(copy, lambda said: said["files"][1]["steps"].update(access="9999"))
    assert "only a newer doorstroom can read it" in refused(copy, elsewhere)


def test_a_monitor_ahead_of_its_ledger_is_neither_backed_up_nor_restored(
    settings: Settings, elsewhere: Settings, copy: Path, tmp_path: Path
) -> None:
    ahead = f"INSERT INTO checkpoint VALUES ('doorstroom:facts:placement:0', {FACTS + 1}, 1, 0)"
    change_database(copy, "monitor.sqlite", ahead)
    assert "do not belong together" in refused(copy, elsewhere)
    with closing(sqlite3.connect(settings.data / "monitor.sqlite")) as monitor:
        monitor.execute(ahead)
        monitor.commit()
    with pytest.raises(Failed, match="do not belong together"):
        backup(settings, tmp_path / "second", clock=system_clock)
    assert [path.name for path in tmp_path.iterdir() if "second" in path.name] == []


def test_a_backup_wants_a_folder_of_its_own(settings: Settings, copy: Path) -> None:
    with pytest.raises(Failed, match="is there already"):
        backup(settings, copy, clock=system_clock)


def test_a_backup_of_nothing_names_what_is_missing(elsewhere: Settings, tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"there is no .*monitor\.sqlite"):
        backup(elsewhere, tmp_path / "nothing", clock=system_clock)
    assert not (tmp_path / "nothing").exists()


def test_databases_that_are_not_files_are_sent_to_the_page_about_them(tmp_path: Path, copy: Path) -> None:
    outside = Settings(data=tmp_path / "x", monitor_database_url="postgresql://nobody@127.0.0.1/nothing")
    with pytest.raises(Failed, match=r"docs/running\.md"):
        backup(outside, tmp_path / "y", clock=system_clock)
    with pytest.raises(WrongCall, match="DOORSTROOM_MONITOR_DATABASE_URL"):
        put(copy, outside)
