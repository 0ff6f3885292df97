"""A data folder as the services make it, with a few facts, and a backup of it."""

import shutil
from pathlib import Path

import pytest

from services.command.backups.making import backup
from services.command.erasure_key import kept_key
from services.command.feed_token import kept_token
from services.monitor.access.schema import upgrade as upgrade_access
from services.monitor.schema import upgrade as upgrade_monitor
from shared.clock import system_clock
from shared.databases import open_engine
from shared.erasure import Seal
from shared.ledger import Ledger
from shared.publishers.registry import Registry
from shared.rejections import Rejections
from shared.settings import Settings
from tests.contract.drafts import a_draft, append
from tests.contract.test_erasure import ANNE, BRAM, started

FACTS = 3


@pytest.fixture(scope="session")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an installation that was stopped; each test has a copy of its own."""
    chosen = Settings(data=tmp_path_factory.mktemp("stopped"))
    for service in ("intake", "placement", "monitor"):
        engine = open_engine(chosen.database_url(service))
        Registry(engine, system_clock).create()
        if service == "monitor":
            upgrade_monitor(engine)
        else:
            ledger = Ledger(engine, service=service, clock=system_clock)
            ledger.create(partitions=4)
            append(ledger, *map(a_draft, range(1, FACTS + 1)))
        engine.dispose()
    access = open_engine(chosen.database_url("access"))
    upgrade_access(access)
    access.dispose()
    kept_token(chosen.data)
    return chosen.data


@pytest.fixture
def settings(stopped: Path, tmp_path: Path) -> Settings:
    """An installation that was stopped."""
    return Settings(data=Path(shutil.copytree(stopped, tmp_path / "var")))


@pytest.fixture
def copy(settings: Settings, tmp_path: Path) -> Path:
    """A backup of it."""
    folder = tmp_path / "backup"
    backup(settings, folder, clock=system_clock)
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    """Where nothing is yet."""
    return Settings(data=tmp_path / "elsewhere")


@pytest.fixture
def living(settings: Settings) -> Settings:
    """An installation that was stopped, with facts about two persons."""
    engine = open_engine(settings.database_url("placement"))
    Rejections(engine, system_clock).create()
    ledger = Ledger(engine, service="placement", clock=system_clock, seal=Seal(kept_key(settings.data)))
    ledger.create(partitions=4)
    append(ledger, started(ANNE, f"start-{ANNE}"), started(BRAM, "b1", placement="P2"))
    engine.dispose()
    return settings


@pytest.fixture
def before(living: Settings, tmp_path: Path) -> Path:
    """A backup from before the erasure."""
    folder = tmp_path / "before"
    backup(living, folder, clock=system_clock)
    return folder
