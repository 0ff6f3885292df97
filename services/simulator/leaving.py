"""Who could leave, and waits inside for what should follow: said of closures that end as planned."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from services.simulator.course import provider_of, say
from services.simulator.flow import Closure
from services.simulator.parameters import LeavingParameters
from services.simulator.statement import Statement

NEEDED = {"family": 0.35, "ambulant": 0.25, "open": 0.2, "three-milieu": 0.1, "hybride": 0.05, "ggz": 0.05}
"""What should follow: unverified."""


class Leaving:
    """Draws from one generator, as often for each closure; call it for closures in order of start."""

    def __init__(self, rng: Random, parameters: LeavingParameters) -> None:
        self._rng = rng
        self._parameters = parameters

    def of(self, closure: Closure) -> Iterator[Statement]:
        """That the last stay could end, if it is said of this closure, on a day of that stay."""
        rng, stay = self._rng, closure.stays[-1]
        told = rng.random() < self._parameters.told_share
        waited = timedelta(days=1 + int(rng.expovariate(1 / self._parameters.wait_mean)))
        needed = rng.choices(tuple(NEEDED), tuple(NEEDED.values()))[0]
        on = stay.ended_on - waited
        if told and on > stay.started_on:
            data: dict[str, object] = {"placement": stay.id, "ready_on": on.isoformat(), "needed": needed}
            yield say(provider_of(stay), "discharge-ready", stay.id, closure.person, on=on, data=data)
