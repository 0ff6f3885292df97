"""Titles: which days a machtiging allows, and which care days none does (D10; Jeugdwet 6.1.2, 6.1.6, 6.1.12)."""

from itertools import permutations

import pytest

from services.monitor.dossier.titles import uncovered
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import (
    codes,
    d,
    discharged,
    ended,
    folded,
    granted,
    moved,
    resumed,
    start,
    suspended,
    terms,
    withdrawn,
)

INSIDE = start("P1", "2024-01-01")
YEAR = granted("M1", "2024-01-01", "2024-12-31")
SPOED = granted("M1", "2024-01-01", "2024-01-29", kind="spoed")


def test_a_machtiging_allows_the_days_of_its_term() -> None:
    assert terms(folded(INSIDE, YEAR)) == [("2024-01-01", "2024-12-31")]


@pytest.mark.parametrize("cause", ["revoked", "not-executed", "gi-decision", "hearing-missed"])
def test_an_end_cuts_it_off_on_its_day(cause: str) -> None:
    assert terms(folded(INSIDE, YEAR, ended("M1", "2024-03-01", cause=cause))) == [("2024-01-01", "2024-03-01")]


def test_withdrawn_consent_leaves_exactly_fourteen_days() -> None:
    """Hof 's-Hertogenbosch 2018:1032: withdrawn on 26 February 2018, no title as of 12 March."""
    facts = start("P1", "2018-01-01"), granted("M1", "2018-01-01", "2018-07-01", legal_frame="consent")
    dossier = folded(*facts, ended("M1", "2018-02-26", cause="consent-withdrawn"))
    assert terms(dossier) == [("2018-01-01", "2018-03-12")]


def test_withdrawn_consent_leaves_a_spoedmachtiging_the_rest_of_its_term() -> None:
    assert terms(folded(INSIDE, SPOED, ended("M1", "2024-01-10", cause="consent-withdrawn"))) == [
        ("2024-01-01", "2024-01-29")
    ]


def test_the_fourteen_days_do_not_stretch_the_term() -> None:
    dossier = folded(INSIDE, YEAR, ended("M1", "2024-12-25", cause="consent-withdrawn"))
    assert terms(dossier) == [("2024-01-01", "2024-12-31")]


def test_of_several_ends_the_one_that_cuts_first_counts() -> None:
    ends = [
        ended("M1", "2024-03-01", cause="consent-withdrawn", record="a"),
        ended("M1", "2024-03-10", cause="gi-decision", record="b"),
    ]
    assert terms(folded(INSIDE, YEAR, *ends)) == [("2024-01-01", "2024-03-10")]


def test_an_end_before_the_first_day_leaves_no_title() -> None:
    assert terms(folded(INSIDE, YEAR, ended("M1", "2023-12-20"))) == []


def test_an_end_that_is_withdrawn_gives_the_days_back() -> None:
    end = ended("M1", "2024-03-01")
    assert folded(INSIDE, YEAR, end, withdrawn(end)).titles == folded(INSIDE, YEAR).titles


def test_a_suspension_takes_its_days_out_and_a_resumption_gives_the_rest_back() -> None:
    facts = INSIDE, YEAR, suspended("M1", "2024-03-12"), resumed("M1", "2024-03-16")
    for order in permutations(facts):
        assert terms(folded(*order)) == [("2024-01-01", "2024-03-12"), ("2024-03-16", "2024-12-31")]


def test_a_suspension_without_a_resumption_lasts() -> None:
    assert terms(folded(INSIDE, YEAR, suspended("M1", "2024-03-12"))) == [("2024-01-01", "2024-03-12")]


def test_a_suspension_reported_twice_is_ended_by_one_resumption() -> None:
    facts = suspended("M1", "2024-03-12"), suspended("M1", "2024-03-14"), resumed("M1", "2024-03-16")
    assert terms(folded(INSIDE, YEAR, *facts)) == [("2024-01-01", "2024-03-12"), ("2024-03-16", "2024-12-31")]


def test_resumed_and_suspended_again_on_one_day_stays_suspended() -> None:
    facts = suspended("M1", "2024-03-12"), resumed("M1", "2024-03-16"), suspended("M1", "2024-03-16")
    assert terms(folded(INSIDE, YEAR, *facts)) == [("2024-01-01", "2024-03-12")]


def test_suspended_and_resumed_on_one_day_takes_nothing_out() -> None:
    facts = suspended("M1", "2024-03-12"), resumed("M1", "2024-03-12")
    assert (
        uncovered(folded(INSIDE, YEAR, *facts).closures[0], folded(INSIDE, YEAR, *facts).titles, until=d("2024-12-31"))
        == ()
    )


def test_two_reports_of_a_suspension_of_one_day_are_one() -> None:
    """As the second was taken for a later suspension, nothing ended it and the title was gone for good."""
    facts = suspended("M1", "2024-03-12"), suspended("M1", "2024-03-12", record="again"), resumed("M1", "2024-03-12")
    assert terms(folded(INSIDE, YEAR, *facts)) == [("2024-01-01", "2024-12-31")]


def test_without_a_stay_within_three_calendar_months_it_lapses_with_f7() -> None:
    dossier = folded(granted("M1", "2023-11-30", "2024-11-30"))
    assert terms(dossier) == [("2023-11-30", "2024-02-29")]
    assert [(flag.code, str(flag.since_on)) for flag in dossier.flags] == [("F7", "2024-02-29")]


@pytest.mark.parametrize(("placed", "lapsed"), [("2024-02-28", False), ("2024-02-29", True)])
def test_a_stay_that_starts_before_the_day_of_the_lapse_executes_it(placed: str, lapsed: bool) -> None:
    dossier = folded(granted("M1", "2023-11-30", "2024-11-30"), start("P1", placed))
    assert ("F7" in codes(dossier)) is lapsed


def test_a_stay_that_was_open_when_its_term_began_executes_it() -> None:
    facts = start("P1", "2023-01-01"), discharged("P1", "2024-01-02"), granted("M1", "2024-01-01", "2024-12-31")
    assert terms(folded(*facts)) == [("2024-01-01", "2024-12-31")]


def test_a_stay_that_ended_on_its_first_day_does_not_execute_it() -> None:
    facts = start("P1", "2023-01-01"), discharged("P1", "2024-01-01"), granted("M1", "2024-01-01", "2024-12-31")
    assert codes(folded(*facts)) == ["F7"]


def test_in_and_out_on_one_day_executes_it() -> None:
    facts = start("P1", "2024-01-01"), discharged("P1", "2024-01-01"), granted("M1", "2024-01-01", "2024-12-31")
    assert codes(folded(*facts)) == []


def test_a_term_of_three_months_runs_out_and_does_not_lapse() -> None:
    dossier = folded(granted("M1", "2024-01-01", "2024-04-01"))
    assert (terms(dossier), codes(dossier)) == ([("2024-01-01", "2024-04-01")], [])


def test_a_stay_under_another_regime_does_not_execute_it() -> None:
    assert "F7" in codes(folded(YEAR, start("P1", "2024-01-10", regime="jji")))


def test_a_lapse_that_was_reported_is_no_f7() -> None:
    dossier = folded(YEAR, ended("M1", "2024-04-03", cause="not-executed"))
    assert (terms(dossier), codes(dossier)) == ([("2024-01-01", "2024-04-01")], [])


def test_a_voorwaardelijke_machtiging_counts_from_the_stay_that_names_it_for_six_months() -> None:
    conditional = granted("M1", "2024-01-31", "2025-01-31", kind="voorwaardelijk", extends="M0")
    dossier = folded(conditional, start("P1", "2024-02-29", machtiging="M1"))
    assert (terms(dossier), codes(dossier)) == ([("2024-02-29", "2024-08-29")], [])


def test_a_voorwaardelijke_machtiging_ends_with_its_term_all_the_same() -> None:
    conditional = granted("M1", "2024-01-01", "2024-07-01", kind="voorwaardelijk")
    assert terms(folded(conditional, start("P1", "2024-06-01", machtiging="M1"))) == [("2024-06-01", "2024-07-01")]


def test_a_stay_that_began_before_a_voorwaardelijke_machtiging_counts_from_its_first_day() -> None:
    conditional = granted("M1", "2024-02-01", "2025-02-01", kind="voorwaardelijk", extends="M0")
    assert terms(folded(conditional, start("P1", "2024-01-01", machtiging="M1"))) == [("2024-02-01", "2024-07-01")]


def test_only_a_closed_stay_uses_a_voorwaardelijke_machtiging() -> None:
    conditional = granted("M1", "2024-01-01", "2024-07-01", kind="voorwaardelijk")
    assert terms(folded(conditional, start("P1", "2024-02-01", machtiging="M1", regime="open"))) == []


def test_a_voorwaardelijke_machtiging_that_no_stay_names_allows_nothing_and_does_not_lapse() -> None:
    dossier = folded(granted("M1", "2024-01-01", "2024-07-01", kind="voorwaardelijk"), start("P1", "2024-02-01"))
    assert (terms(dossier), codes(dossier)) == ([], [])


def test_a_restart_that_names_a_voorwaardelijke_machtiging_counts_from_the_restart() -> None:
    dossier = folded(
        granted("M1", "2024-01-01", "2024-07-01", kind="voorwaardelijk"),
        start("P1", "2024-02-01"),
        discharged("P1", "2024-03-01"),
        start("P2", "2024-03-01", machtiging="M1"),
    )
    assert (len(dossier.placements), terms(dossier)) == (1, [("2024-03-01", "2024-07-01")])


def test_an_administrative_restart_does_not_renew_the_six_months() -> None:
    dossier = folded(
        granted("M1", "2024-01-01", "2025-01-01", kind="voorwaardelijk", extends="M0"),
        start("P1", "2024-02-01", machtiging="M1"),
        discharged("P1", "2024-03-01"),
        start("P2", "2024-03-01", machtiging="M1"),
    )
    assert (len(dossier.placements), terms(dossier)) == (1, [("2024-02-01", "2024-08-01")])


def test_a_doorplaatsing_does_not_renew_the_six_months_and_a_next_closure_does() -> None:
    admission = granted("M1", "2024-01-01", "2025-01-01", kind="voorwaardelijk", extends="M0")
    here = start("P1", "2024-02-01", machtiging="M1")
    there = start("P2", "2024-05-01", at="B", machtiging="M1")
    on = folded(admission, here, moved("P1", "2024-05-01"), there)
    assert (len(on.closures), terms(on)) == (1, [("2024-02-01", "2024-08-01")])
    again = folded(admission, here, discharged("P1", "2024-04-01"), there)
    assert (len(again.closures), terms(again)) == (2, [("2024-02-01", "2024-08-01"), ("2024-05-01", "2024-11-01")])


@pytest.mark.parametrize(
    ("kind", "until", "extends", "expected"),
    [
        ("regulier", "2025-01-01", None, []),
        ("regulier", "2025-01-02", None, ["F8"]),
        ("spoed", "2024-01-29", None, []),
        ("spoed", "2024-01-30", None, ["F8"]),
        ("voorwaardelijk", "2024-07-01", None, []),
        ("voorwaardelijk", "2024-07-02", None, ["F8"]),
        ("voorwaardelijk", "2024-07-02", "M0", []),
    ],
)
def test_a_term_above_the_maximum_of_the_law_is_f8(
    kind: str, until: str, extends: str | None, expected: list[str]
) -> None:
    dossier = folded(INSIDE, granted("M1", "2024-01-01", until, kind=kind, extends=extends))
    assert codes(dossier) == expected


def test_a_term_above_the_maximum_counts_as_granted() -> None:
    assert terms(folded(INSIDE, granted("M1", "2024-01-01", "2026-01-01"))) == [("2024-01-01", "2026-01-01")]


def test_granted_after_its_first_day_is_f9_until_the_date_is_corrected() -> None:
    late = granted("M1", "2024-01-01", "2024-12-31", granted_on="2024-01-03")
    assert codes(folded(INSIDE, late)) == ["F9"]
    assert codes(folded(INSIDE, late, granted("M1", "2024-01-01", "2024-12-31", revision=2))) == []


def test_ended_before_it_was_granted_is_f9() -> None:
    assert codes(folded(INSIDE, YEAR, ended("M1", "2023-12-31"))) == ["F9"]
    assert codes(folded(INSIDE, YEAR, ended("M1", "2024-01-01"))) == []


def test_resumed_without_a_suspension_is_f9_until_the_suspension_is_known() -> None:
    assert codes(folded(INSIDE, YEAR, resumed("M1", "2024-03-16"))) == ["F9"]
    assert codes(folded(INSIDE, YEAR, resumed("M1", "2024-03-16"), suspended("M1", "2024-03-12"))) == []


def test_a_suspension_outside_the_term_is_f19_until_the_term_is_corrected() -> None:
    assert codes(folded(INSIDE, YEAR, suspended("M1", "2025-01-03"))) == ["F19"]
    longer = granted("M1", "2024-01-01", "2024-02-01")
    facts = [INSIDE, longer, suspended("M1", "2024-01-20"), resumed("M1", "2024-02-03")]
    assert codes(folded(*facts)) == ["F19"]
    assert codes(folded(*facts, granted("M1", "2024-01-01", "2024-03-01", revision=2))) == []


def test_only_a_suspension_can_be_outside_the_term_and_each_is_one_f19() -> None:
    assert codes(folded(INSIDE, YEAR, resumed("M1", "2025-02-03"))) == ["F9"]
    after = folded(INSIDE, YEAR, suspended("M1", "2025-01-03"), resumed("M1", "2025-02-03"))
    assert [(flag.code, flag.since_on) for flag in after.flags] == [("F19", d("2025-01-03"))]


@pytest.mark.parametrize(
    "naming", [ended("M1", "2024-03-01"), suspended("M1", "2024-03-01"), resumed("M1", "2024-03-01")]
)
def test_what_names_a_machtiging_that_nobody_reported_is_f26(naming: AcceptedEvent) -> None:
    assert codes(folded(INSIDE, naming)) == ["F26"]
    assert "F26" not in codes(folded(INSIDE, naming, YEAR))


def test_of_two_grants_of_one_machtiging_the_one_recorded_last_counts_with_f24() -> None:
    early = granted("M1", "2024-01-01", "2024-12-31", record="a", time=1)
    late = granted("M1", "2024-01-01", "2024-06-30", record="b", time=2)
    for order in permutations([INSIDE, early, late]):
        dossier = folded(*order)
        assert (terms(dossier), codes(dossier)) == ([("2024-01-01", "2024-06-30")], ["F24"])
    assert codes(folded(INSIDE, early, late, withdrawn(late))) == []


def test_a_night_in_a_gap_between_two_placements_needs_no_title() -> None:
    dossier = folded(
        start("P1", "2024-01-01"),
        moved("P1", "2024-02-01"),
        start("P2", "2024-02-05", at="B"),
        granted("M1", "2024-01-01", "2024-02-01"),
        granted("M2", "2024-02-05", "2024-12-01"),
    )
    assert uncovered(dossier.closures[0], dossier.titles, until=d("2024-06-01")) == ()


def test_titles_that_overlap_cover_a_night_once_and_adjoining_ones_leave_none() -> None:
    dossier = folded(
        INSIDE,
        granted("M1", "2024-01-01", "2024-02-01"),
        granted("M2", "2024-01-20", "2024-03-01"),
        granted("M3", "2024-03-01", "2024-04-01"),
    )
    assert uncovered(dossier.closures[0], dossier.titles, until=d("2024-04-03")) == (
        (d("2024-04-01"), d("2024-04-03")),
    )


def test_a_stay_without_any_machtiging_is_uncovered_from_its_first_day() -> None:
    (closure,) = folded(INSIDE).closures
    assert uncovered(closure, (), until=d("2024-01-08")) == ((d("2024-01-01"), d("2024-01-08")),)


def test_nothing_is_uncovered_before_the_closure_began() -> None:
    (closure,) = folded(INSIDE).closures
    assert uncovered(closure, (), until=d("2023-12-01")) == ()
