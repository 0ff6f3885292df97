"""Tells what was measured: ratios and targets first, then every figure, as a table for people and as lines of JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.runner import Measured
from tests.bench.targets import Reached, reached

MEANING = {True: "met", False: "NOT MET", None: ""}


def show(found: Sequence[Measured], machine: Mapping[str, object], console: Console) -> None:
    """Print both tables and what it was measured on."""
    told = reached(found)
    ratios, bounds = [one for one in told if one.target.to], [one for one in told if not one.target.to]
    for title, some in (("How many times as fast", ratios), ("Targets", bounds)):
        if some:
            console.print(_table(title, [reached_row(one) for one in some], "target", "", ""))
    console.print(_table("Every figure", [figure_row(one) for one in found], "unit"))
    console.print(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in machine.items()))


def reached_row(one: Reached) -> tuple[str, ...]:
    """What was asked, on which database, the spread, the bound, and whether it was met."""
    target = one.target
    name = target.figure + (f" / {target.to}" if target.to else "")
    bound = [f">= {number(target.at_least)}"] if target.at_least is not None else []
    bound += [f"<= {number(target.at_most)}"] if target.at_most is not None else []
    return (
        f"({target.item}) {name}",
        one.database,
        *spread(one.values),
        f"{' '.join(bound)} {one.unit}".strip(),
        MEANING[one.met],
        "the other loses facts" if one.lossy else "",
    )


def figure_row(one: Measured) -> tuple[str, ...]:
    """A figure with its spread."""
    return one.key, one.database, *spread(one.values), one.unit


def spread(values: Sequence[float]) -> tuple[str, str, str]:
    """Median, minimum and maximum."""
    return number(median(values)), number(min(values)), number(max(values))


def number(value: float) -> str:
    """With as many digits as it deserves."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.1f}"


def lines(found: Iterable[Measured]) -> Iterator[str]:
    """A line of JSON for each figure, with every value."""
    for one in found:
        middle, least, most = one.middle, min(one.values), max(one.values)
        yield json.dumps(
            {
                "work": one.work,
                "figure": one.name,
                "database": one.database,
                "unit": one.unit,
                "median": middle,
                "minimum": least,
                "maximum": most,
                "values": one.values,
            }
        )


def read(written: Iterable[str]) -> tuple[Mapping[str, Any], list[Measured]]:
    """The machine, which is the first line, and the figures of such lines."""
    first, *rest = map(json.loads, written)
    return first, [Measured(one["work"], one["database"], one["figure"], one["unit"], one["values"]) for one in rest]


def _table(title: str, rows: Iterable[Sequence[str]], *last: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for heading in ("", "database"):
        table.add_column(heading)
    for heading in ("median", "minimum", "maximum"):
        table.add_column(heading, justify="right")
    for heading in last:
        table.add_column(heading)
    for row in rows:
        table.add_row(*row)
    return table
