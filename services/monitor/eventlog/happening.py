"""One line of the event log: something that happened to a young person on a day, and what it concerns; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shared.calendar import AMSTERDAM

Value = str | int | bool

OBJECTS = ("closure", "placement", "machtiging", "consult", "support", "waitlist")
"""What a young person has several of, numbered from 1 in the order of the dossier."""

ACTIVITIES: Mapping[str, str] = {
    "absence-ended": "The young person is back.",
    "discharge": "A placement ended in a discharge.",
    "departure": "A placement ended because the young person went to another place.",
    "end-inferred": "A placement ended without anybody saying so: a later start elsewhere proves it (flag F2).",
    "closure-ended": "The last placement of a closure ended.",
    "machtiging-lapsed": "A machtiging that was not executed lapsed.",
    "machtiging-ended": "A machtiging was reported to have ended before its term.",
    "wait-ended": "A wait for a closed place ended, with a placement or without.",
    "waiting-list-left": "The young person left a waiting list, with a place or without.",
    "support-resolved": "A request for national support came to its end.",
    "wait-began": "A wait for a closed place began, with a referral or a machtiging.",
    "waiting-list-entered": "The young person was put on a waiting list, for whatever setting.",
    "support-requested": "National support was asked for.",
    "expert-advice-requested": "An expert team was asked for advice.",
    "expert-advice-issued": "An expert team gave its advice.",
    "expert-advice-followed-up": "Somebody said what became of an advice.",
    "machtiging-requested": "A court was asked for a machtiging.",
    "machtiging-refused": "A court refused the machtiging that it was asked for.",
    "machtiging-granted": "A machtiging was granted.",
    "closure-began": "The first placement of a closure started.",
    "doorplaatsing": "A placement of a closure started at another accommodation than the one before it (D8).",
    "placement-started": "A placement started.",
    "schooling-changed": "From then on the young person is taught in another way, or not at all.",
    "closure-mode-changed": "A placement that goes on is closed in another way.",
    "care-plan-evaluated": "The care plan was set or evaluated.",
    "case-reviewed": "The case was reviewed with what is known now.",
    "restriction-applied": "A restrictive measure that was told by itself; totals of a quarter have no day.",
    "discharge-ready": "A young person could leave, and waits inside for what should follow.",
    "absence-began": "A young person withdrew from care; the placement goes on.",
}
"""What may happen, in the order in which it is told of one day: what ends comes before what begins (D11)."""

BEGINNINGS: Mapping[str, str] = {
    "absence-ended": "absence-began",
    "discharge": "placement-started",
    "departure": "placement-started",
    "end-inferred": "placement-started",
    "closure-ended": "placement-started",
    "machtiging-lapsed": "machtiging-granted",
    "machtiging-refused": "machtiging-requested",
    "machtiging-ended": "machtiging-granted",
    "wait-ended": "wait-began",
    "waiting-list-left": "waiting-list-entered",
    "support-resolved": "support-requested",
}
"""After which each ending is told where what it ends began on the same day."""

ATTRIBUTES: Mapping[str, str] = {
    "accommodation": "Where.",
    "to_accommodation": "Where to.",
    "region": "Youth region.",
    "area": "Area of that region.",
    "regime": "The law that the placement falls under; closures have jw6 alone.",
    "closure_mode": "gesloten, besloten or hybride.",
    "route": "crisis or planned.",
    "origin": "Where the young person came from.",
    "destination": "Where the young person went.",
    "end_mode": "How a discharge came about.",
    "follow_up": "Of a discharge: the help that follows.",
    "referrer": "Of a wait on a referral: who referred.",
    "urgency": "Of a wait on a referral: spoed or regulier.",
    "outcome": "Of a wait on a referral that was closed that day: placed, alternative, withdrawn, refused or expired.",
    "alternative": "Of a wait that ended with an alternative: the setting.",
    "kind": "Of a machtiging: regulier, spoed or voorwaardelijk; of a review: leertafel or visitatie.",
    "legal_frame": "Of a machtiging: the measure behind it.",
    "court": "Of a machtiging: the court that granted it.",
    "without_hearing": "Of a machtiging: granted before the young person was heard.",
    "valid_from": "Of a machtiging: its first day.",
    "valid_until": "Of a machtiging: the first day after its term.",
    "cause": "Of a machtiging that ended: why.",
    "reason": "Of a move, a deviation or a request for support: why; of a waiting list: why it was left.",
    "status": "Of an advice: what became of it; of schooling: in-school, inside, none, exempt or work.",
    "result": "Of national support: what came of it.",
    "binding": "Of an advice: whether it binds.",
    "needed": "Of somebody who could leave: the setting that should follow.",
    "setting": "Of a waiting list: what the young person waits for.",
    "interim": "Of a waiting list: the help that bridges the wait.",
    "hours": "Of schooling: lessons a week.",
    "due_on": "Of a care plan: the day by which it is to be evaluated again.",
    "category": "Of a restrictive measure: what was done.",
    "count": "Of a restrictive measure: how many were told together.",
    "minutes": "Of a restrictive measure: how long it took.",
    "emergency": "Of a restrictive measure: taken in an emergency, and so not by a plan.",
    "inferred": "Nobody said so; it follows from something else.",
    "age": "Of the young person on that day, in whole years; of the month of birth the first day counts.",
    "sex": "Of the young person.",
}
"""What may be said of it, in the order of the columns."""


TYPES: Mapping[str, str] = {
    **dict.fromkeys(("age", "count", "hours", "minutes"), "integer"),
    **dict.fromkeys(("binding", "emergency", "inferred", "without_hearing"), "boolean"),
    **dict.fromkeys(("due_on", "valid_from", "valid_until"), "date"),
}
"""What the attributes are that are no words: integer, boolean, or a date as text, YYYY-MM-DD."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened."""

    activity: str
    """One of ACTIVITIES."""
    on: date
    attributes: Mapping[str, Value]
    """Some of ATTRIBUTES."""
    closure: int | None = None
    """The number of the closure, 1 for the first of this young person."""
    placement: int | None = None
    """The number of the placement, 1 for the first, of every regime."""
    machtiging: int | None = None
    """The number of the machtiging that was granted."""
    consult: int | None = None
    """The number of the consult of an expert team."""
    support: int | None = None
    """The number of the request for national support."""
    waitlist: int | None = None
    """The number of the waiting list that the young person was on."""
    ends_what_began: bool = False
    """Whether it ends something that began on the same day, and so is told after that."""

    @property
    def at(self) -> str:
        """The midnight with which the day begins in Amsterdam: of the time of day nothing is known."""
        return datetime(self.on.year, self.on.month, self.on.day, tzinfo=AMSTERDAM).isoformat()
