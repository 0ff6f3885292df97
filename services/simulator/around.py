"""What institutions say of young people inside beside where they are: lessons, plans, reviews, how they are held."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from random import Random

from services.simulator.course import HYBRID_FROM, drawn, provider_of, say
from services.simulator.flow import Closure, Stay
from services.simulator.parameters import AroundParameters, PlanParameters, SchoolingParameters
from services.simulator.people import Person
from services.simulator.statement import Statement
from shared.facts.restriction import quarter_of

AFTERWARDS = {"in-school": 0.74, "none": 0.12, "work": 0.08, "exempt": 0.06}
"""How they are taught from the day of the discharge on."""
HOURS = (12, 16, 20, 24)
MODES = {"besloten": 0.6, "hybride": 0.4}
REVIEWS = {"leertafel": 0.8, "visitatie": 0.2}
LESSONS = ("earlier-help", "matching", "family", "school", "step-down", "cooperation", "safety", "capacity")
EMERGENCIES = {"holding": 0.4, "room-confinement": 0.3, "seclusion": 0.3}
"""All of these shares are unverified."""

TOOK_LONG = (12 * 60 + 1, 30 * 60)
"""Minutes of a measure that lasts longer than twelve hours, from and to."""


class Around:
    """Draws each kind from a generator of its own, given by name; call it for closures in order of start."""

    def __init__(
        self,
        generator: Callable[[str], Random],
        *,
        schooling: SchoolingParameters,
        plans: PlanParameters,
        around: AroundParameters,
    ) -> None:
        self._rng = {name: generator(name) for name in ("schooling", "plans", "modes", "reviews", "emergencies")}
        self._schooling_parameters = schooling
        self._plan_parameters = plans
        self._parameters = around

    def of(self, closure: Closure, *, modes: Mapping[object, object]) -> Iterator[Statement]:
        """Everything that will be said of this closure, in no particular order. `modes` says how each stay of it was
        closed at first, by its key.
        """
        yield from self._schooling(closure)
        yield from self._plans(closure)
        yield from self._mode(closure, began_as=modes[closure.stays[-1].id])
        yield from self._review(closure)
        yield from self._emergencies(closure)

    def _schooling(self, closure: Closure) -> Iterator[Statement]:
        for stay in closure.stays:
            yield from self._taught_inside(closure.person, stay)
        rng, parameters = self._rng["schooling"], self._schooling_parameters
        told, status = rng.random() < parameters.afterwards_share, drawn(rng, AFTERWARDS)
        if told:
            last, on = closure.stays[-1], closure.ended_on
            data: dict[str, object] = {"changed_on": on.isoformat(), "status": status}
            yield say(provider_of(last), "education-changed", f"{last.id}-after", closure.person, on=on, data=data)

    def _taught_inside(self, person: Person, stay: Stay) -> Iterator[Statement]:
        rng, parameters = self._rng["schooling"], self._schooling_parameters
        told, stops = rng.random() < parameters.told_share, rng.random() < parameters.stopped_share
        hours = rng.choice(HOURS)
        begins_on = stay.started_on + _days(rng, parameters.starts_mean)
        stops_on = begins_on + _days(rng, parameters.stopped_after_mean)
        again_on = stops_on + _days(rng, parameters.stopped_mean)
        changes = ((begins_on, hours), (stops_on, None), (again_on, hours)) if stops else ((begins_on, hours),)
        for number, (on, taught_hours) in enumerate(changes, start=1):
            if told and on < stay.ended_on:
                yield taught(person, stay, key=f"{stay.id}-{number}", on=on, hours=taught_hours)

    def _plans(self, closure: Closure) -> Iterator[Statement]:
        rng, parameters = self._rng["plans"], self._plan_parameters
        due_on = closure.started_on + timedelta(days=parameters.first_days_max)
        first, number = True, 0
        while True:
            late = rng.random() < parameters.overdue_share
            earlier = rng.randint(0, 28 if first else 14)
            on = due_on + timedelta(days=rng.randint(5, 40) if late else -earlier)
            if on >= closure.ended_on:
                return
            first, number = False, number + 1
            due_on = on + timedelta(days=parameters.interval_days)
            key = f"{closure.stays[0].id}-{number}"
            yield evaluated(closure.person, stay_by(closure, on), key=key, on=on, due_on=due_on)

    def _mode(self, closure: Closure, *, began_as: object) -> Iterator[Statement]:
        rng, stay = self._rng["modes"], closure.stays[-1]
        changes, mode = rng.random() < self._parameters.mode_changed_share, drawn(rng, MODES)
        days = (stay.ended_on - stay.started_on).days
        on = stay.started_on + timedelta(days=int(days * (1 + rng.random()) / 2))
        if changes and on > stay.started_on:
            if on < HYBRID_FROM or mode == began_as:
                mode = "besloten"
            data: dict[str, object] = {"placement": stay.id, "changed_on": on.isoformat(), "closure": mode}
            yield say(provider_of(stay), "closure-mode-changed", stay.id, closure.person, on=on, data=data)

    def _review(self, closure: Closure) -> Iterator[Statement]:
        rng, parameters = self._rng["reviews"], self._parameters
        reviewed = rng.random() < parameters.reviewed_share
        on = closure.started_on + timedelta(days=parameters.reviewed_after_days) + _days(rng, 60)
        kind, lessons = drawn(rng, REVIEWS), rng.sample(LESSONS, rng.randint(0, 3))
        if reviewed and on < closure.ended_on:
            stay = stay_by(closure, on)
            data: dict[str, object] = {
                "placement": stay.id,
                "reviewed_on": on.isoformat(),
                "kind": kind,
                "lessons": lessons,
            }
            yield say(provider_of(stay), "case-reviewed", stay.id, closure.person, on=on, data=data)

    def _emergencies(self, closure: Closure) -> Iterator[Statement]:
        rng, parameters = self._rng["emergencies"], self._parameters
        for stay in closure.stays:
            happens = rng.random() < parameters.emergency_share
            on = stay.started_on + timedelta(days=int(rng.random() * (stay.ended_on - stay.started_on).days))
            category, minutes = (
                drawn(rng, EMERGENCIES),
                10 + int(rng.expovariate(1 / parameters.emergency_minutes_mean)),
            )
            if rng.random() < parameters.emergency_long_share:
                minutes = rng.randint(*TOOK_LONG)
            if happens:
                data: dict[str, object] = {
                    "placement": stay.id,
                    "quarter": quarter_of(on),
                    "on": on.isoformat(),
                    "category": category,
                    "count": 1,
                    "minutes": minutes,
                    "emergency": True,
                }
                yield say(provider_of(stay), "restriction-reported", stay.id, closure.person, on=on, data=data)


def taught(person: Person, stay: Stay, *, key: str, on: date, hours: int | None) -> Statement:
    """From this day of the stay on lessons are given inside, so many hours a week; or no longer any, where None."""
    data: dict[str, object] = {"placement": stay.id, "changed_on": on.isoformat(), "status": "none"}
    if hours is not None:
        data |= {"status": "inside", "hours": hours}
    return say(provider_of(stay), "education-changed", key, person, on=on, data=data)


def evaluated(person: Person, stay: Stay, *, key: str, on: date, due_on: date) -> Statement:
    """The care plan was evaluated on this day of the stay."""
    data: dict[str, object] = {
        "placement": stay.id,
        "evaluated_on": on.isoformat(),
        "next_due_on": due_on.isoformat(),
    }
    return say(provider_of(stay), "care-plan-evaluated", key, person, on=on, data=data)


def stay_by(closure: Closure, day: date) -> Stay:
    """The last stay that began by a day of the closure."""
    return [stay for stay in closure.stays if stay.started_on <= day][-1]


def _days(rng: Random, mean: float) -> timedelta:
    return timedelta(days=1 + int(rng.expovariate(1 / mean)))
