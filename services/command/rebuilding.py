"""`doorstroom rebuild`: every figure of the monitor made anew, with a bar that shows how far it is."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from httpx2 import HTTPError
from sqlalchemy import Engine

from services.command import reports
from services.command.collecting import collect_rarely
from services.command.erasure_key import erasure_key_of
from services.command.failures import Failed
from services.command.feed_token import kept_token
from services.command.migrating import require_there, told
from services.monitor.app import feed_of, rules_of, streams_of
from services.monitor.feed import Feed, FeedUnusable
from services.monitor.generation import MoreParked, NextGeneration, Overtaken
from services.monitor.projector.projection import CheckpointLost, HoleRemains
from services.monitor.rebuild import rebuild as make_anew
from services.monitor.schema import upgrade
from shared.clock import Clock
from shared.databases import open_engine
from shared.erasure import seal_of
from shared.settings import Settings


@contextmanager
def monitor_database(settings: Settings) -> Iterator[Engine]:
    """The monitor's database, at the schema of this version. Raises Failed when there is none or it cannot be used."""
    require_there(settings, "monitor")
    engine = open_engine(settings.owner_url("monitor"), durable=False)
    try:
        with told("monitor"):
            upgrade(engine)
            yield engine
    finally:
        engine.dispose()


def read_again(settings: Settings, *, clock: Clock, as_json: bool) -> None:
    """Read the ledgers again beside the live figures, switch, and print how many facts there were. Raises Failed.

    What was read by an attempt that was interrupted is not read again.
    """
    collect_rarely()
    with monitor_database(settings) as engine, reports.progress_bar("facts") as bar, _feed(settings) as feed:
        task = bar.add_task("read again", total=None)
        generation = NextGeneration(
            engine, rules=rules_of(settings), clock=clock, source=feed, seal=seal_of(erasure_key_of(settings))
        )
        try:
            facts = generation.build(streams_of(settings), progress=lambda read: bar.update(task, completed=read))
            generation.switch()
        except (HTTPError, FeedUnusable, HoleRemains, CheckpointLost, MoreParked, Overtaken) as error:
            raise Failed(f"the figures are as they were: {error or type(error).__name__}") from error
        finally:
            generation.close()
        generation.discard()
    if as_json:
        reports.as_line({"facts": facts})
    else:
        reports.say(f"{facts:,} facts read again")


def _feed(settings: Settings) -> closing[Feed]:
    token = settings.feed_token or kept_token(settings.data)
    return closing(feed_of(settings.model_copy(update={"feed_token": token})))


def rebuild(settings: Settings, *, as_json: bool) -> None:
    """Fold every person anew and print how many there are. Raises Failed when there is no database."""
    collect_rarely()
    with monitor_database(settings) as engine, reports.progress_bar("persons") as bar:
        task = bar.add_task("rebuild", total=None)
        persons = make_anew(
            engine, rules=rules_of(settings), progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    if as_json:
        reports.as_line({"persons": persons})
    else:
        reports.say(f"{persons:,} persons folded anew")
