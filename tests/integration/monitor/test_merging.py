"""Pseudonyms that are merged: one dossier while a merge stands, and what would have been without it afterwards."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from services.monitor.derived import person, pseudonym
from services.monitor.dossier.fold import fold
from services.monitor.dossier.merging import groups
from services.monitor.dossier.state import Dossier
from services.monitor.history.history import History
from services.monitor.projector.entries import Stream
from services.monitor.rebuild import rebuild
from shared.facts.envelope import AcceptedEvent
from shared.facts.records import Record, record_of
from shared.streams import partition_of
from tests.integration.monitor.conftest import RULES, digest_of, figures, prepared, projector_on, read_again, tallies_of
from tests.integration.monitor.histories import PEOPLE, tangled_and_merged
from tests.integration.monitor.ledgers import NOON, PARTITIONS, STREAMS, Ledgers, discharge, machtiging, placement
from tests.integration.monitor.test_convergence import at_once, pieces, read_all

ANN, BEN, EVA = PEOPLE[:3]
HOUR = timedelta(hours=1)


def history_of(engine: Engine) -> History:
    return History(engine, rules=RULES, clock=lambda: NOON + timedelta(days=30))


def recomputed(ledgers: Ledgers, known: datetime) -> tuple[Dossier, ...]:
    """The dossiers of a moment from the ledgers themselves: whoever is one person by the facts accepted until then."""
    events = [entry.event for stream in STREAMS for entry in read_all(ledgers, stream)]
    of_record: dict[Record, list[AcceptedEvent]] = {}
    had: dict[str, set[Record]] = {name: set() for name in PEOPLE}
    for one in (one for one in events if one.acceptedat <= known):
        of_record.setdefault(record_of(one), []).append(one)
        if one.subject is not None:
            had[one.subject].add(record_of(one))
    about = {name: [one for record in records for one in of_record[record]] for name, records in had.items()}
    return tuple(group.fold(fold, rules=RULES) for group in groups(about) if group.told)


def merge(ledgers: Ledgers, one: str, other: str, **more: Any) -> None:
    ledgers.tell("pseudonyms-merged", one, **{"_record": "merge-1"} | more, other=other)


def take_back(ledgers: Ledgers, one: str, record: str = "merge-1") -> None:
    ledgers.tell("record-withdrawn", one, of="pseudonyms-merged", record=record, reason="entered-in-error")


def told(ledgers: Ledgers) -> None:
    """Ann is moved, and arrives under another pseudonym; that one is discharged and comes back."""
    ledgers.tell("machtiging-granted", ANN, **machtiging("M1", "2025-01-01", "2026-01-01"))
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-01-01"))
    ledgers.tell("doorplaatsing-recorded", ANN, placement="P1", departed_on="2025-02-01", reason="safety")
    ledgers.tell("placement-started", BEN, **placement("P2", "2025-02-01", accommodation="via-almata"))
    ledgers.tell("discharge-recorded", BEN, **discharge("P2", "2025-03-01"))
    ledgers.tell("placement-started", BEN, **placement("P3", "2025-09-01"))


def rows(engine: Engine, table: Any, *columns: str) -> list[tuple[Any, ...]]:
    with engine.begin() as connection:
        return sorted(tuple(row) for row in connection.execute(select(*(table.c[name] for name in columns))))


def clean(fresh: Callable[[], Engine], ledgers: Ledgers) -> Engine:
    engine = fresh()
    projector_on(engine, ledgers).apply(ledgers.batches())
    return engine


def test_a_person_under_two_pseudonyms_is_one_in_every_figure(monitor: Engine, ledgers: Ledgers) -> None:
    told(ledgers)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    before = figures(monitor, "2025-12-01")
    assert (before.placements_started, before.discharges, len(before.open_closures)) == (3, 1, 1)
    assert sum(before.doorplaatsingen.values()) == 0
    merge(ledgers, BEN, ANN)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    after = figures(monitor, "2025-12-01")
    assert (after.placements_started, after.discharges, len(after.open_closures)) == (3, 1, 1)
    assert sum(after.doorplaatsingen.values()) == 1
    assert rows(monitor, person, "person") == [(ANN,)]
    assert rows(monitor, pseudonym, "person", "pseudonym") == [(ANN, BEN)]
    [one] = history_of(monitor).known_at().dossiers
    assert (one.person, one.also, len(one.closures)) == (ANN, (BEN,), 2)
    assert [title.machtiging for title in one.titles] == ["M1"]


def test_a_merge_that_is_taken_back_leaves_the_rows_that_were_there(monitor: Engine, ledgers: Ledgers) -> None:
    told(ledgers)
    projector = projector_on(monitor, ledgers)
    projector.apply(ledgers.batches())
    written = ("person", "digest", "first_us", "last_us")
    before = digest_of(monitor), rows(monitor, person, *written)
    ledgers.now += HOUR
    merge(ledgers, ANN, BEN)
    projector.apply(ledgers.batches())
    assert digest_of(monitor) != before[0]
    ledgers.now += HOUR
    take_back(ledgers, ANN)
    projector.apply(ledgers.batches())
    assert (digest_of(monitor), rows(monitor, person, *written)) == before


def test_a_withdrawal_that_arrives_first_is_not_undone_by_the_merge(monitor, fresh, ledgers) -> None:
    told(ledgers)
    never = digest_of(clean(fresh, ledgers))
    take_back(ledgers, BEN)
    merge(ledgers, BEN, ANN)
    projector = projector_on(monitor, ledgers)
    for stream in STREAMS:
        for raw in ledgers.streams[stream]:
            projector.apply({stream: [raw]})
    assert digest_of(monitor) == never


@pytest.mark.parametrize("seed", range(2))
def test_any_batching_order_and_repetition_gives_the_rows_of_one_clean_fold(monitor, fresh, ledgers, seed) -> None:
    tangled_and_merged(ledgers, seed=seed)
    projector = projector_on(monitor, ledgers)
    for batch in pieces(ledgers, Random(seed)):
        projector.apply(batch)
    assert digest_of(monitor) == digest_of(clean(fresh, ledgers))
    assert tuple(history_of(monitor).known_at().dossiers) == recomputed(ledgers, ledgers.now)


@pytest.mark.parametrize("seed", range(1))
def test_every_moment_knows_who_was_one_person_then(monitor: Engine, ledgers: Ledgers, seed: int) -> None:
    ledgers.pace = HOUR
    tangled_and_merged(ledgers, seed=seed)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history = history_of(monitor)
    ways = set()
    for hours in range(0, 200, 11):
        known = NOON + hours * HOUR
        found = history.known_at(known).dossiers
        assert tuple(found) == recomputed(ledgers, known)
        ways.add(tuple(one.also for one in found if one.also))
    assert len(ways) > 5, "the history merges nobody, so it shows nothing"


def test_an_answer_does_not_change_when_a_merge_or_its_withdrawal_arrives_later(monitor, ledgers) -> None:
    told(ledgers)
    projector = projector_on(monitor, ledgers)
    moments, seen = [ledgers.now], []
    history = history_of(monitor)
    for say in (lambda: None, lambda: merge(ledgers, ANN, BEN), lambda: take_back(ledgers, ANN)):
        ledgers.now += HOUR
        say()
        projector.apply(ledgers.batches())
        moments.append(ledgers.now)
        seen.append([repr(history.known_at(moment).dossiers) for moment in moments])
    assert seen[1][:2] == seen[0]
    assert seen[2][:3] == seen[1]
    assert seen[2][3] == seen[2][1] != seen[2][2]
    assert [repr(history_of(monitor).known_at(moment).dossiers) for moment in moments] == seen[2]


def test_who_has_no_dossier_once_a_merge_is_taken_back_is_gone_from_memory_too(monitor, ledgers) -> None:
    """Of Ann, who gave the name, nothing is known besides."""
    ledgers.tell("placement-started", BEN, **placement("P2", "2025-06-01"))
    merge(ledgers, BEN, ANN)
    projector, history = projector_on(monitor, ledgers), history_of(monitor)
    projector.apply(ledgers.batches())
    assert [one.person for one in history.known_at().dossiers] == [ANN]
    take_back(ledgers, BEN)
    projector.apply(ledgers.batches())
    assert [one.person for one in history.known_at().dossiers] == [BEN]


def test_who_follows_the_changes_counts_what_who_begins_now_counts(monitor: Engine, ledgers: Ledgers) -> None:
    """Merged, taken back, merged the other way, with what is in memory followed through all of it."""
    told(ledgers)
    ledgers.tell("placement-started", EVA, **placement("P9", "2025-03-01"))
    projector, history = projector_on(monitor, ledgers), history_of(monitor)
    seen = []
    for say in (
        lambda: None,
        lambda: merge(ledgers, ANN, BEN),
        lambda: merge(ledgers, EVA, BEN, _record="merge-2"),
        lambda: take_back(ledgers, ANN),
        lambda: take_back(ledgers, EVA, "merge-2"),
    ):
        say()
        projector.apply(ledgers.batches())
        seen.append([one.person for one in history.known_at().dossiers])
        assert tuple(history.known_at().dossiers) == tuple(history_of(monitor).known_at().dossiers)
        tallies_of(monitor, date(2025, 12, 1))
    assert seen == [[ANN, BEN, EVA], [ANN, EVA], [ANN], [ANN, BEN], [ANN, BEN, EVA]]


@pytest.mark.parametrize("seed", range(1))
def test_a_rebuild_and_reading_everything_again_give_the_same_rows(monitor: Engine, ledgers: Ledgers, seed) -> None:
    tangled_and_merged(ledgers, seed=seed)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    before = digest_of(monitor)
    rebuild(monitor, rules=RULES, progress=lambda _done, _of: None)
    assert digest_of(monitor) == before
    read_again(monitor, ledgers)
    assert digest_of(monitor) == before
    assert tuple(history_of(monitor).known_at().dossiers) == recomputed(ledgers, ledgers.now)


@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(2))
def test_two_monitors_on_shares_of_the_partitions_lose_no_merge(postgres_url, fresh, ledgers, seed) -> None:
    """Who is merged is in the partitions of both; each applies what it reads to the facts of all."""
    tangled_and_merged(ledgers, seed=seed)
    engine = prepared(postgres_url)
    at_once(engine, ledgers, [[one for one in STREAMS if one.partition == number] for number in range(PARTITIONS)])
    assert digest_of(engine) == digest_of(clean(fresh, ledgers))
    engine.dispose()


@pytest.mark.postgres
def test_merges_and_facts_of_both_sides_at_once_lose_nothing(postgres_url, fresh, ledgers) -> None:
    """A merge of a pair, again and again taken back, in the one stream; facts about the other in the other."""
    first, second = [next(one for one in PEOPLE if partition_of(one, PARTITIONS) == number) for number in (0, 1)]
    for revision in range(1, 41):
        ledgers.tell("placement-started", second, **placement(f"P{revision}", f"2025-01-{revision % 28 + 1:02d}"))
        if revision % 2:
            merge(ledgers, first, second, _revision=revision)
        else:
            withdrawn = {"of": "pseudonyms-merged", "record": "merge-1", "reason": "other"}
            ledgers.tell("record-withdrawn", first, _revision=revision - 1, **withdrawn)
    merge(ledgers, first, second, _revision=99)
    engine = prepared(postgres_url)
    at_once(engine, ledgers, [[Stream("placement", 0)], [Stream("placement", 1)]])
    assert digest_of(engine) == digest_of(clean(fresh, ledgers))
    assert [name for (name,) in rows(engine, person, "person")] == [min(first, second)]
    engine.dispose()


def test_a_monitor_without_merges_asks_one_row_more_for_a_batch(monitor: Engine, ledgers: Ledgers) -> None:
    told(ledgers)
    assert _asked(monitor, lambda: projector_on(monitor, ledgers).apply(ledgers.batches())) <= 3


def _asked(engine: Engine, work: Callable[[], None]) -> int:
    """How many statements about merges it takes."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "merged" in statement:
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    work()
    event.remove(engine, "before_cursor_execute", note)
    assert all("LIMIT" in statement for statement in asked)
    return len(asked)
