"""Closures: what continues one, what starts the next, and what counts as a doorplaatsing (D6 to D9)."""

from itertools import permutations

import pytest

from services.monitor.dossier.rules import Rules
from services.monitor.dossier.state import Doorplaatsing
from tests.unit.dossier.given import codes, d, discharged, folded, moved, spans, start


@pytest.mark.parametrize(("arrival", "closures"), [("2024-02-10", 1), ("2024-02-17", 1), ("2024-02-18", 2)])
def test_a_start_within_seven_days_after_a_doorplaatsing_continues_the_closure(arrival: str, closures: int) -> None:
    dossier = folded(start("P1", "2024-01-10"), moved("P1", "2024-02-10"), start("P2", arrival, at="B"))
    assert len(dossier.closures) == closures


def test_the_number_of_days_is_a_rule() -> None:
    facts = start("P1", "2024-01-10"), moved("P1", "2024-02-10"), start("P2", "2024-02-12", at="B")
    assert [len(folded(*facts, rules=Rules(link_days=n)).closures) for n in (1, 2)] == [2, 1]


@pytest.mark.parametrize(("arrival", "closures"), [("2024-02-17", 1), ("2024-02-18", 2)])
def test_who_says_to_arrive_from_the_placement_before_continues_the_closure(arrival: str, closures: int) -> None:
    dossier = folded(
        start("P1", "2024-01-10"), discharged("P1", "2024-02-10"), start("P2", arrival, at="B", arrives_from="P1")
    )
    assert len(dossier.closures) == closures


@pytest.mark.parametrize("again", ["2024-02-10", "2024-02-11", "2024-06-01"])
def test_a_start_elsewhere_after_a_discharge_is_a_new_closure_whatever_the_gap(again: str) -> None:
    dossier = folded(start("P1", "2024-01-10"), discharged("P1", "2024-02-10"), start("P2", again, at="B"))
    assert [closure.number for closure in dossier.closures] == [1, 2]
    assert [closure.previous_ended_on for closure in dossier.closures] == [None, d("2024-02-10")]
    assert [closure.doorplaatsingen for closure in dossier.closures] == [(), ()]


def test_each_link_between_two_accommodations_is_a_doorplaatsing() -> None:
    dossier = folded(
        start("P1", "2024-01-10", at="A"),
        moved("P1", "2024-02-10", to="B"),
        start("P2", "2024-02-12", at="B"),
        moved("P2", "2024-03-10", to="A"),
        start("P3", "2024-03-10", at="A"),
    )
    (closure,) = dossier.closures
    assert closure.doorplaatsingen == (
        Doorplaatsing(d("2024-02-12"), 0, "A", "B", inferred=False),
        Doorplaatsing(d("2024-03-10"), 1, "B", "A", inferred=False),
    )


def test_in_and_out_on_one_day_between_two_moves_is_part_of_the_chain() -> None:
    facts = [
        start("P1", "2024-01-10", at="A"),
        moved("P1", "2024-02-10", to="B"),
        start("P9", "2024-02-10", at="B"),
        moved("P9", "2024-02-10", to="A"),
        start("P2", "2024-02-10", at="A"),
    ]
    for order in permutations(facts):
        (closure,) = folded(*order).closures
        assert [(move.from_accommodation, move.to_accommodation) for move in closure.doorplaatsingen] == [
            ("A", "B"),
            ("B", "A"),
        ]


def test_a_departure_that_nobody_reported_does_not_restart_the_clock() -> None:
    (closure,) = folded(start("P1", "2024-01-10", at="A"), start("P2", "2024-02-10", at="B")).closures
    assert closure.started_on == d("2024-01-10")
    assert closure.doorplaatsingen == (Doorplaatsing(d("2024-02-10"), 0, "A", "B", inferred=True),)


def test_a_doorplaatsing_that_only_the_arrival_reports_is_not_inferred() -> None:
    facts = (
        start("P1", "2024-01-10"),
        discharged("P1", "2024-02-10"),
        start("P2", "2024-02-11", at="B", arrives_from="P1"),
    )
    assert [move.inferred for move in folded(*facts).closures[0].doorplaatsingen] == [False]


def test_overlapping_placements_are_one_closure_with_f1_on_both_until_the_dates_are_mended() -> None:
    facts = [
        start("P1", "2024-01-10", at="A"),
        discharged("P1", "2024-03-10"),
        start("P2", "2024-03-01", at="B"),
        discharged("P2", "2024-04-01"),
    ]
    dossier = folded(*facts)
    assert spans(dossier.closures) == [("2024-01-10", "2024-04-01")]
    assert [(flag.code, flag.about, str(flag.since_on)) for flag in dossier.flags] == [
        ("F1", "P1", "2024-03-01"),
        ("F1", "P2", "2024-03-01"),
    ]
    assert codes(folded(*facts, discharged("P1", "2024-03-01", revision=2))) == []


def test_what_follows_a_short_stay_inside_a_long_one_follows_the_long_one() -> None:
    facts = [
        start("P1", "2024-01-01", at="A"),
        moved("P1", "2024-07-01"),
        start("P2", "2024-03-01", at="B"),
        discharged("P2", "2024-04-01"),
        start("P3", "2024-07-03", at="C"),
    ]
    (closure,) = folded(*facts).closures
    assert [(move.from_accommodation, move.to_accommodation) for move in closure.doorplaatsingen] == [
        ("A", "B"),
        ("A", "C"),
    ]


def test_what_starts_inside_a_long_stay_comes_from_the_long_one() -> None:
    (closure,) = folded(
        start("P1", "2024-01-01", at="A"),
        discharged("P1", "2024-07-01"),
        start("P2", "2024-03-01", at="B"),
        discharged("P2", "2024-04-01"),
        start("P3", "2024-05-01", at="C"),
        discharged("P3", "2024-06-01"),
    ).closures
    assert [(move.from_accommodation, move.inferred) for move in closure.doorplaatsingen] == [("A", True), ("A", True)]


def test_in_and_out_on_one_day_inside_another_stay_shares_no_day_with_it() -> None:
    facts = start("P1", "2024-01-01"), discharged("P1", "2024-07-01"), start("P2", "2024-03-01", at="B")
    dossier = folded(*facts, discharged("P2", "2024-03-01"))
    assert (len(dossier.closures), codes(dossier)) == (1, [])


def test_a_move_out_of_a_short_stay_inside_a_long_one_does_not_link_what_follows_the_long_one() -> None:
    dossier = folded(
        start("P1", "2024-01-01", at="A"),
        discharged("P1", "2024-07-01"),
        start("P2", "2024-03-01", at="B"),
        moved("P2", "2024-04-01"),
        start("P3", "2024-07-03", at="C"),
    )
    assert spans(dossier.closures) == [("2024-01-01", "2024-07-01"), ("2024-07-03", None)]


def test_a_closure_with_two_open_placements_is_open() -> None:
    (closure,) = folded(start("P1", "2024-01-10", at="A"), start("P2", "2024-01-10", at="B")).closures
    assert closure.ended_on is None


def test_of_two_placements_at_one_accommodation_the_one_that_was_left_is_known() -> None:
    long = start("P1", "2024-01-10"), moved("P1", "2024-03-10")
    short = start("P2", "2024-01-20"), discharged("P2", "2024-02-01")
    [closure] = folded(*long, *short, start("P3", "2024-03-10", at="B")).closures
    assert [stay.placement for stay in closure.placements] == ["P1", "P2", "P3"]
    assert closure.doorplaatsingen == (Doorplaatsing(d("2024-03-10"), 0, "A", "B", inferred=False),)


@pytest.mark.parametrize("regime", ["wvggz", "wzd", "jji", "open"])
def test_only_placements_under_the_jeugdwet_are_closures(regime: str) -> None:
    dossier = folded(start("P1", "2024-01-10", regime=regime), discharged("P1", "2024-02-10"))
    assert (len(dossier.placements), dossier.closures) == (1, ())


def test_a_doorplaatsing_without_an_arrival_is_f3_since_the_departure_until_the_arrival_is_known() -> None:
    facts = start("P1", "2024-01-10"), moved("P1", "2024-02-10", to="B")
    (flag,) = folded(*facts).flags
    assert (flag.code, flag.about, flag.since_on) == ("F3", "P1", d("2024-02-10"))
    assert codes(folded(*facts, start("P2", "2024-02-12", at="B"))) == []


def test_an_arrival_under_another_regime_is_an_arrival() -> None:
    facts = start("P1", "2024-01-10"), moved("P1", "2024-02-10"), start("P2", "2024-02-11", at="B", regime="wvggz")
    assert codes(folded(*facts)) == []


def test_what_came_before_on_the_same_day_is_no_arrival() -> None:
    dossier = folded(
        start("P1", "2024-02-10", at="A"),
        moved("P1", "2024-02-10"),
        start("P2", "2024-02-10", at="B"),
        moved("P2", "2024-02-10"),
    )
    assert [(flag.code, flag.about) for flag in dossier.flags] == [("F3", "P2")]


def test_who_is_in_another_placement_on_the_day_of_the_departure_has_arrived() -> None:
    facts = start("P1", "2024-01-10"), moved("P1", "2024-03-01"), start("P2", "2024-02-01", at="B")
    assert codes(folded(*facts)) == ["F1", "F1"]


def test_an_arrival_that_names_the_placement_is_an_arrival_however_late() -> None:
    facts = start("P1", "2024-01-10"), moved("P1", "2024-02-10")
    assert codes(folded(*facts, start("P2", "2024-03-10", at="B"))) == ["F3"]
    assert codes(folded(*facts, start("P2", "2024-03-10", at="B", arrives_from="P1"))) == []
