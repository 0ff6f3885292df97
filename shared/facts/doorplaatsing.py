"""Doorplaatsing: a young person is moved on from one closed accommodation to the next."""

from typing import Any, ClassVar, Literal

from shared.facts.fact import Day, Fact, Identifier

DoorplaatsingReason = Literal[
    "no-place",
    "better-fit",
    "closer-to-home",
    "safety",
    "location-closing",
    "age",
    "crisis-to-treatment",
    "other",
]
"""Why a young person was moved: plaatsgebrek, passender aanbod, dichter bij huis, incident of veiligheid, sluiting van
de locatie, leeftijd, van crisisplek naar behandelplek, overig."""


class DoorplaatsingRecorded(Fact, name="doorplaatsing-recorded", owner="placement", dated="departed_on"):
    """A young person left for another accommodation; the placement ends, the closure goes on (D6, D7)."""

    placement: Identifier
    """The placement that ends."""
    departed_on: Day
    """The first day that is no longer part of it."""
    to_accommodation: Identifier | None = None
    reason: DoorplaatsingReason
    planned: bool | None = None
    temporary: bool | None = None
    """A temporary transfer (tijdelijke overplaatsing), after which the young person is to come back."""

    example: ClassVar[dict[str, Any]] = {
        "placement": "P-2026-0012",
        "departed_on": "2026-05-18",
        "to_accommodation": "via-almata",
        "reason": "better-fit",
        "planned": True,
    }
