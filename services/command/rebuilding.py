"""`doorstroom rebuild`: every figure of the monitor made anew, with a bar that shows how far it is."""

from services.command import reports
from services.command.failures import Failed
from services.monitor.app import rules_of
from services.monitor.rebuild import rebuild as make_anew
from services.monitor.schema import upgrade
from shared.databases import open_engine
from shared.settings import Settings


def rebuild(settings: Settings, *, as_json: bool) -> None:
    """Fold every person anew and print how many there are. Raises Failed when there is no database."""
    if settings.monitor_database_url is None and not (settings.data / "monitor.sqlite").exists():
        raise Failed(f"there is no monitor in {settings.data}; choose its folder with --data")
    engine = open_engine(settings.database_url("monitor"), durable=False)
    upgrade(engine)
    with reports.progress_bar("persons") as bar:
        task = bar.add_task("rebuild", total=None)
        persons = make_anew(
            engine, rules=rules_of(settings), progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    engine.dispose()
    if as_json:
        reports.as_line({"persons": persons})
    else:
        reports.say(f"{persons:,} persons folded anew")
