"""The only place that asks the time; everything else is handed a clock."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Answers with the present moment, aware, in UTC."""


def system_clock() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)
