"""What a fold of one person's facts says; it depends on the set of facts only, never on their order or on today.

Every interval is half-open, [start, end), in calendar dates of Europe/Amsterdam (D2); an end of None is open (D3).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.monitor.dossier.course import NOTHING_TOLD, Course

TitleKind = Literal["regulier", "spoed", "voorwaardelijk"]
Severity = Literal["info", "warning", "severe"]


@dataclass(frozen=True, slots=True)
class Discharged:
    """The placement ended in a discharge."""

    on: date
    destination: str
    end_mode: str
    follow_up: str | None = None
    """The help that follows, none for certain when it is the word none; None while nobody said it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The placement ended in a doorplaatsing."""

    on: date
    reason: str
    to_accommodation: str | None


@dataclass(frozen=True, slots=True)
class Superseded:
    """Nobody reported the end; a later start elsewhere proves it (inferred, F2)."""

    on: date


End = Discharged | Moved | Superseded


@dataclass(frozen=True, slots=True)
class Placement:
    """A stay at one accommodation (D5), administrative restarts at it joined."""

    placement: str
    source: str
    accommodation: str
    region: str
    regime: str
    closure_mode: str
    route: str
    started_on: date
    end: End | None
    arrives_from: str | None
    machtiging: str | None
    origin: str | None
    birth_month: str | None
    sex: str | None

    @property
    def ended_on(self) -> date | None:
        """The first day on which the stay is no longer open; None while nobody says that it ended."""
        return self.end.on if self.end else None


@dataclass(frozen=True, slots=True)
class Doorplaatsing:
    """A link between two placements of one closure at different accommodations (D8)."""

    on: date
    """The day on which the second placement started."""
    from_place: int
    """Which placement of the closure was left, counted from 0 in their order."""
    from_accommodation: str
    to_accommodation: str
    inferred: bool


@dataclass(frozen=True, slots=True)
class Closure:
    """A maximal chain of linked placements of regime jw6 (D7); a doorplaatsing never restarts its clock."""

    number: int
    """1 for the first closure of this person; every later one is a re-placement (D9)."""
    placements: tuple[Placement, ...]
    doorplaatsingen: tuple[Doorplaatsing, ...]
    """In order of day."""
    previous_ended_on: date | None
    """The end of the closure before it; None for the first."""

    @property
    def started_on(self) -> date:
        """The start of its first placement."""
        return self.placements[0].started_on

    @property
    def ended_on(self) -> date | None:
        """The end of its last placement to end; None while one of them is open."""
        ends = [placement.ended_on for placement in self.placements]
        return None if None in ends else max(end for end in ends if end is not None)


@dataclass(frozen=True, slots=True)
class Title:
    """Days on which a machtiging allows the closure: [from_on, until_on), suspensions, ends and lapse taken off (D10).

    Titles of one person may overlap; the union of them counts.
    """

    machtiging: str
    kind: TitleKind
    legal_frame: str
    from_on: date
    until_on: date
    admitted_on: date | None = None
    """Of a voorwaardelijke the first day of the stay that named it, from which its six months count; else None."""


@dataclass(frozen=True, slots=True)
class Unexecuted:
    """A title that waits to be executed: [from_on, until_on). Those that adjoin or overlap are one."""

    machtiging: str
    """The one that holds last, where several follow each other."""
    from_on: date
    until_on: date
    """The first day on which it no longer waits: executed, ended, lapsed or past its term."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A young person waits for a closed place: [since_on, until_on)."""

    since_on: date
    until_on: date | None
    referral: str | None
    titles: tuple[Unexecuted, ...] = ()
    """What it is a wait with: in order, with a day or more between each two. A title may be that of two referrals."""
    region: str | None = None
    """The youth region, as the referral of the wait says, or else as was last said of the person before the wait began.

    Never as its end says: then those who are placed would be known better than those who are not. The same holds below.
    """
    birth_month: str | None = None
    sex: str | None = None
    referrer: str | None = None
    """Who referred; this and all below only of a wait on a referral."""
    urgency: str | None = None
    """spoed or regulier."""
    closed_on: date | None = None
    """The day on which the referral was closed, if it was; it may lie after the placement."""
    outcome: str | None = None
    """What it was closed with: placed, alternative, withdrawn, refused or expired."""
    alternative: str | None = None
    """The setting that was found instead, if that was said."""

    def title_on(self, day: date) -> Unexecuted | None:
        """The title that waits on a day, if one does."""
        return next((one for one in self.titles if one.from_on <= day < one.until_on), None)


@dataclass(frozen=True, slots=True)
class Order:
    """A granted machtiging as it was reported, so that one can say what was known of it on an earlier day."""

    machtiging: str
    source: str
    kind: TitleKind
    granted_on: date
    valid_from: date
    valid_until: date
    holds_until: date
    """The first day on which it no longer covers a stay: the end of its term, an end before it, or its lapse."""
    ended_on: date | None
    """The first day on which it was reported to have ended before its term, if it was."""
    ended_cause: str | None
    lapsed_on: date | None
    suspensions: tuple[tuple[date, date], ...]
    """Half-open; until date.max while it is not resumed."""
    without_hearing: bool
    court: str | None = None
    """The court district that granted it; None while nobody said it."""


@dataclass(frozen=True, slots=True)
class Request:
    """A court was asked for a machtiging; it is pending during [requested_on, answered_on)."""

    request: str
    source: str
    kind: TitleKind
    requested_on: date
    answered_on: date | None
    """The day on which it was granted or refused; None while no answer is known."""
    refused: bool = False
    """Whether that answer was a refusal."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A young person withdrew from care (onttrekking) during [from_at, until_at); the stay goes on."""

    placement: str
    source: str
    record: str
    from_at: datetime
    until_at: datetime | None
    """None while nobody reported that the young person is back."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A young person could leave a closed placement from a day on."""

    placement: str
    source: str
    ready_on: date
    """Not before the start of the placement."""
    needed: str
    """The setting that should follow."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What became of the advice of an expert team, as somebody said on a day."""

    on: date
    status: str
    """accepted, deviated, executed or failed."""
    reason: str | None


@dataclass(frozen=True, slots=True)
class Consult:
    """An expert team was asked for advice, or gave it."""

    consult: str
    source: str
    """Of the advice; of the request while there is none."""
    team_region: str
    requested_on: date | None
    issued_on: date | None
    """None while no advice is known."""
    binding: bool
    """Whether the advice binds; False without one."""
    follow_ups: tuple[FollowUp, ...]
    """In order of day."""

    @property
    def began_on(self) -> date:
        """The day of the request, or of an advice without one."""
        first = self.requested_on or self.issued_on
        assert first is not None
        return first


@dataclass(frozen=True, slots=True)
class Flag:
    """Something is missing or contradicts (flags.FLAGS); it clears itself when the fact that mends it arrives."""

    code: str
    severity: Severity
    about: str
    """The publisher's key of what it is about: a placement, a machtiging, a record."""
    since_on: date
    """The first day of what is wrong."""
    source: str
    """The source of the fact that shows it, so that its publisher gets it back."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything the monitor derives about one person."""

    person: str
    placements: tuple[Placement, ...]
    """In order of start; placements of every regime."""
    closures: tuple[Closure, ...]
    titles: tuple[Title, ...]
    """In order of their first day, then of the first day after."""
    waiting: tuple[Waiting, ...]
    flags: tuple[Flag, ...]
    orders: tuple[Order, ...] = ()
    """Granted machtigingen in order of their first day."""
    requests: tuple[Request, ...] = ()
    absences: tuple[Absence, ...] = ()
    ready: tuple[Ready, ...] = ()
    """By day."""
    consults: tuple[Consult, ...] = ()
    """Of expert teams, in order of their first day."""
    course: Course = NOTHING_TOLD
    """What is told beside all this: schooling, care plans, measures, waiting lists."""
    region: str | None = None
    """The youth region where the young person comes from, as the latest referral says; None without one."""
    also: tuple[str, ...] = ()
    """Other pseudonyms of this young person: what is said under them is in here, none of them has its own."""
