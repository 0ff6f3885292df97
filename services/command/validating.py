"""`doorstroom validate`: what the door would say of a file, without a service."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.command.events_file import opened
from shared.calendar import calendar_date
from shared.facts.acceptance import parse
from shared.facts.errors import FieldError
from shared.facts.naming import ReceiptWarning
from shared.facts.oddities import odd


@dataclass(frozen=True, slots=True)
class Checked:
    """What the door would say of one line."""

    line: int
    errors: tuple[FieldError, ...]
    """Empty when it would be accepted."""
    warnings: tuple[ReceiptWarning, ...] = ()
    """What is odd about it by itself; it would be accepted all the same."""


def checked(file: Path, *, now: datetime) -> Iterator[Checked]:
    """Every line of the file, at the moment `now`; what was published before is not looked at, so neither
    conflicts nor warnings of what nobody told."""
    today = calendar_date(now)
    with opened(file) as lines:
        for line in lines:
            result = parse(line.event, today=today, now=now)
            yield Checked(line.number, result) if isinstance(result, tuple) else Checked(line.number, (), odd(result))
