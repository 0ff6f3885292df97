"""Discharge: a young person is ready to leave closed youth care, and leaves it."""

from typing import Any, ClassVar, Literal

from shared.facts.fact import Day, Fact, Identifier
from shared.facts.lists import LivingSituation, Setting

EndMode = Literal["planned", "early-agreed", "early-youth", "early-provider", "external", "deceased"]
"""How it ended, after the Beleidsinformatie Jeugd (01 to 05): as planned, early in agreement, by the young person, by
the provider, by circumstances outside; or by death."""

FollowUp = Literal[
    "none", "ambulant", "family", "open", "besloten", "hybride", "ggz", "wvggz", "wzd", "jji", "three-milieu"
]
"""The help that follows."""


class DischargeReady(Fact, name="discharge-ready", owner="placement", dated="ready_on"):
    """A young person could leave: the treatment no longer needs the closed doors, and what follows is not there yet."""

    placement: Identifier
    """The placement that could end."""
    ready_on: Day
    """The first day on which it could."""
    needed: Setting
    """What should follow."""

    example: ClassVar[dict[str, Any]] = {
        "placement": "P-2026-0012",
        "ready_on": "2026-06-01",
        "needed": "family",
    }


class DischargeRecorded(Fact, name="discharge-recorded", owner="placement", dated="discharged_on"):
    """A young person left closed youth care; the placement and the closure end."""

    placement: Identifier
    """The placement that ends."""
    discharged_on: Day
    """The first day that is no longer part of it."""
    destination: LivingSituation
    end_mode: EndMode
    follow_up: FollowUp | None = None

    example: ClassVar[dict[str, Any]] = {
        "placement": "P-2026-0012",
        "discharged_on": "2026-08-31",
        "destination": "family-home",
        "end_mode": "planned",
        "follow_up": "ambulant",
    }
