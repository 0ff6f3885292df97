"""What the HTTP face of a ledger service is made of; wired by the app, handed to every part of the door."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.clock import Clock
from shared.facts.fact import Owner
from shared.ledger import Ledger, Writer
from shared.publishers.gate import Gate
from shared.rejections import RejectionLog, Rejections
from shared.relay import Relay


@dataclass(frozen=True, slots=True)
class Door:
    """One ledger service."""

    service: Owner
    addresses: Mapping[Owner, str]
    """Where each service is reached, without a slash at the end."""
    ledger: Ledger
    writer: Writer
    relay: Relay
    gate: Gate
    rejections: Rejections
    rejection_log: RejectionLog
    clock: Clock
    queue_facts_max: int
    metrics_open: bool
    """Whether /metrics answers this machine without a token."""
