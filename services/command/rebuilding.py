"""`doorstroom rebuild`: every figure of the monitor made anew, with a bar that shows how far it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from services.command import reports
from services.command.failures import Failed
from services.monitor.app import rules_of
from services.monitor.rebuild import rebuild as make_anew
from services.monitor.schema import upgrade
from shared.databases import open_engine
from shared.settings import Settings


@contextmanager
def monitor_database(settings: Settings) -> Iterator[Engine]:
    """The monitor's database, at the schema of this version. Raises Failed when there is none."""
    if settings.monitor_database_url is None and not (settings.data / "monitor.sqlite").exists():
        raise Failed(f"there is no monitor in {settings.data}; choose its folder with --data")
    engine = open_engine(settings.database_url("monitor"), durable=False)
    upgrade(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def rebuild(settings: Settings, *, as_json: bool) -> None:
    """Fold every person anew and print how many there are. Raises Failed when there is no database."""
    with monitor_database(settings) as engine, reports.progress_bar("persons") as bar:
        task = bar.add_task("rebuild", total=None)
        persons = make_anew(
            engine, rules=rules_of(settings), progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    if as_json:
        reports.as_line({"persons": persons})
    else:
        reports.say(f"{persons:,} persons folded anew")
