"""Names of the Redis streams and which stream a fact goes to; the same for who writes and who reads."""

from zlib import crc32

FIELD = "event"
"""The one field of a stream entry: the event as JSON, with its place in the ledger."""


def stream_name(service: str, partition: int) -> str:
    """The stream of one partition of one service's facts; entry ids in it are `<position>-0`."""
    return f"doorstroom:facts:{service}:{partition}"


def checkpoints_name(service: str, partition: int) -> str:
    """The hash where each registered consumer of a stream keeps its durable position; trimming stays behind them."""
    return f"doorstroom:checkpoints:{service}:{partition}"


def settled_name(service: str) -> str:
    """The string `<position> <microseconds>` by which a ledger settles: what follows that position is accepted later.

    With it a reader who has everything up to that position knows that no fact is missing up to that moment, also while
    nothing happens.
    """
    return f"doorstroom:settled:{service}"


def partition_of(key: str, partitions: int) -> int:
    """The partition, 0 <= p < partitions, of a subject, or of a source where there is none; never changes for a key."""
    return crc32(key.encode()) % partitions
