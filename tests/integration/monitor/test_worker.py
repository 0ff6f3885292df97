"""Streams are read on while their entries are projected; what waits then is the next transaction."""

import asyncio
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, update

from services.monitor.dossier.fold import fold
from services.monitor.dossier.state import Dossier
from services.monitor.ending import Ending
from services.monitor.projector.entries import Stream
from services.monitor.projector.projection import CheckpointLost
from services.monitor.projector.worker import ProjectionStopped, ProjectionWorker
from services.monitor.tables import checkpoint, derivation
from tests.integration.monitor.conftest import projector_on
from tests.integration.monitor.histories import PEOPLE
from tests.integration.monitor.ledgers import STREAMS, Ledgers, machtiging, placement

pytestmark = pytest.mark.anyio

ANN = PEOPLE[0]


async def test_what_is_read_while_a_transaction_is_under_way_is_the_next_one(monitor: Engine, ledgers: Ledgers) -> None:
    under_way, free = Event(), Event()

    def held(*arguments: Any, **rules: Any) -> Dossier:
        under_way.set()
        assert free.wait(timeout=20)
        return fold(*arguments, **rules)

    two, one = _two_streams(ledgers)
    worker = ProjectionWorker(projector_on(monitor, ledgers, fold=held), ending=Ending())
    async with asyncio.timeout(30):
        await worker.start(STREAMS)
        await worker.apply(two, ledgers.streams[two][:1])
        await asyncio.to_thread(under_way.wait, 20)
        waiting = [
            asyncio.create_task(worker.apply(two, ledgers.streams[two][1:])),
            asyncio.create_task(worker.apply(one, ledgers.streams[one])),
        ]
        await asyncio.sleep(0)
        assert not any(task.done() for task in waiting), "of a stream one batch waits at most"
        free.set()
        await asyncio.gather(*waiting)
        await worker.settle({})  # which is after what was taken
        await worker.stop()
    with monitor.begin() as connection:
        assert connection.execute(select(derivation.c.changes)).scalar_one() == 2, "two transactions for three batches"
        assert _stands(connection) == {two.name: 2, one.name: 1}


async def test_what_the_projector_raises_ends_the_process_and_what_waits_is_refused(
    monitor: Engine, ledgers: Ledgers
) -> None:
    two, one = _two_streams(ledgers)
    ending = Ending()
    worker = ProjectionWorker(projector_on(monitor, ledgers), ending=ending)
    async with asyncio.timeout(30):
        await worker.start(STREAMS)
        with monitor.begin() as connection:
            connection.execute(update(checkpoint).values(position=17))
        await worker.apply(two, ledgers.streams[two])
        with pytest.raises(ProjectionStopped):
            await worker.apply(one, ledgers.streams[one])
        await ending.wait()
        await worker.stop()
    assert isinstance(ending.error, CheckpointLost)


def _two_streams(ledgers: Ledgers) -> tuple[Stream, Stream]:
    """A stream with two facts, and another one with a fact."""
    two = ledgers.tell("placement-started", ANN, **placement("P1", "2024-01-01"))
    assert ledgers.tell("placement-started", ANN, **placement("P2", "2024-02-01")) == two
    return two, ledgers.tell("machtiging-granted", ANN, **machtiging("M1", "2024-01-01", "2024-06-01"))


def _stands(connection: Connection) -> dict[str, int]:
    rows = connection.execute(select(checkpoint.c.stream, checkpoint.c.position).where(checkpoint.c.position > 0))
    return {row.stream: row.position for row in rows}
