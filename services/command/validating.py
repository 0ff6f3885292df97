"""`doorstroom validate`: what the door would say of a file, without a service."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.command.events_file import opened
from shared.calendar import calendar_date
from shared.facts.acceptance import parse
from shared.facts.errors import FieldError


@dataclass(frozen=True, slots=True)
class Checked:
    """What the door would say of one line."""

    line: int
    errors: tuple[FieldError, ...]
    """Empty when it would be accepted."""


def checked(file: Path, *, now: datetime) -> Iterator[Checked]:
    """Every line of the file, at the moment `now`; conflicts with what was published before are not seen."""
    today = calendar_date(now)
    with opened(file) as lines:
        for line in lines:
            result = parse(line.event, today=today, now=now)
            yield Checked(line.number, result if isinstance(result, tuple) else ())
