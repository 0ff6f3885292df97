"""What happened to a young person, in the order of days, from what the figures are counted from."""

from collections.abc import Sequence
from datetime import date

from hypothesis import given

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
    folded,
    followed_up,
    granted,
    moved,
    ready,
    referred,
    requested,
    returned,
    start,
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


def test_the_age_is_in_whole_years_from_the_first_of_the_month_of_birth() -> None:
    born = {"birth_month": "2008-02"}
    dossier = folded(start("P1", "2024-01-31", at="A", **born), start("P2", "2024-02-01", at="B", **born))
    ages = [one.attributes["age"] for one in happenings(dossier, until=LAST_DAY) if one.activity == "placement-started"]
    assert ages == [15, 16]


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
    assert BEGINNINGS.keys() < ACTIVITIES.keys()
