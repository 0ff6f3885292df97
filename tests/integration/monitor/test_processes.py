"""What a month is compared with: counts and days by the date of what happened, whenever it was told."""

from datetime import date

import pytest
from sqlalchemy import Engine

from services.monitor.metrics.process import Process, processes
from tests.integration.monitor import reran
from tests.integration.monitor.conftest import figures, projector_on, tallies_of
from tests.integration.monitor.ledgers import Ledgers, discharge, machtiging, placement

ANN, BEN = "ann-0123456789abcdef", "ben-0123456789abcdef"
DAY = date(2026, 3, 2)


@pytest.fixture
def project(monitor: Engine, ledgers: Ledgers):
    projector = projector_on(monitor, ledgers)
    return lambda: projector.apply(ledgers.batches())


def found(monitor: Engine) -> dict[str, Process]:
    """What the metrics show; counted anew in SQL it is the same."""
    shown = processes(tallies_of(monitor, DAY))
    with monitor.begin() as connection:
        assert shown == reran.processes(connection, on=DAY)
    return shown


def test_a_move_in_the_last_thirty_days_is_set_against_the_days_inside(monitor, ledgers, project) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2024-01-01"))
    moved = {"placement": "P1", "departed_on": "2026-02-20", "to_accommodation": "horizon", "reason": "safety"}
    ledgers.tell("doorplaatsing-recorded", ANN, **moved)
    ledgers.tell("placement-started", ANN, **placement("P2", "2026-02-20", accommodation="horizon"))
    project()
    assert found(monitor)["doorplaatsing"] == Process(recent=1, before=0, recent_days=30, before_days=365)


def test_an_old_move_that_is_told_today_is_none_of_this_month(monitor, ledgers, project) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-01-01"))
    moved = {"placement": "P1", "departed_on": "2025-06-01", "to_accommodation": "horizon", "reason": "safety"}
    ledgers.tell("doorplaatsing-recorded", ANN, **moved)
    ledgers.tell("placement-started", ANN, **placement("P2", "2025-06-01", accommodation="horizon"))
    project()
    ran = found(monitor)["doorplaatsing"]
    assert (ran.recent, ran.before) == (0, 1)


def test_a_re_placement_is_set_against_the_days_on_which_it_could_happen(monitor, ledgers, project) -> None:
    ledgers.tell("placement-started", BEN, **placement("P1", "2025-12-01"))
    ledgers.tell("discharge-recorded", BEN, **discharge("P1", "2026-01-10"))
    ledgers.tell("placement-started", BEN, **placement("P2", "2026-02-15"))
    project()
    # At risk from 10 January, so 22 days before the month and 14 in it, up to the re-placement.
    assert found(monitor)["replacement"] == Process(recent=1, before=0, recent_days=14, before_days=22)


def test_nobody_who_died_is_at_risk_of_a_re_placement(monitor, ledgers, project) -> None:
    ledgers.tell("placement-started", BEN, **placement("P1", "2025-12-01"))
    ledgers.tell("discharge-recorded", BEN, **discharge("P1", "2026-01-10", end_mode="deceased"))
    project()
    assert found(monitor)["replacement"] == Process(recent=0, before=0, recent_days=0, before_days=0)


def test_who_is_placed_after_a_death_takes_no_days_at_risk_from_others(monitor, ledgers, project) -> None:
    ledgers.tell("placement-started", BEN, **placement("P1", "2025-12-01"))
    ledgers.tell("discharge-recorded", BEN, **discharge("P1", "2026-01-10", end_mode="deceased"))
    ledgers.tell("placement-started", BEN, **placement("P2", "2026-02-15"))
    project()
    assert found(monitor)["replacement"] == Process(recent=0, before=0, recent_days=0, before_days=0)


def test_days_without_a_title_count_from_the_end_of_the_last_one_or_from_the_start(monitor, ledgers, project) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    ledgers.tell("machtiging-granted", ANN, **machtiging("M1", "2026-01-01", "2026-02-25"))
    ledgers.tell("placement-started", BEN, **placement("P1", "2026-02-01"))
    project()
    assert sorted(one.uncovered_days for one in figures(monitor, str(DAY)).open_closures) == [5, 29]
    ledgers.tell("machtiging-granted", BEN, **machtiging("M2", "2026-02-01", "2026-05-01"))
    project()
    assert sorted(one.uncovered_days for one in figures(monitor, str(DAY)).open_closures) == [0, 5]
