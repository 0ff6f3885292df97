"""`make faults`: rounds of faults under load, and whether every promise held.

python -m tests.faults [--rounds 1000] [--seed 1] [--database sqlite|postgresql] [--only NAME] [--without NAME]
                       [--json FILE]
"""

import argparse
import signal
import sys
import threading
from pathlib import Path

from rich.console import Console

from tests.faults.kinds import KINDS
from tests.faults.sweep import Plan, Report, show, sweep
from tests.faults.unsafe import SAFEGUARDS


def main() -> int:
    """Do what was asked for; 1 when a promise was broken."""
    options = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    options.add_argument("--rounds", type=int, default=1000, help="on each database")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database", choices=("sqlite", "postgresql"), action="append", help="both unless given")
    options.add_argument("--only", choices=[kind.name for kind in KINDS], action="append", default=[], metavar="NAME")
    options.add_argument("--without", choices=SAFEGUARDS, help="take this safeguard away: the sweep must notice")
    options.add_argument("--json", type=Path, help="write a line for each database there")
    chosen = options.parse_args()
    enough = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: enough.set())  # The round that is under way is the last.
    console = Console(width=None if sys.stdout.isatty() else 160)
    broken = False
    for database in chosen.database or ("sqlite", "postgresql"):
        plan = Plan(chosen.rounds, chosen.seed, database, tuple(chosen.only), chosen.without)
        report = sweep(plan, told=_told, enough=enough)
        show(report, console)
        if chosen.json is not None:
            with chosen.json.open("a") as file:
                file.write(report.as_json() + "\n")
        broken |= report.broken is not None
    return int(broken)


def _told(report: Report) -> None:
    if report.rounds % 10 == 0:
        print(f"{report.database}: {report.rounds} rounds, {report.stored} facts", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
