"""`make fuzz`: inputs from faultless to senseless into the whole of a ledger service, and whether every promise held.

python -m tests.fuzz [--inputs 1000000] [--seed 1] [--from-round 0] [--guided 100000]
                     [--described 300] [--json FILE]

A million inputs take half an hour. Ctrl-C ends it, and it says what was done until then.
"""

import argparse
import sys
import time
import warnings
from collections import Counter
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.fuzz.described import try_all
from tests.fuzz.guided import guided
from tests.fuzz.report import Ran, as_json, show
from tests.fuzz.rounds import Tally, run


def main() -> int:
    """Do what was asked for; 1 when something did not hold."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    options.add_argument("--inputs", type=int, default=1_000_000, help="drawn from the grammar")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--from-round", type=int, default=0, help="begin with this round, to see a failure again")
    options.add_argument("--guided", type=int, default=100_000, help="led by coverage, where atheris is installed")
    options.add_argument("--described", type=int, default=300, help="of each kind to each operation of each document")
    options.add_argument("--json", type=Path, help="add a line there")
    chosen = options.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 120)
    tally, guided_inputs, described, began = Tally(), 0, Counter[str](), time.monotonic()
    with suppress(KeyboardInterrupt), _progress() as progress:
        task = progress.add_task("inputs", total=chosen.inputs, events=0)
        run(
            tally,
            seed=chosen.seed,
            inputs=chosen.inputs,
            first=chosen.from_round,
            told=lambda so_far: progress.update(task, completed=so_far.inputs, events=so_far.events),
        )
        if chosen.guided and not tally.failures:
            guided_inputs, failure = guided(inputs=chosen.guided, seed=chosen.seed)
            if failure is not None:
                tally.failures.append(failure)
        if chosen.described and not tally.failures:
            described = _described(chosen.described, chosen.seed, progress)
    ran = Ran(tally, chosen.seed, time.monotonic() - began, guided_inputs, described)
    show(ran, console)
    if chosen.json is not None:
        with chosen.json.open("a") as file:
            file.write(as_json(ran) + "\n")
    return int(bool(tally.failures))


def _described(requests: int, seed: int, progress: Progress) -> Counter[str]:
    warnings.filterwarnings("ignore", message="Do not use the `random` module")  # Schemathesis does.
    task = progress.add_task("described", total=None, events=0)
    return try_all(requests=requests, number=seed, told=lambda what: progress.update(task, description=what))


def _progress() -> Progress:
    shown = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*shown, TextColumn("{task.fields[events]:,} stored"), console=Console(stderr=True))


if __name__ == "__main__":
    sys.exit(main())
