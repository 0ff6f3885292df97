"""A backup in which somebody is named only inside what is said of others brings the name back nowhere."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services.command.backups.making import backup
from services.command.backups.restoring import Erasures, restore
from services.command.erasing import command
from services.command.erasure_key import kept_key
from services.command.migrating import migrate
from services.monitor.dossier.rules import Rules
from services.monitor.projector.projection import Projector
from services.monitor.rebuild import rebuild_when_outdated
from shared.clock import system_clock
from shared.databases import open_engine
from shared.erasure import Seal
from shared.rejections import Rejection, Rejections
from shared.settings import Settings
from tests.contract.test_erasure import ANNE, AUTHORITY, BRAM, event, started
from tests.flow.test_erasure import files_with
from tests.integration.backups.test_erasures import erase
from tests.integration.monitor.both import Both

STORES = {"intake.sqlite", "placement.sqlite", "monitor.sqlite"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation that nobody has started yet."""
    chosen = Settings(data=tmp_path / "var")
    chosen.data.mkdir()
    for service in ("intake", "placement", "monitor"):
        migrate(chosen, service, clock=system_clock)
    return chosen


def in_keys(both: Both, _: Settings) -> None:
    """In the key of a placement, of a record, and in an id."""
    for service in both.ledgers:
        both.tell(
            started(BRAM, "b1", placement=f"P-{ANNE}"), started(BRAM, "b2", record=f"R-{ANNE}.2"), service=service
        )
    both.tell(started(BRAM, f"b3/{ANNE}", placement="P3"))


def in_a_merge(both: Both, _: Settings) -> None:
    """As another pseudonym of somebody."""
    for service in both.ledgers:
        merge = event("pseudonyms-merged", BRAM, "m1", {"other": ANNE}, source=AUTHORITY)
        both.tell(merge, started(BRAM, "b1"), service=service)


def in_refusals(both: Both, settings: Settings) -> None:
    """In the id of what was refused at one door, and in why it was at the other; in a key where all else has it."""
    for service, id_ in (("intake", f"X-{ANNE}"), ("placement", "x")):
        engine = open_engine(settings.database_url(service))
        why = [{"pointer": f"/data/{ANNE}", "code": "extra", "detail": "nobody knows this"}]
        refusals = Rejections(engine, system_clock)
        refusals.create()
        refusals.write([Rejection("hospital", None, id_, None, "invalid", "it is not", why)], tally={"rejected": 1})
        engine.dispose()
    both.tell(started(BRAM, f"b1.{ANNE}"))


@pytest.mark.parametrize("told", [in_keys, in_a_merge, in_refusals])
@pytest.mark.parametrize("by", ["the folder that it replaces", "a list"])
def test_whom_only_what_is_said_of_others_names_does_not_come_back_with_a_backup(
    settings: Settings, elsewhere: Settings, tmp_path: Path, told: Callable[[Both, Settings], None], by: str
) -> None:
    both = Both(
        {service: settings.database_url(service) for service in ("intake", "placement")},
        seal=Seal(kept_key(settings.data)),
        partitions=settings.partitions,
        clock=system_clock,
    )
    told(both, settings)
    projected(settings, both)
    both.close()
    before = tmp_path / "before"
    backup(settings, before, clock=system_clock)
    assert {Path(file).name for file in files_with(before, ANNE)} == STORES, "the search finds her there"
    assert erase(settings).done

    if by == "a list":
        command.write(settings, tmp_path / "erased.json", clock=system_clock)
        chosen, said = elsewhere, Erasures(tmp_path / "erased.json")
        restore(chosen, before, replace=False, erasures=said, clock=system_clock)
    else:
        chosen = settings
        aside = restore(chosen, before, replace=True, erasures=Erasures(), clock=system_clock).aside
        assert aside is not None
        shutil.rmtree(aside)

    assert files_with(chosen.data, ANNE) == []
    assert files_with(chosen.data, BRAM) != []


def projected(settings: Settings, both: Both) -> None:
    """The monitor has it too."""
    monitor = open_engine(settings.database_url("monitor"))
    rebuild_when_outdated(monitor, rules=Rules(), progress=lambda done, total: None)
    projector = Projector(monitor, rules=Rules(), clock=system_clock, source=both, seal=Seal(kept_key(settings.data)))
    projector.load(both.streams)
    projector.apply(both.batches())
    monitor.dispose()
