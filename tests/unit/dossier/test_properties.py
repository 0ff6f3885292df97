"""Laws that hold for every set of facts, however contradicting (D12, D13)."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.monitor.dossier.days import care_days, days, open_on
from services.monitor.dossier.flags import FLAGS
from services.monitor.dossier.titles import uncovered
from shared.facts.envelope import AcceptedEvent
from shared.facts.fact import Fact
from shared.facts.record import RecordWithdrawn
from tests.unit.dossier.given import OTHER, PERSON, discharged, folded, moved, start, withdrawn
from tests.unit.dossier.strategies import any_facts, facts_without_titles, on

Facts = list[AcceptedEvent]
Key = tuple[str, str, str]
LONG_AGO, FAR_AHEAD = date(2024, 1, 1), date(2026, 1, 1)

lawful = settings(deadline=None, max_examples=100)


def key_of(event: AcceptedEvent) -> Key:
    """The record that an event is a revision of, or takes back."""
    if isinstance(event.data, RecordWithdrawn):
        return event.source, event.data.of, event.data.record
    return event.source, event.data.fact_name, event.record_key


def standing_by_the_rule(facts: Facts) -> Mapping[Key, AcceptedEvent]:
    """D12 as it is written, fact by fact."""
    found: dict[Key, AcceptedEvent] = {}
    for key in {key_of(event) for event in facts if not isinstance(event.data, RecordWithdrawn)}:
        same = [event for event in facts if key_of(event) == key]
        said = [event for event in same if not isinstance(event.data, RecordWithdrawn)]
        last = max(said, key=lambda event: (event.revision, event.time, event.id))
        taken_back = [event.revision for event in same if isinstance(event.data, RecordWithdrawn)]
        if all(revision < last.revision for revision in taken_back):
            found[key] = last
    return found


def shifted(value: Any, by: timedelta) -> Any:
    """The same value with each date in it so much later."""
    if isinstance(value, date):
        return value + by
    if isinstance(value, tuple):
        return tuple(shifted(one, by) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: shifted(getattr(value, f.name), by) for f in fields(value)})
    return value


def shifted_event(event: AcceptedEvent, by: timedelta) -> AcceptedEvent:
    data: Fact = event.data
    dates = {name: value + by for name, value in data if isinstance(value, date)}
    return event.model_copy(update={"data": data.model_copy(update=dates)})


@lawful
@given(any_facts, st.data())
def test_any_order_and_any_repetition_give_the_same_dossier(facts: Facts, data: st.DataObject) -> None:
    again = facts + (data.draw(st.lists(st.sampled_from(facts), max_size=6)) if facts else [])
    assert folded(*data.draw(st.permutations(again))) == folded(*facts)


@lawful
@given(any_facts, st.lists(st.integers(1, 99), min_size=14, max_size=14))
def test_the_places_that_ledgers_gave_change_nothing(facts: Facts, places: list[int]) -> None:
    placed = [
        event.model_copy(update={"position": n, "prev": n - 1, "acceptedat": event.acceptedat + timedelta(days=n)})
        for event, n in zip(facts, places, strict=False)
    ]
    assert folded(*placed) == folded(*facts)


@lawful
@given(any_facts, st.sampled_from([PERSON, OTHER]))
def test_only_the_revisions_that_stand_matter(facts: Facts, person: str) -> None:
    """So a record that moved to another person is as if it had been sent there first."""
    whole, sifted = folded(*facts, person=person), folded(*standing_by_the_rule(facts).values(), person=person)
    without_f25 = tuple(flag for flag in whole.flags if flag.code != "F25")
    assert replace(whole, flags=without_f25) == sifted


@lawful
@given(any_facts, st.data())
def test_withdrawn_and_sent_again_is_as_if_never_withdrawn(facts: Facts, data: st.DataObject) -> None:
    standing = sorted(standing_by_the_rule(facts).values(), key=lambda event: event.id)
    assume(standing)
    chosen = data.draw(st.sampled_from(standing))
    same = [event for event in facts if key_of(event) == key_of(chosen) and event.revision == chosen.revision]
    assume(len(same) == 1)
    again = chosen.model_copy(update={"revision": chosen.revision + 1, "id": f"{chosen.id}+"})
    assert folded(*facts, withdrawn(chosen), again) == folded(*facts)


@lawful
@given(any_facts, st.data())
def test_a_withdrawn_record_is_as_if_never_sent(facts: Facts, data: st.DataObject) -> None:
    assume(facts)
    chosen = data.draw(st.sampled_from(facts))
    assume(not isinstance(chosen.data, RecordWithdrawn))
    others = [event for event in facts if key_of(event) != key_of(chosen)]
    assert folded(*facts, withdrawn(chosen, revision=9)) == folded(*others)


@lawful
@given(any_facts)
def test_two_persons_add_up(facts: Facts) -> None:
    """Each dossier is what it would be if the other person did not exist."""
    standing = standing_by_the_rule(facts).values()
    for person in (PERSON, OTHER):
        own = [event for event in standing if event.subject == person]
        assert folded(*standing, person=person) == folded(*own, person=person)


@lawful
@given(facts_without_titles, st.integers(-1500, 1500))
def test_so_many_days_later_everything_is_so_many_days_later(facts: Facts, by_days: int) -> None:
    by = timedelta(by_days)
    assert folded(*(shifted_event(event, by) for event in facts)) == shifted(folded(*facts), by)


@lawful
@given(any_facts)
def test_closures_share_no_day_and_hold_each_closed_placement_once(facts: Facts) -> None:
    dossier = folded(*facts)
    for before, after in pairwise(dossier.closures):
        assert before.ended_on is not None
        assert before.ended_on <= after.started_on
        assert after.previous_ended_on == before.ended_on
    held = [placement for closure in dossier.closures for placement in closure.placements]
    assert held == [placement for placement in dossier.placements if placement.regime == "jw6"]
    assert [closure.number for closure in dossier.closures] == list(range(1, len(dossier.closures) + 1))


@lawful
@given(any_facts, st.integers(0, 400), st.sampled_from("ABC"))
def test_nobody_disappears(facts: Facts, number: int, at: str) -> None:
    """Whoever started on a day, and of whom nobody said that it ended, is inside on that day whatever else is said."""
    dossier = folded(*facts, start("P9", on(number), at=at))
    assert any(open_on(closure, date.fromisoformat(on(number))) for closure in dossier.closures)


@lawful
@given(any_facts)
def test_days_on_which_a_placement_is_open_add_up_to_care_days(facts: Facts) -> None:
    window = [LONG_AGO + timedelta(n) for n in range((FAR_AHEAD - LONG_AGO).days)]
    for closure in folded(*facts).closures:
        inside = sum(any(open_on(stay, day) for stay in closure.placements) for day in window)
        assert care_days(closure.placements, LONG_AGO, FAR_AHEAD) == inside


@lawful
@given(any_facts)
def test_a_care_day_is_uncovered_exactly_when_no_title_holds(facts: Facts) -> None:
    dossier = folded(*facts)
    for closure in dossier.closures:
        gaps = uncovered(closure, dossier.titles, until=FAR_AHEAD)
        day = closure.started_on
        while day < FAR_AHEAD:
            inside = any(open_on(stay, day) for stay in closure.placements)
            titled = any(title.from_on <= day < title.until_on for title in dossier.titles)
            assert any(begin <= day < end for begin, end in gaps) is (inside and not titled)
            day += timedelta(days=29)


@lawful
@given(any_facts)
def test_every_interval_runs_forward_and_every_flag_is_in_the_table(facts: Facts) -> None:
    dossier = folded(*facts)
    assert all(title.from_on < title.until_on for title in dossier.titles)
    assert all(stay.ended_on is None or stay.started_on <= stay.ended_on for stay in dossier.placements)
    assert all(wait.until_on is None or wait.since_on <= wait.until_on for wait in dossier.waiting)
    assert {flag.code for flag in dossier.flags} <= FLAGS.keys()


@lawful
@given(st.lists(st.integers(1, 90), min_size=1, max_size=6), st.integers(0, 300))
def test_a_doorplaatsing_with_an_arrival_on_its_day_changes_no_closure(lengths: list[int], first: int) -> None:
    """However often a young person is moved, the closure lasts as long as one stay from the first start to the end."""
    facts: Facts = []
    day = first
    for n, length in enumerate(lengths):
        facts.append(start(f"P{n}", on(day), at="AB"[n % 2]))
        day += length
        end = discharged if n == len(lengths) - 1 else moved
        facts.append(end(f"P{n}", on(day)))
    (moves,) = folded(*facts).closures
    (stay,) = folded(start("P", on(first)), discharged("P", on(day))).closures
    assert (moves.started_on, moves.ended_on) == (stay.started_on, stay.ended_on)
    assert len(moves.doorplaatsingen) == len(lengths) - 1
    assert moves.ended_on is not None
    assert days(moves.started_on, moves.ended_on) == sum(lengths)
