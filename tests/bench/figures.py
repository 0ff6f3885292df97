"""How long each figure takes over the whole history of a country, and of ten or a hundred of them.

python -m tests.bench.figures [--nations 100] [--json] [--split area]
"""

import argparse
import gc
import json
import os
import time
from datetime import date
from itertools import pairwise

from services.command.collecting import collect_rarely
from services.monitor.disclosure.disclose import Audience
from services.monitor.figures.catalogue import FIGURES, answer
from services.monitor.figures.figure import Figure
from services.monitor.figures.publication import disclosed
from services.monitor.figures.question import Question, Window
from services.monitor.history.known import Known
from tests.bench.nation import UNTIL, nation
from tests.bench.system import resident_bytes

WHOLE = Window(date(2009, 1, 1), UNTIL)
"""The whole history, so that nothing is left out of the work."""

NATIONS = (1, 10, 100)
"""So many histories of the country; the last takes minutes and gigabytes."""

SPELLS = "spells, once for all"
"""What the first figure after a change makes, and all others use."""


def seconds(figure: Figure, known: Known, split: tuple[str, ...]) -> float:
    """The processor time that an answer takes, from what is known to what is shown."""
    started = time.process_time()
    disclosed(answer(figure, known, Question(on=UNTIL, window=WHOLE, split=split)), known, to=Audience.INSIDE)
    return time.process_time() - started


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nations", type=int, choices=NATIONS, default=10, help="up to so many histories")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--split", help="split each figure that can be by this")
    chosen = parser.parse_args()
    collect_rarely()
    table: dict[str, list[float]] = {name: [] for name in FIGURES}
    placements, gibibytes = [], []
    for times in (nations for nations in NATIONS if nations <= chosen.nations):
        known = nation(times)
        gc.freeze()  # As the history does with what it keeps.
        began = time.process_time()
        placements.append(len(known.spells.placements))
        assert known.spells.closures, "made once, for all figures"
        table.setdefault(SPELLS, []).append(round(time.process_time() - began, 3))
        for name, figure in FIGURES.items():
            split = (chosen.split,) if chosen.split in figure.splits else ()
            table[name].append(round(seconds(figure, known, split), 3))
        gibibytes.append(round(resident_bytes(os.getpid()) / 2**30, 2))
        gc.unfreeze()
    if chosen.json:
        print(json.dumps({"placements": placements, "seconds": table, "gibibytes": gibibytes}))
        return
    growth = "times as long, for each ten times the placements"
    print("processor seconds over".ljust(28), *(f"{count:>12,}" for count in placements), " placements;", growth)
    for name, found in table.items():
        factors = [f"{after / before:.1f}" if before >= 0.01 else "-" for before, after in pairwise(found)]
        print(f"{name:28}", *(f"{value:>12.3f}" for value in found), " ", *factors)
    print(f"{'memory, GiB':28}", *(f"{value:>12.2f}" for value in gibibytes))


if __name__ == "__main__":
    main()
