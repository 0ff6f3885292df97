"""A town of young people as the field reports it: revisions, withdrawals, repetitions, missing ends, restarts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.monitor.dossier.state import Dossier
from shared.facts.envelope import AcceptedEvent
from tests.integration.figures.in_sql import Line, line_of
from tests.unit.dossier.given import discharged, folded, moved, start, withdrawn

FIRST = date(2020, 1, 1)
UNTIL = date(2025, 1, 1)
HOUSES = ("a", "b", "c", "d")
REGIONS = ("JZ01", "JZ07", "JZ13", "JZ24", "JZ41")


@dataclass(frozen=True)
class Town:
    """Everybody's facts, and everybody's dossier."""

    facts: Sequence[AcceptedEvent]
    dossiers: Sequence[Dossier]

    def lines(self) -> list[Line]:
        """The facts as lines of a CSV, in no order that means anything."""
        said = {"mode": "json", "exclude_none": True}
        return [line_of(fact.model_dump(**said) | {"data": fact.data.model_dump(**said)}) for fact in self.facts]


def town(persons: int, *, seed: int) -> Town:
    """So many young people; the same seed is the same town."""
    random = Random(seed)
    facts: list[AcceptedEvent] = []
    dossiers = []
    for number in range(persons):
        person = f"young-person-{number:05d}"
        own = _course(person, random)
        dossiers.append(folded(*own, person=person))
        facts += own
    random.shuffle(facts)
    return Town(facts, dossiers)


def _course(person: str, random: Random) -> list[AcceptedEvent]:
    facts: list[AcceptedEvent] = []
    day = FIRST + timedelta(days=random.randrange(1_600))
    region, house = random.choice(REGIONS), random.choice(HOUSES)
    for number in range(random.randrange(1, 6)):
        key = f"{person}-{number}"
        began = start(key, str(day), at=house, region=region, person=person)
        facts.append(began)
        if random.random() < 0.1:  # First reported with another date, then corrected.
            wrong = start(key, str(day + timedelta(days=9)), at=house, region=region, person=person, id=f"{key}-wrong")
            facts.remove(began)
            facts += [wrong, began.model_copy(update={"revision": 2, "id": f"{key}-right"})]
        day += timedelta(days=random.choice((1, 3, 29, 30, 91, 200, 365, 500)) + random.randrange(5))
        match random.random():
            case low if low < 0.35:
                facts.append(moved(key, str(day), person=person))
                day += timedelta(days=random.choice((0, 0, 1, 7, 8, 20)))
                house = random.choice(HOUSES)
            case middle if middle < 0.85:
                facts.append(_left(key, day, person, random))
                if random.random() < 0.15:  # An end that did not happen, taken back, before the real one.
                    early = discharged(key, str(day - timedelta(days=1)), person=person, record=f"{key}-early")
                    facts += [early, withdrawn(early)]
                if random.random() < 0.2:
                    continue  # An administrative restart, when it is at the same house.
                day += timedelta(days=random.choice((1, 10, 60, 160, 365, 366, 700)))
                house = random.choice(HOUSES)
            case _:
                house = random.choice([one for one in HOUSES if one != house])  # Nobody says that it ended.
    return facts + random.sample(facts, k=min(2, len(facts)))


def _left(key: str, day: date, person: str, random: Random) -> AcceptedEvent:
    if random.random() < 0.03:
        return discharged(key, str(day), person=person, destination="deceased", end_mode="deceased")
    return discharged(key, str(day), person=person)
