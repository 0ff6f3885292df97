"""Placements: a young person comes to stay at an accommodation, stays there under a regime, is away for a while."""

from typing import Any, ClassVar, Literal

from shared.facts.fact import Day, Fact, Identifier, Moment, Month
from shared.facts.lists import Closure, LivingSituation, Regime, Region, Sex

Route = Literal["crisis", "planned"]

CLOSED_REGIME = "jw6"
"""Jeugdwet chapter 6; stays under another regime are placements, never part of a closure."""


class PlacementStarted(Fact, name="placement-started", owner="placement", dated="started_on"):
    """A young person came to stay at an accommodation; the stay is [started_on, end)."""

    placement: Identifier
    accommodation: Identifier
    group: Identifier | None = None
    started_on: Day
    regime: Regime
    closure: Closure
    route: Route
    region: Region
    """The youth region where the young person lived before the first closed placement."""
    machtiging: Identifier | None = None
    origin: LivingSituation | None = None
    arrives_from: Identifier | None = None
    """The placement that this one continues, when the young person was moved (doorplaatsing)."""
    birth_month: Month | None = None
    sex: Sex | None = None

    example: ClassVar[dict[str, Any]] = {
        "placement": "P-2026-0012",
        "accommodation": "schakenbosch",
        "started_on": "2026-03-02",
        "regime": "jw6",
        "closure": "gesloten",
        "route": "crisis",
        "region": "JZ24",
        "machtiging": "M-2026-0007",
        "origin": "home",
        "birth_month": "2010-05",
        "sex": "f",
    }


class ClosureModeChanged(Fact, name="closure-mode-changed", owner="placement", dated="changed_on"):
    """From a day on the stay is closed in another way, such as in a more open group; the placement goes on."""

    placement: Identifier
    changed_on: Day
    closure: Closure

    example: ClassVar[dict[str, Any]] = {
        "placement": "P-2026-0012",
        "changed_on": "2026-05-11",
        "closure": "hybride",
    }


class LeaveStarted(Fact, name="leave-started", owner="placement", dated="at"):
    """The young person went on leave; the stay goes on."""

    placement: Identifier
    at: Moment
    kind: Literal["day", "night", "weekend", "holiday", "trial"] | None = None

    example: ClassVar[dict[str, Any]] = {
        "placement": "P-2026-0012",
        "at": "2026-04-03T16:00:00+02:00",
        "kind": "weekend",
    }


class LeaveEnded(Fact, name="leave-ended", owner="placement", dated="at"):
    """The young person came back from leave."""

    placement: Identifier
    at: Moment
    kind: Literal["on-time", "late", "not-returned"] | None = None

    example: ClassVar[dict[str, Any]] = {
        "placement": "P-2026-0012",
        "at": "2026-04-05T20:00:00+02:00",
        "kind": "on-time",
    }


class AbsenceStarted(Fact, name="absence-started", owner="placement", dated="at"):
    """The young person withdrew from care (onttrekking); the stay goes on."""

    placement: Identifier
    at: Moment
    kind: Literal["from-premises", "from-leave", "from-escort"] | None = None

    example: ClassVar[dict[str, Any]] = {"placement": "P-2026-0012", "at": "2026-05-01T21:30:00+02:00"}


class AbsenceEnded(Fact, name="absence-ended", owner="placement", dated="at"):
    """The absence ended: the young person is back."""

    placement: Identifier
    at: Moment
    kind: Literal["own-accord", "family", "police", "staff"] | None = None

    example: ClassVar[dict[str, Any]] = {
        "placement": "P-2026-0012",
        "at": "2026-05-02T03:10:00+02:00",
        "kind": "police",
    }
