"""The landscape: figures of others that ours are read against, and what regions plan, discuss, pay and build."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from shared.facts.fact import ASCII, Day, Fact, Identifier, later_than
from shared.facts.lists import Region
from shared.facts.target import Scope

Period = Annotated[str, Field(title="period", pattern=r"^20\d\d(-(H[12]|Q[1-4]|(0[1-9]|1[0-2])))?$"), ASCII]
"""A year, or a half-year, quarter or month of it: 2025, 2025-H1, 2025-Q3, 2025-11."""

Address = Annotated[str, Field(title="address", pattern=r"^https://[!-~]{1,250}$")]

Topic = Literal["placements", "capacity", "alternatives", "education", "procurement", "real-estate", "funding"]

Euros = Annotated[int, Field(ge=0, le=100_000_000_000)]


class ContextFigurePublished(Fact, name="context-figure-published", owner="intake", about="other"):
    """Somebody published a figure beside which the figures on closed youth care are read."""

    series: Literal["jji", "wvggz", "lta", "three-milieu", "population-12-17"]
    """Young people who in the period came into youth custody, were under a compulsory mental health order, in
    nationally contracted care, or in three-milieu care; and all young people aged 12 to 17."""
    region: Region | None = None
    """Absent for the whole country."""
    period: Period
    value: Annotated[int, Field(ge=0, le=100_000_000)]
    status: Literal["provisional", "final"]
    source_url: Address
    """Where it was published."""

    example: ClassVar[dict[str, Any]] = {
        "series": "jji",
        "period": "2023",
        "value": 1584,
        "status": "final",
        "source_url": "https://example.org/jji-in-getal-2024",
    }


class PlanAdopted(Fact, name="plan-adopted", owner="intake", about="other", dated="adopted_on"):
    """A plan for closed youth care was adopted; it holds for [adopted_on, valid_until), and until the next without."""

    plan: Identifier
    scope: Scope
    adopted_on: Day
    valid_until: Annotated[Day, later_than("adopted_on")] | None = None

    example: ClassVar[dict[str, Any]] = {
        "plan": "noord-2026",
        "scope": "noord",
        "adopted_on": "2026-01-15",
        "valid_until": "2028-01-01",
    }


class ConsultationHeld(Fact, name="consultation-held", owner="intake", about="other", dated="held_on"):
    """Regions consulted each other on closed youth care (bovenregionaal overleg)."""

    consultation: Identifier
    held_on: Day
    regions: Annotated[list[Region], Field(min_length=1, max_length=42)]
    """The regions that were there."""
    topics: Annotated[list[Topic], Field(max_length=7)]
    """What they talked about; may be empty."""

    example: ClassVar[dict[str, Any]] = {
        "consultation": "noord-2026-1",
        "held_on": "2026-03-26",
        "regions": ["JZ01", "JZ02", "JZ04"],
        "topics": ["capacity", "alternatives"],
    }


class FundingRecorded(Fact, name="funding-recorded", owner="intake", about="other", dated="on"):
    """Money for the transformation of closed youth care was awarded or spent."""

    scope: Scope
    on: Day
    kind: Literal["awarded", "spent"]
    purpose: Literal["reduction", "conversion", "alternative", "vacancy"]
    """Afbouw, ombouw, alternatief, leegstand."""
    amount: Euros
    """Whole euros."""

    example: ClassVar[dict[str, Any]] = {
        "scope": "zuid",
        "on": "2025-07-01",
        "kind": "awarded",
        "purpose": "alternative",
        "amount": 2400000,
    }


class RealEstateScanned(Fact, name="real-estate-scanned", owner="intake", about="other", dated="scanned_on"):
    """What the buildings of an accommodation are worth, and what may become of them (quickscan vastgoed)."""

    accommodation: Identifier
    scanned_on: Day
    book_value: Euros
    """Whole euros."""
    reuse: Literal["own-use", "other-care", "housing", "sale", "none", "unknown"]
    lease_until: Day | None = None
    """The first day that a lease no longer covers; absent for what is owned."""

    example: ClassVar[dict[str, Any]] = {
        "accommodation": "schakenbosch",
        "scanned_on": "2025-11-04",
        "book_value": 5600000,
        "reuse": "housing",
    }
