"""Plans and consultations: what the facts say together, in any order."""

from datetime import timedelta
from itertools import permutations

from services.monitor.consulting import Adopted, Consultation, Consulting, fold_consulting
from shared.facts.envelope import AcceptedEvent
from shared.facts.landscape import ConsultationHeld, PlanAdopted
from tests.unit.dossier.given import OTHER_SOURCE, d, event, withdrawn


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


def test_of_two_records_of_a_source_that_say_one_the_last_counts_and_two_sources_may_number_alike() -> None:
    first, again = held("C1", "2024-03-01", "JZ01"), held("C1", "2024-02-01", "JZ01")
    later = first.time + timedelta(days=1)
    again = again.model_copy(update={"record": "C1b", "id": "C1b", "time": later})
    other = again.model_copy(update={"source": OTHER_SOURCE})
    for order in permutations((first, again)):
        assert fold_consulting(order).consultations == (Consultation(d("2024-02-01"), ("JZ01",)),)
    for order in permutations((first, other)):
        assert len(fold_consulting(order).consultations) == 2
    plans = (
        adopted("one", "2024-01-01"),
        adopted("one", "2024-06-01").model_copy(update={"record": "one-b", "id": "one-b", "time": later}),
    )
    for order in permutations(plans):
        assert fold_consulting(order).plans == (Adopted(d("2024-06-01"), "noord", "one", None),)
