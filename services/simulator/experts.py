"""What expert teams are asked about young people inside, what they advise, and what becomes of that."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from services.simulator.course import say
from services.simulator.flow import Closure
from services.simulator.parameters import ExpertParameters
from services.simulator.people import Person
from services.simulator.publishers import experts_of
from services.simulator.statement import Statement
from shared.facts.regions import AREA_OF

ADVICES = {"family": 0.3, "three-milieu": 0.25, "open": 0.2, "ambulant": 0.1, "ggz": 0.1, "gesloten": 0.05}
DEVIATIONS = {"no-place": 0.5, "no-consent": 0.15, "court-decision": 0.1, "situation-changed": 0.15, "safety": 0.1}
"""Unverified shares."""

ASKED, ADVISED, FOLLOWED_UP = "expert-advice-requested", "expert-advice-issued", "expert-advice-followed-up"
DATED: Mapping[str, str] = {ASKED: "requested_on", ADVISED: "issued_on", FOLLOWED_UP: "followed_up_on"}
"""The field that says when each is true."""


class Experts:
    """Draws from one generator; call it for closures in order of start."""

    def __init__(self, rng: Random, parameters: ExpertParameters) -> None:
        self._rng = rng
        self._parameters = parameters

    def of(self, closure: Closure) -> Sequence[Statement]:
        """Everything that will be said of a consult about this closure, asked on a day of it; nothing without one."""
        asked = self._rng.random() < self._parameters.asked_share
        days = int(self._rng.random() * (closure.ended_on - closure.started_on).days)
        if not asked:
            return ()
        key = closure.stays[0].id.replace("P-", "C-")
        return self.about(closure.person, key=key, on=closure.started_on + timedelta(days=days))

    def about(self, person: Person, *, key: str, on: date) -> Sequence[Statement]:
        """A consult that is asked for on this day: the request first, and what follows in order."""
        rng, parameters = self._rng, self._parameters
        team = experts_of(AREA_OF[person.region])
        of_team: dict[str, object] = {"consult": key, "team_region": person.region}
        asked: dict[str, object] = {**of_team, DATED[ASKED]: on.isoformat()}
        issued_on = on + self._days(parameters.answer_mean)
        advised: dict[str, object] = {
            **of_team,
            DATED[ADVISED]: issued_on.isoformat(),
            "binding": rng.random() < parameters.binding_share,
            "advice": rng.choices(tuple(ADVICES), tuple(ADVICES.values()))[0],
        }
        return [
            say(team, ASKED, key, person, on=on, data=asked),
            say(team, ADVISED, key, person, on=issued_on, data=advised),
            *self._followed_up(team, person, key, issued_on),
        ]

    def _followed_up(self, team: str, person: Person, key: str, issued_on: date) -> list[Statement]:
        rng, parameters = self._rng, self._parameters
        answered_on = issued_on + timedelta(days=rng.randint(1, 7))
        deviated = rng.random() < parameters.deviated_share
        answered: dict[str, object] = {
            "consult": key,
            DATED[FOLLOWED_UP]: answered_on.isoformat(),
            "status": "deviated" if deviated else "accepted",
        }
        if deviated and rng.random() >= parameters.unexplained_share:
            answered["reason"] = rng.choices(tuple(DEVIATIONS), tuple(DEVIATIONS.values()))[0]
        said = [say(team, FOLLOWED_UP, f"{key}-1", person, on=answered_on, data=answered)]
        if not deviated:
            executed_on = answered_on + self._days(parameters.executed_mean)
            executed: dict[str, object] = {
                "consult": key,
                DATED[FOLLOWED_UP]: executed_on.isoformat(),
                "status": "executed",
            }
            said.append(say(team, FOLLOWED_UP, f"{key}-2", person, on=executed_on, data=executed))
        return said

    def _days(self, mean: float) -> timedelta:
        return timedelta(days=1 + int(self._rng.expovariate(1 / mean)))


def begun(statements: Sequence[Statement], *, before: date) -> Sequence[Statement]:
    """Of these what expert teams have yet to say, on this day or later, of what they were asked before it; in order."""
    ahead = [it for it in statements if it.name in DATED and it.on >= before]
    unasked = {it.data["consult"] for it in ahead if it.name == ASKED}
    return sorted((it for it in ahead if it.data["consult"] not in unasked), key=lambda it: it.on)


def brought_forward(statement: Statement, *, on: date) -> Statement:
    """The same, true on this day instead."""
    return replace(statement, on=on, data={**statement.data, DATED[statement.name]: on.isoformat()})
