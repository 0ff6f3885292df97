"""The machtigingen under which a closure runs: a spoedmachtiging or a regular one first, then extensions to its end."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from services.simulator.flow import Closure
from services.simulator.parameters import LegalParameters
from shared.facts.regions import AREA_OF

LegalFrame = Literal["ots", "vots", "voogdij", "consent", "combi"]
MEASURES: dict[LegalFrame, float] = {"ots": 0.72, "vots": 0.12, "voogdij": 0.13, "combi": 0.03}
"""Protection measures where there is one: unverified."""

MONTHS = {3: 0.25, 6: 0.45, 9: 0.12, 12: 0.18}
"""Terms of regular machtigingen in months: unverified, at most the statutory year."""

COURTS = {
    "noord": ("rechtbank-noord-nederland",),
    "oost": ("rechtbank-gelderland", "rechtbank-overijssel"),
    "noord-west": ("rechtbank-amsterdam", "rechtbank-noord-holland", "rechtbank-midden-nederland"),
    "zuid-west": ("rechtbank-den-haag", "rechtbank-rotterdam"),
    "zuid": ("rechtbank-oost-brabant", "rechtbank-zeeland-west-brabant", "rechtbank-limburg"),
}
"""Courts by area; which of them takes a region's cases is unverified."""


@dataclass(frozen=True, slots=True)
class Title:
    """A machtiging for the days [valid_from, valid_until) and the request that led to it."""

    machtiging: str
    request: str
    kind: Literal["regulier", "spoed"]
    frame: LegalFrame
    requester: Literal["college", "gi", "raad"]
    court: str
    requested_on: date
    granted_on: date
    valid_from: date
    valid_until: date
    without_hearing: bool
    extends: str | None


def titles(closure: Closure, rng: Random, parameters: LegalParameters) -> tuple[Title, ...]:
    """Every machtiging of a closure in order; together they cover it but for the nights before a late extension."""
    maker = _Titles(closure, rng, parameters)
    made = [maker.spoed() if closure.spoed else maker.regulier()]
    while made[-1].valid_until < closure.ended_on:
        following = maker.following(made[-1])
        if following.valid_from >= closure.ended_on:
            break
        made.append(following)
    return tuple(made)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or the last day of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


class _Titles:
    def __init__(self, closure: Closure, rng: Random, parameters: LegalParameters) -> None:
        self._closure = closure
        self._rng = rng
        self._parameters = parameters
        self._key = closure.stays[0].id.removeprefix("P-")
        self._count = 0
        self._frame: LegalFrame = "consent"
        if rng.random() >= parameters.consent_share:
            self._frame = rng.choices(tuple(MEASURES), tuple(MEASURES.values()))[0]
        region = closure.person.region
        courts = COURTS[AREA_OF[region]]
        self._court = courts[int(region[2:]) % len(courts)]

    def spoed(self) -> Title:
        granted = self._closure.started_on - timedelta(days=self._rng.randint(0, 1))
        days = self._parameters.spoed_days_max
        if self._rng.random() < 0.2:
            days = self._rng.randint(14, days)
        hearing = self._rng.random() < self._parameters.without_hearing_share
        return self._title(
            "spoed", (granted, granted, granted, granted + timedelta(days=days)), without_hearing=hearing
        )

    def regulier(self) -> Title:
        granted = self._closure.started_on - timedelta(days=int(self._rng.triangular(0, 30, 2)))
        requested = granted - timedelta(days=self._rng.randint(7, 21))
        return self._title("regulier", (requested, granted, granted, self._term(granted)))

    def following(self, before: Title) -> Title:
        """The next regular machtiging: asked for and granted before the last day, but for the late ones."""
        rng, until = self._rng, before.valid_until
        if before.kind == "spoed":
            requested = before.granted_on + timedelta(days=rng.randint(3, 10))
        else:
            requested = until - timedelta(days=rng.randint(21, 60))
        granted = valid_from = until
        if rng.random() < self._parameters.late_extension_share:
            granted = valid_from = until + timedelta(days=rng.randint(1, 10))
        else:
            granted -= timedelta(days=rng.randint(0, min(7, (until - requested).days)))
        return self._title(
            "regulier", (requested, granted, valid_from, self._term(valid_from)), extends=before.machtiging
        )

    def _term(self, valid_from: date) -> date:
        months = self._rng.choices(tuple(MONTHS), tuple(MONTHS.values()))[0]
        return months_later(valid_from, min(months, self._parameters.regulier_months_max))

    def _title(
        self,
        kind: Literal["regulier", "spoed"],
        days: tuple[date, date, date, date],
        *,
        without_hearing: bool = False,
        extends: str | None = None,
    ) -> Title:
        self._count += 1
        key = f"{self._key}-{self._count}"
        requester: Literal["college", "gi", "raad"] = "gi" if self._rng.random() < 0.8 else "raad"
        if self._frame == "consent":
            requester = "college"
        return Title(f"M-{key}", f"V-{key}", kind, self._frame, requester, self._court, *days, without_hearing, extends)
