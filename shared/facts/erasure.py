"""Pseudonyms: what the authority over them says of whom it stands for, and what the ledgers make of an erasure."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from shared.facts.envelope import Pseudonym
from shared.facts.fact import Day, Fact

AUTHORITY = frozenset({"youth-erased", "pseudonyms-merged"})
"""Facts that only the pseudonym authority sends: a publisher that is registered for them by name."""

RecordNumber = Annotated[str, Field(title="number", pattern=r"^-?[0-9]{1,19}$")]
"""A 64-bit number that stands for the key of a record."""


class YouthErased(Fact, name="youth-erased", about="erased", dated="erased_on"):
    """Everything about a young person is erased, and what comes later is refused (docs/erasure.md).

    The ledger keeps the decision without the subject: `erased` on the accepted event is a keyed hash of it, and
    `rewritten` has the positions of facts about others that named it and were written anew: read those again.
    """

    basis: Literal["request", "retention-ended", "unlawful", "court-order", "other"]
    """Why: asked for (Jeugdwet 7.3.9, AVG 17), the term of keeping ended, it should not have been kept, a court."""
    erased_on: Day
    """The day of the decision."""

    example: ClassVar[dict[str, Any]] = {"basis": "request", "erased_on": "2026-08-31"}


class PseudonymsMerged(Fact, name="pseudonyms-merged"):
    """The subject and `other` are one young person: what is said of either is said of both (docs/merging.md).

    Only the pseudonym authority sends it. A correction with another pair, or a withdrawal, takes it back as if it had
    never been said.
    """

    other: Annotated[Pseudonym, Field(title="pseudonym")]
    """Another pseudonym of the same young person; never the subject itself."""

    example: ClassVar[dict[str, Any]] = {"other": "mYt5xVd0Qe7Jr2_NbHc4sA"}


class FactErased(Fact, name="fact-erased", owner="ledger", about="other"):
    """Stands in the place of a fact about a young person who was erased: its position, source and `time` stay.

    Ledgers make it; nobody can publish it.
    """

    record: RecordNumber | None = None
    """A number for the record that the fact said something about."""
    withdrawal: bool = False
    """Whether it took that record back."""

    example: ClassVar[dict[str, Any]] = {"record": "-6917529027641081856", "withdrawal": False}
