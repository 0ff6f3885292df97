"""The numbers that the fold is told; a figure shows their version beside it."""

from dataclasses import dataclass

from shared.facts.oddities import REGULIER_MONTHS_MAX, SPOED_DAYS_MAX, VOORWAARDELIJK_MONTHS_MAX

CLOSED_SETTINGS = frozenset({"gesloten", "besloten", "hybride"})
"""The settings that are closed places."""
ADMISSION_MONTHS = 6
"""A stay under a voorwaardelijke machtiging lasts at most so long (Jeugdwet 6.1.6 lid 3)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Settings of the fold: what the law says, and what we chose to count as one closure."""

    version: str = "2026-9"
    """Raised with every change of a number below or of the fold, so that rows made by other rules are seen."""

    link_days: int = 7
    """G of D6: a placement that starts within so many days after a doorplaatsing continues the closure."""

    lapse_months: int = 3
    """A machtiging that is not executed for so long lapses (Jeugdwet 6.1.12 lid 3)."""

    consent_days: int = 14
    """After consent is withdrawn a young person may stay so many days more (Jeugdwet 6.1.2 lid 9)."""

    admission_months: int = ADMISSION_MONTHS
    """How long a stay under a voorwaardelijke machtiging lasts at most."""

    regulier_months_max: int = REGULIER_MONTHS_MAX
    """The longest term of a machtiging, and of the extension of a voorwaardelijke (Jeugdwet 6.1.12 lid 1 and 2)."""

    voorwaardelijk_months_max: int = VOORWAARDELIJK_MONTHS_MAX
    """The longest term of a first voorwaardelijke machtiging (Jeugdwet 6.1.12 lid 2)."""

    spoed_days_max: int = SPOED_DAYS_MAX
    """The longest term of a spoedmachtiging: four weeks (Jeugdwet 6.1.12 lid 2)."""

    closed_settings: frozenset[str] = CLOSED_SETTINGS
    """A referral that asks for one of these waits for a closed place."""
