"""Waiting lists: a young person is put on one for a place, and leaves it with a place or without."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from shared.facts.fact import Day, Fact, Identifier
from shared.facts.lists import Setting


class WaitingStarted(Fact, name="waiting-started", owner="intake", dated="started_on"):
    """A young person was put on a waiting list. A referral and a machtiging say by themselves that somebody waits: this
    says it of whoever waits for another setting too, and whether there is help in the meantime.
    """

    # `for` is a word of Python, so the field has another name there than in JSON.
    model_config = ConfigDict(serialize_by_alias=True)

    waiting: Identifier
    for_: Annotated[Setting, Field(alias="for")]
    """The setting that the young person waits for."""
    started_on: Day
    interim: Setting | None = None
    """The help that bridges the wait (overbruggingszorg); absent without any."""

    example: ClassVar[dict[str, Any]] = {
        "waiting": "W-2026-0031",
        "for": "three-milieu",
        "started_on": "2026-02-20",
        "interim": "ambulant",
    }


class WaitingEnded(Fact, name="waiting-ended", owner="intake", dated="ended_on"):
    """A young person left a waiting list; the wait is [started_on, ended_on)."""

    waiting: Identifier
    ended_on: Day
    reason: Literal["placed", "alternative", "withdrawn", "lapsed", "deceased"]

    example: ClassVar[dict[str, Any]] = {"waiting": "W-2026-0031", "ended_on": "2026-04-14", "reason": "placed"}
