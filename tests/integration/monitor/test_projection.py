"""Exactly once: the checkpoint and everything derived move together or not at all, and nothing is skipped unseen."""

import json

import pytest
from sqlalchemy import Engine, func, select, update

from services.monitor.projector.entries import Stream
from services.monitor.projector.projection import CheckpointLost, HoleRemains
from services.monitor.tables import checkpoint, fact, source_seen
from tests.integration.monitor.conftest import digest_of, figures, projector_on
from tests.integration.monitor.crashes import CrashError, crashing
from tests.integration.monitor.histories import PEOPLE, tangled
from tests.integration.monitor.ledgers import STREAMS, Ledgers, placement, position_of

ANN = PEOPLE[0]


def stand(engine: Engine) -> dict[str, tuple[int, int]]:
    """Position and number of entries by stream."""
    with engine.begin() as connection:
        return {row.stream: (row.position, row.entries) for row in connection.execute(select(checkpoint))}


def count(engine: Engine, table) -> int:
    with engine.begin() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_the_second_owner_of_a_stream_stops_and_changes_nothing(monitor, ledgers) -> None:
    first, second = projector_on(monitor, ledgers), projector_on(monitor, ledgers)
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    first.apply(ledgers.batches())
    before = digest_of(monitor), stand(monitor)
    with pytest.raises(CheckpointLost):
        second.apply(ledgers.batches())
    assert (digest_of(monitor), stand(monitor)) == before
    assert count(monitor, fact) == 1


def test_what_was_projected_before_is_skipped(monitor, ledgers) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    projector = projector_on(monitor, ledgers)
    for _ in range(3):
        projector.apply(ledgers.batches())
    projector_on(monitor, ledgers).apply(ledgers.batches())
    assert count(monitor, fact) == 1
    assert figures(monitor, "2026-02-01").placements_started == 1


def test_a_hole_is_filled_from_the_feed(monitor, fresh, ledgers) -> None:
    tangled(ledgers, seed=3)
    clean = fresh()
    projector_on(clean, ledgers).apply(ledgers.batches())
    torn = {stream: told[2:9] + told[20:21] + told[-1:] for stream, told in ledgers.streams.items()}
    projector_on(monitor, ledgers).apply(torn)
    assert digest_of(monitor) == digest_of(clean)
    assert stand(monitor) == stand(clean)


def test_an_entry_that_is_no_json_is_read_from_the_feed(monitor, ledgers) -> None:
    stream = ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    [(entry_id, _)] = ledgers.streams[stream]
    projector_on(monitor, ledgers).apply({stream: [(entry_id, b"\xff{")]})
    assert len(figures(monitor, "2026-02-01").open_closures) == 1


def test_a_hole_that_the_feed_cannot_fill_stops_everything_loudly(monitor, ledgers) -> None:
    stream = ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    ledgers.tell("placement-started", ANN, **placement("P2", "2026-01-01"))
    ledgers.tell("placement-started", ANN, **placement("P3", "2026-01-01"))
    told = ledgers.streams[stream]
    with pytest.raises(HoleRemains):
        projector_on(monitor, Ledgers()).apply({stream: [told[0], told[2]]})
    assert stand(monitor)[stream.name] == (position_of(told[0]), 1)


def test_a_stream_that_tells_another_history_stops_everything_loudly(monitor, ledgers) -> None:
    stream = ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    projector = projector_on(monitor, ledgers)
    projector.apply(ledgers.batches())
    ledgers.tell("placement-started", ANN, **placement("P2", "2026-01-01"))
    other = json.loads(ledgers.streams[stream][1][1]) | {"prev": 0}
    with pytest.raises(HoleRemains):
        projector.apply({stream: [(b"2-0", json.dumps(other).encode())]})


def test_transactions_that_a_crash_of_the_database_took_back_are_noticed_although_nothing_arrives(
    monitor, ledgers
) -> None:
    """Its commits do not wait for the disk, so the database may come back older than the projector that lives on."""
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    projector = projector_on(monitor, ledgers)
    projector.apply(ledgers.batches())
    projector.settle({})
    with monitor.begin() as connection:
        connection.execute(update(checkpoint).values(position=0, entries=0))
        connection.execute(fact.delete())
    with pytest.raises(CheckpointLost):
        projector.settle({})


def test_a_heartbeat_is_seen_and_not_kept(monitor, ledgers) -> None:
    ledgers.tell("heartbeat", None)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    assert (count(monitor, fact), count(monitor, source_seen)) == (0, 1)


def test_a_crash_at_any_step_leaves_the_rows_of_a_clean_fold_after_a_restart(monitor, fresh, ledgers) -> None:
    tangled(ledgers, seed=5, facts=60)
    half = {stream: told[: len(told) // 2] for stream, told in ledgers.streams.items()}
    clean, halfway = fresh(), fresh()
    projector_on(clean, ledgers).apply(ledgers.batches())
    projector_on(halfway, ledgers).apply(half)
    projector_on(monitor, ledgers).apply(half)
    before = digest_of(halfway)
    crashes = 0
    while True:
        projector = projector_on(monitor, ledgers)
        crash = crashing(monitor, at=crashes + 1)
        next(crash)
        try:
            projector.apply(ledgers.batches())
        except CrashError:
            crashes += 1
        else:
            break
        finally:
            next(crash, None)
        assert digest_of(monitor) == before, f"half a batch is visible after a crash at step {crashes}"
    assert crashes > 15
    assert digest_of(monitor) == digest_of(clean)
    assert stand(monitor) == stand(clean)


def test_a_projector_that_crashed_goes_on_without_a_restart(monitor, fresh, ledgers) -> None:
    """What it kept in memory of the transaction that did not happen is right all the same."""
    tangled(ledgers, seed=6, facts=60)
    clean = fresh()
    projector_on(clean, ledgers).apply(ledgers.batches())
    projector = projector_on(monitor, ledgers)
    crash = crashing(monitor, at=12)
    next(crash)
    with pytest.raises(CrashError):
        projector.apply(ledgers.batches())
    next(crash, None)
    projector.apply(ledgers.batches())
    assert digest_of(monitor) == digest_of(clean)


def test_every_stream_begins_at_nothing(monitor, ledgers) -> None:
    projector_on(monitor, ledgers)
    assert stand(monitor) == {stream.name: (0, 0) for stream in STREAMS}
    assert Stream("intake", 0).name == "doorstroom:facts:intake:0"
