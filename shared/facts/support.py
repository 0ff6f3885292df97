"""National support (landelijke steunstructuur): asked when a region finds no fitting help, until it is settled."""

from typing import Any, ClassVar, Literal

from shared.facts.fact import Day, Fact, Identifier


class SupportRequested(Fact, name="support-requested", owner="intake", dated="on"):
    """National support was asked for a young person."""

    support: Identifier
    on: Day
    reason: Literal["no-place", "no-agreement", "no-funding", "complex", "safety", "other"]

    example: ClassVar[dict[str, Any]] = {"support": "S-2026-0004", "on": "2026-03-10", "reason": "no-place"}


class SupportResolved(Fact, name="support-resolved", owner="intake", dated="on"):
    """The request came to its end."""

    support: Identifier
    on: Day
    result: Literal["placed", "alternative", "advice", "withdrawn", "unresolved"]

    example: ClassVar[dict[str, Any]] = {"support": "S-2026-0004", "on": "2026-04-21", "result": "alternative"}
