"""Tables for people: nothing of a cell is left out, however narrow the terminal is."""

import sys
from typing import Any

from rich.console import Console
from rich.table import Table

FILE_WIDTH = 1000
"""How wide a line may be where no terminal is: nothing is broken then, for a file, a mail and grep."""


def table(*columns: str, headed: bool = True) -> Table:
    """A table without lines; what does not fit in a column goes on below, and is not cut off."""
    made = Table(box=None, pad_edge=False, header_style="bold", show_header=headed)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def show(made: Table) -> None:
    """Print it, with every sign as it is."""
    width: dict[str, Any] = {} if sys.stdout.isatty() else {"width": FILE_WIDTH}
    Console(**width, markup=False, highlight=False).print(made)
