"""`doorstroom parked`: what the monitor could not take, and taking it again."""

from services.command import reports
from services.command.erasure_key import erasure_key_of
from services.command.rebuilding import monitor_database
from services.monitor.app import rules_of
from services.monitor.replay import Replay, waiting
from shared.clock import Clock
from shared.erasure import seal_of
from shared.settings import Settings


def show(settings: Settings, *, as_json: bool) -> None:
    """Print what waits. Raises Failed when there is no database."""
    with monitor_database(settings) as engine, engine.begin() as connection:
        reports.waiting(waiting(connection), as_json=as_json)


def replay(settings: Settings, *, clock: Clock, as_json: bool) -> int:
    """Take everything again and print what became of it; how many facts still wait. Raises Failed."""
    with monitor_database(settings) as engine:
        answer = Replay(
            engine, rules=rules_of(settings), clock=clock, seal=seal_of(erasure_key_of(settings))
        ).everything()
    reports.replayed(answer, as_json=as_json)
    return answer.still
