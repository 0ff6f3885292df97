"""What municipalities say beside referrals: who is on a waiting list, and for whom they ask for national support."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from random import Random

from services.simulator.course import drawn, say
from services.simulator.flow import Closure
from services.simulator.parameters import ListParameters
from services.simulator.publishers import desk_of
from services.simulator.statement import Statement
from shared.facts.regions import AREA_OF

SETTINGS = {"family": 0.35, "open": 0.25, "three-milieu": 0.2, "ggz": 0.2}
INTERIM = {"ambulant": 0.5, "family": 0.15, "open": 0.1, "": 0.25}
"""Help in the meantime; the last is none."""
LEFT = {"placed": 0.7, "alternative": 0.15, "withdrawn": 0.1, "lapsed": 0.05}
REASONS = {"no-place": 0.45, "complex": 0.25, "no-agreement": 0.12, "no-funding": 0.1, "safety": 0.08}
RESULTS = {"placed": 0.3, "alternative": 0.25, "advice": 0.3, "withdrawn": 0.05, "unresolved": 0.1}
"""All of these shares are unverified."""


class Lists:
    """Draws each kind from a generator of its own, given by name; call it for closures in order of start."""

    def __init__(self, generator: Callable[[str], Random], parameters: ListParameters) -> None:
        self._lists = generator("lists")
        self._support = generator("support")
        self._parameters = parameters

    def of(self, closure: Closure) -> Iterator[Sequence[Statement]]:
        """Everything that will be said of this closure: of each list and each request its beginning, then its end."""
        yield from self._listed(closure)
        yield from self._supported(closure)

    def _listed(self, closure: Closure) -> Iterator[Sequence[Statement]]:
        """From the discharge on some wait for what should follow."""
        rng, parameters, person = self._lists, self._parameters, closure.person
        waits = rng.random() < parameters.listed_share
        days = 1 + int(rng.expovariate(1 / parameters.wait_mean))
        setting, interim, reason = drawn(rng, SETTINGS), drawn(rng, INTERIM), drawn(rng, LEFT)
        if waits:
            key, desk, on = closure.stays[-1].id.replace("P-", "W-"), desk_of(AREA_OF[person.region]), closure.ended_on
            until_on = on + timedelta(days=days)
            begun: dict[str, object] = {"waiting": key, "for": setting, "started_on": on.isoformat()}
            if interim:
                begun["interim"] = interim
            ended: dict[str, object] = {"waiting": key, "ended_on": until_on.isoformat(), "reason": reason}
            yield (
                say(desk, "waiting-started", key, person, on=on, data=begun),
                say(desk, "waiting-ended", key, person, on=until_on, data=ended),
            )

    def _supported(self, closure: Closure) -> Iterator[Sequence[Statement]]:
        rng, parameters, person = self._support, self._parameters, closure.person
        asks = rng.random() < parameters.supported_share
        into = int(rng.random() * (closure.ended_on - closure.started_on).days)
        days = 1 + int(rng.expovariate(1 / parameters.support_mean))
        reason, result = drawn(rng, REASONS), drawn(rng, RESULTS)
        if asks:
            key, desk = closure.stays[0].id.replace("P-", "S-"), desk_of(AREA_OF[person.region])
            on = closure.started_on + timedelta(days=into)
            until_on = on + timedelta(days=days)
            asked: dict[str, object] = {"support": key, "on": on.isoformat(), "reason": reason}
            resolved: dict[str, object] = {"support": key, "on": until_on.isoformat(), "result": result}
            yield (
                say(desk, "support-requested", key, person, on=on, data=asked),
                say(desk, "support-resolved", key, person, on=until_on, data=resolved),
            )
