"""Machtigingen: the orders of a court that allow closed youth care (Jeugdwet chapter 6), from request to end."""

from typing import Annotated, Any, ClassVar, Literal

from shared.facts.fact import Day, Fact, Identifier, later_than
from shared.facts.lists import Court, MachtigingKind

Requester = Literal["college", "gi", "raad", "ovj"]
"""Who may ask for a machtiging (Jeugdwet 6.1.8): the municipality, a certified institution (gecertificeerde
instelling), the council for child protection (Raad voor de Kinderbescherming) or the public prosecutor
(officier van justitie)."""

LegalFrame = Literal["ots", "vots", "voogdij", "consent", "combi"]
"""The measure under which it was granted (Jeugdwet 6.1.2 lid 3); consent is that of the legal representative, without a
child protection measure, and combi goes with a measure of juvenile criminal law."""

RefusalReason = Literal[
    "grounds-not-met", "no-instemmingsverklaring", "less-intrusive-option", "inadmissible", "request-withdrawn", "other"
]

EndCause = Literal["revoked", "not-executed", "gi-decision", "hearing-missed", "consent-withdrawn"]


class MachtigingRequested(Fact, name="machtiging-requested", owner="intake", dated="requested_on"):
    """A court was asked for a machtiging."""

    request: Identifier
    kind: MachtigingKind
    requester: Requester
    requested_on: Day
    requested_until: Annotated[Day, later_than("requested_on")] | None = None
    """The first day that is no longer asked for."""
    extends: Identifier | None = None
    """The machtiging that the one asked for would follow."""

    example: ClassVar[dict[str, Any]] = {
        "request": "V-2026-0009",
        "kind": "spoed",
        "requester": "gi",
        "requested_on": "2026-02-27",
        "requested_until": "2026-03-30",
    }


class MachtigingGranted(Fact, name="machtiging-granted", owner="intake", dated="granted_on"):
    """A court granted a machtiging for the days [valid_from, valid_until), which may lie ahead."""

    machtiging: Identifier
    request: Identifier | None = None
    kind: MachtigingKind
    granted_on: Day
    valid_from: Day
    """The first day on which it allows the closure."""
    valid_until: Annotated[Day, later_than("valid_from")]
    """The first day on which it no longer does: "tot 30 maart" is 30 March, "tot en met 30 maart" is 31 March."""
    legal_frame: LegalFrame
    court: Court | None = None
    without_hearing: bool | None = None
    """Granted before anyone was heard; it lapses after two weeks unless they are heard (Jeugdwet 6.1.10)."""
    extends: Identifier | None = None
    """The machtiging that this one follows."""

    example: ClassVar[dict[str, Any]] = {
        "machtiging": "M-2026-0007",
        "request": "V-2026-0009",
        "kind": "spoed",
        "granted_on": "2026-03-02",
        "valid_from": "2026-03-02",
        "valid_until": "2026-03-30",
        "legal_frame": "ots",
        "court": "rechtbank-den-haag",
        "without_hearing": True,
    }


class MachtigingRefused(Fact, name="machtiging-refused", owner="intake", dated="refused_on"):
    """The court refused the machtiging that was asked for."""

    request: Identifier
    refused_on: Day
    reason: RefusalReason | None = None

    example: ClassVar[dict[str, Any]] = {
        "request": "V-2026-0010",
        "refused_on": "2026-03-05",
        "reason": "less-intrusive-option",
    }


class MachtigingSuspended(Fact, name="machtiging-suspended", owner="intake", dated="suspended_on"):
    """The provider suspended the machtiging (schorsing, Jeugdwet 6.1.12); from this day it allows no closure."""

    machtiging: Identifier
    suspended_on: Day

    example: ClassVar[dict[str, Any]] = {"machtiging": "M-2026-0007", "suspended_on": "2026-03-12"}


class MachtigingResumed(Fact, name="machtiging-resumed", owner="intake", dated="resumed_on"):
    """The suspension was withdrawn; from this day the machtiging allows the closure again."""

    machtiging: Identifier
    resumed_on: Day

    example: ClassVar[dict[str, Any]] = {"machtiging": "M-2026-0007", "resumed_on": "2026-03-16"}


class MachtigingEnded(Fact, name="machtiging-ended", owner="intake", dated="ended_on"):
    """The machtiging ended before its term; from this day it allows no closure."""

    machtiging: Identifier
    ended_on: Day
    cause: EndCause
    """Why: revoked on appeal, not executed for three months, the GI decided that residential help is not needed any
    more, nobody was heard within two weeks, or consent was withdrawn (Jeugdwet 6.1.2, 6.1.10 and 6.1.12)."""

    example: ClassVar[dict[str, Any]] = {"machtiging": "M-2026-0007", "ended_on": "2026-03-20", "cause": "gi-decision"}
