"""The page of a case: its line shows what stands of this young person, its list every fact about them."""

from collections.abc import Sequence
from datetime import datetime

from services.monitor.cases.timeline import timeline
from services.monitor.cockpit.casefile import fact_rows, timeline_of
from services.monitor.cockpit.words import words
from services.monitor.dossier.records import standing
from shared.facts.envelope import AcceptedEvent
from shared.facts.placement import LeaveEnded, LeaveStarted
from tests.unit.dossier.given import OTHER, PERSON, absent, d, discharged, event, folded, returned, start, withdrawn

STAY = start("P1", "2026-01-01")
ENGLISH = words("en")


def left(at: str, *, stay: str = "P1", **envelope: object) -> AcceptedEvent:
    fact = LeaveStarted(placement=stay, at=datetime.fromisoformat(at))
    return event(fact, **{"record": f"leave:{at[:16]}", **envelope})


def back(at: str, *, stay: str = "P1") -> AcceptedEvent:
    return event(LeaveEnded(placement=stay, at=datetime.fromisoformat(at)), record=f"back:{stay}:{at[:16]}")


def away(*facts: AcceptedEvent) -> Sequence[tuple[str, str, str | None]]:
    """What the line of the case says of leave and absence."""
    drawn = timeline_of(folded(*facts), standing(PERSON, facts), flags=(), alerts=(), on=d("2026-03-01"), words=ENGLISH)
    return [
        (band.label, str(band.start), band.end and str(band.end))
        for track in drawn.tracks
        if track.label == ENGLISH("case.away")
        for band in track.bands
    ]


def test_a_leave_lasts_to_the_return_and_one_without_lasts_that_day() -> None:
    first, second = left("2026-01-03T16:00:00+01:00"), left("2026-01-10T16:00:00+01:00")
    assert away(STAY, first, second, back("2026-01-12T20:00:00+01:00")) == [
        ("Leave", "2026-01-03", "2026-01-03"),
        ("Leave", "2026-01-10", "2026-01-12"),
    ]


def test_two_leaves_may_end_at_one_moment() -> None:
    other = start("P2", "2026-01-01", at="B")
    first, second = left("2026-01-03T16:00:00+01:00"), left("2026-01-04T16:00:00+01:00", stay="P2")
    home = "2026-01-06T20:00:00+01:00"
    assert away(STAY, other, first, second, back(home), back(home, stay="P2")) == [
        ("Leave", "2026-01-03", "2026-01-06"),
        ("Leave", "2026-01-04", "2026-01-06"),
    ]


def test_a_leave_that_was_corrected_or_withdrawn_is_drawn_as_it_stands() -> None:
    told = left("2026-01-03T16:00:00+01:00", record="R1")
    corrected = left("2026-01-02T16:00:00+01:00", record="R1", revision=2)
    mistake = left("2026-01-20T16:00:00+01:00", record="R2")
    assert away(STAY, told, corrected, mistake, withdrawn(mistake)) == [("Leave", "2026-01-02", "2026-01-02")]


def test_an_absence_lasts_to_the_return_the_end_of_the_closure_or_today() -> None:
    gone = absent("P1", "2026-02-01T12:00:00+01:00")
    assert away(STAY, gone, returned("P1", "2026-02-03T08:00:00+01:00")) == [("Absence", "2026-02-01", "2026-02-03")]
    assert away(STAY, gone, discharged("P1", "2026-02-10")) == [("Absence", "2026-02-01", "2026-02-10")]
    assert away(STAY, gone) == [("Absence", "2026-02-01", None)]


def test_facts_about_somebody_else_are_not_listed_and_each_says_what_became_of_it() -> None:
    mine = start("P2", "2026-01-05", record="R9")
    theirs = start("P2", "2026-01-05", record="R9", revision=2, person=OTHER)
    first, second = (
        left("2026-01-03T16:00:00+01:00", record="R1"),
        left("2026-01-02T16:00:00+01:00", record="R1", revision=2),
    )
    facts = [STAY, mine, theirs, first, second]
    rows = fact_rows(timeline(PERSON, facts), ENGLISH)
    assert {(row.record, row.revision, row.became) for row in rows} == {
        ("P1", 1, ""),
        ("R9", 1, "about somebody else"),
        ("R1", 1, "replaced"),
        ("R1", 2, ""),
    }
    assert away(*facts) == [("Leave", "2026-01-02", "2026-01-02")]
