"""Referrals that lead to no placement: an alternative was found, the court refused, or nothing came of it."""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from services.simulator.course import order, referral_data, say
from services.simulator.flow import starts_a_day
from services.simulator.parameters import FlowParameters, LegalParameters
from services.simulator.people import Births, Person
from services.simulator.publishers import COURT, desk_of, gi_of
from services.simulator.statement import Statement
from services.simulator.titles import COURTS, Title
from shared.facts.regions import AREA_OF

OUTCOMES = {"alternative": 0.7, "withdrawn": 0.3}
ALTERNATIVES = {"open": 0.35, "family": 0.2, "ambulant": 0.25, "three-milieu": 0.1, "ggz": 0.1}
REFUSALS = {"grounds-not-met": 0.4, "less-intrusive-option": 0.4, "no-instemmingsverklaring": 0.2}
"""Unverified shares."""

UNUSED_MONTHS = 3
"""A machtiging that is not executed lapses after three months (Jeugdwet 6.1.12(3))."""


class Averted:
    """Draws the referrals of a day that no placement follows."""

    def __init__(self, seed: int, *, rng: Random, flow: FlowParameters, legal: LegalParameters) -> None:
        self._rng = rng
        self._births = Births(f"averted {seed}", rng, boys_share=flow.boys_share)
        self._mean_share = flow.first_share * legal.averted_share
        self._legal = legal
        self._count = 0

    def on(self, day: date) -> Iterator[Statement]:
        """Everything that will be said about the referrals registered on a day."""
        chance = 1 - math.exp(-starts_a_day(day) * self._mean_share / 2)
        for _ in range(2):
            if self._rng.random() < chance:
                yield from self._referral(day)

    def _referral(self, day: date) -> Iterator[Statement]:
        rng, person = self._rng, self._births.person(day)
        self._count += 1
        key = f"{day.year}-A{self._count:06d}"
        desk = desk_of(AREA_OF[person.region])
        spoed = rng.random() < 0.3
        registered = referral_data(person, key=f"R-{key}", on=day, spoed=spoed, origin="home")
        yield say(desk, "referral-registered", f"R-{key}", person, on=day, data=registered)
        closed_on = day + timedelta(days=rng.randint(3, 60))
        closed: dict[str, object] = {"referral": f"R-{key}", "closed_on": "", "outcome": ""}
        drawn = rng.random()
        if drawn < self._legal.unexecuted_share:
            closed_on = day + timedelta(days=92)
            closed["outcome"] = "expired"
            yield from order(person, self._unused(person, key, day))
        elif drawn < self._legal.unexecuted_share + self._legal.refused_share:
            closed["outcome"] = "refused"
            yield from self._refusal(person, key, day, refused_on=closed_on)
        else:
            closed["outcome"] = rng.choices(tuple(OUTCOMES), tuple(OUTCOMES.values()))[0]
        if closed["outcome"] == "alternative":
            closed["alternative"] = rng.choices(tuple(ALTERNATIVES), tuple(ALTERNATIVES.values()))[0]
        closed["closed_on"] = closed_on.isoformat()
        yield say(desk, "referral-closed", f"R-{key}", person, on=closed_on, data=closed)

    def _unused(self, person: Person, key: str, day: date) -> Title:
        until = day + timedelta(days=183)
        court = COURTS[AREA_OF[person.region]][0]
        return Title(f"M-{key}", f"V-{key}", "regulier", "ots", "gi", court, day, day, day, until, False, None)

    def _refusal(self, person: Person, key: str, day: date, *, refused_on: date) -> Iterator[Statement]:
        gi = gi_of(AREA_OF[person.region])
        requested: dict[str, object] = {
            "request": f"V-{key}",
            "kind": "regulier",
            "requester": "gi",
            "requested_on": day.isoformat(),
        }
        yield say(gi, "machtiging-requested", f"V-{key}", person, on=day, data=requested)
        reason = self._rng.choices(tuple(REFUSALS), tuple(REFUSALS.values()))[0]
        refused: dict[str, object] = {"request": f"V-{key}", "refused_on": refused_on.isoformat(), "reason": reason}
        yield say(COURT, "machtiging-refused", f"V-{key}", person, on=refused_on, data=refused)
