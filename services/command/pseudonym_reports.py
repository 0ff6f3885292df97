"""What `doorstroom pseudonymise` prints: events on standard output, everything else beside them."""

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import SpooledTemporaryFile

from services.command import reports
from services.command.pseudonymising import Pseudonymised, Refused

IN_MEMORY_BYTES = 16 << 20
"""What is larger waits in a nameless temporary file until all of it could be done; no BSN is in it."""

SHOWN_MAX = 20


def key_made(file: Path) -> None:
    """Say where the new key is, and who may have it."""
    reports.say(f"A new key is in {file}. All who publish need it, and nobody else: it tells which BSN is who.")


def pseudonymised(found: Iterable[Pseudonymised | Refused]) -> int:
    """Print all lines when all could be done, and else which could not; how many those are."""
    lines = people = refused = 0
    with SpooledTemporaryFile(IN_MEMORY_BYTES, "w+", encoding="utf-8", newline="\n") as done:
        with reports.progress_bar("lines") as bar:
            task = bar.add_task("Pseudonyms", total=None)
            for one in found:
                lines += 1
                bar.update(task, completed=lines)
                if isinstance(one, Refused):
                    refused += 1
                    if refused <= SHOWN_MAX:
                        reports.aside().print(f"line {one.number}: {one.why}", markup=False)
                else:
                    people += one.people
                    done.write(one.text + "\n")
        if refused:
            reports.aside().print(f"{refused:,} of {lines:,} lines could not be done, so nothing is printed.")
            return refused
        done.seek(0)
        shutil.copyfileobj(done, sys.stdout)
    reports.aside().print(f"lines: {lines:,}, BSNs replaced: {people:,}")
    return 0
