"""The watch that moves the alerts: after facts and by the clock, never while the projection is far behind."""

from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import Engine, text

from services.monitor.alerts.book import PEOPLE_MAX
from services.monitor.alerts.looked import BEHIND_AFTER, looked, looked_at
from services.monitor.alerts.tables import alert_person
from services.monitor.alerts.watching import SETTLING, SETTLING_FACTS_MAX, UNITS_EVERY, AlertWatch
from services.monitor.cockpit.charts.values import Language
from services.monitor.cockpit.unseen import held_up, unseen
from services.monitor.cockpit.words import words
from services.monitor.ending import Ending
from tests.integration.monitor.alerting import Alerting, at, later
from tests.integration.monitor.conftest import projector_on
from tests.integration.monitor.ledgers import machtiging, placement
from tests.integration.monitor.test_poison import buggy

pytestmark = pytest.mark.anyio

PERSON = "person-01-0123456789"
BEGAN = "2025-01-10"


@pytest.fixture
def alerting(monitor: Engine) -> Alerting:
    """Somebody came in ninety days ago."""
    made = Alerting(monitor)
    made.tell("placement-started", PERSON, **placement("P1", BEGAN))
    made.tell("machtiging-granted", PERSON, **machtiging("M1", BEGAN, "2026-01-10"))
    made.clock.now = at(later(BEGAN, 90), hour=23)
    return made


def watch(alerting: Alerting, ending: Ending, *, near: bool = True) -> AlertWatch:
    return AlertWatch(alerting.engine, alerting.book, near=lambda: near, ending=ending, clock=alerting.clock)


async def test_midnight_in_amsterdam_moves_alerts_and_the_minute_before_does_not(alerting: Alerting) -> None:
    watching = watch(alerting, Ending())
    await watching.tick()
    alerting.clock.now += timedelta(minutes=59)
    await watching.tick()
    assert alerting.states("A01") == {}
    alerting.clock.now += timedelta(minutes=1)
    await watching.tick()
    assert alerting.states("A01") == {"91-days": "open"}


async def test_a_fact_moves_alerts_at_the_next_tick(alerting: Alerting) -> None:
    watching = watch(alerting, Ending())
    await watching.tick()
    alerting.tell("placement-started", "person-02-0123456789", **placement("P2", later(BEGAN, -10)))
    await watching.tick()
    assert {entry.kept.alert.case.person for entry in alerting.entries(rule="A01")} == {"person-02-0123456789"}


async def test_nobody_looks_while_the_projection_is_far_behind(alerting: Alerting) -> None:
    alerting.clock.now = at(later(BEGAN, 100))
    await watch(alerting, Ending(), near=False).tick()
    assert alerting.entries() == []
    await watch(alerting, Ending()).tick()
    assert alerting.states("A01") == {"91-days": "open"}


async def test_a_look_makes_room_for_a_history_that_begins_meanwhile(alerting: Alerting) -> None:
    for number in range(2 * PEOPLE_MAX):
        alerting.ledgers.tell("placement-started", f"young-{number:012d}", **placement(f"P-{number}", BEGAN))
    alerting.projector.apply(alerting.ledgers.batches())
    asked = count(1)

    def clock() -> datetime:
        if next(asked) == 2:  # When it is asked whether the first batch may begin.
            for number in range(SETTLING_FACTS_MAX + 1):
                alerting.ledgers.tell("heartbeat", None, _id=f"beat-{number}")
            alerting.projector.apply(alerting.ledgers.batches())
        return alerting.clock.now

    watching = AlertWatch(alerting.engine, alerting.book, near=lambda: True, ending=Ending(), clock=clock)
    await watching.tick()
    assert len(alerting.rows(alert_person)) == PEOPLE_MAX
    await watching.tick()
    assert len(alerting.rows(alert_person)) == PEOPLE_MAX
    alerting.clock.now += SETTLING
    await watching.tick()
    assert len(alerting.rows(alert_person)) == 2 * PEOPLE_MAX + 1


async def test_until_when_all_was_looked_at_goes_on_where_nothing_comes_in(alerting: Alerting) -> None:
    watching, began = watch(alerting, Ending()), at("2025-04-09")
    for minutes, noted in ((0, 0), (0.5, 0), (1, 1), (1.9, 1), (2, 2)):
        alerting.clock.now = began + minutes * UNITS_EVERY
        await watching.tick()
        with alerting.engine.begin() as connection:
            assert looked_at(connection) == began + noted * UNITS_EVERY, minutes


def told(alerting: Alerting, *, flows: bool = True, reading_in: bool = False) -> str:
    """What is said above the alerts."""
    now = alerting.clock.now
    with alerting.engine.begin() as connection:
        return unseen(looked(connection), words("en"), flows=flows, reading_in=reading_in, now=now)


async def test_where_alerts_may_be_missing_a_reader_is_told_why(alerting: Alerting) -> None:
    alerting.settle()
    assert told(alerting).startswith("Nobody was looked at yet")
    await watch(alerting, Ending()).tick()
    assert told(alerting) == ""
    assert told(alerting, flows=False).startswith("New facts do not come in now")
    assert told(alerting, reading_in=True).startswith("Very many facts come in at once")
    alerting.clock.now += BEHIND_AFTER
    assert told(alerting) == ""
    alerting.clock.now += timedelta(seconds=1)
    alerting.settle()
    await watch(alerting, Ending(), near=False).tick()
    assert told(alerting).startswith("Everything was looked at until 10 Apr 2025, 23:00. What came to be known after")
    await watch(alerting, Ending()).tick()
    assert told(alerting) == ""


async def test_who_is_known_is_looked_at_while_facts_wait_and_a_reader_is_told_that_they_do(alerting: Alerting) -> None:
    """A stream that stands still before a fact of a newer version, or nobody who publishes what was accepted."""
    alerting.settle()
    watching = watch(alerting, Ending())
    await watching.tick()
    alerting.clock.now += BEHIND_AFTER + timedelta(seconds=1)
    await watching.tick()
    with alerting.engine.begin() as connection:
        assert looked_at(connection) == alerting.clock.now
    assert told(alerting).startswith("Everything was looked at until 10 Apr 2025, 23:00. What came to be known after")
    alerting.settle()
    assert told(alerting) == ""


async def test_of_whom_a_fact_could_not_be_taken_a_reader_is_told_that_alerts_may_be_missing(
    alerting: Alerting,
) -> None:
    def held(language: Language) -> str:
        with alerting.engine.begin() as connection:
            return held_up(looked(connection), words(language))

    assert held("en") == ""
    alerting.projector = projector_on(alerting.engine, alerting.ledgers, fold=buggy)
    alerting.tell("placement-started", PERSON, **placement("P2", later(BEGAN, 1), accommodation="bug"))
    assert held("en").startswith("Of one young person a fact could not be taken.")
    alerting.tell("placement-started", "person-02-0123456789", **placement("P3", BEGAN, accommodation="bug"))
    assert held("nl").startswith("Over 2 jongeren in het land kon een melding niet worden verwerkt.")
    with alerting.engine.begin() as connection:
        assert looked(connection).quarantined == 2


async def test_what_cannot_be_judged_ends_the_process_and_is_not_passed_over(alerting: Alerting) -> None:
    with alerting.engine.begin() as connection:
        connection.execute(text("UPDATE placement SET end_kind = 'beamed up'"))
    ending = Ending()
    await watch(alerting, ending).tick()
    assert isinstance(ending.error, ValueError)
