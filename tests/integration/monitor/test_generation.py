"""Everything is read again beside what is live, and switched whole: nobody sees half of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from services.monitor.alerts.tables import alert, alert_happening
from services.monitor.derived import closure, placement
from services.monitor.generation import MoreParked, NextGeneration
from services.monitor.history.history import History
from services.monitor.projector.entries import Entry, Stream
from services.monitor.projector.projection import CheckpointLost
from services.monitor.tables import checkpoint, derivation, fact
from tests.integration.monitor.alerting import Alerting
from tests.integration.monitor.conftest import RULES, digest_of, projector_on, read_again
from tests.integration.monitor.crashes import CrashError, crashing
from tests.integration.monitor.histories import PEOPLE, tangled
from tests.integration.monitor.ledgers import NOON, STREAMS, Ledgers
from tests.integration.monitor.ledgers import placement as started
from tests.integration.monitor.test_poison import buggy, told


class Counted:
    """Ledgers that count the facts that were read from their feeds."""

    def __init__(self, ledgers: Ledgers) -> None:
        self.ledgers, self.read_facts = ledgers, 0

    def read(self, stream: Stream, *, after: int) -> list[Entry]:
        page = self.ledgers.read(stream, after=after)
        self.read_facts += len(page)
        return page


def stands(engine: Engine) -> list[Any]:
    with engine.begin() as connection:
        return connection.execute(select(checkpoint).order_by(checkpoint.c.stream)).all()


def damage(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(update(closure).values(number=closure.c.number + 10))
        connection.execute(placement.delete())
        connection.execute(fact.delete().where(fact.c.position % 3 == 0))


@contextmanager
def dying(engine: Engine, *, at: int) -> Iterator[None]:
    """The process dies at this statement, or does not get so far."""
    crash = crashing(engine, at=at)
    next(crash)
    try:
        yield
    finally:
        next(crash, None)


def test_what_was_damaged_is_whole_again(monitor, fresh, ledgers) -> None:
    tangled(ledgers, seed=1)
    clean = fresh()
    projector_on(clean, ledgers).apply(ledgers.batches())
    projector_on(monitor, ledgers).apply(ledgers.batches())
    damage(monitor)
    assert read_again(monitor, ledgers) == sum(map(len, ledgers.streams.values()))
    assert digest_of(monitor) == digest_of(clean)
    assert stands(monitor) == stands(clean)


def test_the_live_generation_is_not_touched_before_the_switch(monitor, ledgers) -> None:
    tangled(ledgers, seed=2)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    damage(monitor)
    before = digest_of(monitor), stands(monitor)
    generation = NextGeneration(monitor, rules=RULES, clock=lambda: NOON, source=ledgers)
    generation.build(STREAMS, progress=lambda _read: None)
    assert (digest_of(monitor), stands(monitor)) == before
    generation.discard()


def test_a_projector_takes_up_where_the_next_generation_stands(monitor, fresh, ledgers) -> None:
    """It was read from the feeds, so it is further than what the streams had brought."""
    tangled(ledgers, seed=3)
    clean = fresh()
    projector_on(clean, ledgers).apply(ledgers.batches())
    projector = projector_on(monitor, ledgers)
    projector.apply({stream: raw[:5] for stream, raw in ledgers.streams.items()})
    read_again(monitor, ledgers)
    projector.apply({stream: raw[3:9] for stream, raw in ledgers.streams.items()})
    assert [stand.position for stand in stands(monitor)] == [stand.position for stand in stands(clean)]
    tangled(ledgers, seed=4, facts=20)
    projector.apply(ledgers.batches())
    again = fresh()
    projector_on(again, ledgers).apply(ledgers.batches())
    assert digest_of(monitor) == digest_of(again)
    assert stands(monitor) == stands(again)


def test_a_switch_is_noticed_also_where_nothing_arrives(monitor, ledgers) -> None:
    tangled(ledgers, seed=3)
    projector = projector_on(monitor, ledgers)
    projector.apply({stream: raw[:5] for stream, raw in ledgers.streams.items()})
    read_again(monitor, ledgers)
    projector.settle({})
    assert dict(projector.positions) == dict(projector_on(monitor, ledgers).positions)


def test_two_owners_of_a_stream_are_still_told_apart(monitor, ledgers) -> None:
    tangled(ledgers, seed=5, facts=20)
    first, second = projector_on(monitor, ledgers), projector_on(monitor, ledgers)
    first.apply(ledgers.batches())
    with pytest.raises(CheckpointLost):
        second.apply(ledgers.batches())


def test_it_can_be_done_beside_a_projector_at_work(monitor, fresh, ledgers) -> None:
    tangled(ledgers, seed=6)
    clean = fresh()
    projector_on(clean, ledgers).apply(ledgers.batches())
    projector = projector_on(monitor, ledgers)

    def project() -> None:
        for start in range(0, max(map(len, ledgers.streams.values())), 4):
            projector.apply({stream: raw[start : start + 4] for stream, raw in ledgers.streams.items()})

    working = Thread(target=project)
    working.start()
    while True:
        read_again(monitor, ledgers)
        if not working.is_alive():
            break
    working.join()
    assert digest_of(monitor) == digest_of(clean)
    assert stands(monitor) == stands(clean)


def test_what_is_interrupted_goes_on_and_reads_nothing_twice(monitor, fresh, ledgers) -> None:
    tangled(ledgers, seed=7)
    clean = fresh()
    projector_on(clean, ledgers).apply(ledgers.batches())
    projector_on(monitor, ledgers).apply(ledgers.batches())
    damage(monitor)
    counted = Counted(ledgers)
    first = NextGeneration(monitor, rules=RULES, clock=lambda: NOON, source=counted)
    with pytest.raises(CrashError), dying(first._next, at=165):
        first.build(STREAMS, progress=lambda _read: None)
    first.close()
    assert counted.read_facts > 3
    again = NextGeneration(monitor, rules=RULES, clock=lambda: NOON, source=counted)
    again.build(STREAMS, progress=lambda _read: None)
    again.switch()
    again.discard()
    total = sum(map(len, ledgers.streams.values()))
    assert total <= counted.read_facts <= total + 3  # The page that was under way is asked for again.
    assert digest_of(monitor) == digest_of(clean)


def test_a_crash_at_any_step_of_the_switch_leaves_the_old_or_the_new(monitor, ledgers) -> None:
    tangled(ledgers, seed=8, facts=60)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    whole = digest_of(monitor)
    damage(monitor)
    damaged = digest_of(monitor)
    generation = NextGeneration(monitor, rules=RULES, clock=lambda: NOON, source=ledgers)
    generation.build(STREAMS, progress=lambda _read: None)
    crashes = 0
    while True:
        try:
            with dying(monitor, at=crashes + 1):
                generation.switch()
        except CrashError:
            crashes += 1
            assert digest_of(monitor) == damaged
        else:
            break
    assert crashes > 20
    assert digest_of(monitor) == whole
    generation.discard()


def test_a_generation_that_cannot_take_what_the_live_one_took_is_not_put_in_its_place(monitor, ledgers) -> None:
    told(ledgers)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    before = digest_of(monitor), stands(monitor)
    with pytest.raises(MoreParked, match=r"2 facts .* placement 3"):
        read_again(monitor, ledgers, fold=buggy)
    assert (digest_of(monitor), stands(monitor)) == before


def test_the_history_in_memory_sees_the_switch(monitor, ledgers) -> None:
    tangled(ledgers, seed=9)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history = History(monitor, rules=RULES, clock=lambda: NOON)
    whole = history.known_at().dossiers
    damage(monitor)
    with monitor.begin() as connection:
        connection.execute(update(derivation).values(rebuilds=derivation.c.rebuilds + 1))
    read_again(monitor, ledgers)
    assert history.known_at().dossiers == whole


def test_no_alert_is_told_twice_because_of_a_switch(monitor) -> None:
    alerting = Alerting(monitor)
    alerting.tell("placement-started", PEOPLE[0], **started("P1", "2025-01-10"))
    alerting.on("2025-01-10")
    alerting.on("2025-08-01")
    before = alerting.rows(alert), alerting.rows(alert_happening)
    assert all(before)
    read_again(monitor, alerting.ledgers)
    done = alerting.book.look()
    assert (done.opened, done.persons) == (0, 1)
    assert (alerting.rows(alert), alerting.rows(alert_happening)) == before
