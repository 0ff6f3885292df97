"""What the alerts need and a course of the figures does not tell: plans, long measures, and what follows or not."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import product
from random import Random

from shared.facts.regions import AREAS
from tests.integration.figures.country import Said
from tests.integration.figures.courses import REGIONS, Truth


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


def of_nobody(random: Random) -> Iterator[Said]:
    """Plans and consultations, places that go, and the measures of whole accommodations."""
    for number in range(30):
        on = date(2023, 6, 1) + timedelta(days=random.randrange(800))
        regions = random.sample(REGIONS, random.randint(1, 3))
        held = {"consultation": f"c{number}", "held_on": str(on), "regions": regions, "topics": ["placements"]}
        yield Said("consultation-held", None, f"held{number}", held, on)
    for number in range(14):
        on = date(2023, 6, 1) + timedelta(days=random.randrange(800))
        until = _some(random, 0.7, valid_until=str(on + timedelta(days=random.randint(60, 400))))
        scope = random.choice((*AREAS, *REGIONS, *REGIONS, *_some(random, 0.1, country=True)))
        adopted = {"plan": f"p{number}", "scope": scope, "adopted_on": str(on), **until}
        yield Said("plan-adopted", None, f"adopted{number}", adopted, on)
    for accommodation, group in product("bdz", ("", "1", "2", "3")):
        on = date(2025, 3, 1) + timedelta(days=random.randrange(20))
        of = {"accommodation": accommodation, "from_on": str(on), **({"group": group} if group else {})}
        few = of | {"places": random.randrange(2), "closure": "gesloten", "procurement": "lta"}
        yield Said("capacity-changed", None, f"few-{accommodation}{group}", few, on)
    for number, accommodation in enumerate("abcdez" * 6):
        quarter, few = f"2024-Q{random.randint(1, 4)}", random.random() < 0.6
        told = {"accommodation": accommodation, "quarter": quarter, "category": "holding", "minutes": 30}
        told |= {"count": random.randrange(9) if few else random.randrange(60, 200), "emergency": random.random() < 0.5}
        yield Said("restriction-reported", None, f"q{number}", told, date(2024, 9, 1) + timedelta(days=number))
