"""What the alerts need and a course of the figures does not tell: plans, long measures, and what follows or not."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from tests.integration.figures.courses import Truth


def retold(truths: Iterable[Truth], random: Random) -> Iterator[Truth]:
    """The same course, with all of that said of it."""
    for name, on, data in truths:
        match name:
            case "placement-started":
                yield name, on, data
                yield from _plans(data["placement"], on, random)
            case "discharge-recorded":
                yield name, on, data | _some(random, 0.6, follow_up=random.choice(("none", "none", "ambulant")))
            case "restriction-reported" if random.random() < 0.5:
                minutes = random.choice((719, 720, 721, 4319, 4320, 4321, 9000))
                yield name, on, data | {"count": random.choice((1, 1, 1, 2)), "minutes": minutes, "emergency": True}
            case "expert-advice-followed-up" if data["status"] == "deviated":
                yield name, on, data | _some(random, 0.4, reason=random.choice(("safety", "no-place")))
            case "machtiging-granted":
                yield name, on, _in_practice(data, random)
            case "machtiging-ended" if random.random() < 0.5:
                yield name, on, data | {"cause": "consent-withdrawn"}
            case _:
                yield name, on, data


def _some(random: Random, share: float, **more: object) -> dict[str, object]:
    return more if random.random() < share else {}


def _plans(placement: str, on: date, random: Random) -> Iterator[Truth]:
    """Evaluations of the care plan, some of them before the stay, and when the next is due."""
    if random.random() < 0.6:
        for _ in range(random.choice((1, 1, 2))):
            day = on + timedelta(days=random.randint(-30, 120))
            due = _some(random, 0.7, next_due_on=str(day + timedelta(days=random.randint(1, 90))))
            named = _some(random, 0.8, placement=placement)
            yield "care-plan-evaluated", day, {"evaluated_on": str(day), **named, **due}


def _in_practice(data: dict[str, object], random: Random) -> dict[str, object]:
    """Some terms are those that courts give, so that one begins where another ends."""
    first = date.fromisoformat(str(data["valid_from"]))
    if data["kind"] == "spoed":
        return data | {"valid_until": str(first + timedelta(days=random.choice((14, 28, 28, 40))))}
    if data["kind"] == "voorwaardelijk":
        return data | {"valid_until": str(first + timedelta(days=random.choice((200, 365))))}
    return data
