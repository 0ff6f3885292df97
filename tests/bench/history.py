"""How long it takes to say what was known at a moment, and a figure and the flags of it, on a national history.

python -m tests.bench.history [--facts 300000] [--url postgresql://...] [--keep FILE]

A history of 300,000 facts has about 67,000 placements of 41,000 persons; 25,000 placements are 112,000 facts.
"""

import argparse
import gc
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, func, select

from services.monitor.dossier.rules import Rules
from services.monitor.figures.catalogue import FIGURES, answer
from services.monitor.figures.question import Question, Window
from services.monitor.flags.book import FlagBook
from services.monitor.flags.standing import standing_flags
from services.monitor.history.history import History
from services.monitor.projector.projection import Projector
from services.monitor.rebuild import rebuild_when_outdated
from services.monitor.schema import upgrade
from services.monitor.tables import fact
from shared.clock import system_clock
from shared.databases import open_engine, sqlite_url
from tests.bench.projection import NoSource, history, rounds

BATCH = 5_000
T = TypeVar("T")


def fill(engine: Engine, facts: int) -> None:
    """Project so many facts, each accepted at noon of its day."""
    streams = history(facts)
    projector = Projector(engine, rules=Rules(), clock=system_clock, source=NoSource())
    projector.load(streams)
    for waiting in rounds(streams, batch=BATCH):
        projector.apply(waiting)


def timed(what: str, ask: Callable[[], T]) -> T:
    """Do it once and say how long it took, by the clock and of this process's own time."""
    began, worked = time.perf_counter(), time.process_time()
    found = ask()
    print(f"{what:58} {time.perf_counter() - began:8.3f} s, own {time.process_time() - worked:8.3f} s")
    return found


def resident_bytes() -> int:
    """The memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def report(engine: Engine) -> None:
    """Every way of asking, once."""
    with engine.begin() as connection:
        facts, last_us = connection.execute(select(func.count(), func.max(fact.c.accepted_at_us))).one()
    last = datetime.fromtimestamp(last_us / 1e6, UTC)
    asked = History(engine, rules=Rules(), clock=system_clock)
    gc.collect()
    before = resident_bytes()
    now = timed("every dossier, at the start", asked.known_at)
    gc.collect()
    persons, placements = len(now.dossiers), sum(len(dossier.placements) for dossier in now.dossiers)
    print(f"{facts} facts, {persons} persons, {placements} placements")
    print(f"{(resident_bytes() - before) / persons:,.0f} bytes of memory a person")
    timed("known now, nothing changed", asked.known_at)
    for days in (1, 30, 365, 1500, 3000):
        moment = last - timedelta(days=days, hours=6)
        known = timed(f"known {days} days before the end, first", partial(asked.known_at, moment))
        timed(f"known {days} days before the end, again", partial(asked.known_at, moment))
        on = moment.date()
        question = Question(on=on, window=Window(on - timedelta(days=365), on))
        timed("  the figure stock of it", partial(answer, FIGURES["stock"], known, question))
    on = date(last.year, last.month, last.day)
    timed("all flags of the last day", lambda: standing_flags(now, on=on))
    book = FlagBook()
    timed("the flags of the book, first", lambda: book.standing(now, on=on))
    timed("the flags of the book, again", lambda: book.standing(now, on=on))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--facts", type=int, default=300_000)
    arguments.add_argument("--url")
    arguments.add_argument("--keep", type=Path, help="a SQLite file that is made once and asked again")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = given.keep is not None and given.keep.exists()
        engine = open_engine(given.url or sqlite_url(given.keep or Path(folder) / "monitor.sqlite"), durable=False)
        upgrade(engine)
        rebuild_when_outdated(engine, rules=Rules(), progress=lambda done, total: None)
        if not made:
            timed("projected", lambda: fill(engine, given.facts))
        report(engine)
        engine.dispose()


if __name__ == "__main__":
    main()
