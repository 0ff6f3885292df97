"""Plans and consultations: what the facts say together, in any order."""

from itertools import permutations

from services.monitor.consulting import Adopted, Consultation, Consulting, fold_consulting
from shared.facts.envelope import AcceptedEvent
from shared.facts.landscape import ConsultationHeld, PlanAdopted
from tests.unit.dossier.given import d, event, withdrawn


def adopted(plan: str, on: str, *, scope: str = "noord", until: str | None = None, revision: int = 1) -> AcceptedEvent:
    fact = PlanAdopted(plan=plan, scope=scope, adopted_on=d(on), valid_until=d(until) if until else None)
    return event(fact, record=plan, person=None, revision=revision)


def held(consultation: str, on: str, *regions: str) -> AcceptedEvent:
    fact = ConsultationHeld(consultation=consultation, held_on=d(on), regions=list(regions), topics=[])
    return event(fact, record=consultation, person=None)


def test_a_plan_holds_until_the_day_it_says_or_until_the_next_of_its_scope() -> None:
    facts = (
        adopted("one", "2024-01-01"),
        adopted("two", "2025-01-01", until="2026-01-01"),
        adopted("three", "2025-06-01", until="2027-01-01"),
        adopted("other", "2024-03-01", scope="zuid"),
    )
    expected = Consulting(
        plans=(
            Adopted(d("2024-01-01"), "noord", "one", d("2025-01-01")),
            Adopted(d("2024-03-01"), "zuid", "other", None),
            Adopted(d("2025-01-01"), "noord", "two", d("2026-01-01")),
            Adopted(d("2025-06-01"), "noord", "three", d("2027-01-01")),
        )
    )
    assert all(fold_consulting(order) == expected for order in permutations(facts))


def test_of_a_record_the_last_revision_counts_and_what_is_withdrawn_says_nothing() -> None:
    first, second = adopted("one", "2024-01-01"), adopted("one", "2024-02-01", revision=2)
    meeting = held("C1", "2024-03-01", "JZ04", "JZ01", "JZ04")
    assert fold_consulting([second, meeting, first]) == Consulting(
        (Adopted(d("2024-02-01"), "noord", "one", None),), (Consultation(d("2024-03-01"), ("JZ01", "JZ04")),)
    )
    assert fold_consulting([withdrawn(meeting), second, meeting, withdrawn(second), first]) == Consulting()
