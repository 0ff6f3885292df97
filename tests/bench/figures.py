"""How long each figure takes over the whole history of a country, and of ten (--hundred: and of a hundred) of them.

python -m tests.bench.figures [--hundred] [--json] [--split area]
"""

import argparse
import gc
import json
import time
from datetime import date

from services.command.serving import COLLECT_AFTER
from services.monitor.disclosure.disclose import Audience
from services.monitor.figures.catalogue import FIGURES, answer
from services.monitor.figures.figure import Figure
from services.monitor.figures.publication import disclosed
from services.monitor.figures.question import Question, Window
from services.monitor.history.known import Known
from tests.bench.nation import UNTIL, nation

WHOLE = Window(date(2009, 1, 1), UNTIL)
"""The whole history, so that nothing is left out of the work."""


def seconds(figure: Figure, known: Known, split: tuple[str, ...]) -> float:
    """The processor time that an answer takes, from what is known to what is shown."""
    started = time.process_time()
    disclosed(answer(figure, known, Question(on=UNTIL, window=WHOLE, split=split)), to=Audience.INSIDE)
    return time.process_time() - started


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hundred", action="store_true", help="also a hundred countries; takes minutes and gigabytes")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--split", help="split each figure that can be by this")
    chosen = parser.parse_args()
    gc.set_threshold(*COLLECT_AFTER)
    table: dict[str, dict[int, float]] = {name: {} for name in FIGURES}
    placements = {}
    for times in (1, 10, 100) if chosen.hundred else (1, 10):
        known = nation(times)
        gc.freeze()  # As the history does with what it keeps.
        placements[times] = sum(len(dossier.placements) for dossier in known.dossiers)
        for name, figure in FIGURES.items():
            split = (chosen.split,) if chosen.split in figure.splits else ()
            table[name][times] = round(seconds(figure, known, split), 3)
    if chosen.json:
        print(json.dumps({"placements": placements, "seconds": table}))
        return
    print("seconds for each figure over".ljust(28), *(f"{count:>12,}" for count in placements.values()), " placements")
    for name, found in table.items():
        print(f"{name:28}", *(f"{value:>12.3f}" for value in found.values()))


if __name__ == "__main__":
    main()
