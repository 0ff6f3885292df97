"""`make bench`: facts a second and milliseconds to a metric, beside the limits of the same machine in the same run.

python -m tests.bench [--only WORD] [--database sqlite|postgresql] [--repetitions 5] [--json FILE]
"""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from tests.bench import door_ingest, limits, projection, visibility
from tests.bench.runner import Effort, lines, run, show

WORKS = (limits.WORK, door_ingest.WORK, projection.WORK, visibility.WORK)
DATABASES = ("sqlite", "postgresql")
WIDTH = 140
"""Of the table where the output is no terminal."""


def main() -> None:
    """Measure what was asked for, print a table, and write JSON lines where wanted."""
    options = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    options.add_argument("--only", default="", help="works with this word in their name")
    options.add_argument("--database", choices=DATABASES, action="append", help="repeat for more; both unless given")
    options.add_argument("--repetitions", type=int, default=5)
    options.add_argument("--seconds", type=float, default=5, help="how long each load lasts")
    options.add_argument("--facts", type=int, default=50_000, help="facts that are projected and rebuilt")
    options.add_argument("--probes", type=int, default=200, help="facts that are followed one by one")
    options.add_argument("--json", type=Path, help="write every value there, a line for each figure")
    chosen = options.parse_args()
    works = [work for work in WORKS if chosen.only in work.name]
    if not works:
        options.error(f"no work has {chosen.only} in its name: {', '.join(work.name for work in WORKS)}")
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    with console.status("") as status:
        found = run(
            works,
            databases=chosen.database or DATABASES,
            repetitions=chosen.repetitions,
            effort=Effort(chosen.seconds, chosen.facts, chosen.probes),
            told=status.update,
        )
    show(found, console)
    if chosen.json:
        chosen.json.write_text("".join(f"{line}\n" for line in lines(found)))
        console.print(f"every value is in {chosen.json}")


if __name__ == "__main__":
    main()
