"""Alerts of persons who are merged: each goes on under the name that is left, and nobody is told anything twice."""

from sqlalchemy import Engine

from services.monitor.alerts.acknowledging import Said, acknowledge
from tests.integration.monitor.alerting import Alerting, later
from tests.integration.monitor.histories import PEOPLE
from tests.integration.monitor.ledgers import discharge, machtiging, placement
from tests.unit.dossier.given import d

ANN, BEN = PEOPLE[:2]
BEGAN = "2025-01-10"


def inside_as_ben(monitor: Engine) -> Alerting:
    """Ben is closed in for 100 days, which is known; of Ann nothing is known but a title."""
    made = Alerting(monitor)
    made.tell("machtiging-granted", ANN, **machtiging("M0", "2024-06-01", "2024-09-01"))
    made.tell("placement-started", BEN, **placement("P1", BEGAN))
    made.tell("machtiging-granted", BEN, **machtiging("M1", BEGAN, "2026-01-10"))
    made.on(BEGAN)
    made.on(later(BEGAN, 100))
    return made


def merge(alerting: Alerting) -> None:
    alerting.tell("pseudonyms-merged", BEN, _record="merge-1", other=ANN)


def take_back(alerting: Alerting) -> None:
    alerting.tell("record-withdrawn", BEN, of="pseudonyms-merged", record="merge-1", reason="entered-in-error")


def story(alerting: Alerting, rule: str = "A01") -> list[tuple[str, str, str, list[str]]]:
    """Person, threshold, state and what happened, of each alert of a rule."""
    return sorted(
        (one.kept.alert.case.person, one.kept.alert.threshold, one.state, alerting.happened(one))
        for one in alerting.entries(rule=rule)
    )


def test_an_open_alert_goes_on_under_the_new_name_and_back_without_being_opened_again(monitor: Engine) -> None:
    alerting = inside_as_ben(monitor)
    assert story(alerting) == [(BEN, "91-days", "open", ["opened"])]
    merge(alerting)
    done = alerting.on(later(BEGAN, 101))
    assert (done.opened, done.closed) == (0, 0)
    assert story(alerting) == [(ANN, "91-days", "open", ["opened"])]
    take_back(alerting)
    done = alerting.on(later(BEGAN, 102))
    assert (done.opened, done.closed) == (0, 0)
    assert story(alerting) == [(BEN, "91-days", "open", ["opened"])]


def test_what_somebody_said_about_an_alert_stays_on_it(monitor: Engine) -> None:
    alerting = inside_as_ben(monitor)
    (entry,) = alerting.entries(rule="A01")
    said = Said("somebody", "we look into it", d("2025-06-01"))
    acknowledge(monitor, entry.kept.id, said, seen=entry.kept.version, at=alerting.clock.now)
    merge(alerting)
    alerting.on(later(BEGAN, 101))
    (entry,) = alerting.entries(rule="A01")
    assert (entry.kept.alert.case.person, entry.state) == (ANN, "acknowledged")
    assert entry.acknowledgement is not None
    assert entry.acknowledgement.note == said.note


def test_a_closed_alert_does_not_open_again_by_a_merge_nor_by_taking_it_back(monitor: Engine) -> None:
    alerting = inside_as_ben(monitor)
    alerting.tell("discharge-recorded", BEN, **discharge("P1", later(BEGAN, 100)))
    alerting.on(later(BEGAN, 101))
    before = [(threshold, state, told) for _, threshold, state, told in story(alerting)]
    assert before == [("91-days", "closed", ["opened", "closed"])]
    closed_at = [entry.closed_at for entry in alerting.entries(rule="A01")]
    for day, change in ((102, merge), (103, take_back), (104, lambda told: merge_again(told))):
        change(alerting)
        done = alerting.on(later(BEGAN, day))
        assert (done.opened, done.missed) == (0, 0)
        assert [(threshold, state, told) for _, threshold, state, told in story(alerting)] == before
        assert [entry.closed_at for entry in alerting.entries(rule="A01")] == closed_at


def merge_again(alerting: Alerting) -> None:
    alerting.tell("pseudonyms-merged", ANN, _record="merge-2", other=BEN)


def test_an_alert_that_holds_only_of_both_is_closed_as_late_data_when_the_merge_is_taken_back(monitor: Engine) -> None:
    """Ann left and Ben came: together that is a return."""
    alerting = Alerting(monitor)
    alerting.tell("placement-started", ANN, **placement("P1", "2024-06-01"))
    alerting.tell("discharge-recorded", ANN, **discharge("P1", "2024-12-20"))
    alerting.tell("placement-started", BEN, **placement("P2", BEGAN))
    alerting.on(BEGAN)
    assert story(alerting, "A10") == []
    merge(alerting)
    alerting.on(later(BEGAN, 1))
    assert {(name, state) for name, _, state, _ in story(alerting, "A10")} == {(ANN, "open"), (ANN, "escalated")}
    take_back(alerting)
    alerting.on(later(BEGAN, 2))
    assert {(state, told[0], told[-1]) for _, _, state, told in story(alerting, "A10")} == {
        ("closed", "opened", "closed")
    }
    assert {one.kept.closed_reason for one in alerting.entries("closed", rule="A10")} == {"late-data"}


def test_of_two_alerts_about_one_case_the_one_under_the_name_goes_on_and_the_other_is_closed(monitor: Engine) -> None:
    """The record was moved from Ann to Ben, and then they are one: the case has an alert under either."""
    alerting = Alerting(monitor)
    alerting.tell("placement-started", ANN, _record="R", **placement("P1", BEGAN))
    alerting.on(later(BEGAN, 100))
    alerting.tell("placement-started", BEN, _record="R", _revision=2, **placement("P1", BEGAN))
    alerting.on(later(BEGAN, 101))
    assert [(name, state) for name, _, state, _ in story(alerting)] == [(ANN, "closed"), (BEN, "open")]
    merge(alerting)
    alerting.on(later(BEGAN, 102))
    assert story(alerting) == [
        (ANN, "91-days", "open", ["opened", "closed", "reopened"]),
        (BEN, "91-days", "closed", ["opened", "closed"]),
    ]
    (closed,) = alerting.entries("closed", rule="A01")
    assert closed.kept.closed_reason == "merged"


def test_two_monitors_that_look_tell_no_merge_twice(monitor: Engine) -> None:
    alerting = inside_as_ben(monitor)
    merge(alerting)
    for book in (alerting.book, alerting.another_book()):
        assert book.look().opened == 0
        assert book.look_at_persons().opened == 0
    assert story(alerting) == [(ANN, "91-days", "open", ["opened"])]
