"""Writes docs/metrics.md from the tables of metrics themselves: `make docs`."""

import sys
from collections.abc import Iterable

from services.monitor.metrics import table
from shared.door import state

_OPENING = """\
# Metrics

What Prometheus finds at `/metrics` of each service. Durations are in seconds; no label names a person or a case, or is
finer than an area. Values come from the database, so a restart or a rebuild changes none of them, and a late fact can
move a total back: compare a total with itself earlier (`x - x offset 30d`), never with `increase()`. Known label values
are exported with 0. How these are watched: [watching.md](watching.md).
This page is made from the tables in the code by `make docs`, and a test compares the two.
"""

_ROW = "| name | kind | labels | meaning |\n| --- | --- | --- | --- |\n"
_ADDED = {"counter": "_total", "info": "_info"}

Row = tuple[str, str, tuple[str, ...], str]
"""Name, kind, labels, meaning."""


def metrics_page() -> str:
    """The page, in Markdown."""
    monitor = [(one.name, one.kind.value, one.labels, one.meaning) for one in table.FAMILIES]
    ledgers = [(one.name, one.kind, one.labels, one.meaning) for one in state.FAMILIES]
    return "".join(
        (
            _OPENING,
            "\n## The monitor\n\n",
            *_table(monitor),
            "\nBesides these: `process_...`, the memory, processor time and files of the process.\n",
            "\n## Intake and placement\n\n",
            *_table(ledgers),
        )
    )


def _table(rows: Iterable[Row]) -> Iterable[str]:
    yield _ROW
    for name, kind, labels, meaning in rows:
        shown = ", ".join(f"`{label}`" for label in labels)
        yield f"| `{name}{_ADDED.get(kind, '')}` | {kind} | {shown} | {meaning.removesuffix('.')} |\n"


def main() -> None:
    """Print the page."""
    sys.stdout.write(metrics_page())


if __name__ == "__main__":
    main()
