"""Makes the measured part of docs/performance.md from the JSON lines of a run.

python -m tests.bench.page results.jsonl [docs/performance.md]

Prints it, or puts it between the two marks of that page.
"""

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.deployment import needs
from tests.bench.report import figure_row, reached_row, read
from tests.bench.runner import DATABASES, Measured
from tests.bench.targets import reached

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def page(machine: Mapping[str, Any], found: Sequence[Measured]) -> str:
    """The measured part: ratios, targets, what a country needs, and every figure."""
    return "\n".join(_lines(machine, found))


def placed(whole: str, measured: str) -> str:
    """The whole page with this between its marks. Raises ValueError when it has none."""
    before, begin, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{measured}\n{END}{after}"


def _lines(machine: Mapping[str, Any], found: Sequence[Measured]) -> Iterator[str]:
    told = reached(found)
    repetitions = max((len(one.values) for one in found), default=0)
    yield (
        f"Measured on {machine['processors']} processors ({machine['processor']}), {machine['memory_gib']} GiB, "
        f"{machine['system']}, Python {machine['python']}; load average at the start "
        f"{', '.join(map(str, machine['load_average']))}; up to {repetitions} repetitions."
    )
    yield "\n### How many times as fast\n"
    yield from _table(
        ("", "database", "median", "minimum", "maximum", "target", "", ""),
        (reached_row(one) for one in told if one.target.to),
    )
    yield "\n### Targets\n"
    yield from _table(
        ("", "database", "median", "minimum", "maximum", "target", "", ""),
        (reached_row(one) for one in told if not one.target.to),
    )
    for database in DATABASES:
        yield f"\n### What a country needs, on {database}\n"
        yield from _table(("", "", "from"), ((need.what, need.amount, need.follows) for need in needs(found, database)))
    yield "\n### Every figure\n"
    yield from _table(("", "database", "median", "minimum", "maximum", "unit"), map(figure_row, found))


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def main() -> None:
    """Print the measured part, or put it into the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("results", type=Path)
    options.add_argument("into", type=Path, nargs="?")
    chosen = options.parse_args()
    measured = page(*read(chosen.results.read_text().splitlines()))
    if chosen.into is None:
        print(measured)
    else:
        chosen.into.write_text(placed(chosen.into.read_text(), measured))


if __name__ == "__main__":
    main()
