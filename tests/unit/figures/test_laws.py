"""Laws of the figures that hold for every set of facts, however contradicting."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.monitor.disclosure.table import TOTAL
from services.monitor.dossier.days import open_on
from services.monitor.dossier.state import Dossier
from services.monitor.figures.answer import Answer, CountTable, FlowTable, MeasureTable
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.values import Tally
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import OTHER, PERSON, discharged, folded, moved, start
from tests.unit.dossier.strategies import any_facts, facts_without_titles, on
from tests.unit.figures.asked import asked, flows, measures

Facts = list[AcceptedEvent]
lawful = settings(deadline=None, max_examples=60)
ON = "2025-12-01"
WHOLE = ("2024-01-01", "2025-11-01")
days = st.integers(0, 640).map(lambda number: date(2024, 1, 1) + timedelta(number))


def two(facts: Facts) -> list[Dossier]:
    """Both persons whom the facts are about."""
    return [folded(*facts, person=person) for person in (PERSON, OTHER)]


@lawful
@given(any_facts, days, days, st.sampled_from(["closures", "placements"]))
def test_what_was_there_and_came_and_went_is_what_is_there(facts: Facts, a: date, b: date, of: str) -> None:
    people, (a, b) = two(facts), sorted((a, b + timedelta(1)))
    if a == b:
        return
    ((begin, started, ended, end),) = flows(asked("flow", people, on=ON, window=(str(a), str(b)), of=of)) or [(0,) * 4]
    assert begin + started - ended == end
    before, last = (str(day - timedelta(1)) for day in (a, b))
    assert (begin, end) == tuple(asked("stock", people, on=day, of=of).n for day in (before, last))


@lawful
@given(any_facts)
def test_care_days_are_the_sum_over_the_days_of_those_inside(facts: Facts) -> None:
    people = two(facts)
    window = [date(2024, 1, 1) + timedelta(n) for n in range((date(2025, 11, 1) - date(2024, 1, 1)).days)]
    inside = sum(
        any(open_on(stay, day) for closure in person.closures for stay in closure.placements)
        for person in people
        for day in window
    )
    assert measures(asked("care-days", people, on=ON, window=WHOLE), "care-days")[None]["careDays"] == inside


@lawful
@given(any_facts)
def test_no_closure_ends_because_a_later_start_proves_it(facts: Facts) -> None:
    """It goes on there: a category of its own would be empty, and so hide nothing."""
    how = next(table for table in asked("exits", two(facts), on=ON, window=WHOLE).tables if table.name == "how")
    assert isinstance(how, CountTable)
    assert {key[-1] for key in how.counts} <= {"discharged", "deceased", "moved"}


@lawful
@given(any_facts, st.sampled_from(["first-event", "replacement-incidence", "waiting"]), st.sampled_from([0, 40]))
def test_shares_of_competing_ends_and_what_remains_are_one(facts: Facts, name: str, settle: int) -> None:
    found = asked(name, two(facts), on=ON, window=WHOLE, settleDays=settle)
    for row in measures(found, "incidence").values():
        assert sum(value for column, value in row.items() if column != "n") == Fraction(1)


ADDING = [name for name in FIGURES if name not in ("monthly-starts", "rare-events")]


@lawful
@given(any_facts, st.sampled_from(ADDING))
def test_two_sets_of_persons_add_up(facts: Facts, name: str) -> None:
    first, second = two(facts)
    whole, *parts = (asked(name, people, on=ON, window=WHOLE) for people in ([first, second], [first], [second]))
    assert whole.n == sum(part.n for part in parts)
    assert sorted(whole.cases, key=repr) == sorted([case for part in parts for case in part.cases], key=repr)
    for place, table in enumerate(whole.tables):
        same = [part.tables[place] for part in parts]
        if isinstance(table, CountTable):
            for key in {*table.counts, *(key for one in same for key in one.counts)}:
                assert table.counts.get(key, 0) == sum(one.counts.get(key, 0) for one in same), (name, table.name, key)
        if isinstance(table, MeasureTable) and table.at is None and not table.dimensions:
            for at, value in enumerate(table.rows[0].values):
                if isinstance(value, Tally):
                    assert value.value == sum(one.rows[0].values[at].value for one in same)


def shifted(facts: Facts, by: timedelta) -> Facts:
    """The same facts, so much later."""
    found = []
    for event in facts:
        dates = {name: value + by for name, value in event.data if isinstance(value, date)}
        found.append(event.model_copy(update={"data": event.data.model_copy(update=dates)}))
    return found


def durations(found: Answer) -> object:
    """All that an answer says, apart from dates: its measures and curves."""
    return [
        [(row.key, row.n, row.values) if isinstance(row.at, date) else row for row in table.rows]
        for table in found.tables
        if isinstance(table, MeasureTable)
    ]


@lawful
@given(facts_without_titles, st.integers(-700, 700), st.sampled_from(["stock", "exits", "entry-duration", "first-event",
       "replacement", "doorplaatsing", "care-days"]))  # fmt: skip
def test_so_many_days_later_lasts_as_long(facts: Facts, by_days: int, name: str) -> None:
    """Over clock changes and a leap day too. Months of calendar length and titles are no days, so they are left out."""
    by = timedelta(by_days)
    window = tuple(str(date.fromisoformat(day) + by) for day in WHOLE)
    later = str(date.fromisoformat(ON) + by)
    here = asked(name, two(facts), on=ON, window=WHOLE)
    there = asked(name, two(shifted(facts, by)), on=later, window=window)
    assert (durations(there), there.n) == (durations(here), here.n)


@lawful
@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 300),
       st.sampled_from(["stock", "flow", "exits", "entry-duration", "replacement", "care-days"]))  # fmt: skip
def test_a_move_within_one_accommodation_changes_no_duration(before: int, after: int, first: int, name: str) -> None:
    middle, end = on(first + before), on(first + before + after)
    once = folded(start("P1", on(first)), discharged("P1", end))
    twice = folded(start("P1", on(first)), moved("P1", middle, to="A"), start("P2", middle), discharged("P2", end))
    assert twice.closures[0].doorplaatsingen == ()
    for day in (ON, on(first + before // 2)):
        one, other = (asked(name, [person], on=day, window=WHOLE) for person in (once, twice))
        if name == "care-days":
            assert measures(one, name)[None]["careDays"] == measures(other, name)[None]["careDays"]
        else:
            assert other.tables == one.tables


@lawful
@given(any_facts, st.data(), st.sampled_from(list(FIGURES)))
def test_any_order_and_repetition_gives_the_same_answer(facts: Facts, data: st.DataObject, name: str) -> None:
    again = facts + (data.draw(st.lists(st.sampled_from(facts), max_size=4)) if facts else [])
    mixed = data.draw(st.permutations(again))
    assert asked(name, two(mixed), on=ON, window=WHOLE) == asked(name, two(facts), on=ON, window=WHOLE)


@lawful
@given(any_facts, st.sampled_from([name for name, figure in FIGURES.items() if "area" in figure.splits]))
def test_the_total_of_a_split_is_the_answer_without_it(facts: Facts, name: str) -> None:
    plain, split = (asked(name, two(facts), on=ON, window=WHOLE, split=by) for by in ((), "area"))
    assert (plain.n, plain.cases) == (split.n, split.cases)
    for one, other in zip(plain.tables, split.tables, strict=True):
        if isinstance(one, MeasureTable):
            total = [replace(row, key=row.key[1:]) for row in other.rows if row.key[0] == TOTAL]
            assert [row for row in total if not row.key or row.key[0] != TOTAL] == list(one.rows)


def test_a_flow_that_does_not_add_up_is_a_mistake_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from services.monitor.figures import flow

    monkeypatch.setattr(flow, "bisect_left", lambda looks, day: 0)  # As if all had been there before.
    with pytest.raises(flow.DoesNotAddUp):
        asked("flow", [folded(start("P1", "2024-05-01"))], on=ON, window=WHOLE)


def test_flow_tables_are_the_only_ones_with_periods() -> None:
    assert [name for name in FIGURES if any(isinstance(t, FlowTable) for t in asked(name, [], on=ON).tables)] == [
        "flow"
    ]
