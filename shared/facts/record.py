"""Records: what a source does to a record of its own, whatever that record is about."""

from typing import Any, ClassVar, Literal

from shared.facts.fact import Fact, FactName, RecordKey

NEVER_WITHDRAWN = frozenset({"record-withdrawn", "heartbeat", "youth-erased", "fact-erased"})
"""Facts that cannot be taken back: a sign of life, a withdrawal (a higher revision of the record undoes that), and an
erasure, after which there is nothing to bring back."""

WithdrawalReason = Literal["entered-in-error", "did-not-happen", "wrong-person", "duplicate", "other"]


class RecordWithdrawn(Fact, name="record-withdrawn", about="target"):
    """A source takes back a record of its own: what it said under that key does not count any more.

    It beats every revision of the record that is lower than or equal to its own `revision`, also when it arrives first
    (D12). That is 1 where it is absent, so a record that was corrected is taken back with the revision of its last
    correction, or a higher one. The event has a subject exactly when the record is about a young person.
    """

    of: FactName
    """The name of the fact that is taken back, without version: placement-started."""
    record: RecordKey
    """The key of the record that is taken back: its `record` or, where it had none, its `id`."""
    reason: WithdrawalReason

    example: ClassVar[dict[str, Any]] = {"of": "placement-started", "record": "opname-4711", "reason": "duplicate"}
