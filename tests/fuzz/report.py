"""What a fuzz run says at its end, for people and for machines."""

import json
from collections import Counter
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from tests.fuzz.rounds import Tally


@dataclass(frozen=True, slots=True)
class Ran:
    """A run and how long it took."""

    tally: Tally
    seed: int
    seconds: float
    guided_inputs: int = 0
    """Drawn by coverage, besides those of the tally."""
    described: Counter[str] = field(default_factory=Counter)
    """Answers to requests made from the documents, by service and status."""


def show(ran: Ran, console: Console) -> None:
    """Print it."""
    tally = ran.tally
    for failure in tally.failures:
        console.print(f"FAILED  {failure}", markup=False, highlight=False)
    table = Table("inputs", "how many", title=f"seed {ran.seed}, {ran.seconds:.0f} seconds", title_justify="left")
    for counted in (tally.forms, tally.damages):
        for name, count in counted.most_common():
            table.add_row(name, f"{count:,}")
        table.add_section()
    console.print(table)
    statuses = ", ".join(f"{count:,} × {status}" for status, count in sorted(tally.statuses.items()))
    console.print(f"answers: {statuses}")
    console.print(f"the dearest group of inputs took {tally.group_seconds_max:.1f} seconds of this process")
    if ran.guided_inputs:
        console.print(f"led by coverage: {ran.guided_inputs:,} inputs")
    if ran.described:
        answers = ", ".join(f"{count:,} × {answer}" for answer, count in sorted(ran.described.items()))
        console.print(
            f"made from the documents: {ran.described.total():,} requests, all answered as described: {answers}"
        )
    console.print(
        f"{tally.inputs + ran.guided_inputs:,} inputs, {tally.events:,} events stored, {len(tally.failures)} failures"
    )


def as_json(ran: Ran) -> str:
    """One line."""
    tally = ran.tally
    document = {
        "seed": ran.seed,
        "seconds": round(ran.seconds),
        "inputs": tally.inputs,
        "guided_inputs": ran.guided_inputs,
        "described": _counted(ran.described),
        "events": tally.events,
        "failures": [str(failure) for failure in tally.failures],
        "group_seconds_max": round(tally.group_seconds_max, 2),
        **{name: _counted(getattr(tally, name)) for name in ("forms", "damages", "statuses")},
    }
    return json.dumps(document)


def _counted(counter: Counter[str]) -> dict[str, int]:
    return dict(counter.most_common())
