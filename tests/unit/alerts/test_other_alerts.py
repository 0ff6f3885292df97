"""Alerts on waiting, on titles that nobody executes, and on absences."""

from datetime import datetime

import pytest

from services.monitor.alerts.conditions.judging import long_past, missing_steps, spells
from services.monitor.alerts.rulebook import rulebook
from shared.facts.envelope import AcceptedEvent
from tests.unit.alerts.judged import LINK_DAYS, span, spell, spells_of, threshold
from tests.unit.dossier.given import (
    absent,
    d,
    discharged,
    ended,
    evaluated,
    folded,
    granted,
    listed,
    moved,
    referral_closed,
    referred,
    requested,
    returned,
    start,
    taught,
    unlisted,
)

TITLE = granted("M1", "2024-01-10", "2025-01-10")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-03-09", None),
        ("2024-03-10", "unexecuted-60"),
        ("2024-03-25", "unexecuted-75"),
        ("2024-04-09", "unexecuted-75"),
        ("2024-04-10", "lapsed"),
        ("2024-04-23", "lapsed"),
        ("2024-04-24", None),
    ],
)
def test_a_machtiging_that_nobody_executes_is_told_until_it_lapses(day: str, expected: str | None) -> None:
    assert threshold("A05", day, TITLE) == expected


def test_a_placement_executes_it() -> None:
    facts = (TITLE, start("P1", "2024-03-20"))
    assert span("A05", "unexecuted-60", *facts) == ("2024-03-10", "2024-03-20", "placed")
    assert span("A05", "lapsed", *facts) is None


def test_each_machtiging_is_told_of_by_itself_whatever_is_granted_beside_it() -> None:
    """The wait was known by the machtiging that ran longest, so a second grant closed what was told of the first."""
    second = granted("M2", "2024-03-01", "2025-06-01", extends="M1")
    found = {(one.case.about, one.threshold): str(one.since) for one in spells_of("A05", TITLE, second)}
    assert found["M1", "unexecuted-60"] == "2024-03-10"
    assert found["M2", "unexecuted-60"] == "2024-04-30"


def test_a_machtiging_that_was_ended_after_it_lapsed_lapsed_all_the_same() -> None:
    assert span("A05", "lapsed", TITLE, ended("M1", "2024-04-11")) == ("2024-04-10", "2024-04-24", "time-passed")
    assert span("A05", "lapsed", TITLE, ended("M1", "2024-04-10")) is None


def test_one_for_after_the_closure_is_told_of_when_nobody_comes_back_under_it() -> None:
    facts = (start("P1", "2023-11-01"), discharged("P1", "2024-01-05"), granted("M1", "2024-01-10", "2025-01-10"))
    early = granted("M1", "2024-01-10", "2025-01-10", granted_on="2023-12-20")
    assert span("A05", "unexecuted-60", *facts) == span("A05", "unexecuted-60", *facts[:2], early)


@pytest.mark.parametrize(
    ("kind", "day", "expected"),
    [
        ("regulier", "2024-01-23", None),
        ("regulier", "2024-01-24", "regulier-14"),
        ("regulier", "2024-02-20", "regulier-14"),
        ("regulier", "2024-02-21", "regulier-42"),
        ("spoed", "2024-01-10", None),
        ("spoed", "2024-01-11", "spoed-1"),
        ("spoed", "2024-01-12", "spoed-1"),
        ("spoed", "2024-01-13", "spoed-3"),
    ],
)
def test_waiting_with_a_title_counts_from_the_first_day_of_the_title(kind: str, day: str, expected: str | None) -> None:
    title = granted("M1", "2024-01-10", "2024-02-07" if kind == "spoed" else "2025-01-10", kind=kind)
    assert threshold("A11", day, title) == expected


SPOED = granted("S1", "2024-02-01", "2024-02-29", kind="spoed")


def test_a_spoed_is_told_of_beside_a_regulier_that_runs_longer() -> None:
    assert span("A11", "spoed-1", TITLE, SPOED) == ("2024-02-02", "2024-02-29", "answered")
    assert span("A11", "regulier-14", TITLE, SPOED) == ("2024-01-24", "2024-04-10", "lapsed")


def test_a_regulier_after_a_spoed_counts_from_the_spoed_and_leaves_what_was_told_of_that() -> None:
    after = granted("M2", "2024-02-20", "2025-02-20", extends="S1")
    assert span("A11", "spoed-3", SPOED, after) == ("2024-02-04", "2024-02-29", "answered")
    assert span("A11", "regulier-14", SPOED, after) == ("2024-02-20", "2024-05-20", "lapsed")
    found = [one.case for one in spells_of("A11", SPOED, after)]
    assert {(case.about, case.also) for case in found} == {("S1", ("M2",))}


def test_of_one_referral_each_title_is_told_of() -> None:
    facts = (referred("R1", "2023-12-01"), TITLE, granted("M2", "2024-06-01", "2025-06-01"))
    found = [str(one.since) for one in spells_of("A11", *facts) if one.threshold == "regulier-14"]
    assert found == ["2024-01-24", "2024-06-15"]


def test_waiting_on_a_referral_alone_is_told_after_nine_weeks() -> None:
    asked = referred("R1", "2024-01-01")
    assert threshold("A11", "2024-03-04", asked) is None
    assert threshold("A11", "2024-03-05", asked) == "any-64"
    assert threshold("A11", "2024-03-05", asked, referral_closed("R1", "2024-03-05")) is None


def test_a_place_ends_a_wait_on_its_day() -> None:
    facts = (referred("R1", "2024-01-01"), TITLE, start("P1", "2024-02-01"))
    assert span("A11", "regulier-14", *facts) == ("2024-01-24", "2024-02-01", "placed")


def lists(*facts: AcceptedEvent) -> list[tuple[str, str, str | None, str | None]]:
    """Whom A11 tells of after nine weeks: what it is about, since, until and why it ended."""
    found = spells(folded(*facts), rules=rulebook(), link_days=LINK_DAYS)
    return [
        (one.case.about, str(one.since), str(one.until) if one.until else None, one.ended if one.until else None)
        for one in found
        if one.rule == "A11" and one.threshold in ("any-64", "list-64")
    ]


@pytest.mark.parametrize("setting", ["open", "gesloten"])
def test_whoever_stands_on_a_waiting_list_for_nine_weeks_is_told_of_until_they_leave_it(setting: str) -> None:
    on_it = listed("W1", "2028-01-01", **{"for": setting})
    assert lists(on_it) == [("W1", "2028-03-05", None, None)]
    assert lists(on_it, unlisted("W1", "2028-03-05")) == []
    assert lists(on_it, unlisted("W1", "2028-04-01", reason="alternative")) == [
        ("W1", "2028-03-05", "2028-04-01", "alternative")
    ]


def test_a_closed_placement_ends_a_wait_on_a_list_for_one_and_on_no_other() -> None:
    closed, other, placed = listed("W1", "2028-01-01", **{"for": "hybride"}), listed("W2", "2028-01-01"), "2028-03-20"
    assert lists(closed, other, start("P1", placed)) == [
        ("W1", "2028-03-05", placed, "placed"),
        ("W2", "2028-03-05", None, None),
    ]


def test_one_wait_is_told_of_once_a_day() -> None:
    asked, closed = referred("R1", "2028-01-01"), {"for": "besloten"}
    assert lists(asked, listed("W1", "2028-01-15", **closed)) == [("R1", "2028-03-05", None, None)]
    assert lists(asked, listed("W1", "2027-12-25", **closed)) == [
        ("R1", "2028-03-05", None, None),
        ("W1", "2028-02-27", "2028-03-05", "told-elsewhere"),
    ]
    assert lists(asked, listed("W1", "2028-01-15"))[1:] == [("W1", "2028-03-19", None, None)]


def test_a_list_goes_on_telling_of_a_wait_when_the_referral_is_closed() -> None:
    facts = referred("R1", "2028-01-01"), listed("W1", "2028-01-15", **{"for": "gesloten"})
    assert lists(*facts, referral_closed("R1", "2028-03-10"))[1:] == [("W1", "2028-03-19", None, None)]
    assert lists(*facts, referral_closed("R1", "2028-04-10"))[1:] == [("W1", "2028-04-10", None, None)]


def test_it_says_since_when_somebody_is_on_the_list_and_where_they_come_from() -> None:
    found = spell("A11", "list-64", listed("W1", "2028-01-01"), referred("R1", "2027-01-01", requested="open"))
    assert found is not None
    assert (found.counted_from, found.case.region) == (d("2028-01-01"), "JZ24")
    assert [(one.what, one.on, one.about) for one in found.because] == [("waiting-started", d("2028-01-01"), "W1")]


def test_who_is_on_a_list_is_never_long_past() -> None:
    on_it, day = listed("W1", "2028-01-01"), d("2090-01-01")
    assert not long_past(folded(on_it), on=day, rules=rulebook())
    assert long_past(folded(on_it, unlisted("W1", "2028-06-01")), on=day, rules=rulebook())


STAY = start("P1", "2024-03-01")
AWAY = absent("P1", "2024-05-01T21:30:00+02:00")


def test_an_absence_is_counted_to_the_moment_over_midnight() -> None:
    found = spell("A16", "24-hours", STAY, AWAY)
    assert found is not None
    assert (str(found.since), found.until) == ("2024-05-02", None)
    just, today = datetime.fromisoformat("2024-05-02T21:30:00+02:00"), d("2024-05-02")
    assert found.holds_at(just, today)
    assert not found.holds_at(datetime.fromisoformat("2024-05-02T21:29:59+02:00"), today)
    assert threshold("A16", "2024-05-04", STAY, AWAY) == "72-hours"


def test_a_return_ends_an_absence_and_one_in_time_leaves_nothing() -> None:
    assert spell("A16", "24-hours", STAY, AWAY, returned("P1", "2024-05-02T21:30:00+02:00")) is None
    found = spell("A16", "24-hours", STAY, AWAY, returned("P1", "2024-05-03T08:00:00+02:00"))
    assert found is not None
    assert (str(found.until), found.ended) == ("2024-05-03", "returned")


def test_the_end_of_the_stay_ends_an_absence_and_another_absence_is_another_case() -> None:
    found = spell("A16", "24-hours", STAY, AWAY, discharged("P1", "2024-05-04"))
    assert found is not None
    assert (str(found.until), found.ended) == ("2024-05-04", "discharged")
    again = absent("P1", "2024-06-01T12:00:00+02:00")
    every = spells(folded(STAY, AWAY, again), rules=rulebook(), link_days=LINK_DAYS)
    days = [(str(one.since), str(one.until)) for one in every if (one.rule, one.threshold) == ("A16", "24-hours")]
    assert sorted(days) == [("2024-05-02", "2024-06-01"), ("2024-06-02", "None")]


def test_an_absence_from_a_stay_that_was_joined_after_a_restart_is_one_from_the_stay_it_is_part_of() -> None:
    restarted = (start("P0", "2024-03-01"), discharged("P0", "2024-04-01"), start("P1", "2024-04-01"))
    found = spell("A16", "24-hours", *restarted, AWAY)
    assert found is not None
    assert str(found.since) == "2024-05-02"


def test_an_absence_from_a_stay_under_another_regime_is_nobodys_alert() -> None:
    other = start("P1", "2024-04-01", at="C", regime="wvggz")
    assert spell("A16", "24-hours", start("P0", "2024-03-01"), other, AWAY) is None


def test_an_absence_from_a_stay_that_nobody_reported_is_nobodys_alert() -> None:
    assert spell("A16", "24-hours", AWAY) is None


def test_a_stay_that_nobody_says_anything_about_for_120_days_is_told() -> None:
    def holds(day: str, *facts: object) -> bool:
        found = spells(folded(STAY, *facts), rules=rulebook(), link_days=LINK_DAYS, heard_on=d("2024-03-02"))  # type: ignore[arg-type]
        return any(one.rule == "A23" and one.holds_on(d(day)) for one in found)

    assert not holds("2024-06-29")
    assert holds("2024-06-30")
    assert not holds("2024-06-30", discharged("P1", "2024-06-30"))


def test_what_is_missing_is_named_the_most_pressing_first() -> None:
    def missing(day: str, *facts: object) -> tuple[str, ...]:
        return missing_steps(folded(*facts), on=d(day), link_days=LINK_DAYS)  # type: ignore[arg-type]

    title = granted("M2", "2024-03-01", "2024-06-01")
    assert missing("2024-03-15", STAY) == ("no-title",)
    assert missing("2024-04-19", STAY, title) == ()
    assert missing("2024-04-20", STAY, title) == ("no-request",)
    assert missing("2024-04-20", STAY, title, requested("V2", "2024-04-20")) == ()
    assert missing("2024-06-01", STAY, title) == ("no-title",)
    told = STAY, title, taught("2024-03-10", "none"), evaluated("2024-03-10", due="2024-04-10")
    assert missing("2024-03-09", *told) == ()
    assert missing("2024-04-10", *told) == ("no-school",)
    assert missing("2024-04-11", *told) == ("plan-overdue", "no-school")
    assert missing("2024-04-12", *told, taught("2024-04-12", "inside"), evaluated("2024-04-12")) == ()
    assert missing("2024-04-11", *told, discharged("P1", "2024-04-01")) == ()
    assert missing("2024-05-01", STAY, title, moved("P1", "2024-05-01")) == ("whereabouts-unknown", "no-request")
    assert missing("2024-02-01", TITLE) == ("no-place",)
    assert missing("2024-05-01", STAY, title, discharged("P1", "2024-05-01")) == ()
