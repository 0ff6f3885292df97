"""Care plans and reviews: what was agreed with a young person, and what others learned from the case."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from shared.facts.fact import Day, Fact, Identifier, later_than

Lesson = Literal[
    "earlier-help", "matching", "family", "school", "step-down", "cooperation", "safety", "capacity", "other"
]
"""What a review found to be learned: never a text, which could say who it is about."""


class CarePlanEvaluated(Fact, name="care-plan-evaluated", owner="placement", dated="evaluated_on"):
    """The care plan (hulpverleningsplan) was set or evaluated with the young person."""

    placement: Identifier | None = None
    evaluated_on: Day
    next_due_on: Annotated[Day, later_than("evaluated_on")] | None = None
    """The day by which it is to be evaluated again."""

    example: ClassVar[dict[str, Any]] = {
        "placement": "P-2026-0012",
        "evaluated_on": "2026-04-07",
        "next_due_on": "2026-07-07",
    }


class CaseReviewed(Fact, name="case-reviewed", owner="placement", dated="reviewed_on"):
    """The case was reviewed with what is known now (met de kennis van nu)."""

    placement: Identifier | None = None
    reviewed_on: Day
    kind: Literal["leertafel", "visitatie"]
    """By those who were involved at one table, or by a committee that visits."""
    lessons: Annotated[list[Lesson], Field(max_length=9)]
    """What is to be learned from it; may be empty."""

    example: ClassVar[dict[str, Any]] = {
        "placement": "P-2026-0012",
        "reviewed_on": "2026-05-19",
        "kind": "leertafel",
        "lessons": ["matching", "school"],
    }
