"""What the field does to clean statements, in stated shares: late, corrected, withdrawn, repeated, contradicted.

Nothing that comes out would be refused at the door, and nothing is recorded before the day on which it is true.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Literal

from services.simulator.country import ACCOMMODATIONS
from services.simulator.parameters import NoiseParameters
from services.simulator.statement import Statement, morning_of

P95_OF_A_NORMAL = 1.6448536269514722

Kind = Literal[
    "plain",
    "mistaken",
    "correction",
    "withdrawn",
    "withdrawal",
    "resent",
    "duplicate",
    "overlap",
    "end-before-start",
    "unknown-placement",
]
"""Why something is told: plainly; a mistake and its correction; a record, the withdrawal of it and the same sent again;
a repeat; or a contradiction, of which only the end before a start is mended later."""

MISTAKEN: dict[str, str] = {
    "referral-registered": "referred_on",
    "referral-closed": "closed_on",
    "machtiging-requested": "requested_on",
    "machtiging-granted": "granted_on",
    "machtiging-refused": "refused_on",
    "machtiging-suspended": "suspended_on",
    "machtiging-resumed": "resumed_on",
    "machtiging-ended": "ended_on",
    "placement-started": "started_on",
    "doorplaatsing-recorded": "departed_on",
    "discharge-recorded": "discharged_on",
    "leave-started": "at",
    "leave-ended": "at",
    "absence-started": "at",
    "absence-ended": "at",
}
"""The field that is told wrong at first, when a fact is corrected."""

ENDS = ("doorplaatsing-recorded", "discharge-recorded")
DEPARTURE, ARRIVAL = "doorplaatsing-recorded", "placement-started"


@dataclass(frozen=True, slots=True)
class Told:
    """A statement on its way to the door."""

    sent_at: datetime
    """Equal to the time of the statement, or later for one that is sent again."""
    statement: Statement
    kind: Kind


@dataclass(frozen=True, slots=True)
class Silence:
    """A provider that says nothing in [since, until) and everything at the end of it."""

    publisher: str
    since: datetime
    until: datetime


class Noise:
    """Draws what goes wrong, from one generator."""

    def __init__(self, rng: Random, parameters: NoiseParameters) -> None:
        self._rng = rng
        self._parameters = parameters
        self._lag_mu = math.log(parameters.lag_median_days)
        self._lag_sigma = math.log(parameters.lag_p95_days / parameters.lag_median_days) / P95_OF_A_NORMAL
        self.silence = self._silence()

    def upon(self, clean: list[Statement]) -> Iterator[Told]:
        """Everything that is told about one closure (or one referral), in no particular order."""
        late = self._paired([self._late(statement) for statement in clean])
        starts = {it.data["placement"]: it.on for it in late if it.name == ARRIVAL}
        for statement in late:
            for told in self._told(statement, starts.get(statement.data.get("placement"))):
                yield told
                if self._rng.random() < self._parameters.duplicate_share:
                    yield replace(told, sent_at=told.sent_at + self._hours(240), kind="duplicate")

    def _silence(self) -> Silence:
        provider = self._rng.choice(sorted({one.provider for one in ACCOMMODATIONS.values() if one.closed_on is None}))
        since = morning_of(date(self._rng.randint(2014, 2025), self._rng.randint(1, 12), 1))
        return Silence(provider, since, since + timedelta(days=self._parameters.silent_days))

    def _late(self, statement: Statement) -> Statement:
        days = min(self._rng.lognormvariate(self._lag_mu, self._lag_sigma), self._parameters.lag_days_max)
        return replace(statement, time=statement.time + timedelta(seconds=int(days * 86_400)))

    def _hours(self, most: int) -> timedelta:
        return timedelta(minutes=self._rng.randint(5, most * 60))

    def _paired(self, late: list[Statement]) -> list[Statement]:
        """Departures before the arrivals that follow them, but for the stated share."""
        departures = {it.data["placement"]: number for number, it in enumerate(late) if it.name == DEPARTURE}
        for number, arrival in enumerate(late):
            place = departures.get(arrival.data.get("arrives_from")) if arrival.name == ARRIVAL else None
            if place is None:
                continue
            departure = late[place]
            if self._rng.random() < self._parameters.arrival_first_share:
                late[place] = replace(departure, time=max(departure.time, arrival.time + self._hours(72)))
            else:
                late[number] = replace(arrival, time=max(arrival.time, departure.time + self._hours(4)))
        return late

    def _told(self, statement: Statement, started_on: date | None) -> Iterator[Told]:
        rng, parameters = self._rng, self._parameters
        drawn = rng.random()
        if statement.name == DEPARTURE and drawn < parameters.missing_departure_share:
            return
        if statement.name == DEPARTURE and drawn < parameters.missing_departure_share + parameters.overlap_share:
            yield self.send(moved(statement, days=rng.randint(8, 20)), "overlap")
            return
        drawn = rng.random()
        if statement.name in ENDS:
            if drawn < parameters.end_before_start_share and started_on is not None:
                days = (started_on - statement.on).days - rng.randint(1, 20)
                yield from self._mended(statement, days=days, kind="end-before-start")
                return
            if drawn > 1 - parameters.unknown_placement_share:
                mistyped = f"{statement.data['placement']}-X"
                told = replace(statement, record=mistyped, data={**statement.data, "placement": mistyped})
                yield self.send(told, "unknown-placement")
        drawn = rng.random()
        if drawn < parameters.corrected_share:
            yield from self._mended(statement, days=-rng.randint(1, 3), kind="mistaken")
        elif drawn < parameters.corrected_share + parameters.withdrawn_share:
            yield from self._withdrawn(statement)
        else:
            yield self.send(statement, "plain")

    def _mended(self, statement: Statement, *, days: int, kind: Kind) -> Iterator[Told]:
        yield self.send(moved(statement, days=days), kind)
        later = statement.time + self._hours(30 * 24)
        yield self.send(replace(statement, time=later, revision=2), "correction")

    def _withdrawn(self, statement: Statement) -> Iterator[Told]:
        yield self.send(statement, "withdrawn")
        later = statement.time + self._hours(20 * 24)
        taken_back = {"of": statement.name, "record": statement.record, "reason": "entered-in-error"}
        key = f"{statement.name}/{statement.record}"
        yield self.send(
            replace(statement, name="record-withdrawn", record=key, data=taken_back, time=later), "withdrawal"
        )
        again = replace(statement, record=f"{statement.record}b", time=later + self._hours(4))
        yield self.send(again, "resent")

    def sent(self, statements: Iterable[Statement]) -> Iterator[Told]:
        """Each told once and as it is."""
        return (self.send(statement, "plain") for statement in statements)

    def send(self, statement: Statement, kind: Kind) -> Told:
        """Told as it is, but not while its publisher is silent."""
        silence = self.silence
        if statement.publisher == silence.publisher and silence.since <= statement.time < silence.until:
            after = timedelta(seconds=(statement.time - silence.since) // timedelta(seconds=1000))
            statement = replace(statement, time=silence.until + after)
        return Told(statement.time, statement, kind)


def moved(statement: Statement, *, days: int) -> Statement:
    """The same with its date so many days later, or earlier if negative; never recorded before it is true."""
    on = statement.on + timedelta(days=days)
    field = MISTAKEN[statement.name]
    rest = str(statement.data[field])[10:]
    data = {**statement.data, field: on.isoformat() + rest}
    return replace(statement, data=data, on=on, time=max(statement.time, morning_of(on)))
