"""A data folder as the services make it, with a few facts, and a backup of it."""

import shutil
from pathlib import Path

import pytest

from services.command.backups.making import backup
from services.command.feed_token import kept_token
from services.monitor.access.schema import upgrade as upgrade_access
from services.monitor.schema import upgrade as upgrade_monitor
from shared.clock import system_clock
from shared.databases import open_engine
from shared.ledger import Ledger
from shared.publishers.registry import Registry
from shared.settings import Settings
from tests.contract.drafts import a_draft, append

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
