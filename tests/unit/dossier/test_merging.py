"""Persons under several pseudonyms: the merges that stand say who is one, whatever the order in which they came."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.monitor.dossier.fold import fold
from services.monitor.dossier.merging import connected, groups
from services.monitor.dossier.state import Dossier
from shared.facts.envelope import AcceptedEvent
from shared.facts.records import record_of
from tests.unit.dossier.given import (
    OTHER,
    PERSON,
    RULES,
    codes,
    discharged,
    folded,
    granted,
    merged,
    moved,
    spans,
    start,
    withdrawn,
)
from tests.unit.dossier.strategies import any_facts

THIRD = "young-person-0003"
FOURTH = "young-person-0004"
EVERYBODY = (PERSON, OTHER, THIRD, FOURTH)
AUTHORITY = "urn:nld:oin:00000001234567890000:systeem:pseudoniemen"

Facts = list[AcceptedEvent]

lawful = settings(deadline=None, max_examples=100)


def joined(*facts: AcceptedEvent) -> dict[str, Dossier]:
    """The dossiers that these facts say, by name; each person is given all facts, as a fold may be."""
    of_records = {name: [one for one in facts if _had(name, one, facts)] for name in EVERYBODY}
    return {group.name: group.fold(fold, rules=RULES) for group in groups(of_records) if group.told}


def _had(name: str, fact: AcceptedEvent, facts: Iterable[AcceptedEvent]) -> bool:
    """Whether this fact is about a record that this person ever had."""
    return any(one.subject == name and record_of(one) == record_of(fact) for one in facts)


def merge(one: str, other: str, **more: Any) -> AcceptedEvent:
    """The authority says that these two are one young person."""
    more = {"record": f"{one}:{other}", "person": one, "source": AUTHORITY} | more
    return merged(more.pop("record"), other, **more)


def without_f17(dossier: Dossier) -> Dossier:
    return replace(dossier, flags=tuple(flag for flag in dossier.flags if flag.code != "F17"))


def renamed(facts: Iterable[AcceptedEvent], members: Iterable[str], name: str) -> Facts:
    """The same facts as if one of the members had been told of under each of them."""
    return [one.model_copy(update={"subject": name}) if one.subject in {*members} else one for one in facts]


merges = st.builds(
    lambda pair, revision, time, moves: merge(
        *pair, revision=revision, time=time, record="M1" if moves else f"{pair[0]}:{pair[1]}"
    ),
    st.sampled_from([(one, other) for one in EVERYBODY for other in EVERYBODY if one != other]),
    st.sampled_from([1, 1, 2]),
    st.integers(0, 3),
    st.booleans(),
)


@st.composite
def merged_facts(draw: st.DrawFn) -> Facts:
    """Facts of four persons in any tangle, and merges, corrected and withdrawn, in any direction."""
    facts = [
        one if one.subject is None or draw(st.integers(0, 2)) else one.model_copy(update={"subject": THIRD})
        for one in draw(any_facts)
    ]
    said = list({one.id: one for one in draw(st.lists(merges, max_size=5))}.values())
    back = list({one.id: one for one in map(withdrawn, said) if draw(st.integers(0, 3)) == 0}.values())
    return draw(st.permutations([*facts, *said, *back]))


def test_two_stays_under_two_pseudonyms_are_one_closure_and_a_return_is_seen() -> None:
    first = [start("P1", "2025-01-01"), moved("P1", "2025-02-01", to="B")]
    second = [start("P2", "2025-02-01", at="B", person=OTHER), discharged("P2", "2025-03-01", person=OTHER)]
    third = [start("P3", "2025-09-01", person=OTHER)]
    apart = joined(*first, *second, *third)
    assert {name: len(one.closures) for name, one in apart.items()} == {PERSON: 1, OTHER: 2}
    [(name, one)] = joined(*first, *second, *third, merge(OTHER, PERSON)).items()
    assert (name, one.also) == (PERSON, (OTHER,))
    assert spans(one.closures) == [("2025-01-01", "2025-03-01"), ("2025-09-01", None)]
    assert [len(closure.doorplaatsingen) for closure in one.closures] == [1, 0]
    assert one.closures[1].number == 2


def test_a_machtiging_under_the_one_covers_a_stay_under_the_other() -> None:
    facts = start("P1", "2025-01-01", machtiging="M1"), granted("M1", "2025-01-01", "2025-06-01", person=OTHER)
    [one] = joined(*facts, merge(PERSON, OTHER)).values()
    assert [str(title.until_on) for title in one.titles] == ["2025-06-01"]
    assert joined(*facts)[PERSON].titles == ()


def test_a_merged_dossier_has_the_flag_f17_until_the_merge_is_taken_back() -> None:
    said = merge(PERSON, OTHER, time=5)
    facts = start("P1", "2025-01-01"), start("P2", "2025-06-01", person=OTHER)
    one = joined(*facts, said)[PERSON]
    [flag] = [flag for flag in one.flags if flag.code == "F17"]
    assert (flag.about, flag.source, str(flag.since_on)) == (f"{PERSON}:{OTHER}", AUTHORITY, "2025-01-01")
    assert "F17" not in codes(joined(*facts, said, withdrawn(said))[PERSON])


def test_merges_join_over_steps_and_the_least_pseudonym_names_the_person() -> None:
    facts = [start(f"P{n}", f"202{n}-01-01", person=name) for n, name in enumerate(EVERYBODY)]
    chain = [merge(FOURTH, THIRD), merge(OTHER, FOURTH)]
    assert {name: one.also for name, one in joined(*facts, *chain).items()} == {PERSON: (), OTHER: (THIRD, FOURTH)}
    assert [*joined(*facts, *chain, merge(THIRD, PERSON))] == [PERSON]


def test_a_correction_of_a_merge_joins_the_pair_that_it_names_and_no_longer_the_first() -> None:
    facts = [start(f"P{n}", f"202{n}-01-01", person=name) for n, name in enumerate(EVERYBODY)]
    first = merge(PERSON, OTHER, record="M")
    corrected = merge(PERSON, THIRD, record="M", revision=2)
    elsewhere = merge(THIRD, FOURTH, record="M", revision=3)
    assert joined(*facts, corrected, first)[PERSON].also == (THIRD,)
    assert {name: one.also for name, one in joined(*facts, elsewhere, first, corrected).items() if one.also} == {
        THIRD: (FOURTH,)
    }


def test_nobody_gets_a_dossier_because_of_a_merge_alone() -> None:
    assert joined(merge(PERSON, OTHER)) == {}
    [one] = joined(merge(OTHER, PERSON), start("P1", "2025-01-01", person=OTHER)).values()
    assert (one.person, one.also) == (PERSON, (OTHER,))


@lawful
@given(merged_facts(), st.data())
def test_any_order_and_any_repetition_gives_the_same_persons(facts: Facts, data: st.DataObject) -> None:
    again = facts + (data.draw(st.lists(st.sampled_from(facts), max_size=6)) if facts else [])
    assert joined(*data.draw(st.permutations(again))) == joined(*facts)


@lawful
@given(merged_facts())
def test_merged_facts_say_what_the_same_facts_under_one_pseudonym_say(facts: Facts) -> None:
    for name, dossier in joined(*facts).items():
        same = renamed(facts, dossier.also, name)
        assert without_f17(replace(dossier, also=())) == without_f17(folded(*same, person=name))


@lawful
@given(merged_facts())
def test_a_merge_that_is_taken_back_leaves_what_would_have_been_without_it(facts: Facts) -> None:
    says_names = [one for one in facts if record_of(one)[1] == "pseudonyms-merged"]
    others = [one for one in facts if record_of(one)[1] != "pseudonyms-merged"]
    back = [withdrawn(one, revision=9) for one in says_names if one.data.fact_name == "pseudonyms-merged"]
    assert joined(*facts, *back) == joined(*others)


@lawful
@given(merged_facts())
def test_everybody_of_whom_something_is_said_is_in_exactly_one_dossier(facts: Facts) -> None:
    found = joined(*facts)
    names = [name for one in found.values() for name in (one.person, *one.also)]
    assert len(names) == len(set(names))
    said = {one.subject for one in facts if record_of(one)[1] != "pseudonyms-merged" and one.subject}
    assert said <= set(names)
    assert all(one.person == min((one.person, *one.also)) for one in found.values())


@lawful
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_parts_are_what_can_be_reached_over_pairs(pairs: list[tuple[int, int]]) -> None:
    names = [f"{n:02d}" for n in range(31)]
    said = [(f"{one:02d}", f"{other:02d}") for one, other in pairs]
    parts = connected(names, said)
    assert sorted(name for part in parts for name in part) == names
    assert all(any(one in part and other in part for part in parts) for one, other in said)
    for part in parts:
        reached = {part[0]}
        for _ in part:
            reached |= {name for pair in said for name in pair if reached & {*pair}}
        assert reached >= set(part)
