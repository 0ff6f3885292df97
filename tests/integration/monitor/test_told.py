"""How late facts came is kept beside them: by what the source says, as known at a moment, also of old databases."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from sqlalchemy import Engine, select, update

from services.monitor.history.known import Told
from services.monitor.history.told import told_between
from services.monitor.tables import fact
from tests.integration.monitor.asking import Monitor, cell
from tests.integration.monitor.conftest import projector_on
from tests.integration.monitor.ledgers import NOON, SOURCE, Ledgers, discharge, placement

YEAR = date(2026, 1, 1), date(2027, 1, 1)
PERSON = "y1-0123456789abcdef"


def tell_late(engine: Engine, ledgers: Ledgers) -> None:
    """A start on time, a day later a discharge that is about the year before, and something about no person."""
    ledgers.tell("placement-started", PERSON, **placement("P1", "2026-03-01"))
    ledgers.tell("leave-started", PERSON, placement="P1", at="2026-03-01T23:30:00Z", kind="weekend")
    ledgers.now = NOON + timedelta(days=1)
    ledgers.tell("discharge-recorded", PERSON, **discharge("P0", "2025-11-01"))
    ledgers.tell("record-withdrawn", PERSON, of="discharge-recorded", record="R", reason="wrong-person", _record="R")
    projector_on(engine, ledgers).apply(ledgers.batches())


def test_a_fact_is_as_late_as_its_source_says_and_unknown_before_it_was_accepted(
    monitor: Engine, ledgers: Ledgers
) -> None:
    tell_late(monitor, ledgers)
    on = date(2026, 3, 2)
    with monitor.begin() as connection:
        first = told_between(connection, *YEAR, known=NOON)
        both = told_between(connection, *YEAR, known=NOON + timedelta(days=1))
        none = told_between(connection, date(2026, 3, 3), date(2027, 1, 1), known=NOON + timedelta(days=1))
    # The leave began after midnight in Amsterdam, so it was told on its own day.
    assert first == (Told(SOURCE, on, 0, 1), Told(SOURCE, on, 1, 1))
    assert both == (*first, Told(SOURCE, on, 121, 1))
    assert none == ()


def test_the_step_that_brought_it_fills_in_what_was_stored_before(monitor: Engine, ledgers: Ledgers) -> None:
    tell_late(monitor, ledgers)
    columns = select(fact.c.service, fact.c.position, fact.c.recorded_on, fact.c.days_later).order_by(*fact.primary_key)
    step = import_module("services.monitor.migrations.versions.0009_told")
    with monitor.begin() as connection:
        told = connection.execute(columns).all()
        connection.execute(update(fact).values(recorded_on=None, days_later=None))
        step.fill_in(connection)
        assert connection.execute(columns).all() == told
    assert sum(row.days_later is not None for row in told) == 3


@pytest.mark.anyio
async def test_the_late_share_is_answered_as_known(monitor: Engine, ledgers: Ledgers) -> None:
    tell_late(monitor, ledgers)
    query = "on=2026-03-03&from=2026-01-01&until=2027-01-01"
    async with Monitor(monitor, NOON + timedelta(days=2)).serving() as ask:
        now = await ask.json(f"/data-quality?{query}")
        before = await ask.json(f"/data-quality?{query}&known={NOON:%Y-%m-%dT%H:%M:%SZ}")
        moved = await ask.json(f"/changes?since={NOON:%Y-%m-%dT%H:%M:%SZ}&on=2026-03-03")
    assert cell(now, "delay", "share", days="91+")["fraction"] == "1/3"
    assert cell(now, "sources", "late", at=SOURCE)["value"] == 1
    assert cell(before, "delay", "share", days="91+")["value"] == 0
    (change,) = [one for one in moved["changes"] if one["figure"] == "data-quality"]
    assert change["facts"]
