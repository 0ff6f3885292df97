"""A closure as the alerts look at it: from when until when somebody is inside, and which key stands for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.monitor.alerts.conditions.alert import FOREVER, Because, Case, Ending, Facts
from services.monitor.dossier.spells import last_to_end
from services.monitor.dossier.state import Closure, Discharged, Dossier, Moved, Placement


@dataclass(frozen=True, slots=True)
class Inside:
    """Somebody is inside during [start, end)."""

    person: str
    closure: Closure
    start: date
    end: date
    """FOREVER while it is open. After a doorplaatsing without a known arrival it goes on for the days in which an
    arrival would continue the closure (D6), so that nobody drops off a list in a move."""
    why: str
    """What ends it."""

    @property
    def ending(self) -> Ending:
        """Its end, if there is one."""
        return (None if self.end == FOREVER else self.end), self.why

    @property
    def last(self) -> Placement:
        """The placement that ends last; how that ends is how the closure does."""
        return last_to_end(self.closure.placements)

    @property
    def case(self) -> Case:
        """The closure, under the key of its first placement."""
        return self.case_of(key_of(self.closure.placements[0]), also=tuple(map(key_of, self.closure.placements[1:])))

    def case_of(self, about: str, *, also: tuple[str, ...] = (), at: str | None = None) -> Case:
        """Something about this closure, under a key of its own, `at` an accommodation: the last one by default."""
        last = max(self.closure.placements, key=lambda stay: (stay.started_on, stay.placement))
        return Case(self.person, about, also, self.closure.placements[0].region, at or last.accommodation)

    @property
    def facts(self) -> Facts:
        """The starts and moves of the closure."""
        return Facts(self.start, tuple(_told(self.closure)))


def key_of(placement: Placement) -> str:
    """A placement, whoever else uses the same number."""
    return f"{placement.placement} {placement.source}"


def found_again(dossier: Dossier, stay: Placement, left: date) -> date | None:
    """The first day from which it is known where the young person is after this departure, under whatever regime."""
    later = [
        max(other.started_on, left)
        for other in dossier.placements
        if other is not stay and (other.started_on >= left or other.ended_on is None or other.ended_on > left)
    ]
    return min(later, default=None)


def insides(dossier: Dossier, *, between_days: int) -> Iterator[Inside]:
    """Every closure of a person."""
    for position, closure in enumerate(dossier.closures):
        end, why = _end(closure, between_days=between_days)
        if position + 1 < len(dossier.closures):
            end = min(end, dossier.closures[position + 1].started_on)
        yield Inside(dossier.person, closure, closure.started_on, end, why)


def _end(closure: Closure, *, between_days: int) -> tuple[date, str]:
    ended_on = closure.ended_on
    if ended_on is None:
        return FOREVER, "discharged"
    match last_to_end(closure.placements).end:
        case Moved():
            return ended_on + timedelta(days=between_days + 1), "moved-away"
        case Discharged(destination="deceased") | Discharged(end_mode="deceased"):
            return ended_on, "deceased"
        case _:
            return ended_on, "discharged"


def _told(closure: Closure) -> Iterator[Because]:
    for stay in closure.placements:
        yield Because("placement-started", stay.started_on, stay.placement)
        match stay.end:
            case Moved(on):
                yield Because("doorplaatsing-recorded", on, stay.placement)
            case Discharged(on):
                yield Because("discharge-recorded", on, stay.placement)
            case _:
                pass
