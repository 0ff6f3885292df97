"""The ledger of a service: facts stored once, durably, in gapless order, and read back after a position."""

from shared.ledger.drafts import (
    Accepted,
    Conflict,
    Draft,
    Duplicate,
    Entry,
    Erased,
    Keyless,
    Outcome,
    Submission,
    Withheld,
    draft,
)
from shared.ledger.erasing import Erasure
from shared.ledger.errors import (
    ErasureKeyDiffers,
    LedgerFull,
    LedgerUnavailable,
    NotDurable,
    PartitionsDiffer,
    ServiceDiffers,
)
from shared.ledger.ledger import Ledger
from shared.ledger.writer import Writer

__all__ = [
    "Accepted",
    "Conflict",
    "Draft",
    "Duplicate",
    "Entry",
    "Erased",
    "Erasure",
    "ErasureKeyDiffers",
    "Keyless",
    "Ledger",
    "LedgerFull",
    "LedgerUnavailable",
    "NotDurable",
    "Outcome",
    "PartitionsDiffer",
    "ServiceDiffers",
    "Submission",
    "Withheld",
    "Writer",
    "draft",
]
