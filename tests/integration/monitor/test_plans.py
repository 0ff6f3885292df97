"""How the monitor's database finds what is asked of it: no table that was never analysed is read or joined whole."""

import re

import pytest
from sqlalchemy import Engine

from services.monitor.alerts.counting import open_alerts
from services.monitor.alerts.rulebook import rulebook
from tests.integration.monitor.conftest import projector_on
from tests.integration.monitor.ledgers import Ledgers, discharge, placement
from tests.servers.plans import plans_of

MANY = 3_000
"""So many persons that to read the facts of all costs less, as PostgreSQL expects, than to look for those of some."""
WHOLE = {
    "sqlite": re.compile(r"^SCAN (fact|owner|person|placement|closure)\b"),
    "postgresql": re.compile(r"Seq Scan on (fact|person|placement|closure)\b|Hash Join|Merge Join"),
}


@pytest.fixture
def full(monitor: Engine, ledgers: Ledgers) -> Engine:
    """A monitor that knows many."""
    for number in range(MANY):
        ledgers.tell("placement-started", f"young-{number:012d}", **placement(f"P{number}", "2026-01-01"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    return monitor


def test_facts_about_some_read_nothing_of_all_others(full: Engine, ledgers: Ledgers) -> None:
    projector = projector_on(full, ledgers)
    for number in range(40):
        ledgers.tell("discharge-recorded", f"young-{number:012d}", **discharge(f"P{number}", "2026-02-01"))
    with plans_of(full) as steps:
        projector.apply({stream: told[-40:] for stream, told in ledgers.streams.items()})
    assert steps
    assert [step for step in steps if WHOLE[full.dialect.name].search(step)] == []


def test_open_alerts_are_counted_on_sqlite_without_their_rows(fresh) -> None:
    engine = fresh()
    with plans_of(engine) as steps, engine.begin() as connection:
        open_alerts(connection, rules=rulebook())
    assert any("COVERING INDEX alert_state" in step for step in steps)
