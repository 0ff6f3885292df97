"""The road from a ledger to its Redis streams: in order, self-healing, and trimmed behind the slowest consumer."""

from shared.relay.relay import Relay

__all__ = ["Relay"]
