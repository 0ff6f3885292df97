"""The tallies of the metrics: kept up to date they are what counting anew gives, and what the figures say."""

from collections import Counter
from collections.abc import Hashable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.monitor.accommodations import Accommodation, HeadCount, Register
from services.monitor.dossier.state import Dossier
from services.monitor.figures.answer import CountTable
from services.monitor.flags.places import Places
from services.monitor.flags.standing import counted, standing_flags
from services.monitor.metrics import spans
from services.monitor.metrics.snapshot import snapshot
from services.monitor.metrics.spans import spans_by_register, spans_of
from services.monitor.metrics.tallies import Span, Tallies
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import OTHER, PERSON, d, discharged, folded, granted, start
from tests.unit.dossier.strategies import any_facts
from tests.unit.figures.asked import asked, known

lawful = settings(deadline=None, max_examples=60)
FIRST = date(2024, 1, 10)
days = st.integers(0, 900).map(lambda number: FIRST + timedelta(number))
COUNTS = (HeadCount("A", date(2024, 1, 5), 3, "ecd"), HeadCount("A", date(2024, 8, 1), 3, "ecd"))
"""Three differ from nobody by more than 2, and from one or two persons by less."""
REGISTER = Register(
    (Accommodation("A", "north", opened_on=date(2020, 1, 1)), Accommodation("B", "south")), (), counts=COUNTS
)
PLACES = Places(REGISTER)


def counting(tallies: Tallies, dossier: Dossier, times: int = 1) -> None:
    """Put a person in, or take them out."""
    tallies.add(spans_of(dossier), times)
    tallies.add(spans_by_register(dossier, PLACES), times)


def anew(dossiers: list[Dossier], on: date) -> Tallies:
    """Everybody counted on a day, from nothing."""
    tallies = Tallies(on, kept=spans.KEPT)
    for dossier in dossiers:
        counting(tallies, dossier)
    return tallies


@lawful
@given(st.lists(st.tuples(st.sampled_from([PERSON, OTHER]), any_facts, st.integers(0, 200)), min_size=1, max_size=6))
def test_after_any_changes_and_days_the_tallies_are_those_of_counting_anew(
    steps: list[tuple[str, list[AcceptedEvent], int]],
) -> None:
    tallies, people = Tallies(FIRST, kept=spans.KEPT), dict[str, Dossier]()
    for person, facts, later in steps:
        if person in people:
            counting(tallies, people[person], -1)
        people[person] = folded(*facts, person=person)
        counting(tallies, people[person])
        tallies.move(tallies.on + timedelta(later))
        assert tallies == anew(list(people.values()), tallies.on)


@lawful
@given(any_facts, days)
def test_whoever_is_taken_out_leaves_nothing_behind(facts: list[AcceptedEvent], later: date) -> None:
    tallies, dossier = Tallies(FIRST, kept=spans.KEPT), folded(*facts)
    counting(tallies, dossier)
    tallies.move(later)
    counting(tallies, dossier, -1)
    assert tallies == Tallies(later, kept=spans.KEPT)


@lawful
@given(any_facts, days)
def test_the_metrics_say_what_the_figures_say(facts: list[AcceptedEvent], on: date) -> None:
    people = [folded(*facts, person=person) for person in (PERSON, OTHER)]
    tallies = anew(people, on)
    found = snapshot(tallies, REGISTER, {})
    stock = asked("stock", known(*people, register=REGISTER), on=str(on), split=("area", "title"))
    assert _nonzero(found.open_closures) == _without_last(stock.tables[0])
    elapsed = asked("stock", known(*people), on=str(on)).tables[1]
    assert sum(found.open_since.values()) == sum(_counts(elapsed).values())
    whole = (str(date(2009, 1, 1)), str(on + timedelta(1)))
    exits = asked("exits", known(*people), on=str(on), window=whole)
    assert sum(found.closure_days.values()) == exits.n
    moves = asked("doorplaatsing", known(*people, register=REGISTER), on=str(on), window=whole)
    assert sum(found.doorplaatsingen.values()) == moves.n
    inflow = asked("inflow", known(*people), on=str(on), window=whole)
    assert found.placements_started == inflow.n


@lawful
@given(any_facts, days)
def test_the_metrics_count_the_flags_that_stand(facts: list[AcceptedEvent], on: date) -> None:
    people = [folded(*facts, person=person) for person in (PERSON, OTHER)]
    found = snapshot(anew(people, on), REGISTER, {}).flags
    assert _nonzero(found) == counted(standing_flags(known(*people, register=REGISTER), on=on))


def test_another_register_counts_only_what_depends_on_it_anew() -> None:
    dossier = folded(start("P1", "2024-02-01", at="B"))
    tallies = anew([dossier], date(2024, 3, 1))
    assert tallies.of(spans.UNREGISTERED) == {"F10": 1}
    tallies.clear(spans.UNREGISTERED)
    registered = Places(Register((Accommodation("B", opened_on=date(2020, 1, 1)),), ()))
    tallies.add(spans_by_register(dossier, registered))
    assert tallies.of(spans.UNREGISTERED) == {}
    assert tallies.of(spans.OPEN_SINCE) == {("zuid-west", date(2024, 2, 1)): 1}


def test_a_day_that_is_over_cannot_be_gone_back_to() -> None:
    with pytest.raises(ValueError, match="is before"):
        Tallies(date(2024, 3, 2)).move(date(2024, 3, 1))


def test_a_tally_that_is_kept_tells_any_day_also_after_a_change() -> None:
    tallies = Tallies(date(2024, 3, 1), kept={"k"})
    stay = Span("k", "A", date(2024, 1, 1), date(2024, 2, 1))
    tallies.add([stay, Span("k", "A", date(2024, 1, 15), None), Span("k", "B", date(2024, 1, 1), None)])
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 1), date(2026, 1, 1)]
    assert [tallies.on_day("k", "A", day) for day in days] == [0, 1, 2, 1, 1]
    tallies.add([stay], -1)
    assert [tallies.on_day("k", "A", day) for day in (days[-1], *days[1:3], days[-1])] == [1, 0, 1, 1]
    assert tallies.on_day("k", "C", days[2]) == 0


def test_what_ends_tomorrow_counts_today_and_not_tomorrow() -> None:
    tallies = Tallies(date(2024, 3, 1))
    tallies.add([Span("t", "k", date(2024, 1, 1), date(2024, 3, 2)), Span("t", "k", date(2024, 3, 2), None)], 2)
    assert tallies.of("t") == {"k": 2}
    tallies.add([Span("t", "k", date(2024, 1, 1), date(2024, 3, 2))], -1)
    assert tallies.of("t") == {"k": 1}
    tallies.move(date(2024, 3, 2))
    assert tallies.of("t") == {"k": 2}


TITLES = (
    start("P1", "2026-02-20"),
    granted("M1", "2026-02-20", "2026-03-10", kind="spoed"),
    granted("M2", "2026-03-10", "2026-06-01"),
    granted("M3", "2026-06-02", "2026-09-01"),
)


def test_cover_goes_on_over_titles_that_touch_and_ends_at_a_gap() -> None:
    tallies = anew([folded(*TITLES)], d("2026-03-02"))
    assert tallies.of(spans.COVERED_UNTIL) == {d("2026-06-01"): 1}
    tallies.move(d("2026-06-01"))
    assert (tallies.of(spans.COVERED_UNTIL), sum(tallies.of(spans.WITHOUT_TITLE_SINCE).values())) == ({}, 1)


def test_the_title_that_lasts_longest_gives_the_kind() -> None:
    facts = (start("P1", "2026-01-01"), granted("M1", "2026-01-01", "2026-06-01"))
    tallies = anew([folded(*facts, granted("M2", "2026-03-01", "2026-03-09", kind="spoed"))], d("2026-03-02"))
    assert [kind for _, kind in tallies.of(spans.OPEN)] == ["regulier"]


def test_a_title_that_ends_today_or_begins_tomorrow_covers_nothing() -> None:
    facts = (start("P1", "2026-01-01"), granted("M1", "2026-01-01", "2026-03-02"))
    tallies = anew([folded(*facts, granted("M2", "2026-03-03", "2026-06-01"))], d("2026-03-02"))
    assert [since for _, since in tallies.of(spans.WITHOUT_TITLE_SINCE)] == [d("2026-03-02")]


def test_in_and_out_on_one_day_is_never_open() -> None:
    tallies = anew([folded(start("P1", "2026-01-05"), discharged("P1", "2026-01-05"))], d("2026-01-05"))
    assert (tallies.of(spans.OPEN_SINCE), tallies.of(spans.ENDED_AFTER)) == ({}, {0: 1})


def _counts(table: object) -> Counter[tuple[str, ...]]:
    assert isinstance(table, CountTable)
    return Counter({key: number for key, number in table.counts.items() if number})


def _without_last(table: object) -> dict[Hashable, int]:
    found: Counter[Hashable] = Counter()
    for key, number in _counts(table).items():
        found[key[:-1]] += number
    return dict(found)


def _nonzero(counts: object) -> dict[Hashable, int]:
    return {key: number for key, number in dict(counts).items() if number}  # type: ignore[call-overload]
