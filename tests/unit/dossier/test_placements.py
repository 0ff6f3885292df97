"""Placements: starts, the ends that name them, what a later start proves, and administrative restarts (D5, F20)."""

from datetime import date
from itertools import permutations

import pytest

from services.monitor.dossier.state import Discharged, Moved, Superseded
from tests.unit.dossier.given import OTHER_SOURCE, codes, d, discharged, folded, moved, spans, start, withdrawn


def test_a_discharge_that_arrives_before_its_placement_ends_it_all_the_same() -> None:
    begin, end = start("P1", "2024-01-10"), discharged("P1", "2024-02-10")
    assert folded(end, begin) == folded(begin, end)
    assert folded(end, begin).placements[0].end == Discharged(d("2024-02-10"), "home", "planned")


def test_a_doorplaatsing_ends_a_placement_and_says_why_and_where_to() -> None:
    facts = start("P1", "2024-01-10"), moved("P1", "2024-02-10", to="B")
    assert folded(*facts).placements[0].end == Moved(d("2024-02-10"), "better-fit", "B")


def test_an_end_reported_by_another_source_ends_the_placement_that_it_names() -> None:
    facts = start("P1", "2024-01-10"), discharged("P1", "2024-02-10", source=OTHER_SOURCE)
    assert spans(folded(*facts).placements) == [("2024-01-10", "2024-02-10")]


def test_an_end_of_an_unknown_placement_makes_no_row_but_f4_until_the_start_arrives() -> None:
    end = discharged("P1", "2024-02-10")
    assert (folded(end).placements, codes(folded(end))) == ((), ["F4"])
    assert codes(folded(end, start("P1", "2024-01-10"))) == []


def test_an_arrival_from_an_unknown_placement_is_f4_until_that_placement_is_known() -> None:
    arrival = start("P2", "2024-02-10", at="B", arrives_from="P1")
    (flag,) = folded(arrival).flags
    assert (flag.code, flag.about) == ("F4", "P1")
    assert codes(folded(arrival, start("P1", "2024-01-10"), moved("P1", "2024-02-10"))) == []


def test_an_end_before_its_start_leaves_the_placement_open_with_f5_until_it_is_corrected() -> None:
    begin, end = start("P1", "2024-01-10"), discharged("P1", "2024-01-09")
    dossier = folded(begin, end)
    assert (spans(dossier.placements), codes(dossier)) == ([("2024-01-10", None)], ["F5"])
    assert dossier.flags[0].severity == "severe"
    mended = folded(begin, end, discharged("P1", "2024-02-09", revision=2))
    assert (spans(mended.placements), codes(mended)) == ([("2024-01-10", "2024-02-09")], [])


def test_of_two_contradicting_ends_the_earliest_counts_with_f23_until_one_is_withdrawn() -> None:
    begin, early, late = start("P1", "2024-01-10"), discharged("P1", "2024-02-10"), moved("P1", "2024-02-12")
    for facts in permutations([begin, early, late]):
        dossier = folded(*facts)
        assert (dossier.placements[0].ended_on, "F23" in codes(dossier)) == (d("2024-02-10"), True)
    assert codes(folded(begin, early, late, withdrawn(late))) == []


def test_of_two_ends_on_one_date_the_doorplaatsing_counts_because_the_clock_must_not_stop() -> None:
    facts = start("P1", "2024-01-10"), discharged("P1", "2024-02-10", time=9), moved("P1", "2024-02-10", time=1)
    for order in permutations(facts):
        assert isinstance(folded(*order).placements[0].end, Moved)


def test_of_two_discharges_on_one_date_the_one_recorded_last_counts() -> None:
    one = discharged("P1", "2024-02-10", record="a", time=2, destination="foster-care")
    other = discharged("P1", "2024-02-10", record="b", time=1)
    for order in permutations([start("P1", "2024-01-10"), one, other]):
        dossier = folded(*order)
        assert dossier.placements[0].end == Discharged(d("2024-02-10"), "foster-care", "planned")
        assert codes(dossier) == ["F23"]


def test_an_end_that_is_not_believed_does_not_contradict_the_one_that_is() -> None:
    facts = start("P1", "2024-01-10"), discharged("P1", "2024-01-01", record="a"), discharged("P1", "2024-02-10")
    dossier = folded(*facts)
    assert (dossier.placements[0].ended_on, codes(dossier)) == (d("2024-02-10"), ["F5"])


def test_a_later_start_elsewhere_ends_an_open_placement_with_f2_until_the_departure_is_known() -> None:
    facts = start("P1", "2024-01-10", at="A"), start("P2", "2024-02-10", at="B")
    dossier = folded(*facts)
    assert dossier.placements[0].end == Superseded(date(2024, 2, 10))
    assert codes(dossier) == ["F2"]
    assert codes(folded(*facts, moved("P1", "2024-02-10", to="B"))) == []


def test_the_first_later_start_is_the_one_that_proves_the_end() -> None:
    dossier = folded(
        start("P1", "2024-01-10", at="A"), start("P2", "2024-03-10", at="C"), start("P3", "2024-02-10", at="B")
    )
    assert spans(dossier.placements) == [
        ("2024-01-10", "2024-02-10"),
        ("2024-02-10", "2024-03-10"),
        ("2024-03-10", None),
    ]


def test_a_start_under_another_regime_proves_no_end_of_a_closed_placement() -> None:
    dossier = folded(start("P1", "2024-01-10", at="A"), start("P2", "2024-02-10", at="B", regime="wvggz"))
    assert spans(dossier.placements) == [("2024-01-10", None), ("2024-02-10", None)]
    assert codes(dossier) == ["F1", "F1"]


def test_discharged_and_started_on_one_day_at_one_accommodation_is_one_placement_with_f20() -> None:
    facts = [
        start("P1", "2024-01-10", machtiging="M1"),
        discharged("P1", "2024-02-10"),
        start("P2", "2024-02-10", machtiging="M2"),
        discharged("P2", "2024-03-10", destination="foster-care"),
    ]
    for order in permutations(facts):
        (placement,) = folded(*order).placements
        assert (placement.placement, placement.machtiging) == ("P1", "M1")
        assert (str(placement.started_on), placement.end) == (
            "2024-01-10",
            Discharged(d("2024-03-10"), "foster-care", "planned"),
        )
    assert codes(folded(*facts)) == ["F20"]
    assert codes(folded(*facts, start("P2", "2024-02-11", revision=2))) == []


def test_an_open_placement_followed_by_a_start_at_the_same_accommodation_is_one_placement() -> None:
    dossier = folded(start("P1", "2024-01-10"), start("P2", "2024-02-10"))
    assert (spans(dossier.placements), codes(dossier)) == ([("2024-01-10", None)], ["F20"])


def test_restarts_are_joined_over_any_number_of_them() -> None:
    dossier = folded(
        start("P1", "2024-01-10"),
        discharged("P1", "2024-02-10"),
        start("P2", "2024-02-10"),
        discharged("P2", "2024-02-10"),
        start("P3", "2024-02-10"),
        discharged("P3", "2024-03-10"),
    )
    assert (spans(dossier.placements), codes(dossier)) == ([("2024-01-10", "2024-03-10")], ["F20", "F20"])


@pytest.mark.parametrize("left_on", ["2024-01-20", "2024-03-10"])
def test_a_restart_is_one_placement_whatever_stay_began_there_in_between(left_on: str) -> None:
    """A second record of a part of the stay hid what it went on from: a new closure began, of days, not of months."""
    between = start("P2", "2024-01-15"), discharged("P2", left_on)
    dossier = folded(start("P1", "2024-01-10"), discharged("P1", "2024-02-10"), *between, start("P3", "2024-02-10"))
    assert spans(dossier.placements) == [("2024-01-10", None), ("2024-01-15", left_on)]
    assert spans(dossier.closures) == [("2024-01-10", None)]
    assert codes(dossier) == ["F1", "F1", "F20"]


def test_of_two_stays_that_end_where_a_third_starts_one_goes_on_in_it() -> None:
    ended = start("P1", "2024-01-10"), discharged("P1", "2024-02-10"), start("P2", "2024-01-15")
    dossier = folded(*ended, discharged("P2", "2024-02-10"), start("P3", "2024-02-10"), start("P4", "2024-02-10"))
    assert [(one.placement, str(one.ended_on)) for one in dossier.placements] == [
        ("P1", "2024-02-10"),
        ("P2", "None"),
        ("P4", "None"),
    ]


def test_who_somebody_is_may_be_told_by_either_part_of_a_restart() -> None:
    first, second = start("P1", "2024-01-10", sex="f"), start("P2", "2024-02-10", sex="m", birth_month="2010-05")
    (whole,) = folded(first, discharged("P1", "2024-02-10"), second).placements
    assert (whole.birth_month, whole.sex) == ("2010-05", "f")


def test_placements_are_in_order_of_start_and_then_of_end_after_restarts_were_joined() -> None:
    facts = start("P1", "2024-01-10"), discharged("P1", "2024-01-12"), start("P2", "2024-01-12")
    dossier = folded(*facts, start("P3", "2024-01-10", at="B"), discharged("P3", "2024-01-20"))
    assert [placement.placement for placement in dossier.placements] == ["P3", "P1"]


def test_who_arrives_from_a_restart_arrives_from_the_placement_it_was_joined_to() -> None:
    dossier = folded(
        start("P1", "2024-01-10"),
        discharged("P1", "2024-02-10"),
        start("P2", "2024-02-10"),
        discharged("P2", "2024-03-10"),
        start("P3", "2024-03-12", at="B", arrives_from="P2"),
    )
    assert dossier.placements[1].arrives_from == "P1"
    assert len(dossier.closures) == 1
    assert codes(dossier) == ["F20"]


def test_a_move_between_groups_of_one_accommodation_stays_two_placements_of_one_closure() -> None:
    dossier = folded(start("P1", "2024-01-10"), moved("P1", "2024-02-10", to="A"), start("P2", "2024-02-10"))
    assert len(dossier.placements) == 2
    assert [closure.doorplaatsingen for closure in dossier.closures] == [()]
    assert codes(dossier) == []


def test_another_regime_at_the_same_accommodation_is_another_placement() -> None:
    dossier = folded(
        start("P1", "2024-01-10"), discharged("P1", "2024-02-10"), start("P2", "2024-02-10", regime="open")
    )
    assert spans(dossier.placements) == [("2024-01-10", "2024-02-10"), ("2024-02-10", None)]
    assert len(dossier.closures) == 1


def test_two_records_of_one_start_are_one_placement_with_f24_until_one_is_withdrawn() -> None:
    early, late = start("P1", "2024-01-10", record="a", time=1), start("P1", "2024-01-12", record="b", time=2)
    for facts in permutations([early, late]):
        dossier = folded(*facts)
        assert (spans(dossier.placements), codes(dossier)) == ([("2024-01-12", None)], ["F24"])
    assert codes(folded(early, late, withdrawn(early))) == []


def test_two_sources_that_report_one_start_at_one_accommodation_mean_one_placement() -> None:
    facts = start("P1", "2024-01-10", time=1), start("P1", "2024-01-12", source=OTHER_SOURCE, time=2)
    dossier = folded(*facts, discharged("P1", "2024-02-10"))
    assert (spans(dossier.placements), codes(dossier)) == ([("2024-01-12", "2024-02-10")], ["F24"])


def test_two_institutions_that_number_alike_do_not_make_each_others_placements_disappear() -> None:
    facts = [
        start("1", "2023-01-10", at="A"),
        discharged("1", "2023-02-10"),
        start("1", "2024-01-10", at="B", source=OTHER_SOURCE),
    ]
    for order in permutations(facts):
        dossier = folded(*order)
        assert spans(dossier.placements) == [("2023-01-10", "2023-02-10"), ("2024-01-10", None)]
        assert codes(dossier) == []


@pytest.mark.parametrize(
    ("first", "second", "flagged"),
    [("ambulant", "ambulant", []), ("ambulant", "none", ["F23"]), ("ambulant", None, []), (None, None, [])],
)
def test_who_is_silent_about_the_help_that_follows_contradicts_nobody(
    first: str | None, second: str | None, flagged: list[str]
) -> None:
    both = [
        discharged("P1", "2024-02-10", follow_up=first, record="E1"),
        discharged("P1", "2024-02-10", follow_up=second, record="E2", time=1),
    ]
    for order in permutations([start("P1", "2024-01-10"), *both]):
        dossier = folded(*order)
        assert codes(dossier) == flagged
        assert dossier.placements[0].end == Discharged(d("2024-02-10"), "home", "planned", second)
