"""What can go wrong with a ledger, by what the caller can do about it."""


class LedgerFull(Exception):
    """Too many facts wait for a commit; nothing was done. Try again in a moment."""


class LedgerUnavailable(Exception):
    """The database did not confirm the commit. Sending the same again is safe: what was stored is a duplicate then."""


class ErasureKeyDiffers(LedgerUnavailable):
    """The list of who was erased was made with another key, or none is given: nobody on it would be recognised."""


class PartitionsDiffer(ValueError):
    """The ledger was made with another number of partitions, which never changes."""


class ServiceDiffers(ValueError):
    """The database holds the ledger of another service."""


class NotDurable(RuntimeError):
    """The database is set up so that a commit may be lost; a ledger refuses to work on it."""
