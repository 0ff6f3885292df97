"""`make bench`: Doorstroom beside its peers and the limits of the machine, in one run.

python -m tests.bench [--quick] [--only WORD] [--database sqlite|postgresql] [--repetitions 5] [--json FILE]
"""

import argparse
import json
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from tests.bench import (
    append,
    door_ingest,
    footprint,
    growth,
    limits,
    nations,
    peer_projection,
    projection,
    scrape,
    start,
    visibility,
    workers,
)
from tests.bench.report import figure_row, lines, show
from tests.bench.runner import DATABASES, Effort, Measured, Work, machine, run

WORKS = (
    *limits.WORKS,
    *append.WORKS,
    door_ingest.WORK,
    projection.WORK,
    peer_projection.WORK,
    visibility.WORK,
    scrape.WORK,
    nations.WORK,
    footprint.WORK,
    start.WORK,
    growth.WORK,
    workers.WORK,
)
WIDTH = 160
"""Of the table where the output is no terminal."""

THOROUGH = Effort(
    seconds=4, facts=50_000, probes=200, peer_facts=2_000, ledger_facts=1_000_000, open_cases=100_000, nations=10
)
QUICK = Effort(seconds=0.3, facts=2_000, probes=10, peer_facts=100, ledger_facts=20_000, open_cases=1_000, nations=1)
"""To see that everything works; its figures mean nothing."""
LONG_LEDGER_FACTS, LONG_OPEN_CASES, LONG_NATIONS = 10_000_000, 1_000_000, 100


def main() -> None:
    """Measure what was asked for; print tables, and write JSON lines where wanted."""
    chosen, effort, works = _chosen()
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    works = _possible(works, console)
    found: list[Measured] = []
    failed: list[str] = []
    on = machine()
    if chosen.json:
        chosen.json.write_text(f"{json.dumps(on)}\n")
    began = time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM):  # In the background of a shell, too, servers are ended.
        signal.signal(number, signal.default_int_handler)
    try:
        with console.status("") as status:
            for done in run(
                works,
                databases=chosen.database or DATABASES,
                repetitions=chosen.repetitions,
                effort=effort,
                told=status.update,
            ):
                found += done.measured
                _keep(done.measured, chosen.json, console)
                if done.failure is not None:
                    failed.append(f"{done.work.name}: {type(done.failure).__name__}: {done.failure}")
                    console.print(f"FAILED: {failed[-1]}", markup=False)
                    traceback.print_exception(done.failure)
    except KeyboardInterrupt:
        console.print("interrupted: what follows is what was measured until then")
    show(found, on, console)
    console.print(f"{time.monotonic() - began:,.0f} seconds")
    for one in failed:
        console.print(f"FAILED: {one}", markup=False)
    if chosen.json:
        console.print(f"every value is in {chosen.json}; python -m tests.bench.page {chosen.json} makes the page of it")
    sys.exit(1 if failed else 0)


def _chosen() -> tuple[argparse.Namespace, Effort, list[Work]]:
    options = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    options.add_argument("--quick", action="store_true", help="see in a minute or two that everything works")
    options.add_argument(
        "--only", action="append", default=[], help="works with this word in their name, or more words"
    )
    options.add_argument("--database", choices=DATABASES, action="append", help="repeat for more; both unless given")
    options.add_argument("--repetitions", type=int)
    options.add_argument("--seconds", type=float, help="how long each load lasts")
    options.add_argument("--facts", type=int, help="facts that are projected and rebuilt")
    options.add_argument("--probes", type=int, help="facts that are followed one by one")
    options.add_argument(
        "--long",
        action="store_true",
        help="up to ten million facts in a ledger, a million open cases and a hundred national histories",
    )
    options.add_argument("--json", type=Path, help="write every value there, a line for each figure")
    chosen = options.parse_args()
    plain = QUICK if chosen.quick else THOROUGH
    chosen.repetitions = chosen.repetitions or (1 if chosen.quick else 5)
    effort = Effort(
        seconds=chosen.seconds or plain.seconds,
        facts=chosen.facts or plain.facts,
        probes=chosen.probes or plain.probes,
        peer_facts=plain.peer_facts,
        ledger_facts=LONG_LEDGER_FACTS if chosen.long else plain.ledger_facts,
        open_cases=LONG_OPEN_CASES if chosen.long else plain.open_cases,
        nations=LONG_NATIONS if chosen.long else plain.nations,
    )
    works = [work for work in WORKS if not chosen.only or any(word in work.name for word in chosen.only)]
    if not works:
        options.error(f"no work has such a name: {', '.join(work.name for work in WORKS)}")
    return chosen, effort, works


def _possible(works: Sequence[Work], console: Console) -> list[Work]:
    """Those that this machine has everything for; the others are named, with what it lacks."""
    lacking = {work.name: why for work in works if (why := work.lacking()) is not None}
    for name, why in lacking.items():
        console.print(f"skipped: {name}: {why}")
    return [work for work in works if work.name not in lacking]


def _keep(measured: Sequence[Measured], file: Path | None, console: Console) -> None:
    """Say what a work gave as soon as it is done, and write it down: a run that is broken off has not been in vain."""
    for one in measured:
        name, database, middle, least, most, unit = figure_row(one)
        console.print(f"{name}, {database}: {middle} {unit} ({least} to {most})", highlight=False)
    if file is not None:
        with file.open("a") as kept:
            kept.writelines(f"{line}\n" for line in lines(measured))


if __name__ == "__main__":
    main()
