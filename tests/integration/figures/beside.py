"""What the country tells besides: stays told of more widely, heads, odd ages and terms, rough days, quiet sources."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from shared.calendar import AMSTERDAM
from tests.integration.figures.courses import FIRST, Truth

QUIET: Final = tuple(f"urn:nld:kvknr:0000000{number}:systeem:stil" for number in range(8))
"""Sources that say nothing but that they are alive, and that not every day."""
LATER: Final = "urn:nld:kvknr:11223344:systeem:ecd"
"""A source that begins to publish when much is under way, and so did not see what was over by then."""
LATER_FROM: Final = date(2024, 3, 1)
ROUGHLY: Final = (None,) * 24 + ("day", "month", "year")
"""How exactly a source knows a day: mostly it does not say."""
BORN: Final = ("2005-03", "2012-11", "2017-02")
"""So that ages at the start lie far outside of those of closed youth care."""


def otherwise(name: str, data: Mapping[str, Any], random: Random) -> dict[str, Any]:
    """What it says, with an age, a term or a destination that is odd now and then."""
    said = dict(data)
    if name == "discharge-recorded" and random.random() < 0.1:
        said["destination"] = "unknown"
    if name == "placement-started" and random.random() < 0.1:
        said["birth_month"] = random.choice(BORN)
    if name == "machtiging-granted" and random.random() < 0.3:
        first = date.fromisoformat(said["valid_from"])
        said["valid_until"] = str(first + timedelta(days=random.choice((28, 29, 181, 184, 365, 366, 367))))
        first_of_all = said["machtiging"][:-1] + "0"
        said |= {"extends": random.choice(("another", first_of_all))} if random.random() < 0.4 else {}
    return said


def source_of(source: str, name: str, recorded_on: date, random: Random) -> str:
    """The source, or one that began later."""
    share = 0.6 if name == "placement-started" else 0.2
    return LATER if random.random() < share and recorded_on >= LATER_FROM else source


def more(name: str, day: date, data: Mapping[str, Any], random: Random) -> Iterator[Truth]:
    """What is told besides: leave, care plans and reviews of a stay, a death on a list, advice carried out before."""
    if name == "waiting-ended" and random.random() < 0.05:
        yield name, day, {**data, "reason": "deceased"}
    if name == "expert-advice-issued" and random.random() < 0.3:
        on = day - timedelta(days=random.randrange(4))
        said = {"consult": data["consult"], "followed_up_on": str(on), "status": "executed"}
        yield "expert-advice-followed-up", on, said
    if name != "placement-started" or random.random() < 0.5:
        return
    of, on = {"placement": data["placement"]}, day + timedelta(days=random.randrange(-2, 40))
    at = datetime.combine(on, time(10), AMSTERDAM).isoformat()
    yield "leave-started", on, {**of, "at": at}
    yield "leave-ended", on, {**of, "at": at}
    yield "care-plan-evaluated", on, {**of, "evaluated_on": str(on)}
    yield "case-reviewed", on, {**of, "reviewed_on": str(on), "kind": "leertafel", "lessons": []}


def counts(random: Random) -> Iterator[Truth]:
    """Heads that accommodations counted, more or less as many as there are."""
    for _ in range(60):
        on = FIRST + timedelta(days=random.randrange(800))
        said = {"accommodation": random.choice("abcdez"), "counted_on": str(on), "heads": random.randrange(12)}
        yield "occupancy-counted", on, said


def signs_of_life(random: Random) -> Iterator[tuple[str, date]]:
    """Which source says on which days that it is alive."""
    for source in QUIET:
        day = FIRST + timedelta(days=random.randrange(500))
        while day < date(2025, 6, 1):
            yield source, day
            day += timedelta(days=random.choice((1, 1, 2, 3, 4, 9, 20)))
