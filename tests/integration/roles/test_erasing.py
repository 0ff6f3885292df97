"""An erasure with databases in PostgreSQL: no byte is left in any file of the server, or it says what is not done."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from services.command.erasing import cleaning, command
from services.command.erasing.searching import files_with
from services.monitor.access.log import Deed, Origin
from services.monitor.access.people import People
from services.monitor.access.reader import Reader
from services.monitor.dossier.rules import Rules
from services.monitor.projector.projection import Projector
from services.monitor.rebuild import rebuild_when_outdated
from shared import scrubbing
from shared.clock import system_clock
from shared.databases import open_engine
from shared.erasure import Seal
from shared.ledger import Ledger
from shared.rejections import forget_rejections
from shared.scrubbing import scrub
from shared.settings import Settings
from tests.contract.drafts import append
from tests.contract.test_erasure import ANNE, BRAM, KEY, erased, started
from tests.integration.monitor.both import Both
from tests.integration.monitor.ledgers import STREAMS, Ledgers, placement
from tests.servers.postgres import LocalPostgres, find_postgres
from tests.servers.roles import SERVICES, databases_with_roles

pytestmark = pytest.mark.postgres

CARL, DIRK, EVA = "carl-0123456789abcdef", "dirk-0123456789abcdef", "eva-0123456789abcdef"
FACTS = 300


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalPostgres, Settings]]:
    """A server of its own as infra/postgres sets it up, with the databases of this version."""
    if find_postgres() is None:
        pytest.skip("no PostgreSQL's server programs")
    with databases_with_roles(tmp_path_factory, erasure_key=KEY) as made:
        yield made


@pytest.fixture
def server(made: tuple[LocalPostgres, Settings]) -> LocalPostgres:
    return made[0]


@pytest.fixture
def settings(made: tuple[LocalPostgres, Settings]) -> Settings:
    return made[1]


def told(settings: Settings, person: str) -> None:
    """Facts in both ledgers, as their services store them, and what the monitor makes of them and notes about them."""
    for service in ("intake", "placement"):
        engine, ledger = opened(settings, service)
        facts = (
            started(person, f"start-{person}-{number}", placement=f"P-{person}-{number}") for number in range(FACTS)
        )
        append(ledger, *facts, started(BRAM, f"{person}-of-another", placement=f"P-{person}"))
        engine.dispose()
    streams = Ledgers()
    for number in range(FACTS):
        streams.tell("placement-started", person, **placement(f"P-{person}-{number}", "2026-01-01"))
    engine = open_engine(settings.database_url("monitor"))
    rebuild_when_outdated(engine, rules=Rules(), progress=lambda done, total: None)
    projector = Projector(engine, rules=Rules(), clock=system_clock, source=streams, seal=Seal(KEY))
    projector.load(STREAMS)
    projector.apply(streams.batches())
    log = People(engine, system_clock, seal=Seal(KEY)).log
    log.note(Reader("Bo", "person"), Deed("case-read", "R", "cases:read"), Origin("", None, "0", "0"), persons=[person])
    engine.dispose()


def opened(settings: Settings, service: str) -> tuple[Engine, Ledger]:
    """The ledger as its service has it, with its own role."""
    engine = open_engine(settings.database_url(service))
    ledger = Ledger(engine, service=service, clock=system_clock, seal=Seal(KEY), naming=(forget_rejections,))
    ledger.create(partitions=settings.partitions)
    return engine, ledger


def on_disk(server: LocalPostgres) -> None:
    """Statistics that quote what is in the tables, and everything in the files."""
    for service in SERVICES:
        with psycopg.connect(server.url(service), autocommit=True) as connection:
            connection.execute("ANALYZE")
            connection.execute("CHECKPOINT")


def found(server: LocalPostgres, word: str) -> list[Path]:
    return list(files_with(server.folder, word))


def test_no_byte_of_any_file_of_the_server_has_who_is_erased(server: LocalPostgres, settings: Settings) -> None:
    told(settings, ANNE)
    on_disk(server)
    kinds = {file.relative_to(server.folder / "data").parts[0] for file in found(server, ANNE)}
    assert {"base", "pg_wal"} <= kinds, "tables and their log had it"
    on = date(2026, 3, 1)
    report = command.erase(settings, ANNE, basis="request", erased_on=on, clock=system_clock, dry_run=False)
    assert (report.left, report.remains.undone) == ({}, (cleaning.NO_REDIS,))
    assert report.listed is not None
    assert report.listed.facts == {"intake": FACTS, "placement": FACTS, "monitor": FACTS}
    assert {name.partition(":")[0] for name in report.found} == {"intake", "placement", "monitor"}, "each once"
    assert not report.listed.cleaned, "for nobody looked at Redis"
    assert found(server, ANNE) == []
    assert found(server, BRAM) != []


def test_nor_after_an_erasure_that_came_to_the_doors_was_finished(server: LocalPostgres, settings: Settings) -> None:
    told(settings, CARL)
    on_disk(server)
    for service in ("intake", "placement"):
        engine, ledger = opened(settings, service)
        append(ledger, erased(CARL, f"erasure-of-carl-{service}"))
        engine.dispose()
    assert found(server, CARL) != [], "rows are gone at once, bytes are not"
    done = command.finish(settings, clock=system_clock)
    assert (done.left, done.remains.undone) == ({}, (cleaning.NO_REDIS,))
    assert found(server, CARL) == []


def test_nor_of_whom_only_facts_about_others_name(server: LocalPostgres, settings: Settings) -> None:
    """Each role of a service does it; nobody is known by name to whoever finishes it."""
    urls = {service: settings.database_url(service) for service in ("intake", "placement")}
    both = Both(urls, seal=Seal(KEY), partitions=settings.partitions, clock=system_clock)
    for service in urls:
        both.tell(*(started(EVA, f"{service}-{at}-{DIRK}", placement=f"P{at}") for at in range(30)), service=service)
    engine = open_engine(settings.database_url("monitor"))
    projector = Projector(engine, rules=Rules(), clock=system_clock, source=both, seal=Seal(KEY))
    projector.load(both.streams)
    projector.apply(both.batches())
    on_disk(server)
    assert found(server, DIRK) != []
    both.erase(DIRK)
    projector.apply(both.batches())
    both.close()
    engine.dispose()
    done = command.finish(settings, clock=system_clock)
    assert (done.left, done.remains.undone) == ({}, (cleaning.NO_REDIS,))
    assert found(server, DIRK) == []
    assert found(server, EVA) != []


def test_what_a_role_may_not_write_anew_is_said(settings: Settings) -> None:
    engine = open_engine(settings.database_url("placement"))
    undone = scrub(engine).undone
    engine.dispose()
    for what in ("fact", "pg_statistic", "CHECKPOINT", "pg_switch_wal"):
        assert any(what in sentence for sentence in undone), what


def test_a_transaction_that_is_older_keeps_rows_and_is_said(
    server: LocalPostgres, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "SECONDS_MAX", 0.2)
    engine = open_engine(settings.owner_url("intake"))
    with psycopg.connect(server.url("monitor")) as older:
        older.execute("SELECT 1")
        assert any("as old as the erasure" in sentence for sentence in scrub(engine).undone)
    assert scrub(engine).undone == []
    engine.dispose()


def test_a_log_whose_files_are_used_again_is_said(server: LocalPostgres, settings: Settings) -> None:
    server.execute("ALTER ROLE intake_owner SET wal_recycle = on")
    engine = open_engine(settings.owner_url("intake"))
    try:
        assert [sentence for sentence in scrub(engine).undone if "wal_recycle" in sentence]
    finally:
        server.execute("ALTER ROLE intake_owner RESET wal_recycle")
        engine.dispose()
