"""Restrictive measures (vrijheidsbeperkende maatregelen, Jeugdwet 6.3): counted, never told in words."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from shared.calendar import add_months
from shared.facts.fact import ASCII, Day, Fact, Identifier

Quarter = Annotated[str, Field(title="quarter", pattern=r"^20\d\d-Q[1-4]$"), ASCII]
"""A quarter of a calendar year, such as 2026-Q1."""

Measure = Literal[
    "seclusion",
    "room-confinement",
    "holding",
    "room-search",
    "body-search",
    "urine-test",
    "communication",
    "visits",
    "other",
]
"""Afzondering, kamerplaatsing, vasthouden, controle van de kamer, van het lichaam, van urine; limits to letters and
calls, or to visits; and others."""


def quarter_of(day: date) -> str:
    """The quarter that a day lies in."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def days_of(quarter: str) -> tuple[date, date]:
    """The days of a quarter, half-open."""
    first = date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)
    return first, add_months(first, 3)


def _within_its_quarter(value: date, info: ValidationInfo) -> date:
    quarter = info.data.get("quarter")
    if quarter is not None and not days_of(quarter)[0] <= value < days_of(quarter)[1]:
        raise PydanticCustomError("not_in_quarter", "This must lie in the quarter that is told")
    return value


class RestrictionReported(Fact, name="restriction-reported", owner="placement", about="either", dated="on"):
    """So many measures of one kind in a quarter: to one young person during a placement, or in a whole accommodation.

    One that names a placement is about a young person, so its event has a subject; any other is about nobody, and names
    the accommodation. A measure is told in one of the two ways: who tells both counts it twice.
    """

    placement: Identifier | None = None
    accommodation: Identifier | None = None
    """Where; required unless a placement says it."""
    quarter: Quarter
    on: Annotated[Day, AfterValidator(_within_its_quarter)] | None = None
    """The day on which a measure began that is told by itself."""
    category: Measure
    count: Annotated[int, Field(ge=0, le=100_000)]
    """How many measures."""
    minutes: Annotated[int, Field(ge=0, le=10_000_000)]
    """How long they took together."""
    emergency: bool
    """Whether they were taken in an emergency, and so not by a plan (Jeugdwet 6.3.1.2)."""

    example: ClassVar[dict[str, Any]] = {
        "accommodation": "schakenbosch",
        "quarter": "2026-Q1",
        "category": "room-confinement",
        "count": 14,
        "minutes": 1260,
        "emergency": False,
    }
