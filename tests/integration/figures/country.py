"""A country at random, with everything in it that makes counting hard, told through the ledgers as the field tells it.

Late, corrected, repeated, withdrawn and contradicting facts of every family, records that move to another young person,
and pseudonyms that are merged. Nothing that the door would refuse.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from shared.facts.catalogue import by_name
from tests.integration.figures.beside import ROUGHLY, counts, more, otherwise, signs_of_life, source_of
from tests.integration.figures.courses import Truth, course
from tests.integration.monitor.ledgers import Ledgers

SERVICES = ("intake", "placement")
SOURCES = ("urn:nld:kvknr:12345678:systeem:ecd", "urn:nld:kvknr:87654321:systeem:ecd")
SHIFTED = {
    "machtiging-granted": ("granted_on", "valid_from", "valid_until"),
    "machtiging-requested": ("requested_on",),
    "restriction-reported": (),
    "care-plan-evaluated": ("evaluated_on", "next_due_on"),
}
"""What a mistake about the day of a fact changes, where that is not the field by which it is dated."""


@dataclass(frozen=True, slots=True)
class Said:
    """One event before it is told."""

    name: str
    person: str | None
    record: str
    data: dict[str, Any]
    on: date
    """When it is recorded: on the day on which it is true, or later."""
    revision: int = 1
    source: str = SOURCES[0]
    second: int = 0
    """Of the day on which it is recorded."""
    precision: str | None = None
    """How exactly its source knows the day on which it is true."""

    def event(self, number: int) -> dict[str, Any]:
        """The event, with an id that says nothing of when it was told."""
        model = by_name(self.name)
        assert model is not None
        recorded = datetime.combine(self.on, time(9), UTC) + timedelta(seconds=self.second)
        record = {} if self.name == "record-withdrawn" else {"record": self.record}
        return {
            "specversion": "1.0",
            "id": f"{number * 7919 % 99_991}-{self.name}",
            "source": self.source,
            "type": model.type(),
            "time": recorded.isoformat(),
            "revision": self.revision,
            "data": self.data,
            **record,
            **({"subject": self.person} if self.person else {}),
            **({"precision": self.precision} if self.precision else {}),
        }


Retold = Callable[[Iterator[Truth], Random], Iterable[Truth]]
"""What else is true of one, in the words of whoever asks for it."""


def country(
    persons: int,
    *,
    seed: int,
    retold: Retold = lambda truths, _random: truths,
    also: Callable[[Random], Iterable[Said]] = lambda _random: (),
) -> Ledgers:
    """The ledgers of a country with so many young people; the same seed is the same country.

    `also` is what is said of nobody beside the register and its places.
    """
    random, other_random, beside = Random(seed), Random(f"{seed} also"), Random(f"beside {seed}")
    told = [*_of_nobody(random), *_of_sources(beside)]
    for said in also(other_random):
        told += _noisy(said, other_random, other="")
    names = [f"young-person-{random.randrange(10**6):06d}" for _ in range(persons)]
    for name in names:
        other = random.choice(names)
        truths = retold(course(name[-6:], random), Random(f"{seed} {name}"))
        for said in _under_two_names(_said(truths, name, random), name, random):
            source = source_of(said.source, said.name, said.on, beside)
            data, precision = otherwise(said.name, said.data, beside), beside.choice(ROUGHLY)
            said = replace(said, data=data, precision=precision, source=source)
            told += _noisy(said, random, other=other)
            for number, (what, on, data) in enumerate(more(said.name, said.on, said.data, beside)):
                one = replace(said, name=what, on=on, record=f"{said.record}.{number}", data=data)
                told += _noisy(one, beside, other=other)
    told.sort(key=lambda said: said.on)
    ledgers = Ledgers()
    for number, said in enumerate(told):
        model = by_name(said.name)
        assert model is not None
        service = random.choice(SERVICES) if model.owner == "either" else model.owner
        ledgers.now = datetime.combine(said.on, time(12), UTC)
        ledgers.tell_event(said.event(number), service=service)
    return ledgers


def _said(truths: Iterable[Truth], person: str, random: Random) -> Iterator[Said]:
    for number, (name, on, data) in enumerate(truths):
        lag = random.choice((0, 0, 0, 0, 1, 2, 5, 30, 120))
        recorded, source = on + timedelta(days=lag), random.choice(SOURCES)
        yield Said(name, person, f"{person[-6:]}:{number}", data, recorded, source=source)


def _under_two_names(told: Iterator[Said], person: str, random: Random) -> Iterator[Said]:
    """Some are known under another pseudonym for a part of what is said of them, with a merge that may not stand."""
    facts = list(told)
    if random.random() > 0.15 or not facts:
        yield from facts
        return
    other = f"{random.choice('az')}-pseudonym-{person[-6:]}"
    for said in facts:
        yield replace(said, person=other) if random.random() < 0.5 else said
    on = random.choice(facts).on
    merge = Said("pseudonyms-merged", person, f"merge-{person}", {"other": other}, on)
    yield merge
    if random.random() < 0.3:
        yield _taken_back(merge, on + timedelta(days=random.randrange(200)))


def _noisy(said: Said, random: Random, *, other: str) -> Iterator[Said]:
    """What is told of it in the end: mostly this, sometimes more, and sometimes something else."""
    later = said.on + timedelta(days=random.randrange(1, 90))
    wrong = replace(said, data=_mistaken(said, random))
    if said.name in ("pseudonyms-merged", "record-withdrawn"):
        yield said
        return
    match random.random():
        case low if low < 0.70:
            yield said
        case low if low < 0.76:
            yield wrong
            yield replace(said, on=later, revision=2)
        case low if low < 0.79:  # Withdrawn, and told anew in a record of its own.
            yield from (said, _taken_back(said, later), replace(said, on=later, record=f"{said.record}b"))
        case low if low < 0.81:
            yield from (said, _taken_back(said, later))
        case low if low < 0.83:  # A withdrawal that comes too late, or before what it takes back, or both.
            yield from (replace(said, on=later, revision=2), _taken_back(said, said.on))
        case low if low < 0.85:
            yield from (_taken_back(said, said.on), replace(said, on=later))
        case low if low < 0.89:  # Two records of one thing.
            twin = replace(wrong, record=f"{said.record}t", source=random.choice(SOURCES))
            yield from (said, replace(twin, on=random.choice((said.on, later))))
        case low if low < 0.92:  # One revision with two contents.
            yield from (said, replace(wrong, second=random.choice((0, 0, 60))))
        case low if low < 0.95 and said.person:
            yield replace(said, person=other)
            yield replace(said, on=later, revision=2)
        case low if low < 0.97 and "placement" in said.data and said.name != "placement-started":
            yield replace(said, data=said.data | {"placement": f"{said.data['placement']}-X"})
        case _:
            yield wrong


def _taken_back(said: Said, on: date) -> Said:
    data = {"of": said.name, "record": said.record, "reason": "other"}
    return replace(said, name="record-withdrawn", data=data, on=on)


def _mistaken(said: Said, random: Random) -> dict[str, Any]:
    model = by_name(said.name)
    assert model is not None
    fields = SHIFTED.get(said.name, (model.dated,) if model.dated else ())
    by = timedelta(days=random.choice((-30, -7, -1, 0, 1, 7, 30)))
    moved = {field: _moved(said.data[field], by) for field in fields if field in said.data}
    changed = {"count": said.data["count"] + 1} if "count" in said.data else {}
    return said.data | moved | changed | random.choice(({}, *_OTHERWISE.get(said.name, ())))


def _moved(value: str, by: timedelta) -> str:
    if len(value) == 10:
        return str(date.fromisoformat(value) + by)
    return (datetime.fromisoformat(value) + by).isoformat()


_OTHERWISE: dict[str, tuple[dict[str, Any], ...]] = {
    "placement-started": ({"accommodation": "b"}, {"regime": "jji"}, {"region": "JZ41"}, {"closure": "open"}),
    "discharge-recorded": ({"destination": "jji"}, {"end_mode": "deceased"}, {"destination": "deceased"}),
    "discharge-ready": ({"needed": "open"},),
    "closure-mode-changed": ({"closure": "gesloten"},),
    "machtiging-granted": ({"kind": "spoed"}, {"court": "rechtbank-oost"}),
    "referral-registered": ({"requested": "open"}, {"region": "JZ13"}, {"urgency": "spoed"}),
    "referral-closed": ({"outcome": "refused"}, {"outcome": "placed"}),
    "waiting-started": ({"for": "family"}, {"interim": "ambulant"}),
    "support-resolved": ({"result": "placed"},),
    "expert-advice-issued": ({"binding": False},),
    "expert-advice-followed-up": ({"status": "executed"},),
    "education-changed": ({"status": "none"},),
    "restriction-reported": ({"emergency": True}, {"quarter": "2024-Q2", "on": None}),
}
"""What a mistake may say instead."""


def _of_nobody(random: Random) -> Iterator[Said]:
    """The register with its places, and what whole accommodations counted."""
    for number, (name, region, area, provider) in enumerate(REGISTERED):
        on = date(2022, 1, 1) + timedelta(days=random.randrange(500))
        data = {"accommodation": name, "provider": provider, "name": name, "municipality": "Ergens", "region": region}
        registered = Said("accommodation-registered", None, f"r{number}", data | {"area": area, "on": str(on)}, on)
        yield from _noisy(registered, random, other="")
        if random.random() < 0.4:
            closed = date(2024, 1, 1) + timedelta(days=random.randrange(500))
            data = {"accommodation": name, "on": str(closed)}
            yield from _noisy(Said("accommodation-closed", None, f"c{number}", data, closed), random, other="")
            if random.random() < 0.3:
                again = closed + timedelta(days=90)
                yield replace(registered, record=f"again{number}", on=again, data=registered.data | {"on": str(again)})
    for number in range(80):
        yield from _noisy(_places(number, random), random, other="")
    for number in range(20):
        quarter = f"2024-Q{random.randrange(1, 5)}"
        data = {"accommodation": random.choice("abcz"), "quarter": quarter, "category": "holding", "minutes": 30}
        data |= {"count": random.randrange(9), "emergency": random.random() < 0.5}
        yield from _noisy(Said("restriction-reported", None, f"w{number}", data, date(2024, 9, 1)), random, other="")


def _of_sources(random: Random) -> Iterator[Said]:
    """Heads that were counted, and signs of life."""
    for number, (name, on, data) in enumerate(counts(random)):
        yield from _noisy(Said(name, None, f"heads{number}", data, on), random, other="")
    for number, (source, on) in enumerate(signs_of_life(random)):
        yield Said("heartbeat", None, f"alive{number}", {}, on, source=source)


REGISTERED = (
    ("a", "JZ24", "zuid-west", "north"),
    ("b", "JZ29", "zuid-west", "north"),
    ("c", "JZ41", "zuid", "south"),
    ("d", "JZ13", "noord-west", "south"),
    ("e", "JZ01", "noord", "west"),
    ("c", "JZ36", "zuid", "west"),
)
"""The accommodations that are registered, one of them twice; `z` is not."""


def _places(number: int, random: Random) -> Said:
    on = date(2022, 6, 1) + timedelta(days=random.randrange(1000))
    size = {"group_size": random.randrange(4, 11)} if random.random() < 0.7 else {}
    group = {"group": random.choice("123")} if random.random() < 0.7 else {}
    data = {"accommodation": random.choice("abcdez"), "from_on": str(on), "places": random.randrange(30)}
    data |= {"closure": random.choice(("gesloten", "besloten", "hybride", "open")), **size, **group}
    data["procurement"] = random.choice(("regionaal", "lta"))
    return Said("capacity-changed", None, f"p{number}", data, on - timedelta(days=random.randrange(90)))
