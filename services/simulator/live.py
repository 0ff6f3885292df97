"""The country after today: the same young people go on, in facts dated today, in the proportions of a real day."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from services.simulator.around import HOURS, evaluated, taught
from services.simulator.country import choices_on
from services.simulator.course import Course, order, provider_of, title_on
from services.simulator.experts import Experts, brought_forward
from services.simulator.flow import LAST_AGE_OF_ENTRY, REASONS, Closure, Stay, starts_a_day
from services.simulator.history import Known, Sent, State
from services.simulator.parameters import Parameters
from services.simulator.people import Births, Person
from services.simulator.publishers import PUBLISHERS
from services.simulator.statement import Statement, Writer
from services.simulator.titles import Title, months_later, titles
from shared.calendar import calendar_date
from shared.clock import Clock
from shared.facts.regions import AREA_OF

FAR_AWAY = timedelta(days=300)
"""Until when a new stay is planned; how long it really lasts is drawn day by day."""

EXTENDED_BEFORE = timedelta(days=42)
"""A machtiging is extended in its last six weeks."""

AWAY_DAYS_MEAN = 2.0

ADVICE_DAYS_MEAN = 20.0
"""From what is said of a consult to what is said of it next."""

EMPTY_TRIES_MAX = 1000
"""Happenings drawn in a row that nobody is there for, before it is taken for a fault."""


@dataclass(slots=True)
class Resident:
    """Somebody who is inside."""

    closure: Closure
    stay: Stay
    title: Title
    away: Statement | None = None
    """The start of the leave or absence that is going on."""


class Live:
    """An endless course of events from a state on; iterate it at the pace you want.

    Its ids carry the moment at which it began, so two runs on one country never say the same thing twice.
    """

    def __init__(self, state: State, *, clock: Clock, rng: Random, parameters: Parameters | None = None) -> None:
        self._clock = clock
        self._rng = rng
        self._parameters = parameters or Parameters()
        self._run = f"{clock():%Y%m%dT%H%M%S}"
        self._count = 0
        flow = self._parameters.flow
        self._births = Births(f"live {self._run}", rng, boys_share=flow.boys_share)
        self._course = Course(
            rng,
            legal=self._parameters.legal,
            away=self._parameters.away,
            planned_share=flow.ended_as_planned_share,
        )
        self._experts = Experts(rng, self._parameters.experts)
        self._untold = deque(state.untold)
        self._ahead = deque(state.ahead)
        self._inside = [inside for known in state.closures if (inside := _resident(known, state.on)) is not None]
        self._usual = max(1, len(self._inside))
        self._untaught = deque[Resident]()  # Who came in live; what was to be said of others is not known.
        self._left = deque(known.closure for known in state.closures if known.closure.ended_on < state.on)

    def __iter__(self) -> Iterator[Sent]:
        writer = Writer()
        while True:
            now = self._clock().astimezone(UTC).replace(microsecond=0)
            for statement in self.happening(now):
                told = replace(statement, time=now, run=self._run)
                yield Sent(told.publisher, now, writer.event(told))

    def happening(self, now: datetime) -> list[Statement]:
        """What is said about the next thing that happens."""
        today = calendar_date(now)
        happenings: Mapping[Callable[[date, datetime], Iterator[Statement]], float] = {
            self._late: min(len(self._untold), 1),
            **self._movements(today),
            self._extension: len(self._inside) / 150,
            self._leave: len(self._inside) / self._parameters.away.leave_interval_mean,
            self._absence: len(self._inside) / self._parameters.away.absence_interval_mean,
            self._back: sum(one.away is not None for one in self._inside) / AWAY_DAYS_MEAN,
            self._consult: starts_a_day(today) * self._parameters.experts.asked_share,
            self._advice: len(self._ahead) / ADVICE_DAYS_MEAN,
            self._lessons: len(self._untaught) / self._parameters.schooling.starts_mean,
            self._plan: len(self._inside) / self._parameters.plans.interval_days,
            self._heartbeat: len(PUBLISHERS) / 7,
        }
        for _ in range(EMPTY_TRIES_MAX):
            happens = self._rng.choices(tuple(happenings), tuple(happenings.values()))[0]
            if said := list(happens(today, now)):
                return said
        raise RuntimeError("nothing can happen in the simulated country")

    def _movements(self, today: date) -> dict[Callable[[date, datetime], Iterator[Statement]], float]:
        starts, flow = starts_a_day(today), self._parameters.flow
        crowd = len(self._inside) / self._usual
        room = max(0.0, 2 - crowd)
        return {
            self._admission: starts * flow.first_share * room,
            self._return: starts * (1 - flow.first_share - flow.transfer_share) * room,
            self._transfer: starts * flow.transfer_share,
            self._discharge: starts * (1 - flow.transfer_share) * crowd,
        }

    def _late(self, today: date, now: datetime) -> Iterator[Statement]:
        if self._untold:
            yield self._untold.popleft()

    def _heartbeat(self, today: date, now: datetime) -> Iterator[Statement]:
        yield Statement(self._rng.choice(tuple(PUBLISHERS)), "heartbeat", self._key(), None, {}, today, now)

    def _admission(self, today: date, now: datetime) -> Iterator[Statement]:
        person = self._births.person(today)
        if person.age_on(today) <= LAST_AGE_OF_ENTRY:
            yield from self._closed_in(person, 1, today)

    def _return(self, today: date, now: datetime) -> Iterator[Statement]:
        if self._left:
            earlier = self._left.popleft()
            if earlier.person.age_on(today) <= LAST_AGE_OF_ENTRY and earlier.ended_on < today:
                yield from self._closed_in(earlier.person, earlier.number + 1, today)

    def _closed_in(self, person: Person, number: int, today: date) -> Iterator[Statement]:
        flow = self._parameters.flow
        spoed = self._rng.random() < (flow.spoed_share_first if number == 1 else flow.spoed_share_return)
        stay = self._stay(person, today, came_from=None)
        closure = Closure(person, number, spoed, (stay,))
        title = titles(closure, self._rng, self._parameters.legal)[0]
        self._inside.append(Resident(closure, stay, title))
        self._untaught.append(self._inside[-1])
        yield from self._course.referral(closure, title)
        yield from order(person, title)
        yield self._course.start(closure, stay, before=None, title=title)

    def _transfer(self, today: date, now: datetime) -> Iterator[Statement]:
        resident = self._somebody(today)
        if resident is None:
            return
        reason = self._rng.choices(tuple(REASONS), tuple(REASONS.values()))[0]
        before = replace(resident.stay, ended_on=today, moved_because=reason)
        resident.stay = self._stay(resident.closure.person, today, came_from=before.accommodation)
        yield self._course.end(resident.closure.person, before, following=resident.stay)
        yield self._course.start(resident.closure, resident.stay, before=before, title=resident.title)

    def _discharge(self, today: date, now: datetime) -> Iterator[Statement]:
        resident = self._somebody(today)
        if resident is not None:
            self._inside.remove(resident)
            stay = replace(resident.stay, ended_on=today, moved_because=None)
            self._left.append(replace(resident.closure, stays=(stay,)))
            yield self._course.end(resident.closure.person, stay, following=None)

    def _extension(self, today: date, now: datetime) -> Iterator[Statement]:
        resident = min(self._inside, key=lambda one: one.title.valid_until, default=None)
        if resident is None or resident.title.valid_until > today + EXTENDED_BEFORE:
            return
        before = resident.title
        since = max(before.valid_until, today)
        resident.title = replace(
            before,
            machtiging=f"M-{self._key()}",
            request=f"V-{self._key()}",
            kind="regulier",
            requested_on=today,
            granted_on=today,
            valid_from=since,
            valid_until=months_later(since, 6),
            without_hearing=False,
            extends=before.machtiging,
        )
        yield from order(resident.closure.person, resident.title)

    def _leave(self, today: date, now: datetime) -> Iterator[Statement]:
        yield from self._away("leave-started", "weekend", now)

    def _absence(self, today: date, now: datetime) -> Iterator[Statement]:
        yield from self._away("absence-started", "from-premises", now)

    def _away(self, name: str, kind: str, now: datetime) -> Iterator[Statement]:
        resident = self._somebody(calendar_date(now))
        if resident is not None:
            data: dict[str, object] = {"placement": resident.stay.id, "at": now.isoformat(), "kind": kind}
            person, on = resident.closure.person.pseudonym, calendar_date(now)
            resident.away = Statement(provider_of(resident.stay), name, self._key(), person, data, on, now)
            yield resident.away

    def _back(self, today: date, now: datetime) -> Iterator[Statement]:
        out = [one for one in self._inside if one.away is not None]
        if out:
            resident = self._rng.choice(out)
            assert resident.away is not None
            name = resident.away.name.replace("started", "ended")
            kind = "on-time" if name == "leave-ended" else "police"
            data = {**resident.away.data, "at": now.isoformat(), "kind": kind}
            yield replace(resident.away, name=name, data=data)
            resident.away = None

    def _consult(self, today: date, now: datetime) -> Iterator[Statement]:
        resident = self._somebody(today)
        if resident is not None:
            asked, *following = self._experts.about(resident.closure.person, key=f"C-{self._key()}", on=today)
            self._ahead += following
            yield asked

    def _advice(self, today: date, now: datetime) -> Iterator[Statement]:
        if self._ahead:
            yield brought_forward(self._ahead.popleft(), on=today)

    def _lessons(self, today: date, now: datetime) -> Iterator[Statement]:
        """Who came in first of those who are not taught yet is taught from today on."""
        if self._untaught and (resident := self._untaught.popleft()) in self._inside:
            person, stay = resident.closure.person, resident.stay
            yield taught(person, stay, key=self._key(), on=today, hours=self._rng.choice(HOURS))

    def _plan(self, today: date, now: datetime) -> Iterator[Statement]:
        resident = self._somebody(today)
        if resident is not None:
            due_on = today + timedelta(days=self._parameters.plans.interval_days)
            yield evaluated(resident.closure.person, resident.stay, key=self._key(), on=today, due_on=due_on)

    def _somebody(self, today: date) -> Resident | None:
        """Anybody present who came in before today."""
        present = [one for one in self._inside if one.stay.started_on < today and one.away is None]
        return self._rng.choice(present) if present else None

    def _stay(self, person: Person, today: date, *, came_from: str | None) -> Stay:
        weight = self._parameters.flow.own_area_weight
        names, weights = choices_on(today, area=AREA_OF[person.region], own_area_weight=weight)
        while (chosen := self._rng.choices(names, weights)[0]) == came_from:
            pass
        return Stay(f"P-{self._key()}", chosen, today, today + FAR_AWAY, None)

    def _key(self) -> str:
        self._count += 1
        return f"{self._run}-{self._count}"


def _resident(known: Known, on: date) -> Resident | None:
    begun = [stay for stay in known.closure.stays if stay.started_on < on]
    if not begun or begun[-1].ended_on < on:
        return None
    return Resident(known.closure, begun[-1], title_on(known.titles, on))
