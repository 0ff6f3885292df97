"""Histories with everything in them that makes folding hard: corrections, withdrawals, moved records, repetitions."""

from random import Random
from typing import Any

from tests.integration.monitor.ledgers import Ledgers, discharge, machtiging, placement

PEOPLE = tuple(f"person-{number:02d}-0123456789" for number in range(12))


def tangled(ledgers: Ledgers, *, seed: int, facts: int = 200) -> None:
    """Tell this many facts about a dozen persons, many of them about the same few records."""
    random = Random(seed)
    for _ in range(facts):
        person = random.choice(PEOPLE)
        record = f"R{random.randrange(30)}"
        number = f"P{random.randrange(30)}"
        start, end = f"2025-{random.randrange(1, 7):02d}-01", f"2025-{random.randrange(7, 13):02d}-01"
        attributes = {"_record": record, "_revision": random.randrange(1, 4)}
        match random.randrange(11):
            case 0 | 1:
                ledgers.tell("placement-started", person, **attributes, **placement(number, start))
            case 2:
                ledgers.tell("discharge-recorded", person, **attributes, **discharge(number, end))
            case 3:
                moved = {"placement": number, "departed_on": end, "reason": "safety"}
                ledgers.tell("doorplaatsing-recorded", person, **attributes, **moved)
            case 4:
                ledgers.tell("machtiging-granted", person, **attributes, **machtiging(f"M{number}", start, end))
            case 5:
                withdrawn = {"of": "placement-started", "record": record, "reason": "other"}
                ledgers.tell("record-withdrawn", person, _revision=random.randrange(1, 4), **withdrawn)
            case 6:
                change = {"from_on": start, "places": random.randrange(50), "closure": "gesloten"}
                ledgers.tell("capacity-changed", None, **attributes, accommodation="a", procurement="lta", **change)
            case 7:
                name, said = random.choice(_of_a_consult(start, end))
                ledgers.tell(name, person, **attributes, consult=f"C{random.randrange(9)}", **said)
            case 8:
                counted = {"accommodation": "a", "counted_on": start, "heads": random.randrange(9)}
                ledgers.tell("occupancy-counted", None, **attributes, **counted)
            case 9:
                ledgers.tell("discharge-ready", person, **attributes, placement=number, ready_on=end, needed="family")
            case 10:
                name, said = random.choice(_of_a_course(number, start, end))
                ledgers.tell(name, person, **attributes, **said)
    ledgers.tell("heartbeat", None)


def _of_a_consult(start: str, end: str) -> list[tuple[str, dict[str, Any]]]:
    """What may be said of one: asked, advised, and what became of it, at times before the advice."""
    return [
        ("expert-advice-requested", {"team_region": "JZ24", "requested_on": start}),
        ("expert-advice-issued", {"team_region": "JZ24", "issued_on": end, "binding": True, "advice": "family"}),
        ("expert-advice-followed-up", {"followed_up_on": start, "status": "executed"}),
        ("expert-advice-followed-up", {"followed_up_on": end, "status": "deviated"}),
        ("expert-advice-followed-up", {"followed_up_on": end, "status": "failed", "reason": "no-place"}),
    ]


def _of_a_course(placement: str, start: str, end: str) -> list[tuple[str, dict[str, Any]]]:
    """What may be told of a stay and around it."""
    counted = {"quarter": "2025-Q3", "category": "holding", "count": 1, "minutes": 9, "emergency": True}
    return [
        ("education-changed", {"changed_on": start, "status": "none"}),
        ("education-changed", {"placement": placement, "changed_on": end, "status": "inside", "hours": 20}),
        ("closure-mode-changed", {"placement": placement, "changed_on": end, "closure": "hybride"}),
        ("care-plan-evaluated", {"evaluated_on": start, "next_due_on": end}),
        ("case-reviewed", {"reviewed_on": end, "kind": "leertafel", "lessons": ["school"]}),
        ("restriction-reported", {"placement": placement, **counted}),
        ("support-requested", {"support": placement, "on": start, "reason": "no-place"}),
        ("support-resolved", {"support": placement, "on": end, "result": "advice"}),
        ("waiting-started", {"waiting": placement, "for": "open", "started_on": start}),
        ("waiting-ended", {"waiting": placement, "ended_on": end, "reason": "lapsed"}),
    ]


def tangled_and_merged(ledgers: Ledgers, *, seed: int) -> None:
    """The same with merges in between: of pairs and of chains, corrected, sent again, and most of them taken back."""
    random = Random(seed)
    for step in range(24):
        tangled(ledgers, seed=1_000 * seed + step, facts=6)
        one, other = random.sample(PEOPLE[:8], 2)
        record = f"merge-{random.randrange(6)}"
        if random.randrange(3) < 2:
            ledgers.tell("pseudonyms-merged", one, _record=record, _revision=random.randrange(1, 4), other=other)
        else:
            withdrawn = {"of": "pseudonyms-merged", "record": record, "reason": "other"}
            ledgers.tell("record-withdrawn", one, _revision=random.randrange(1, 4), **withdrawn)
