"""Referrals: someone asks for closed youth care for a young person, and the question ends in an answer."""

from typing import Any, ClassVar, Literal

from shared.facts.fact import Day, Fact, Identifier, Month
from shared.facts.lists import LivingSituation, Region, Setting, Sex

Referrer = Literal[
    "municipality",
    "general-practitioner",
    "youth-physician",
    "gi",
    "medical-specialist",
    "judiciary",
    "none",
    "unknown",
]
"""Who referred, after the list of the Beleidsinformatie Jeugd (01 to 07) and iJw COD327 (08, a judge or prosecutor)."""

Outcome = Literal["placed", "alternative", "withdrawn", "refused", "expired"]


class ReferralRegistered(Fact, name="referral-registered", owner="intake", dated="referred_on"):
    """A young person was referred for closed youth care; from now on a place is looked for."""

    referral: Identifier
    referred_on: Day
    region: Region
    """The youth region where the young person lives."""
    referrer: Referrer
    urgency: Literal["spoed", "regulier"]
    requested: Setting
    """The kind of help that is asked for."""
    origin: LivingSituation | None = None
    """Where the young person lives at the time."""
    birth_month: Month | None = None
    sex: Sex | None = None

    example: ClassVar[dict[str, Any]] = {
        "referral": "R-2026-0031",
        "referred_on": "2026-02-20",
        "region": "JZ24",
        "referrer": "gi",
        "urgency": "spoed",
        "requested": "gesloten",
        "origin": "home",
        "birth_month": "2010-05",
        "sex": "f",
    }


class ReferralClosed(Fact, name="referral-closed", owner="intake", dated="closed_on"):
    """The referral came to its end; nobody waits on it any more."""

    referral: Identifier
    closed_on: Day
    outcome: Outcome
    alternative: Setting | None = None
    """What was arranged instead of what was asked for."""

    example: ClassVar[dict[str, Any]] = {"referral": "R-2026-0031", "closed_on": "2026-03-02", "outcome": "placed"}
