"""Two clocks (D1): what was known at a moment, for ever the same, whatever arrives later."""

from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from services.monitor.history.history import History
from tests.integration.monitor.conftest import RULES, projector_on
from tests.integration.monitor.histories import PEOPLE
from tests.integration.monitor.ledgers import NOON, SOURCE, Ledgers, discharge, placement

ANN, BEN = PEOPLE[:2]
HOUR = timedelta(hours=1)


def history_of(engine: Engine, *, now: datetime = NOON) -> History:
    """The history of this database, at a moment."""
    return History(engine, rules=RULES, clock=lambda: now)


def test_what_was_accepted_later_is_not_known_and_what_is_true_earlier_is(monitor: Engine, ledgers: Ledgers) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    ledgers.now += HOUR
    ledgers.tell("discharge-recorded", ANN, **discharge("P1", "2026-01-20"))
    ledgers.tell("placement-started", BEN, **placement("P2", "2026-01-01"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history = history_of(monitor, now=NOON + HOUR)
    [before] = history.known_at(NOON).dossiers
    assert (before.person, before.closures[0].ended_on) == (ANN, None)
    after = history.known_at()
    assert [dossier.person for dossier in after.dossiers] == sorted([ANN, BEN])
    assert {dossier.closures[0].ended_on for dossier in after.dossiers} == {None, date(2026, 1, 20)}
    assert history.known_at(NOON - HOUR).dossiers == ()


def test_a_source_is_observed_from_the_day_it_recorded_its_first_fact_about_a_person(monitor, ledgers) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-01-01"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    assert history_of(monitor).known_at().observed_from == {SOURCE: date(2026, 3, 2)}
    assert history_of(monitor).known_at(NOON - HOUR).observed_from == {}
