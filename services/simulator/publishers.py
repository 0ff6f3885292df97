"""The publishers that report on the country, and what each may say.

The source of every one is a company number from an unused range. New ones come last: the numbers of the others stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.simulator.country import ACCOMMODATIONS
from shared.facts.regions import AREAS


@dataclass(frozen=True, slots=True)
class Publisher:
    """An organisation whose system publishes, and what it may say."""

    name: str
    source: str
    service: Literal["intake", "placement"]
    """The service that takes its facts."""
    facts: frozenset[str]
    accommodations: frozenset[str]


PROVIDER_FACTS = frozenset(
    {
        "placement-started",
        "doorplaatsing-recorded",
        "discharge-recorded",
        "discharge-ready",
        "leave-started",
        "leave-ended",
        "absence-started",
        "absence-ended",
        "closure-mode-changed",
        "education-changed",
        "care-plan-evaluated",
        "case-reviewed",
        "restriction-reported",
        "accommodation-registered",
        "accommodation-closed",
        "capacity-changed",
        "occupancy-counted",
        "record-withdrawn",
        "heartbeat",
    }
)
DESK_FACTS = frozenset(
    {
        "referral-registered",
        "referral-closed",
        "waiting-started",
        "waiting-ended",
        "support-requested",
        "support-resolved",
        "plan-adopted",
        "consultation-held",
        "funding-recorded",
        "record-withdrawn",
        "heartbeat",
    }
)
GI_FACTS = frozenset(
    {
        "machtiging-requested",
        "machtiging-suspended",
        "machtiging-resumed",
        "machtiging-ended",
        "record-withdrawn",
        "heartbeat",
    }
)
EXPERT_FACTS = frozenset(
    {
        "expert-advice-requested",
        "expert-advice-issued",
        "expert-advice-followed-up",
        "record-withdrawn",
        "heartbeat",
    }
)
COURT_FACTS = frozenset({"machtiging-granted", "machtiging-refused", "record-withdrawn", "heartbeat"})
FIGURE_FACTS = frozenset({"context-figure-published", "record-withdrawn", "heartbeat"})
REAL_ESTATE_FACTS = frozenset({"real-estate-scanned", "record-withdrawn", "heartbeat"})

COURT = "rechtspraak"
NATIONAL_FIGURES = "landelijke-cijfers"
"""The publisher of figures of others, beside which those on closed youth care are read."""
REAL_ESTATE = "vastgoed"
"""The publisher of what the buildings of every accommodation are worth."""


def desk_of(area: str) -> str:
    """The publisher of the municipalities of an area: referrals, lists, support, money, and what they agree."""
    return f"loket-{area}"


def gi_of(area: str) -> str:
    """The certified institution (GI) of an area."""
    return f"gi-{area}"


def experts_of(area: str) -> str:
    """The publisher that keeps the consults of the expert teams of an area."""
    return f"expertteam-{area}"


def _publishers() -> list[Publisher]:
    providers = sorted({one.provider for one in ACCOMMODATIONS.values()})
    named: list[tuple[str, str, Literal["intake", "placement"], frozenset[str]]] = [
        *((name, "ecd", "placement", PROVIDER_FACTS) for name in providers),
        *((desk_of(area), "loket", "intake", DESK_FACTS) for area in AREAS),
        *((gi_of(area), "gi", "intake", GI_FACTS) for area in AREAS),
        (COURT, "rolregister", "intake", COURT_FACTS),
        *((experts_of(area), "expertteam", "intake", EXPERT_FACTS) for area in AREAS),
        (NATIONAL_FIGURES, "cijfers", "intake", FIGURE_FACTS),
        (REAL_ESTATE, "quickscan", "intake", REAL_ESTATE_FACTS),
    ]
    return [
        Publisher(
            name,
            f"urn:nld:kvknr:{99_000_000 + 11 * number}:systeem:{system}",
            service,
            facts,
            frozenset(one.id for one in ACCOMMODATIONS.values() if name in (one.provider, REAL_ESTATE)),
        )
        for number, (name, system, service, facts) in enumerate(named, start=1)
    ]


PUBLISHERS: Mapping[str, Publisher] = {publisher.name: publisher for publisher in _publishers()}
"""Everyone who publishes, by name."""
