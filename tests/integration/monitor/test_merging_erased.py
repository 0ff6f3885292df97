"""Erasure of somebody who is merged with others: nothing of them is left, and the others are what they are without."""

import pytest
from sqlalchemy import Engine

from services.monitor.alerts.tables import alert, alert_happening
from services.monitor.derived import person
from services.monitor.erasing import erase
from services.monitor.replay import Replay
from services.monitor.tables import merged, parked, quarantine
from tests.integration.monitor.alerting import Alerting
from tests.integration.monitor.conftest import RULES, digest_of
from tests.integration.monitor.ledgers import NOON, Ledgers, discharge, placement
from tests.integration.monitor.test_erased import (
    ANN,
    BEN,
    EVA,
    SEAL,
    decision,
    erased_by_command,
    projector_on,
    said_of_erasure,
    tables_with,
)
from tests.integration.monitor.test_merging import clean, history_of
from tests.integration.monitor.test_poison import buggy, rows


def told_of_ben(ledgers: Ledgers) -> None:
    ledgers.tell("placement-started", BEN, _record="R2", **placement("P2", "2025-06-01"))
    ledgers.tell("discharge-recorded", BEN, _record="D2", **discharge("P2", "2025-07-01"))


def told_of_all(ledgers: Ledgers) -> None:
    """Three who are one; Ann is the name of it, and the link between the other two."""
    told_of_ben(ledgers)
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-01-01"))
    ledgers.tell("placement-started", EVA, _record="R3", **placement("P3", "2025-09-01"))
    ledgers.tell("pseudonyms-merged", BEN, _record="merge-1", other=ANN)
    ledgers.tell("pseudonyms-merged", ANN, _record="merge-2", other=EVA)


@pytest.mark.parametrize("by_command", [True, False], ids=["command", "fact"])
def test_the_others_are_what_they_are_without_who_is_erased(monitor, fresh, ledgers, by_command: bool) -> None:
    told_of_all(ledgers)
    projector = projector_on(monitor, ledgers)
    projector.apply(ledgers.batches())
    assert [name for (name,) in rows(monitor, person, "person")] == [ANN]
    assert {"pseudonym", "merged"} <= set(tables_with(monitor, BEN))
    if by_command:
        erased_by_command(monitor)
    else:
        said_of_erasure(ledgers)
        projector.apply(ledgers.batches())
    assert tables_with(monitor, ANN) == []
    assert rows(monitor, merged, "person") == []
    others = Ledgers()
    told_of_ben(others)
    others.tell("placement-started", EVA, _record="R3", **placement("P3", "2025-09-01"))
    assert digest_of(monitor) == digest_of(clean(fresh, others))
    known = history_of(monitor).known_at(NOON)
    assert [(one.person, one.also) for one in known.dossiers] == [(BEN, ()), (EVA, ())]


def test_who_had_nothing_but_the_merge_is_gone_with_it(monitor: Engine, ledgers: Ledgers) -> None:
    ledgers.tell("placement-started", BEN, **placement("P2", "2025-06-01"))
    ledgers.tell("pseudonyms-merged", ANN, other=BEN)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    assert [name for (name,) in rows(monitor, person, "person")] == [ANN]
    erase(monitor, [decision(BEN)], rules=RULES, clock=lambda: NOON, seal=SEAL)
    assert tables_with(monitor, BEN) == []
    assert rows(monitor, person, "person") == []


def test_a_merge_with_who_was_erased_joins_nobody(monitor: Engine, ledgers: Ledgers) -> None:
    told_of_all(ledgers)
    projector = projector_on(monitor, ledgers)
    projector.apply(ledgers.batches())
    erased_by_command(monitor)
    ledgers.tell("pseudonyms-merged", EVA, _record="merge-3", other=ANN)
    projector.apply(ledgers.batches())
    assert tables_with(monitor, ANN) == []
    assert rows(monitor, merged, "person") == []


@pytest.mark.parametrize("by_command", [True, False], ids=["command", "fact"])
def test_nothing_is_left_in_the_rows_of_others_who_wait(monitor, fresh, ledgers, by_command: bool) -> None:
    told_of_all(ledgers)
    projector = projector_on(monitor, ledgers, fold=buggy)
    projector.apply(ledgers.batches())
    ledgers.tell("placement-started", EVA, **placement("P4", "2025-10-01", accommodation="bug"))
    projector.apply(ledgers.batches())
    ledgers.tell("discharge-recorded", BEN, **discharge("P2", "2025-06-20"), _record="D")
    projector.apply(ledgers.batches())
    assert rows(monitor, quarantine, "person") == [(ANN,)]
    assert len(rows(monitor, parked, "position")) == 2
    if by_command:
        erased_by_command(monitor)
    else:
        said_of_erasure(ledgers)
        projector.apply(ledgers.batches())
    assert tables_with(monitor, ANN) == []
    Replay(monitor, rules=RULES, clock=lambda: NOON, seal=SEAL).everything()
    others = Ledgers()
    told_of_ben(others)
    others.tell("placement-started", EVA, _record="R3", **placement("P3", "2025-09-01"))
    others.tell("placement-started", EVA, **placement("P4", "2025-10-01", accommodation="bug"))
    others.tell("discharge-recorded", BEN, **discharge("P2", "2025-06-20"), _record="D")
    names = ["placement", "closure", "doorplaatsing", "waiting", "title"]
    assert [_rows(monitor, name) for name in names] == [_rows(clean(fresh, others), name) for name in names]


def _rows(engine: Engine, name: str) -> list[tuple[object, ...]]:
    table = person.metadata.tables[name]
    return rows(engine, table, *(column.name for column in table.columns))


def test_alerts_about_the_cases_of_who_is_erased_are_gone_and_those_about_others_stay(monitor: Engine) -> None:
    alerting = Alerting(monitor)
    alerting.projector = projector_on(monitor, alerting.ledgers)
    alerting.tell("placement-started", ANN, **placement("P1", "2024-01-10"))
    alerting.on("2025-01-11")
    alerting.tell("discharge-recorded", ANN, **discharge("P1", "2025-01-15"))
    alerting.tell("placement-started", BEN, **placement("P2", "2025-02-15"))
    alerting.tell("pseudonyms-merged", ANN, _record="merge-1", other=BEN)
    alerting.on("2025-07-01")
    assert {"P1", "P2"} <= _cases(alerting)
    told = len(alerting.rows(alert_happening))
    erase(monitor, [decision(BEN)], rules=RULES, clock=lambda: NOON, seal=SEAL)
    assert _cases(alerting) == {"P1"}
    assert 0 < len(alerting.rows(alert_happening)) < told
    assert tables_with(monitor, BEN) == []


def _cases(alerting: Alerting) -> set[str]:
    """The placements that alerts are about."""
    return {word for one in alerting.rows(alert) if one.person for word in one.about.split() if word in ("P1", "P2")}
