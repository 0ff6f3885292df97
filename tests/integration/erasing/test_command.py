"""What an erasure does where a store is away, busy or not its own: nothing is taken for done that was not."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from services.command.cli import app
from services.command.erasing import command
from services.command.erasing.searching import files_with
from services.command.erasure_key import KEY, kept_key, with_key
from services.command.failures import Failed
from services.command.migrating import migrate
from services.command.supervision.folder import locked
from services.monitor.dossier.rules import Rules
from services.monitor.projector.projection import Projector
from services.monitor.rebuild import rebuild_when_outdated
from shared.clock import system_clock
from shared.databases import open_engine, sqlite_url
from shared.erasure import Seal
from shared.ledger import Ledger
from shared.settings import Settings
from tests.contract.drafts import append
from tests.contract.test_erasure import ANNE, BRAM, erased, started
from tests.flow.processes import folder
from tests.integration.monitor.both import Both
from tests.servers.waiting import free_port


@pytest.fixture
def settings() -> Iterator[Settings]:
    """An installation that nobody has started yet, in a folder with a short path."""
    with folder() as path:
        chosen = Settings(data=path)
        for service in ("intake", "placement", "monitor"):
            migrate(chosen, service, clock=system_clock)
        yield chosen


def told(settings: Settings, *people: str) -> None:
    """Facts about these in a ledger."""
    engine = open_engine(settings.database_url("placement"))
    ledger = Ledger(engine, service="placement", clock=system_clock, seal=Seal(kept_key(settings.data)))
    ledger.create(partitions=settings.partitions)
    append(ledger, *(started(person, f"start-{person}") for person in people))
    engine.dispose()


def erase(settings: Settings, *, dry_run: bool = False) -> command.Report:
    on = date(2026, 3, 1)
    return command.erase(settings, ANNE, basis="request", erased_on=on, clock=system_clock, dry_run=dry_run)


def in_redis(settings: Settings) -> Path:
    """A file as the embedded Redis leaves them."""
    file = settings.redis_socket.parent / "appendonlydir" / "appendonly.aof.1.incr.aof"
    file.parent.mkdir(parents=True)
    file.write_text(ANNE)
    return file


@contextmanager
def answering_nothing(address: Path) -> Iterator[None]:
    """Somebody who listens there and hangs up."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(address))
        server.listen()

        def hang_up() -> None:
            while True:
                connection, _ = server.accept()
                said = connection.recv(1)
                connection.close()
                if said == b"!":
                    return

        thread = Thread(target=hang_up)
        thread.start()
        try:
            yield
        finally:
            with socket.socket(socket.AF_UNIX) as last:
                last.connect(str(address))
                last.sendall(b"!")
            thread.join()


def test_only_to_look_makes_no_key(settings: Settings) -> None:
    assert erase(settings, dry_run=True).found == {}
    assert command.on_record(settings, clock=system_clock) == []
    assert command.finish(settings, clock=system_clock).done
    with pytest.raises(Failed, match="there is no erasure key"):
        command.write(settings, settings.data / "list.json", clock=system_clock)
    assert not (settings.data / KEY).exists()
    erase(settings)
    assert (settings.data / KEY).stat().st_mode & 0o777 == 0o600


def test_services_in_one_folder_have_one_key_and_one_elsewhere_is_told_its_own(settings: Settings) -> None:
    keys = {with_key(settings, service).erasure_key for service in ("intake", "placement", "monitor")}
    assert keys == {kept_key(settings.data)}
    assert [path.name for path in settings.data.iterdir() if KEY in path.name] == [KEY]
    elsewhere = settings.model_copy(update={"intake_database_url": "postgresql://nobody@127.0.0.1/nothing"})
    assert with_key(elsewhere, "intake").erasure_key is None
    given = settings.model_copy(update={"erasure_key": "k" * 32})
    assert with_key(given, "intake").erasure_key == "k" * 32


def test_a_redis_that_does_not_answer_keeps_its_files_and_the_erasure_is_not_done(settings: Settings) -> None:
    told(settings, ANNE)
    file = in_redis(settings)
    with answering_nothing(settings.redis_socket), pytest.raises(Failed, match="Redis does not answer"):
        erase(settings)
    assert file.exists()
    assert [one.cleaned for one in command.on_record(settings, clock=system_clock)] in ([], [False])


def test_a_redis_that_starts_keeps_its_files(settings: Settings) -> None:
    told(settings, ANNE)
    file = in_redis(settings)
    with locked(settings.redis_socket.parent / "owner.lock", wait_s=0), pytest.raises(Failed, match="starts or stops"):
        erase(settings)
    assert file.exists()


def test_a_socket_that_a_killed_redis_left_is_no_redis(settings: Settings) -> None:
    told(settings, ANNE, BRAM)
    in_redis(settings)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(settings.redis_socket))
    report = erase(settings)
    assert (report.left, report.done) == ({}, True)
    assert list(files_with(settings.data, ANNE)) == []
    assert list(files_with(settings.data, BRAM)) != []


def test_a_database_that_is_away_is_said_in_one_line_without_its_password(settings: Settings) -> None:
    url = f"postgresql://nobody:s3cret@127.0.0.1:{free_port()}/nothing"
    away = settings.model_copy(update={"placement_database_url": url, "erasure_key": "k" * 32})
    with pytest.raises(Failed, match="the database of placement does not answer: ") as said:
        erase(away)
    assert "\n" not in str(said.value)
    assert "s3cret" not in str(said.value)


def test_a_database_that_is_locked_all_the_time_is_said_in_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.databases.BUSY_TIMEOUT_MS", 10)
    told(settings, ANNE)
    held = open_engine(settings.database_url("monitor"))
    with held.begin(), pytest.raises(Failed, match="database is locked"):
        erase(settings)
    held.dispose()


def test_a_database_that_is_read_all_the_time_is_said_in_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(settings, ANNE)
    monkeypatch.setattr("shared.scrubbing.ATTEMPTS_MAX", 2)
    monkeypatch.setattr("shared.databases.BUSY_TIMEOUT_MS", 10)
    reader = sqlite3.connect(settings.data / "monitor.sqlite")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM fact").fetchall()
    with pytest.raises(Failed, match="a database is in use all the time"):
        erase(settings)
    reader.close()
    assert erase(settings).done


def test_the_files_of_a_database_elsewhere_are_searched_too(settings: Settings, tmp_path: Path) -> None:
    told(settings, ANNE)
    moved = Path((settings.data / "placement.sqlite").rename(tmp_path / "placement.sqlite"))
    chosen = settings.model_copy(
        update={"placement_database_url": sqlite_url(moved), "erasure_key": kept_key(settings.data)}
    )
    assert str(moved) in erase(chosen, dry_run=True).found
    (tmp_path / "placement.sqlite-old").write_text(ANNE)
    assert set(erase(chosen).left) == {str(tmp_path / "placement.sqlite-old")}


def test_who_is_not_known_by_name_any_more_is_not_taken_for_searched(settings: Settings) -> None:
    told(settings, ANNE)
    seal = Seal(kept_key(settings.data))
    engine = open_engine(settings.database_url("placement"))
    ledger = Ledger(engine, service="placement", clock=system_clock, seal=seal)
    append(ledger, erased(ANNE))
    engine.dispose()
    done = command.finish(settings, clock=system_clock)
    assert done.done
    assert [(one.cleaned, one.searched) for one in done.erasures] == [(True, False)]
    erase(settings)
    done = command.finish(settings, clock=system_clock)
    assert [(one.cleaned, one.searched) for one in done.erasures] == [(True, True)]


def test_whom_only_facts_about_others_name_is_in_no_byte_once_the_doors_said_it_and_it_is_finished(
    settings: Settings,
) -> None:
    """The command knows nobody by name then: the ledgers took the name out, and told the monitor where."""
    urls = {service: settings.database_url(service) for service in ("intake", "placement")}
    seal = Seal(kept_key(settings.data))
    both = Both(urls, seal=seal, partitions=settings.partitions, clock=system_clock)
    for service in urls:
        both.tell(*(started(BRAM, f"{service}-{at}-{ANNE}", placement=f"P{at}") for at in range(30)), service=service)
    monitor = open_engine(settings.database_url("monitor"))
    rebuild_when_outdated(monitor, rules=Rules(), progress=lambda done, total: None)
    projector = Projector(monitor, rules=Rules(), clock=system_clock, source=both, seal=seal)
    projector.load(both.streams)
    projector.apply(both.batches())
    in_files = {file.name.partition(".")[0] for file in files_with(settings.data, ANNE)}
    assert in_files == {"intake", "placement", "monitor"}
    both.erase(ANNE)
    projector.apply(both.batches())
    both.close()
    monitor.dispose()
    done = command.finish(settings, clock=system_clock)
    assert (done.left, done.done) == ({}, True)
    assert list(files_with(settings.data, ANNE)) == []
    assert list(files_with(settings.data, BRAM)) != []


def said(settings: Settings, *arguments: str) -> tuple[int, str]:
    """What the command prints, and how it ends."""
    chosen = ["--data", str(settings.data)]
    done = CliRunner().invoke(app, [*arguments, *chosen], input=f"{ANNE}\n", env={"COLUMNS": "300"})
    return done.exit_code, done.output


def test_the_command_says_what_is_left_what_is_known_and_where_nobody_looked(settings: Settings) -> None:
    told(settings, ANNE)
    kept = settings.data / "by-hand.txt"
    kept.write_text(ANNE)
    code, printed = said(settings, "erase", "-", "--dry-run")
    assert (code, "Found in placement: table fact (1)" in printed) == (0, True)
    code, printed = said(settings, "erase", "-")
    assert (code, f"STILL in {kept} (1)" in printed, "Not searched: backups." in printed) == (1, True, True)
    assert "to finish: doorstroom erase --finish" in said(settings, "erasures")[1]
    kept.unlink()
    code, printed = said(settings, "erase", "--finish")
    assert (code, "1 of them nobody has looked for: `doorstroom erase -`" in printed) == (0, True)
    assert "done, not searched" in said(settings, "erasures")[1]
    code, printed = said(settings, "erase", "-")
    assert (code, "STILL" in printed) == (0, False)
    code, printed = said(settings, "erasures")
    assert (code, "done" in printed, "not searched" in printed, ANNE in printed) == (0, True, False, False)
