"""What is told of a stay and around it: schooling, closure mode, care plans, reviews, measures, support and lists."""

from datetime import UTC, datetime

import pytest

from services.monitor.dossier.course import (
    NOTHING_TOLD,
    Evaluation,
    Listed,
    Mode,
    Restriction,
    Review,
    Schooling,
    Support,
)
from shared.facts.envelope import AcceptedEvent
from shared.facts.placement import LeaveEnded, LeaveStarted
from tests.unit.dossier.given import (
    OTHER_SOURCE,
    SOURCE,
    absent,
    codes,
    d,
    discharged,
    evaluated,
    event,
    folded,
    listed,
    mode_changed,
    restricted,
    returned,
    reviewed,
    start,
    support_asked,
    support_resolved,
    taught,
    unlisted,
    withdrawn,
)

BEGIN = start("P1", "2025-01-01")
NOON = datetime(2025, 2, 1, 11, tzinfo=UTC)


def test_who_is_told_nothing_more_of_has_nothing_told() -> None:
    assert folded(BEGIN).course is NOTHING_TOLD


def test_schooling_is_in_order_of_day_and_the_last_recorded_of_a_day_counts() -> None:
    facts = (
        taught("2025-02-01", "inside", brin="12AB", hours=20, placement="P1"),
        taught("2025-01-01", "none"),
        taught("2025-02-01", "none", record="earlier", time=0),
        taught("2025-02-01", "in-school", record="later", time=1),
    )
    found = folded(BEGIN, *facts)
    assert found.course.schooling == (
        Schooling(d("2025-01-01"), "none", None, None, SOURCE),
        Schooling(d("2025-02-01"), "in-school", None, None, SOURCE),
    )
    assert found == folded(BEGIN, *reversed(facts))
    assert codes(found) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([BEGIN], []),
        ([BEGIN, mode_changed("P1", "2025-02-01", "hybride")], [("2025-02-01", "hybride")]),
        ([BEGIN, mode_changed("P1", "2025-01-01", "hybride")], [("2025-01-01", "hybride")]),
        ([BEGIN, mode_changed("P1", "2024-12-31", "hybride")], []),
        ([BEGIN, discharged("P1", "2025-02-01"), mode_changed("P1", "2025-02-01", "open")], []),
        (
            [
                BEGIN,
                mode_changed("P1", "2025-02-01", "hybride"),
                mode_changed("P1", "2025-02-01", "besloten", record="again", time=1),
                mode_changed("P1", "2025-03-01", "gesloten"),
            ],
            [("2025-02-01", "besloten"), ("2025-03-01", "gesloten")],
        ),
    ],
    ids=("never", "changed", "on the first day", "before it", "over by then", "twice"),
)
def test_a_placement_may_be_closed_in_another_way_from_a_day_on(
    facts: list[AcceptedEvent], expected: list[tuple[str, str]]
) -> None:
    found = folded(*facts).course.modes
    assert [(str(one.changed_on), one.closure_mode) for one in found] == expected
    assert folded(*facts).course == folded(*reversed(facts)).course


def test_after_an_administrative_restart_a_change_is_one_of_the_whole_placement() -> None:
    facts = BEGIN, discharged("P1", "2025-02-01"), start("P2", "2025-02-01"), mode_changed("P2", "2025-03-01", "open")
    assert folded(*facts).course.modes == (Mode("P1", SOURCE, d("2025-03-01"), "open"),)


RESTARTED = BEGIN, discharged("P1", "2025-02-01"), start("P2", "2025-02-01", closure="open")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (RESTARTED, [("2025-02-01", "open")]),
        ((*RESTARTED, mode_changed("P1", "2025-01-20", "open")), [("2025-01-20", "open")]),
        ((*RESTARTED, mode_changed("P2", "2025-02-01", "besloten")), [("2025-02-01", "besloten")]),
        ((*RESTARTED, discharged("P2", "2025-02-01")), []),
        (
            (*RESTARTED, discharged("P2", "2025-02-01"), start("P3", "2025-02-01", closure="hybride")),
            [("2025-02-01", "hybride")],
        ),
    ],
    ids=("another way", "the way it was in", "a change of that day", "over by then", "twice on one day"),
)
def test_the_start_after_an_administrative_restart_says_how_the_whole_is_closed_from_then_on(
    facts: tuple[AcceptedEvent, ...], expected: list[tuple[str, str]]
) -> None:
    """It was closed as the first start said, for all of its days."""
    found = folded(*facts).course
    assert [(one.placement, str(one.changed_on), one.closure_mode) for one in found.modes] == [
        ("P1", *one) for one in expected
    ]
    assert folded(*reversed(facts)).course == found


@pytest.mark.parametrize("regime", ["jw6", "open"])
def test_a_change_of_one_of_two_placements_at_once_says_nothing_of_the_other(regime: str) -> None:
    inside = start("P2", "2025-02-01", regime=regime), discharged("P2", "2025-05-01")
    found = folded(BEGIN, *inside, discharged("P1", "2025-06-01"), mode_changed("P2", "2025-03-01", "open"))
    assert found.course.modes == (Mode("P2", SOURCE, d("2025-03-01"), "open"),)


def test_care_plans_and_reviews_are_kept_in_order() -> None:
    found = folded(
        BEGIN,
        evaluated("2025-04-01", due="2025-07-01"),
        evaluated("2025-02-01"),
        reviewed("2025-05-01", "school", "family", "school"),
    )
    assert found.course.plans == (
        Evaluation(d("2025-02-01"), None, SOURCE),
        Evaluation(d("2025-04-01"), d("2025-07-01"), SOURCE),
    )
    assert found.course.reviews == (Review(d("2025-05-01"), "leertafel", ("family", "school"), SOURCE),)


def test_measures_are_kept_each_as_it_was_counted() -> None:
    seclusion = restricted("P1", "2025-Q1", on="2025-02-03", minutes=800, emergency=True, category="seclusion")
    assert folded(BEGIN, seclusion).course.restrictions == (
        Restriction("P1:2025-Q1", SOURCE, "P1", "2025-Q1", d("2025-02-03"), "seclusion", 1, 800, emergency=True),
    )
    assert folded(BEGIN, seclusion, withdrawn(seclusion)).course is NOTHING_TOLD


def test_support_is_pending_until_it_is_resolved() -> None:
    asked = support_asked("S1", "2025-01-10")
    assert folded(asked).course.supports == (Support("S1", SOURCE, d("2025-01-10"), "no-place", None, None),)
    assert folded(asked, support_resolved("S1", "2025-02-01", source=OTHER_SOURCE)).course.supports == (
        Support("S1", SOURCE, d("2025-01-10"), "no-place", d("2025-02-01"), "alternative"),
    )


def test_somebody_stands_on_a_waiting_list_until_they_leave_it() -> None:
    on_it = listed("W1", "2025-01-10", interim="ambulant")
    assert folded(on_it).course.listed == (Listed("W1", SOURCE, "open", "ambulant", d("2025-01-10"), None, None),)
    [left] = folded(on_it, unlisted("W1", "2025-03-01", reason="withdrawn")).course.listed
    assert (left.until_on, left.reason) == (d("2025-03-01"), "withdrawn")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([taught("2025-02-01", "none", placement="P9")], ["F4"]),
        ([mode_changed("P9", "2025-02-01", "open")], ["F4"]),
        ([evaluated("2025-02-01", placement="P9")], ["F4"]),
        ([reviewed("2025-02-01", placement="P9")], ["F4"]),
        ([restricted("P9", "2025-Q1")], ["F4"]),
        ([absent("P9", "2025-02-01T10:00:00+01:00")], ["F4"]),
        ([returned("P9", "2025-02-01T10:00:00+01:00")], ["F4"]),
        ([event(LeaveStarted(placement="P9", at=NOON), record="L1")], ["F4"]),
        ([event(LeaveEnded(placement="P9", at=NOON), record="L1")], ["F4"]),
        ([unlisted("W1", "2025-02-01")], ["F26"]),
        ([support_resolved("S1", "2025-02-01")], ["F26"]),
        ([listed("W1", "2025-02-01"), unlisted("W1", "2025-01-01")], ["F5"]),
        ([listed("W1", "2025-02-01"), unlisted("W1", "2025-02-01")], []),
        ([listed("W1", "2025-02-01"), listed("W1", "2025-03-01", record="again")], ["F24"]),
        (
            [
                support_asked("S1", "2025-02-01"),
                support_resolved("S1", "2025-03-01"),
                support_resolved("S1", "2025-03-02", record="again"),
            ],
            ["F23"],
        ),
    ],
)
def test_what_is_missing_or_contradicts_is_told(facts: list[AcceptedEvent], expected: list[str]) -> None:
    assert codes(folded(*facts)) == expected
    assert folded(*facts) == folded(*reversed(facts))


def test_measures_of_a_quarter_that_names_an_unknown_placement_are_told_from_its_first_day() -> None:
    [flag] = folded(restricted("P9", "2025-Q2")).flags
    assert (flag.about, flag.since_on) == ("P9", d("2025-04-01"))
