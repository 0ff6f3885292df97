"""What happened to a young person, in the order of days, from what the figures are counted from."""

from collections.abc import Sequence
from datetime import date

from hypothesis import given, settings

from services.monitor.dossier.state import Dossier
from services.monitor.eventlog.happening import ACTIVITIES, ATTRIBUTES, BEGINNINGS, Happening
from services.monitor.eventlog.happenings import happenings
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import (
    absent,
    advised,
    asked,
    d,
    discharged,
    ended,
    evaluated,
    folded,
    followed_up,
    granted,
    listed,
    mode_changed,
    moved,
    ready,
    referral_closed,
    referred,
    refused,
    requested,
    restricted,
    returned,
    reviewed,
    start,
    support_asked,
    support_resolved,
    taught,
    unlisted,
)
from tests.unit.dossier.strategies import any_facts

LAST_DAY = date.max


def told(dossier: Dossier, *, until: date = LAST_DAY) -> list[tuple[str, str]]:
    return [(str(one.on), one.activity) for one in happenings(dossier, until=until)]


def of(found: Sequence[Happening], activity: str) -> Happening:
    (one,) = (one for one in found if one.activity == activity)
    return one


def test_a_closure_with_a_doorplaatsing_is_told_from_the_wait_to_the_end() -> None:
    dossier = folded(
        referred("R1", "2024-01-02"),
        requested("V1", "2024-01-03"),
        granted("M1", "2024-01-10", "2024-07-10", request="V1"),
        start("P1", "2024-01-10", at="A"),
        moved("P1", "2024-02-01", to="B"),
        start("P2", "2024-02-01", at="B"),
        absent("P2", "2024-02-10T12:00:00+01:00"),
        returned("P2", "2024-02-12T12:00:00+01:00"),
        ready("P2", "2024-03-01"),
        discharged("P2", "2024-04-01"),
        ended("M1", "2024-04-02", cause="gi-decision"),
    )
    assert told(dossier) == [
        ("2024-01-02", "wait-began"),
        ("2024-01-03", "machtiging-requested"),
        ("2024-01-10", "wait-ended"),
        ("2024-01-10", "machtiging-granted"),
        ("2024-01-10", "closure-began"),
        ("2024-01-10", "placement-started"),
        ("2024-02-01", "departure"),
        ("2024-02-01", "doorplaatsing"),
        ("2024-02-01", "placement-started"),
        ("2024-02-10", "absence-began"),
        ("2024-02-12", "absence-ended"),
        ("2024-03-01", "discharge-ready"),
        ("2024-04-01", "discharge"),
        ("2024-04-01", "closure-ended"),
        ("2024-04-02", "machtiging-ended"),
    ]
    found = happenings(dossier, until=LAST_DAY)
    move = of(found, "doorplaatsing")
    assert (move.closure, move.attributes["accommodation"], move.attributes["to_accommodation"]) == (1, "A", "B")
    assert of(found, "machtiging-ended").attributes == {"cause": "gi-decision"}
    assert of(found, "discharge").placement == of(found, "discharge-ready").placement == 2


def test_what_is_dated_after_the_day_has_not_happened() -> None:
    dossier = folded(start("P1", "2024-01-10"), discharged("P1", "2024-04-01"))
    assert told(dossier, until=d("2024-03-31")) == [
        ("2024-01-10", "closure-began"),
        ("2024-01-10", "placement-started"),
    ]
    assert told(dossier, until=d("2024-01-09")) == []


def test_what_begins_and_ends_on_one_day_begins_first() -> None:
    dossier = folded(referred("R1", "2024-01-10"), start("P1", "2024-01-10"), discharged("P1", "2024-01-10"))
    assert [activity for _, activity in told(dossier)] == [
        "wait-began",
        "wait-ended",
        "closure-began",
        "placement-started",
        "discharge",
        "closure-ended",
    ]


def test_an_end_that_nobody_reported_is_told_as_inferred() -> None:
    found = happenings(folded(start("P1", "2024-01-10", at="A"), start("P2", "2024-03-01", at="B")), until=LAST_DAY)
    assert (of(found, "end-inferred").on, of(found, "end-inferred").attributes["inferred"]) == (d("2024-03-01"), True)


def test_a_consult_is_told_with_what_became_of_it() -> None:
    dossier = folded(
        asked("C1", "2026-01-05"), advised("C1", "2026-01-20"), followed_up("C1", "2026-02-10", "executed")
    )
    found = happenings(dossier, until=LAST_DAY)
    assert [(one.activity, one.consult) for one in found] == [
        ("expert-advice-requested", 1),
        ("expert-advice-issued", 1),
        ("expert-advice-followed-up", 1),
    ]
    assert found[1].attributes["binding"] is True
    assert found[2].attributes["status"] == "executed"


def test_a_referral_and_a_request_are_told_with_what_became_of_them() -> None:
    dossier = folded(
        referred("R1", "2026-01-02", urgency="spoed"),
        requested("V1", "2026-01-05"),
        refused("V1", "2026-01-05"),
        referral_closed("R1", "2026-02-01", outcome="alternative", alternative="family"),
    )
    found = happenings(dossier, until=LAST_DAY)
    assert [one.activity for one in found] == ["wait-began", "machtiging-requested", "machtiging-refused", "wait-ended"]
    began, _, _, ended_with = (one.attributes for one in found)
    assert (began["referrer"], began["urgency"]) == ("gi", "spoed")
    assert (ended_with["outcome"], ended_with["alternative"]) == ("alternative", "family")


def test_a_wait_that_ended_with_a_placement_has_no_outcome_of_a_referral_that_was_closed_later() -> None:
    closed = referral_closed("R1", "2026-02-01", outcome="placed")
    found = happenings(folded(referred("R1", "2026-01-02"), start("P1", "2026-01-12"), closed), until=LAST_DAY)
    assert "outcome" not in of(found, "wait-ended").attributes


def test_what_is_told_around_a_stay_is_told_in_the_log() -> None:
    dossier = folded(
        start("P1", "2024-01-10"),
        taught("2024-01-15", "inside", hours=20),
        evaluated("2024-02-10", due="2024-05-10"),
        mode_changed("P1", "2024-03-01", "hybride"),
        restricted("P1", "2024-Q2", on="2024-04-02", minutes=45, emergency=True),
        reviewed("2024-04-20", "school"),
        taught("2024-05-01", "none"),
    )
    found = [one for one in happenings(dossier, until=LAST_DAY) if one.on > d("2024-01-10")]
    assert [(str(one.on), one.activity, one.placement, one.attributes) for one in found] == [
        ("2024-01-15", "schooling-changed", None, {"status": "inside", "hours": 20}),
        ("2024-02-10", "care-plan-evaluated", None, {"due_on": "2024-05-10"}),
        ("2024-03-01", "closure-mode-changed", 1, {"closure_mode": "hybride"}),
        (
            "2024-04-02",
            "restriction-applied",
            1,
            {"category": "holding", "count": 1, "minutes": 45, "emergency": True},
        ),
        ("2024-04-20", "case-reviewed", None, {"kind": "leertafel"}),
        ("2024-05-01", "schooling-changed", None, {"status": "none"}),
    ]


def test_measures_that_are_told_as_totals_of_a_quarter_have_no_day_and_are_no_happening() -> None:
    dossier = folded(start("P1", "2024-01-10"), restricted("P1", "2024-Q1", count=4))
    assert [activity for _, activity in told(dossier)] == ["closure-began", "placement-started"]


def test_lists_and_support_are_told_from_their_beginning_to_their_end_also_on_one_day() -> None:
    dossier = folded(
        listed("W1", "2024-01-10", interim="ambulant"),
        support_asked("S1", "2024-01-10", reason="complex"),
        support_resolved("S1", "2024-01-10", result="advice"),
        unlisted("W1", "2024-01-10", reason="lapsed"),
        listed("W2", "2024-02-01", **{"for": "ggz"}),
        support_asked("S2", "2024-02-02"),
    )
    found = happenings(dossier, until=LAST_DAY)
    assert [(one.activity, one.waitlist or one.support, one.attributes) for one in found] == [
        ("waiting-list-entered", 1, {"setting": "open", "interim": "ambulant"}),
        ("waiting-list-left", 1, {"reason": "lapsed"}),
        ("support-requested", 1, {"reason": "complex"}),
        ("support-resolved", 1, {"result": "advice"}),
        ("waiting-list-entered", 2, {"setting": "ggz"}),
        ("support-requested", 2, {"reason": "no-place"}),
    ]


def test_the_age_is_in_whole_years_from_the_first_of_the_month_of_birth() -> None:
    born = {"birth_month": "2008-02"}
    dossier = folded(start("P1", "2024-01-31", at="A", **born), start("P2", "2024-02-01", at="B", **born))
    ages = [one.attributes["age"] for one in happenings(dossier, until=LAST_DAY) if one.activity == "placement-started"]
    assert ages == [15, 16]


@settings(deadline=None)
@given(any_facts)
def test_whatever_is_told_each_thing_happens_once_and_after_it_began(facts: Sequence[AcceptedEvent]) -> None:
    dossier = folded(*facts)
    found = happenings(dossier, until=LAST_DAY)
    days = [one.on for one in found]
    assert days == sorted(days)
    assert {one.activity for one in found} <= ACTIVITIES.keys()
    assert {name for one in found for name in one.attributes} <= ATTRIBUTES.keys()
    assert sum(one.activity == "placement-started" for one in found) == len(dossier.placements)
    assert sum(one.activity == "doorplaatsing" for one in found) == sum(
        len(one.doorplaatsingen) for one in dossier.closures
    )
    inside = set[tuple[str, int]]()
    for one in found:
        if one.activity in ("discharge", "departure", "end-inferred"):
            assert ("placement", one.placement or 0) in inside
        if one.activity == "closure-ended":
            assert ("closure", one.closure or 0) in inside
        inside |= {("placement", one.placement or 0)} if one.activity == "placement-started" else set()
        inside |= {("closure", one.closure or 0)} if one.activity == "closure-began" else set()
    for begun, over in (("support-requested", "support-resolved"), ("waiting-list-entered", "waiting-list-left")):
        of_both = [
            (one.support or one.waitlist, one.activity == over) for one in found if one.activity in (begun, over)
        ]
        # In a list of pairs the beginning of each comes before its end, and neither is there twice.
        assert len(set(of_both)) == len(of_both)
        assert all((number, False) in of_both[: of_both.index((number, ends))] for number, ends in of_both if ends)
    assert BEGINNINGS.keys() < ACTIVITIES.keys()
