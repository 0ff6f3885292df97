"""What can be missing or contradict: one table of codes. A flag clears by itself when the fact that mends it arrives.

F6 (days without title) and the age of the others depend on the day of asking, so they are no part of a dossier: see
titles.uncovered for F6. The codes that a fold of one person cannot see are raised elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from services.monitor.dossier.state import Flag, Severity


@dataclass(frozen=True, slots=True)
class FlagKind:
    """What a code says."""

    severity: Severity
    meaning: str
    clears: str
    """What makes it go away."""


FLAGS: Mapping[str, FlagKind] = MappingProxyType(
    {
        "F1": FlagKind(
            "severe",
            "Two placements at once; both are shown, and they are one closure.",
            "An end of the one that is not after the start of the other, or a withdrawal.",
        ),
        "F2": FlagKind(
            "warning",
            "An open placement is followed by a start elsewhere; its end is inferred to be that start.",
            "The doorplaatsing or the discharge of the first.",
        ),
        "F3": FlagKind(
            "warning",
            "A doorplaatsing without an arrival; 3 days after it a warning, 14 days after it severe.",
            "The start of the next placement.",
        ),
        "F4": FlagKind(
            "warning",
            "An end, or an arrival from a placement, names a placement of which no start is known.",
            "The start of that placement.",
        ),
        "F5": FlagKind(
            "severe",
            "An end lies before its start. It is not believed: the placement stays open, or the referral unanswered.",
            "A correction of the end or of the start.",
        ),
        "F7": FlagKind(
            "warning",
            "A machtiging that was not executed for three months and has no end; it counts as lapsed from that day.",
            "The start of a placement within the three months, or the end of the machtiging.",
        ),
        "F8": FlagKind(
            "warning",
            "The term of a machtiging is longer than the law allows; it counts as granted.",
            "A correction of the term.",
        ),
        "F9": FlagKind(
            "info",
            "The dates of a machtiging are in an odd order: granted after its first day, ended before it was granted, "
            "or resumed without a suspension.",
            "A correction of the dates, or the suspension.",
        ),
        "F11": FlagKind(
            "warning",
            "A closed placement began at an age outside [12, 18).",
            "A correction of the month of birth or of the start.",
        ),
        "F12": FlagKind(
            "info",
            "The destination of a discharge is unknown; counts 14 days after it.",
            "A correction of the destination.",
        ),
        "F19": FlagKind(
            "warning",
            "A suspension reaches outside the term of its machtiging.",
            "A correction of the suspension, its end or the term.",
        ),
        "F20": FlagKind(
            "info",
            "Discharged and started on one day at one accommodation: an administrative restart, one placement.",
            "A correction that leaves a day between the two, or a withdrawal of both.",
        ),
        "F21": FlagKind(
            "severe",
            "A placement starts after the young person died.",
            "A correction of the death or of the start.",
        ),
        "F23": FlagKind(
            "warning",
            "Two ends of one placement or referral contradict; the earliest counts, on one date the doorplaatsing.",
            "A withdrawal of one of them, or a correction.",
        ),
        "F24": FlagKind(
            "warning",
            "Two records say the start of one placement, the grant of one machtiging or the registration of one "
            "referral; the one recorded last counts.",
            "A withdrawal of one of them.",
        ),
        "F25": FlagKind(
            "warning",
            "One revision of a record was sent twice with other content; the one recorded last counts.",
            "A higher revision.",
        ),
        "F26": FlagKind(
            "warning",
            "A suspension, resumption or end names a machtiging, or an end a referral, that nobody reported.",
            "The grant of that machtiging, or the referral.",
        ),
    }
)
"""Every code that a fold raises; from F23 on they are contradictions between facts of one person."""


def raised(code: str, *, about: str, since_on: date, source: str) -> Flag:
    """A flag of this code with the severity of its kind."""
    return Flag(code, FLAGS[code].severity, about, since_on, source)


def in_order(flags: list[Flag]) -> tuple[Flag, ...]:
    """Each flag once, in an order that depends on what they say only (D13)."""
    return (
        tuple(sorted(set(flags), key=lambda flag: (flag.code, flag.since_on, flag.about, flag.source))) if flags else ()
    )
