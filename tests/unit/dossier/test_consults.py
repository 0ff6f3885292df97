"""Consults of expert teams: asked, advised, and what became of the advice, in whatever order it is told."""

from services.monitor.dossier.state import Consult, FollowUp
from tests.unit.dossier.given import OTHER_SOURCE, SOURCE, advised, asked, codes, d, folded, followed_up, withdrawn

ASKED, ADVISED = asked("C1", "2026-01-05"), advised("C1", "2026-01-20")
ACCEPTED, DONE = followed_up("C1", "2026-01-25", "accepted"), followed_up("C1", "2026-02-10", "executed")


def test_what_is_told_of_one_consult_is_one_consult() -> None:
    dossier = folded(DONE, ADVISED, ACCEPTED, ASKED)
    follow_ups = (FollowUp(d("2026-01-25"), "accepted", None), FollowUp(d("2026-02-10"), "executed", None))
    expected = Consult("C1", SOURCE, "JZ24", d("2026-01-05"), d("2026-01-20"), binding=True, follow_ups=follow_ups)
    assert (dossier.consults, codes(dossier)) == ((expected,), [])


def test_a_consult_is_there_from_its_request_or_from_an_advice_that_nobody_asked_for_here() -> None:
    later = advised("C0", "2026-03-01", binding=False, source=OTHER_SOURCE, team_region="JZ30")
    found = folded(later, ASKED).consults
    assert [(one.consult, one.source, one.team_region, one.issued_on, one.binding) for one in found] == [
        ("C1", SOURCE, "JZ24", None, False),
        ("C0", OTHER_SOURCE, "JZ30", d("2026-03-01"), False),
    ]
    assert [one.began_on for one in found] == [d("2026-01-05"), d("2026-03-01")]


def test_of_two_requests_and_two_advices_the_one_recorded_last_counts_and_it_is_flagged() -> None:
    again = asked("C1", "2026-01-06", record="again", time=1), advised("C1", "2026-01-21", record="again", time=1)
    dossier = folded(ASKED, ADVISED, *again)
    assert [(one.requested_on, one.issued_on) for one in dossier.consults] == [(d("2026-01-06"), d("2026-01-21"))]
    assert [(flag.code, flag.since_on) for flag in dossier.flags] == [
        ("F24", d("2026-01-06")),
        ("F24", d("2026-01-21")),
    ]


def test_what_became_of_an_advice_that_nobody_reported_is_no_consult_and_is_flagged() -> None:
    dossier = folded(DONE)
    assert (dossier.consults, [(flag.code, flag.about) for flag in dossier.flags]) == ((), [("F26", "C1")])
    assert codes(folded(DONE, ASKED)) == ["F26"]
    assert codes(folded(DONE, ADVISED)) == []


def test_only_what_was_carried_out_before_the_advice_is_f18() -> None:
    early = followed_up("C1", "2026-01-19", "executed")
    dossier = folded(ADVISED, early)
    assert [(flag.code, flag.about, flag.since_on) for flag in dossier.flags] == [("F18", "C1", d("2026-01-19"))]
    assert codes(folded(ADVISED, followed_up("C1", "2026-01-20", "executed"))) == []
    assert codes(folded(ADVISED, followed_up("C1", "2026-01-19", "accepted"))) == []


def test_of_two_things_said_on_one_day_the_one_recorded_last_comes_last() -> None:
    other = followed_up("C1", "2026-02-10", "failed", record="other", time=1)
    [consult] = folded(ADVISED, other, DONE).consults
    assert [one.status for one in consult.follow_ups] == ["executed", "failed"]


def test_what_is_taken_back_is_gone() -> None:
    assert folded(ASKED, withdrawn(ASKED)).consults == ()
    [consult] = folded(ADVISED, DONE, withdrawn(DONE)).consults
    assert consult.follow_ups == ()
