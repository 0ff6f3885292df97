"""Any order of arrival and any repetition gives the same rows as one clean fold (D13), whoever projects."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import Engine

from services.monitor.dossier.fold import fold
from services.monitor.dossier.state import Dossier
from services.monitor.projector.entries import RawEntry, Stream
from services.monitor.projector.quarantine import quarantined
from shared.streams import partition_of
from tests.integration.monitor.conftest import digest_of, prepared, projector_on
from tests.integration.monitor.histories import PEOPLE, tangled
from tests.integration.monitor.ledgers import PARTITIONS, STREAMS, Ledgers, placement


def pieces(ledgers: Ledgers, random: Random) -> list[dict[Stream, list[RawEntry]]]:
    """The streams in small batches in a random order between the streams, some of them read twice."""
    at = dict.fromkeys(STREAMS, 0)
    found = []
    while left := [stream for stream in STREAMS if at[stream] < len(ledgers.streams[stream])]:
        chosen = random.sample(left, random.randrange(1, len(left) + 1))
        batch = {}
        for stream in chosen:
            again, more = random.randrange(0, 4), random.randrange(1, 20)
            batch[stream] = ledgers.streams[stream][max(0, at[stream] - again) : at[stream] + more]
            at[stream] += more
        found.append(batch)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_any_batching_order_and_repetition_gives_the_rows_of_one_clean_fold(monitor, fresh, ledgers, seed) -> None:
    tangled(ledgers, seed=seed)
    clean = fresh()
    projector_on(clean, ledgers).apply(ledgers.batches())
    projector = projector_on(monitor, ledgers)
    for batch in pieces(ledgers, Random(seed)):
        projector.apply(batch)
    assert digest_of(monitor) == digest_of(clean)


def test_the_order_in_which_a_ledger_took_the_facts_does_not_matter(fresh) -> None:
    digests = set()
    for shuffle in range(3):
        told, ledgers = Ledgers(), Ledgers()
        tangled(told, seed=9)
        events = [read.event for stream in STREAMS for read in read_all(told, stream)]
        Random(shuffle).shuffle(events)
        for event in events:
            body = event.model_dump(mode="json", exclude={"acceptedat", "position", "prev"}, exclude_none=True)
            body["data"] = event.data.model_dump(mode="json", exclude_none=True)
            ledgers.tell_event(body, service="intake" if event.data.owner == "intake" else "placement")
        engine = fresh()
        projector_on(engine, ledgers).apply(ledgers.batches())
        digests.add(digest_of(engine))
    assert len(digests) == 1


def read_all(ledgers: Ledgers, stream: Stream) -> list:
    """Every fact of a stream, as the feed has it."""
    found: list = []
    while page := ledgers.read(stream, after=found[-1].position if found else 0):
        found.extend(page)
    return found


@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(3))
def test_two_workers_on_facts_of_the_same_persons_lose_nothing(postgres_url, fresh, ledgers, seed) -> None:
    """One projects the streams of intake, the other those of placement."""
    tangled(ledgers, seed=seed, facts=160)
    clean = fresh()
    projector_on(clean, ledgers).apply(ledgers.batches())
    engine = prepared(postgres_url)
    at_once(engine, ledgers, [[one for one in STREAMS if one.service == name] for name in ("intake", "placement")])
    assert digest_of(engine) == digest_of(clean)
    engine.dispose()


@pytest.mark.postgres
def test_two_streams_that_move_one_record_at_once_lose_neither_person(postgres_url, fresh, ledgers) -> None:
    """Revisions of one record name two persons in turn, in two streams: each worker must see the other's."""
    people = [next(person for person in PEOPLE if partition_of(person, PARTITIONS) == number) for number in (0, 1)]
    for revision in range(1, 101):
        data = placement("P1", "2026-01-01")
        ledgers.tell("placement-started", people[revision % 2], _record="R", _revision=revision, **data)
    clean = fresh()
    projector_on(clean, ledgers).apply(ledgers.batches())
    engine = prepared(postgres_url)
    at_once(engine, ledgers, [[Stream("placement", 0)], [Stream("placement", 1)]])
    assert digest_of(engine) == digest_of(clean)
    engine.dispose()


@pytest.mark.postgres
def test_a_revision_that_another_worker_takes_while_we_fold_is_not_missed(postgres_url, fresh, ledgers) -> None:
    """Two workers do not wait for each other's records; the second to commit sees the first, and folds again."""
    first, second = [next(one for one in PEOPLE if partition_of(one, PARTITIONS) == number) for number in (0, 1)]
    ledgers.tell("placement-started", first, _record="R", _revision=1, **placement("P1", "2026-01-01"))
    ledgers.tell("placement-started", second, _record="R", _revision=2, **placement("P1", "2026-01-01"))
    clean = fresh()
    projector_on(clean, ledgers).apply(ledgers.batches())
    engine = prepared(postgres_url)
    folded, committed = Event(), Event()

    def slow(person: str, *arguments: Any, **rules: Any) -> Dossier:
        dossier = fold(person, *arguments, **rules)
        if not folded.is_set():
            folded.set()
            assert committed.wait(timeout=30)
        return dossier

    with ThreadPoolExecutor(1) as thread:
        slower, quicker = projector_on(engine, ledgers, fold=slow), projector_on(engine, ledgers)
        applying = thread.submit(slower.apply, ledgers.batches(Stream("placement", 0)))
        assert folded.wait(timeout=30)
        quicker.apply(ledgers.batches(Stream("placement", 1)))
        committed.set()
        applying.result(timeout=30)
    with engine.begin() as connection:
        assert quarantined(connection) == set()
    assert digest_of(engine) == digest_of(clean)
    engine.dispose()


def at_once(engine: Engine, ledgers: Ledgers, shares: Sequence[Sequence[Stream]]) -> None:
    """Each worker projects its own streams, one entry at a time, all of them at full speed."""
    together = Barrier(len(shares))

    def work(streams: Sequence[Stream]) -> None:
        projector = projector_on(engine, ledgers)
        together.wait(timeout=30)
        for stream in streams:
            for raw in ledgers.streams[stream]:
                projector.apply({stream: [raw]})

    with ThreadPoolExecutor(len(shares)) as threads:
        for worker in [threads.submit(work, streams) for streams in shares]:
            worker.result(timeout=60)
