"""Schooling: whether and where a young person is taught, before, during and after a stay (doorgaande lijn)."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from shared.facts.fact import Day, Fact, Identifier

Brin = Annotated[str, Field(title="BRIN", pattern=r"^[0-9]{2}[A-Z]{2}([0-9]{2})?$")]
"""The number of a school in the national register of institutions of education, with or without its branch."""


class EducationChanged(Fact, name="education-changed", owner="placement", dated="changed_on"):
    """From a day on a young person is taught in another way, or not at all; until the next of these facts."""

    placement: Identifier | None = None
    """The placement during which it changed; absent for somebody who is not inside."""
    changed_on: Day
    status: Literal["in-school", "inside", "none", "exempt", "work"]
    """At a school outside, at that of the accommodation, not at all, exempt from compulsory schooling, or at work."""
    brin: Brin | None = None
    """The school."""
    hours: Annotated[int, Field(ge=0, le=60)] | None = None
    """Hours of lessons a week."""

    example: ClassVar[dict[str, Any]] = {
        "placement": "P-2026-0012",
        "changed_on": "2026-03-09",
        "status": "inside",
        "brin": "12AB",
        "hours": 20,
    }
