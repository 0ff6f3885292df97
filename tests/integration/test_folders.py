"""Commands on a folder where nothing is, or that a newer version left: one line, and nothing made or changed."""

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.command.cli import app
from services.command.failures import Failed
from services.command.migrating import bring, require_readable
from services.command.rebuilding import read_again
from shared.clock import system_clock
from shared.migrations import SchemaAhead
from shared.settings import Settings

NEEDS_AN_INSTALLATION = (
    ("access-log",),
    ("access-log", "--verify"),
    ("account", "list"),
    ("account", "remove", "jansen"),
    ("publisher", "list"),
    ("publisher", "rotate", "ecd"),
    ("publisher", "revoke", "ecd"),
    ("release",),
    ("parked", "list"),
    ("export", "log"),
    ("digest",),
    ("erasures",),
)


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that a version with one more step of everything left."""
    folder = tmp_path_factory.mktemp("newer")
    settings = Settings(data=folder)
    for service in ("intake", "placement", "monitor"):
        bring(settings, service, settings.owner_url, clock=system_clock)
    for name, chain in (
        ("intake", "ledger"),
        ("placement", "publishers"),
        ("monitor", "monitor"),
        ("access", "access"),
    ):
        database = sqlite3.connect(folder / f"{name}.sqlite")
        with database:
            database.execute(f"UPDATE {chain}_version SET version_num = '9999'")
        database.close()
    return folder


def refused(*arguments: str, data: Path) -> str:
    """The one line with which a command fails."""
    done = CliRunner().invoke(app, [*arguments, "--data", str(data)])
    assert isinstance(done.exception, Failed), done.output
    assert done.stdout == ""
    return str(done.exception)


@pytest.mark.parametrize("arguments", NEEDS_AN_INSTALLATION, ids=" ".join)
def test_where_nothing_is_nothing_is_told_and_nothing_is_made(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    folder = tmp_path / "elsewhere"
    line = refused(*arguments, data=folder)
    assert line.startswith("there is no ")
    assert line.endswith(f" in {folder}; choose its folder with --data")
    assert not folder.exists()


def test_where_nothing_is_there_are_no_ledgers_to_read_again(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="there is no monitor in "):
        read_again(Settings(data=tmp_path / "elsewhere"), clock=system_clock, as_json=False)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("arguments", [*NEEDS_AN_INSTALLATION, ("publisher", "add", "ecd")], ids=" ".join)
def test_what_a_newer_version_left_is_said_in_one_line(newer: Path, arguments: tuple[str, ...]) -> None:
    line = refused(*arguments, data=newer)
    assert "is not at this version: it has the step 9999 of " in line
    assert line.endswith("only a newer doorstroom can read it; start that one, or restore a backup from before it")


@pytest.mark.parametrize("service", ["intake", "placement", "monitor"])
def test_a_service_looks_before_it_starts(newer: Path, service: str) -> None:
    with pytest.raises(SchemaAhead, match="it has the step 9999 of "):
        require_readable(Settings(data=newer), service)


@pytest.mark.parametrize("service", ["intake", "placement", "monitor"])
def test_a_service_starts_where_nothing_is_and_on_what_this_version_left(tmp_path: Path, service: str) -> None:
    settings = Settings(data=tmp_path)
    require_readable(settings, service)
    bring(settings, service, settings.owner_url, clock=system_clock)
    require_readable(settings, service)


@pytest.mark.parametrize("arguments", [("access-log", "--verify"), ("parked", "list")], ids=" ".join)
def test_a_file_that_is_no_database_is_said_in_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    for name in ("access", "monitor"):
        (tmp_path / f"{name}.sqlite").write_text("this was a database once, before somebody wrote this over it")
    assert "cannot be used: file is not a database" in refused(*arguments, data=tmp_path)
