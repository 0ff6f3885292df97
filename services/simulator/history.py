"""The history of the simulated country: every event from 2013 on, in the order in which it was recorded."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from services.simulator.around import Around
from services.simulator.averted import Averted
from services.simulator.counts import Counts
from services.simulator.course import Course
from services.simulator.experts import Experts, begun
from services.simulator.flow import Closure, closures
from services.simulator.landscape import agreements, figures
from services.simulator.leaving import Leaving
from services.simulator.lists import Lists
from services.simulator.measures import measures
from services.simulator.noise import Noise, Told
from services.simulator.parameters import Parameters
from services.simulator.rebuilding import rebuilding
from services.simulator.register import heartbeats, register
from services.simulator.statement import Statement, Writer
from services.simulator.titles import Title, titles
from services.simulator.transformation import funding, scans
from shared.calendar import AMSTERDAM

OBSERVED_FROM = date(2013, 1, 1)
"""Facts are told from this day on; of closures that are open then, the stays and machtigingen are brought in whole."""

IMPORTED = frozenset({"placement-started", "doorplaatsing-recorded", "discharge-recorded", "machtiging-granted"})
"""What is brought in with its old date when a running practice starts to publish."""

LEAD = timedelta(days=100)
"""A referral lies at most this long before the closure that it leads to."""

LOOKED_INTO = timedelta(days=60)
"""After this long it is found of some stays that were brought in that their first day is not known."""

REMEMBERED = timedelta(days=365)
"""How long after its end a closure is kept for those who come back in live mode."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One event, written down."""

    publisher: str
    sent_at: datetime
    body: str
    """The structured CloudEvent on one line."""


@dataclass(frozen=True, slots=True)
class Known:
    """A closure with its machtigingen."""

    closure: Closure
    titles: tuple[Title, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Where the country stands at the start of a day, for whoever goes on from there."""

    on: date
    closures: tuple[Known, ...]
    """Open on that day, ended in the year before, or to start in the days after it."""
    untold: tuple[Statement, ...]
    """True before that day, and not yet reported."""
    ahead: tuple[Statement, ...]
    """What expert teams have yet to say of what they were asked before that day."""


class History:
    """Everything told before midnight of the day `until` in Amsterdam; iterate once, then ask where the country stands.

    The same seed and parameters give the same events, byte for byte, and a later `until` only adds to them.
    """

    def __init__(self, seed: int, until: date, parameters: Parameters | None = None) -> None:
        self._seed = seed
        self._until = until
        self._end = datetime.combine(until, time(), tzinfo=AMSTERDAM)
        self._parameters = parameters or Parameters()
        self._known: list[Known] = []
        self._queue: list[tuple[datetime, int, Told]] = []
        self._queued = 0

    def __iter__(self) -> Iterator[Sent]:
        writer = Writer()
        for told in self.told():
            yield Sent(told.statement.publisher, told.sent_at, writer.event(told.statement))

    def told(self) -> Iterator[Told]:
        """The same before it is written down, with why each is told."""
        noise = Noise(self._generator("noise"), self._parameters.noise)
        for told in self._of_nobody(noise):
            self._enqueue(told)
        parameters = self._parameters
        averted = Averted(self._seed, rng=self._generator("averted"), flow=parameters.flow, legal=parameters.legal)
        of_closures = _OfClosures(self._generator, parameters)
        counts, rough = Counts(self._generator("counts"), parameters.counts), self._generator("rough")
        day = OBSERVED_FROM
        for known, clean in self._courses():
            while day + LEAD <= known.closure.started_on:
                yield from self._due(datetime(day.year, day.month, day.day, tzinfo=UTC))
                for told in (*noise.upon(list(averted.on(day))), *noise.sent(counts.on(day))):
                    self._enqueue(told)
                day += timedelta(days=1)
            counts.add(known.closure)
            before = imported(clean, rough, rough_share=parameters.noise.rough_share)
            course = [*before, *noise.upon([it for it in clean if it.on >= OBSERVED_FROM])]
            for told in course:
                self._enqueue(told)
            for said in of_closures.said(known.closure, course):
                # Of what was asked before the first day nothing is told, not the answer either.
                if said and said[0].on >= OBSERVED_FROM:
                    for told in noise.sent(said):
                        self._enqueue(told)
        yield from self._due(self._end)

    def _of_nobody(self, noise: Noise) -> Iterator[Told]:
        parameters, since, until = self._parameters, OBSERVED_FROM, self._until
        for statement in (*register(since, until), *heartbeats(since, until, noise.silence)):
            yield Told(statement.time, statement, "plain")
        yield from noise.sent(measures(since, until, self._generator("measures"), parameters.measures))
        yield from noise.sent(figures(until))
        yield from noise.sent(agreements(since, until, self._generator("landscape"), parameters.landscape))
        yield from noise.sent(rebuilding(since, until, self._generator("rebuilding"), parameters.rebuilding))
        yield from noise.sent(funding(until, self._generator("funding"), parameters.funding))
        yield from noise.sent(scans(until, self._generator("buildings"), parameters.buildings))

    def state(self) -> State:
        """Where the country stands on the day `until`, after everything was iterated."""
        queued = [told.statement for _, _, told in sorted(self._queue)]
        untold = tuple(statement for statement in queued if statement.on < self._until)
        return State(self._until, tuple(self._known), untold, tuple(begun(queued, before=self._until)))

    def _courses(self) -> Iterator[tuple[Known, list[Statement]]]:
        parameters = self._parameters
        rng = self._generator("course")
        course = Course(
            rng,
            legal=parameters.legal,
            away=parameters.away,
            planned_share=parameters.flow.ended_as_planned_share,
        )
        for closure in closures(self._seed, self._until + LEAD, parameters.flow):
            if closure.ended_on <= OBSERVED_FROM:
                continue
            known = Known(closure, titles(closure, rng, parameters.legal))
            if closure.ended_on >= self._until - REMEMBERED:
                self._known.append(known)
            yield known, course.of(closure, known.titles)

    def _generator(self, name: str) -> Random:
        return Random(f"{name} {self._seed}")  # noqa: S311 - a simulation must be repeatable

    def _enqueue(self, told: Told) -> None:
        self._queued += 1
        heapq.heappush(self._queue, (told.sent_at, self._queued, told))

    def _due(self, before: datetime) -> Iterator[Told]:
        while self._queue and self._queue[0][0] < before:
            yield heapq.heappop(self._queue)[2]


class _OfClosures:
    """What is said of closures beside their course, each kind drawn by itself; call it for them in order of start."""

    def __init__(self, generator: Callable[[str], Random], parameters: Parameters) -> None:
        self._leaving = Leaving(generator("leaving"), parameters.leaving)
        self._experts = Experts(generator("experts"), parameters.experts)
        self._lists = Lists(generator, parameters.lists)
        self._around = Around(
            generator, schooling=parameters.schooling, plans=parameters.plans, around=parameters.around
        )

    def said(self, closure: Closure, course: Iterable[Told]) -> Iterator[Sequence[Statement]]:
        """What belongs together, the first of it first; `course` is all that is told of the course of the closure."""
        starts = {
            told.statement.data["placement"]: told
            for told in sorted(course, key=lambda told: told.sent_at, reverse=True)
            if told.statement.name == "placement-started"
        }
        modes = {placement: told.statement.data["closure"] for placement, told in starts.items()}
        yield list(self._leaving.of(closure))
        yield self._experts.of(closure)
        yield from self._lists.of(closure)
        for it in self._around.of(closure, modes=modes):
            # An institution records nothing during a stay before it told that the stay began, however late that was.
            start = starts.get(it.data.get("placement"))
            yield [it if start is None else replace(it, time=max(it.time, start.sent_at))]


def imported(clean: list[Statement], rng: Random, *, rough_share: float) -> Iterator[Told]:
    """What lay before the publishers began, brought in whole, at once and without noise. Of some stays it is said
    later that only the month of their start is known.
    """
    began = datetime(OBSERVED_FROM.year, OBSERVED_FROM.month, OBSERVED_FROM.day, 8, tzinfo=UTC)
    for statement in clean:
        if statement.on < OBSERVED_FROM and statement.name in IMPORTED:
            yield Told(began, replace(statement, time=began), "plain")
            if statement.name == "placement-started" and rng.random() < rough_share:
                later = began + LOOKED_INTO
                yield Told(later, replace(statement, time=later, revision=2, precision="month"), "correction")
