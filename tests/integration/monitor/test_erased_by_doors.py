"""Somebody is erased by the doors only, and the monitor knows the name from facts about others: it is gone there too.

The ledgers are real ones: what they tell of an erasure is a keyed hash, and which facts about others they wrote anew.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine, text

from services.monitor.derived import placement as placements
from services.monitor.dossier.fold import fold
from services.monitor.erasures import rewritten
from services.monitor.generation import NextGeneration
from services.monitor.projector.dossiers import Fold
from services.monitor.projector.entries import (
    Known,
    Stream,
)
from services.monitor.projector.facts import Facts
from services.monitor.projector.projection import Projector
from services.monitor.projector.taking import Taker, in_one_transaction
from services.monitor.replay import Replay
from services.monitor.tables import parked, quarantine
from shared.databases import open_engine, sqlite_url
from shared.erasure import Seal
from shared.streams import partition_of
from tests.contract.drafts import SetClock
from tests.contract.test_erasure import KEY, discharged, event, started
from tests.integration.monitor.both import Both
from tests.integration.monitor.conftest import RULES, digest_of, prepared
from tests.integration.monitor.ledgers import NOON, PARTITIONS, STREAMS
from tests.integration.monitor.test_erased import tables_with
from tests.integration.monitor.test_poison import buggy, rows
from tests.servers.waiting import wait_until

ANN, BEN, EVA = "ann-0123456789abcdef", "ben-0123456789abcdef", "eva-0123456789abcdef"
PEOPLE = [f"person-{number:016d}" for number in range(20)]
SEAL = Seal(KEY)
MARK = SEAL.mark(ANN)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    urls = {service: sqlite_url(tmp_path / f"{service}.sqlite") for service in ("intake", "placement")}
    made = Both(urls, seal=SEAL, partitions=PARTITIONS, clock=SetClock())
    yield made
    made.close()


def projector_on(engine: Engine, both: Both, *, fold: Fold = fold) -> Projector:
    made = Projector(engine, rules=RULES, clock=lambda: NOON, source=both, fold=fold, seal=SEAL)
    made.load(STREAMS)
    return made


def told_about_ben_with_ann(both: Both) -> None:
    """Nothing is said of Ann, and everything said of Ben names her: in a key, an id, a record, with more around it."""
    both.tell(
        started(BEN, ANN, placement=f"P-{ANN}"),
        started(BEN, "b2", placement="P2", record=f"R-{ANN}.{ANN}"),
        discharged(BEN, "b3", placement=f"P-{ANN}"),
        started(EVA, "e1", placement="P9"),
    )
    request = {"request": f"V-{ANN}", "requested_on": "2026-01-10", "kind": "regulier", "requester": "gi"}
    both.tell(event("machtiging-requested", BEN, "b4", request), service="intake")


def rebuilt_digest(engine: Engine, both: Both) -> str:
    """What is derived when everything is read again beside it and put in its place."""
    generation = NextGeneration(engine, rules=RULES, clock=lambda: NOON, source=both, seal=SEAL)
    try:
        generation.build(STREAMS, progress=lambda _read: None)
        generation.switch()
    finally:
        generation.close()
    generation.discard()
    return digest_of(engine)


def test_whom_only_facts_about_others_name_is_taken_out_when_the_doors_say_it(
    monitor: Engine, fresh: Callable[[], Engine], both: Both
) -> None:
    told_about_ben_with_ann(both)
    projector = projector_on(monitor, both)
    projector.apply(both.batches())
    assert {"fact", "placement", "request"} <= set(tables_with(monitor, ANN))
    both.erase(ANN)
    projector.apply(both.batches())
    assert tables_with(monitor, ANN) == []
    assert (BEN, f"P-{MARK}") in rows(monitor, placements, "person", "placement")
    clean = fresh()
    projector_on(clean, both).apply(both.batches())
    assert digest_of(monitor) == digest_of(clean)
    assert rebuilt_digest(monitor, both) == digest_of(clean)
    assert rows(monitor, rewritten, "service", "position") == rows(clean, rewritten, "service", "position")
    assert tables_with(monitor, ANN) == []


def test_each_door_is_enough_for_what_its_own_facts_name(monitor: Engine, both: Both) -> None:
    both.tell(started(EVA, "e1", placement=f"P-{ANN}"), service="placement")
    request = {"request": "V-1", "requested_on": "2026-01-10", "kind": "regulier", "requester": "gi"}
    both.tell(event("machtiging-requested", BEN, f"only-{ANN}", request), service="intake")
    projector = projector_on(monitor, both)
    projector.apply(both.batches())
    both.erase(ANN, "intake")
    projector.apply(both.batches())
    assert tables_with(monitor, ANN) == [], "whoever is known by name is taken out of everything"
    both.erase(ANN, "placement")
    projector.apply(both.batches())
    assert digest_of(monitor) == rebuilt_digest(monitor, both)


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "later"])
def test_what_was_read_before_the_erasure_and_is_taken_after_it_has_a_mark_too(
    monitor: Engine, fresh: Callable[[], Engine], both: Both, together: bool
) -> None:
    """A batch of another stream that the monitor has in its hands is as it was."""
    whom = next(name for name in PEOPLE if partition_of(name, PARTITIONS) != partition_of(ANN, PARTITIONS))
    late = Stream("placement", partition_of(whom, PARTITIONS))
    both.tell(started(whom, ANN, placement=f"P-{ANN}"), discharged(whom, "b3", placement=f"P-{ANN}"))
    in_hand = both.raw(late)
    both.erase(ANN)
    others = {stream: raw for stream, raw in both.batches().items() if stream != late}
    projector = projector_on(monitor, both)
    for batches in [others | {late: in_hand}] if together else [others, {late: in_hand}]:
        projector.apply(batches)
    assert tables_with(monitor, ANN) == []
    assert rows(monitor, placements, "person", "placement") == [(whom, f"P-{MARK}")]
    clean = fresh()
    projector_on(clean, both).apply(both.batches())
    assert digest_of(monitor) == digest_of(clean)


def test_a_fact_that_waits_behind_somebody_else_has_a_mark_too_and_can_be_replayed(
    monitor: Engine, fresh: Callable[[], Engine], both: Both
) -> None:
    bug = {"accommodation": "bug", "started_on": "2026-02-01", "regime": "jw6", "closure": "gesloten"}
    bug |= {"route": "crisis", "region": "JZ01", "placement": f"Q-{ANN}"}
    both.tell(event("placement-started", BEN, f"bug-{ANN}", bug), discharged(BEN, "b2", placement=f"Q-{ANN}"))
    projector = projector_on(monitor, both, fold=buggy)
    projector.apply(both.batches())
    assert rows(monitor, quarantine, "person") == [(BEN,)]
    assert len(rows(monitor, parked, "position")) == 2
    both.erase(ANN)
    projector.apply(both.batches())
    assert tables_with(monitor, ANN) == []
    Replay(monitor, rules=RULES, clock=lambda: NOON, seal=SEAL).everything()
    clean = fresh()
    projector_on(clean, both).apply(both.batches())
    assert digest_of(monitor) == digest_of(clean)
    assert tables_with(monitor, ANN) == []


def test_a_fact_that_waits_because_its_data_are_none_keeps_nobody_from_being_erased(
    monitor: Engine, both: Both
) -> None:
    both.tell(started(BEN, "b1", placement=f"P-{ANN}"), started(EVA, "e1"))
    projector = projector_on(monitor, both)
    stream = Stream("placement", partition_of(EVA, PARTITIONS))
    batches = both.batches()
    broken = [
        (id_, raw.replace(b'"data":{', b'"data":[{').replace(b'},"acc', b'}],"acc')) for id_, raw in batches[stream]
    ]
    projector.apply(batches | {stream: broken})
    assert (EVA,) in rows(monitor, parked, "behind")
    both.erase(ANN)
    projector.apply(both.batches())
    assert tables_with(monitor, ANN) == []


def taker() -> Taker:
    """A monitor, at its work."""
    return Taker(Facts(decoded_max=0), rules=RULES, clock=lambda: NOON, fold=fold, seal=SEAL)


def take(engine: Engine, entries: list[tuple[str, Known]]) -> None:
    """Take these in a transaction, after whoever has to be locked is known."""
    in_one_transaction(engine, lambda connection, also: taker().take(connection, entries, poison={}, also=also))


@pytest.mark.postgres
def test_facts_that_another_monitor_is_taking_are_waited_for(postgres_url: str, both: Both) -> None:
    """It read them before the erasure, and whoever erases cannot see them until it is done."""
    monitor, other = prepared(postgres_url), open_engine(postgres_url)
    told_about_ben_with_ann(both)
    in_hand = both.known("placement")
    both.erase(ANN)
    says = [(service, entry) for service, entry in both.known("placement") if "youth-erased" in entry.body]
    erasing = Thread(target=take, args=(monitor, says))
    with monitor.begin() as connection:
        taker().take(connection, in_hand, poison={}, also=set())
        erasing.start()
        waits = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")

        def it_waits() -> bool:
            with other.connect() as looking:
                return looking.execute(waits).scalar_one() > 0

        wait_until(it_waits, what="whoever erases waits")
    erasing.join(20)
    assert not erasing.is_alive()
    other.dispose()
    assert tables_with(monitor, ANN) == []
    monitor.dispose()
