"""What can be missing or contradict: one table of codes. A flag clears by itself when the fact that mends it arrives.

A fold of one person raises what it can see. What depends on the day of asking, on the register of accommodations or on
the sources is raised by the room flags, which is told all three; so is the severity of what grows worse with its age.
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
    """At first; see `worse`."""
    meaning: str
    clears: str
    """What makes it go away."""
    since: str = "the first day of what is wrong"
    """What its `since` is the date of."""
    counts_after_days: int = 0
    """It is raised from so many days after `since`: until then the fact that mends it may be on its way."""
    worse: tuple[int, Severity] | None = None
    """From so many days after `since` it has this severity."""
    lasts_days: int | None = None
    """It goes by itself so many days after `since`."""


FLAGS: Mapping[str, FlagKind] = MappingProxyType(
    {
        "F1": FlagKind(
            "severe",
            "Two placements at once, of whatever regime; both are shown, and those of jw6 are one closure.",
            "An end of the one that is not after the start of the other, or a withdrawal.",
        ),
        "F2": FlagKind(
            "warning",
            "An open placement is followed by a start elsewhere; its end is inferred to be that start.",
            "The doorplaatsing or the discharge of the first.",
        ),
        "F3": FlagKind(
            "warning",
            "A doorplaatsing without an arrival: no placement, of whatever regime, is open on that day, starts within "
            "7 days or names it in `arrives_from`; 3 days after it a warning, 14 days after it severe.",
            "The start of the next placement.",
            since="the day of the departure",
            counts_after_days=3,
            worse=(14, "severe"),
        ),
        "F4": FlagKind(
            "warning",
            "An end, a readiness to leave, an arrival, an absence, leave or what else is told of a stay names a "
            "placement of which no start is known.",
            "The start of that placement.",
        ),
        "F5": FlagKind(
            "severe",
            "An end lies before its start. It is not believed: the placement, the wait or the request for support "
            "stays open, or the referral unanswered.",
            "A correction of the end or of the start.",
        ),
        "F6": FlagKind(
            "severe",
            "Care days of a closure without a title that allows it; they count when they are more than 5 days old.",
            "A machtiging for those days, a correction of one, or of the placement.",
            since="the first day without title of an unbroken row of them",
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
        "F10": FlagKind(
            "warning",
            "A closed placement began at an accommodation that was not in the register on that day.",
            "The registration of the accommodation from a day that is not later, or a correction of the start.",
            since="the start of the placement",
        ),
        "F11": FlagKind(
            "warning",
            "A closed placement began at an age outside [12, 18); severe under 8, or from 18 years and 6 months.",
            "A correction of the month of birth or of the start.",
        ),
        "F12": FlagKind(
            "info",
            "The destination of a discharge is unknown; counts 14 days after it.",
            "A correction of the destination.",
            since="the day of the discharge",
            counts_after_days=14,
        ),
        "F13": FlagKind(
            "warning",
            "The heads that an accommodation counted differ from its open placements by more than 2 and more than 5%.",
            "The starts or ends that are missing, a correction of the count, or a later count that fits.",
            since="the day of the last count up to the day",
        ),
        "F14": FlagKind(
            "warning",
            "An accommodation is closed or has no places, and has open placements.",
            "The ends of the placements, or places from a day that is not later.",
            since="the first day on which there was somebody and no place",
        ),
        "F15": FlagKind(
            "info",
            "A source recorded something more than 90 days after it was true: figures of that time have changed.",
            "A correction of the date; it goes by itself after 90 days.",
            since="the day on which it was recorded",
            lasts_days=90,
        ),
        "F16": FlagKind(
            "info",
            "The day by which a fact is dated is known to the month or to the year only; it counts as it is written.",
            "A correction that gives the day, and no other `precision`.",
            since="the day as it is written",
        ),
        "F17": FlagKind(
            "info",
            "Pseudonyms were merged: this dossier is the one of both.",
            "A withdrawal of the merge, or a correction that names another pseudonym.",
            since="the first day on which a placement or a wait for a closed place began or a machtiging was granted",
        ),
        "F18": FlagKind(
            "warning",
            "The advice of an expert team was carried out before it was given.",
            "A correction of one of the two dates.",
        ),
        "F19": FlagKind(
            "warning",
            "A suspension begins outside the term of its machtiging, or ends after it.",
            "A correction of the suspension, its end or the term.",
        ),
        "F20": FlagKind(
            "info",
            "Discharged and started on one day at one accommodation: an administrative restart, one placement.",
            "A correction that leaves a day between the two, or a withdrawal of both.",
        ),
        "F21": FlagKind(
            "severe",
            "A placement starts after the young person died, as a discharge or the end of a wait says.",
            "A correction of the death or of the start.",
        ),
        "F22": FlagKind(
            "warning",
            "A source has not been heard for more than 2 days, not even by a heartbeat; after 7 days it is severe.",
            "Any fact or heartbeat of the source.",
            since="the first day on which it was not heard",
            counts_after_days=2,
            worse=(7, "severe"),
        ),
        "F23": FlagKind(
            "warning",
            "Two ends of one placement, referral, wait or request for support contradict; the earliest counts, on one "
            "date the doorplaatsing.",
            "A withdrawal of one of them, or a correction.",
        ),
        "F24": FlagKind(
            "warning",
            "Two records say the start of one placement, from when on it could end, the grant of one machtiging, the "
            "registration of one referral, the beginning of one wait, or a request for support, or the request or the "
            "advice of one consult; the one recorded last counts.",
            "A withdrawal of one of them.",
        ),
        "F25": FlagKind(
            "warning",
            "One revision of a record was sent twice with other content; the one recorded last counts.",
            "A higher revision.",
        ),
        "F26": FlagKind(
            "warning",
            "A suspension, resumption or end names a machtiging, an end a referral, a wait or a request for support, "
            "or what became of it an advice, that nobody reported.",
            "The grant of that machtiging, the referral, the beginning of the wait, the request, or the advice.",
        ),
    }
)
"""Every code; from F23 on they are ours, and contradictions between facts of one person."""

TITLE_GRACE_DAYS = 5
"""A care day without title counts when it is more than so many days old: a machtiging is reported later (F6)."""


def severity_on(flag: Flag, on: date) -> Severity | None:
    """How bad it is on a day; None while it does not count yet, or any more."""
    kind, age_days = FLAGS[flag.code], (on - flag.since_on).days
    if age_days < kind.counts_after_days or (kind.lasts_days is not None and age_days >= kind.lasts_days):
        return None
    return kind.worse[1] if kind.worse and age_days >= kind.worse[0] else flag.severity


def raised(code: str, *, about: str, since_on: date, source: str) -> Flag:
    """A flag of this code with the severity of its kind."""
    return Flag(code, FLAGS[code].severity, about, since_on, source)


def in_order(flags: list[Flag]) -> tuple[Flag, ...]:
    """Each flag once, in an order that depends on what they say only (D13)."""
    return (
        tuple(sorted(set(flags), key=lambda flag: (flag.code, flag.since_on, flag.about, flag.source))) if flags else ()
    )
