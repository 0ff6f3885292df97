"""Alerts on the advice of expert teams (A12)."""

import pytest

from services.monitor.alerts.conditions.judging import long_past, spells
from services.monitor.alerts.rulebook import rulebook
from shared.facts.envelope import AcceptedEvent
from tests.unit.alerts.judged import LINK_DAYS, span, spell, threshold
from tests.unit.dossier.given import advised, asked, d, discharged, folded, followed_up, start

ASKED, ADVISED = asked("C1", "2026-01-01"), advised("C1", "2026-02-01")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-01-14", None),
        ("2026-01-15", "not-issued"),
        ("2026-01-31", "not-issued"),
        ("2026-02-01", None),
        ("2026-03-14", None),
        ("2026-03-15", "not-executed"),
        ("2027-01-01", "not-executed"),
    ],
)
def test_an_advice_is_waited_for_14_days_and_a_binding_one_is_carried_out_in_42(day: str, expected: str | None) -> None:
    assert threshold("A12", day, ASKED, ADVISED) == expected


@pytest.mark.parametrize("status", ["executed", "failed", "deviated"])
def test_nobody_waits_for_an_advice_that_was_carried_out_or_given_up(status: str) -> None:
    done = followed_up("C1", "2026-03-20", status, reason="no-place")
    assert span("A12", "not-executed", ADVISED, done) == ("2026-03-15", "2026-03-20", status)
    early = followed_up("C1", "2026-03-14", status, reason="no-place")
    assert spell("A12", "not-executed", ADVISED, early) is None


def test_an_advice_that_is_accepted_is_not_carried_out_yet_and_one_that_does_not_bind_need_not_be() -> None:
    accepted = followed_up("C1", "2026-02-10", "accepted")
    assert span("A12", "not-executed", ADVISED, accepted) == ("2026-03-15", None, None)
    assert spell("A12", "not-executed", advised("C1", "2026-02-01", binding=False)) is None


def test_a_deviation_without_a_reason_holds_until_more_is_said_of_it() -> None:
    deviated = followed_up("C1", "2026-02-10", "deviated")
    assert span("A12", "deviated", ADVISED, deviated) == ("2026-02-10", None, None)
    done = followed_up("C1", "2026-02-20", "executed")
    assert span("A12", "deviated", ADVISED, deviated, done) == ("2026-02-10", "2026-02-20", "executed")
    explained = followed_up("C1", "2026-02-10", "deviated", reason="safety", revision=2)
    assert spell("A12", "deviated", ADVISED, deviated, explained) is None


def test_the_case_is_that_of_the_young_person_and_rests_on_what_was_said_of_the_consult() -> None:
    found = spell("A12", "deviated", ASKED, ADVISED, followed_up("C1", "2026-02-10", "deviated"))
    assert found is not None
    assert (found.case.about, found.case.region, found.counted_from) == ("C1", "JZ24", d("2026-02-10"))
    assert [(one.what, one.on) for one in found.because] == [
        ("expert-advice-followed-up", d("2026-02-10")),
        ("expert-advice-issued", d("2026-02-01")),
        ("expert-advice-requested", d("2026-01-01")),
    ]
    placed = spell("A12", "not-issued", ASKED, start("P1", "2025-01-01", region="JZ30"), discharged("P1", "2025-02-01"))
    assert placed is not None
    assert placed.case.region == "JZ30"


@pytest.mark.parametrize(
    ("facts", "past"),
    [
        ([ASKED], False),
        ([ASKED, ADVISED], False),
        ([ASKED, advised("C1", "2026-02-01", binding=False)], True),
        ([ADVISED, followed_up("C1", "2026-02-10", "accepted")], False),
        ([ADVISED, followed_up("C1", "2026-02-10", "executed")], True),
        ([ADVISED, followed_up("C1", "2026-02-10", "deviated")], False),
        ([ADVISED, followed_up("C1", "2026-02-10", "deviated", reason="safety")], True),
    ],
)
def test_who_is_long_past_has_no_alert(facts: list[AcceptedEvent], past: bool) -> None:
    dossier, rules, on = folded(*facts), rulebook(), d("2090-01-01")
    assert long_past(dossier, on=on, rules=rules) is past
    assert any(one.holds_on(on) for one in spells(dossier, rules=rules, link_days=LINK_DAYS)) is not past
