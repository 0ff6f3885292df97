"""The worked example of the domain report: three young people, to the digit."""

from datetime import date

import pytest

from services.monitor.dossier.days import Interval, care_days, days, open_on
from services.monitor.dossier.state import Doorplaatsing, Dossier
from services.monitor.dossier.titles import uncovered
from tests.unit.dossier.given import codes, d, discharged, folded, granted, moved, spans, start

ON = date(2025, 1, 31)
YEAR_2024 = (date(2024, 1, 1), date(2025, 1, 1))


@pytest.fixture
def moved_and_returned() -> Dossier:
    """Y1: from A to B, home, and back in B later."""
    return folded(
        start("P1", "2024-01-10", at="A"),
        moved("P1", "2024-04-09", to="B"),
        start("P2", "2024-04-09", at="B", arrives_from="P1"),
        discharged("P2", "2024-07-08"),
        start("P3", "2024-12-15", at="B"),
        granted("M1", "2024-01-10", "2025-01-10"),
        granted("M2", "2024-12-15", "2025-12-15"),
    )


@pytest.fixture
def without_title() -> Dossier:
    """Y2: in C since 2023, whose titles leave a gap and run out."""
    return folded(
        start("P4", "2023-11-01", at="C"),
        granted("M3", "2023-11-01", "2023-11-29", kind="spoed"),
        granted("M4", "2023-12-02", "2024-12-02", extends="M3"),
    )


@pytest.fixture
def short() -> Dossier:
    """Y3: in A for 110 days."""
    return folded(
        start("P5", "2024-09-01", at="A"),
        discharged("P5", "2024-12-20"),
        granted("M5", "2024-09-01", "2025-03-01"),
    )


def inside(dossier: Dossier) -> int:
    return care_days(dossier.placements, *YEAR_2024)


def test_a_doorplaatsing_keeps_two_placements_of_90_days_in_one_closure_of_180(moved_and_returned: Dossier) -> None:
    first, _ = moved_and_returned.closures
    assert [days(stay.started_on, d(str(stay.ended_on))) for stay in first.placements] == [90, 90]
    assert days(first.started_on, d(str(first.ended_on))) == 180
    assert first.doorplaatsingen == (Doorplaatsing(date(2024, 4, 9), 0, "A", "B", inferred=False),)


def test_the_return_160_days_later_is_a_second_closure(moved_and_returned: Dossier) -> None:
    _, second = moved_and_returned.closures
    assert spans([second]) == [("2024-12-15", None)]
    assert second.number == 2
    assert second.previous_ended_on is not None
    assert days(second.previous_ended_on, second.started_on) == 160
    assert days(second.started_on, ON) == 47


def test_care_days_of_2024_are_197_and_366_and_110(
    moved_and_returned: Dossier, without_title: Dossier, short: Dossier
) -> None:
    assert [inside(moved_and_returned), inside(without_title), inside(short)] == [197, 366, 110]


def test_two_of_the_three_are_inside_on_the_day(
    moved_and_returned: Dossier, without_title: Dossier, short: Dossier
) -> None:
    open_closures = [
        [closure for closure in dossier.closures if open_on(closure, ON)]
        for dossier in (moved_and_returned, without_title, short)
    ]
    assert [len(found) for found in open_closures] == [1, 1, 0]
    assert days(open_closures[1][0].started_on, ON) == 457


def test_three_nights_and_then_sixty_have_no_title(without_title: Dossier) -> None:
    (closure,) = without_title.closures
    gaps: tuple[Interval, ...] = uncovered(closure, without_title.titles, until=ON)
    assert gaps == ((date(2023, 11, 29), date(2023, 12, 2)), (date(2024, 12, 2), ON))
    assert [days(*gap) for gap in gaps] == [3, 60]


def test_the_other_two_are_covered_throughout(moved_and_returned: Dossier, short: Dossier) -> None:
    for dossier in (moved_and_returned, short):
        assert [uncovered(closure, dossier.titles, until=ON) for closure in dossier.closures] == [()] * len(
            dossier.closures
        )


def test_a_missing_arrival_ends_the_closure_with_f3_and_its_arrival_mends_it() -> None:
    known = [start("P1", "2024-01-10", at="A"), moved("P1", "2024-04-09", to="B")]
    early = folded(*known)
    assert (spans(early.closures), codes(early)) == ([("2024-01-10", "2024-04-09")], ["F3"])
    assert early.closures[0].doorplaatsingen == ()
    late = folded(*known, start("P2", "2024-04-09", at="B"))
    assert (spans(late.closures), codes(late)) == ([("2024-01-10", None)], [])
    assert len(late.closures[0].doorplaatsingen) == 1


def test_no_flag_is_raised_on_any_of_them(moved_and_returned: Dossier, without_title: Dossier, short: Dossier) -> None:
    assert [codes(dossier) for dossier in (moved_and_returned, without_title, short)] == [[], [], []]
