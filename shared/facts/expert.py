"""Expert teams (regionale expertteams): what they are asked, what they advise, and what becomes of that."""

from typing import Annotated, Any, ClassVar, Literal

from shared.facts.fact import Day, Fact, Identifier, later_than
from shared.facts.lists import Region, Setting

Deviation = Literal["no-place", "no-consent", "court-decision", "situation-changed", "safety", "other"]
"""Why an advice was not followed, or could not be carried out."""


class ExpertAdviceRequested(Fact, name="expert-advice-requested", owner="intake", dated="requested_on"):
    """The expert team of a region was asked for advice."""

    consult: Identifier
    team_region: Region
    """The youth region of the team."""
    requested_on: Day

    example: ClassVar[dict[str, Any]] = {
        "consult": "C-2026-0012",
        "team_region": "JZ24",
        "requested_on": "2026-01-10",
    }


class ExpertAdviceIssued(Fact, name="expert-advice-issued", owner="intake", dated="issued_on"):
    """The expert team gave its advice, which binds the region or not."""

    consult: Identifier
    team_region: Region
    issued_on: Day
    binding: bool
    advice: Setting
    """Where help should be given."""
    deadline_on: Annotated[Day, later_than("issued_on")] | None = None
    """The day by which it should be carried out, if the team names one."""

    example: ClassVar[dict[str, Any]] = {
        "consult": "C-2026-0012",
        "team_region": "JZ24",
        "issued_on": "2026-01-20",
        "binding": True,
        "advice": "family",
    }


class ExpertAdviceFollowedUp(Fact, name="expert-advice-followed-up", owner="intake", dated="followed_up_on"):
    """What became of an advice: it was accepted, deviated from, carried out, or that failed."""

    consult: Identifier
    followed_up_on: Day
    status: Literal["accepted", "deviated", "executed", "failed"]
    reason: Deviation | None = None
    """Expected when it was deviated from; without one that is an alert (A12)."""

    example: ClassVar[dict[str, Any]] = {
        "consult": "C-2026-0012",
        "followed_up_on": "2026-02-05",
        "status": "executed",
    }
