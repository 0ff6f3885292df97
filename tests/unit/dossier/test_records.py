"""Which facts stand after revisions and withdrawals (D12)."""

from itertools import permutations

from tests.unit.dossier.given import (
    OTHER,
    OTHER_SOURCE,
    PERSON,
    codes,
    discharged,
    folded,
    granted,
    spans,
    start,
    withdrawn,
)


def test_the_highest_revision_counts_in_either_order() -> None:
    first, second = start("P1", "2024-01-10"), start("P1", "2024-01-12", revision=2)
    for facts in permutations([first, second]):
        assert spans(folded(*facts).placements) == [("2024-01-12", None)]


def test_a_higher_revision_counts_even_when_it_was_recorded_earlier() -> None:
    first, second = start("P1", "2024-01-10", time=9), start("P1", "2024-01-12", revision=2, time=1)
    assert spans(folded(first, second).placements) == [("2024-01-12", None)]


def test_a_repetition_changes_nothing() -> None:
    fact = start("P1", "2024-01-10")
    assert folded(fact, fact, fact) == folded(fact)


def test_a_repetition_under_another_position_changes_nothing() -> None:
    fact = start("P1", "2024-01-10")
    assert folded(fact, fact.model_copy(update={"position": 7, "prev": 3})) == folded(fact)


def test_the_same_content_under_another_id_is_no_contradiction() -> None:
    facts = start("P1", "2024-01-10"), start("P1", "2024-01-10", id="again", time=5)
    assert codes(folded(*facts)) == []


def test_a_withdrawal_removes_the_record_also_when_it_arrives_first() -> None:
    fact = start("P1", "2024-01-10")
    for facts in permutations([fact, withdrawn(fact)]):
        assert folded(*facts).placements == ()


def test_a_withdrawal_removes_lower_revisions_too() -> None:
    first, second = start("P1", "2024-01-10"), start("P1", "2024-01-12", revision=2)
    for facts in permutations([first, second, withdrawn(second)]):
        assert folded(*facts).placements == ()


def test_a_withdrawal_of_an_older_revision_leaves_the_newer_one() -> None:
    first, second = start("P1", "2024-01-10"), start("P1", "2024-01-12", revision=2)
    assert spans(folded(withdrawn(first), first, second).placements) == [("2024-01-12", None)]


def test_of_two_withdrawals_the_one_that_reaches_furthest_counts() -> None:
    first, second = start("P1", "2024-01-10"), start("P1", "2024-01-12", revision=2)
    for facts in permutations([second, withdrawn(first), withdrawn(second)]):
        assert folded(*facts).placements == ()


def test_a_higher_revision_sent_after_a_withdrawal_stands_again() -> None:
    first, again = start("P1", "2024-01-10"), start("P1", "2024-01-10", revision=2)
    for facts in permutations([first, withdrawn(first), again]):
        assert folded(*facts) == folded(first)


def test_a_source_cannot_withdraw_the_record_of_another() -> None:
    fact = start("P1", "2024-01-10")
    foreign = withdrawn(fact.model_copy(update={"source": OTHER_SOURCE}))
    assert folded(fact, foreign) == folded(fact)


def test_a_withdrawal_concerns_only_the_fact_name_that_it_names() -> None:
    begin, end = start("P1", "2024-01-10"), discharged("P1", "2024-02-10")
    assert spans(folded(begin, end, withdrawn(end)).placements) == [("2024-01-10", None)]


def test_a_record_without_a_key_of_its_own_is_named_by_its_id() -> None:
    fact = start("P1", "2024-01-10", record=None, id="opname-4711")
    assert folded(fact, withdrawn(fact)).placements == ()


def test_a_revision_may_move_a_record_to_another_person() -> None:
    wrong, right = start("P1", "2024-01-10"), start("P1", "2024-01-10", person=OTHER, revision=2)
    for facts in permutations([wrong, right]):
        assert folded(*facts, person=PERSON).placements == ()
        assert folded(*facts, person=OTHER).placements == folded(right, person=OTHER).placements


def test_a_withdrawal_counts_whoever_it_says_it_is_about() -> None:
    fact = start("P1", "2024-01-10")
    elsewhere = withdrawn(fact).model_copy(update={"subject": OTHER})
    assert folded(fact, elsewhere).placements == ()


def test_of_one_revision_sent_twice_with_other_content_the_one_recorded_last_counts() -> None:
    early, late = start("P1", "2024-01-10", time=1), start("P1", "2024-01-12", time=2)
    for facts in permutations([early, late]):
        dossier = folded(*facts)
        assert (spans(dossier.placements), codes(dossier)) == ([("2024-01-12", None)], ["F25"])


def test_recorded_at_one_moment_the_greater_id_counts() -> None:
    one, other = start("P1", "2024-01-10", id="b"), start("P1", "2024-01-12", id="a")
    for facts in permutations([one, other]):
        assert spans(folded(*facts).placements) == [("2024-01-10", None)]


def test_one_revision_for_two_persons_stands_only_with_the_one_recorded_last() -> None:
    here, there = start("P1", "2024-01-10", time=1), start("P1", "2024-01-10", person=OTHER, time=2)
    assert folded(here, there, person=PERSON).placements == ()
    assert codes(folded(here, there, person=OTHER)) == ["F25"]


def test_a_higher_revision_clears_f25() -> None:
    facts = start("P1", "2024-01-10", time=1), start("P1", "2024-01-12", time=2), start("P1", "2024-01-11", revision=2)
    for order in permutations(facts):
        assert codes(folded(*order)) == []


def test_f25_is_about_the_record_and_goes_to_its_source() -> None:
    facts = granted("M1", "2024-01-10", "2024-02-10", time=1), granted("M1", "2024-01-10", "2024-03-10", time=2)
    (flag,) = folded(*facts, start("P1", "2024-01-10")).flags
    assert (flag.code, flag.about, flag.source, str(flag.since_on)) == ("F25", "M1", facts[0].source, "2024-01-10")
