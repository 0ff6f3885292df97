"""A fact that cannot be taken: it is parked, its person waits, others go on; after a replay it is as if never."""

from collections.abc import Iterable
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from services.monitor.derived import placement as placements
from services.monitor.dossier.fold import fold
from services.monitor.dossier.rules import Rules
from services.monitor.dossier.state import Dossier
from services.monitor.projector.projection import Projector
from services.monitor.rebuild import rebuild
from services.monitor.replay import Replay, Replayed, waiting
from services.monitor.tables import checkpoint, fact, parked, quarantine
from shared.facts.envelope import AcceptedEvent
from tests.integration.monitor.conftest import RULES, digest_of, figures, projector_on, read_again
from tests.integration.monitor.crashes import CrashError, crashing
from tests.integration.monitor.histories import PEOPLE, tangled
from tests.integration.monitor.ledgers import NOON, STREAMS, Ledgers, discharge, entries, placement, position_of

ANN, BEN, EVA = PEOPLE[:3]


class BugError(Exception):
    """What a fold with a bug raises; its text quotes a fact."""


def buggy(person: str, facts: Iterable[AcceptedEvent], *, rules: Rules) -> Dossier:
    """The fold, with a bug that a placement in one accommodation meets."""
    known = list(facts)
    for event in known:
        if getattr(event.data, "accommodation", None) == "bug":
            raise BugError(f"{person} is in {event.data}")
    return fold(person, known, rules=rules)


def all_but_ben(person: str, facts: Iterable[AcceptedEvent], *, rules: Rules) -> Dossier:
    """Half of a fix."""
    return (buggy if person == BEN else fold)(person, facts, rules=rules)


def replay(engine: Engine, **more: Any) -> Replayed:
    return Replay(engine, rules=RULES, clock=lambda: NOON, **more).everything()


def rows(engine: Engine, table: Any, *columns: str) -> list[tuple[Any, ...]]:
    with engine.begin() as connection:
        return sorted(tuple(row) for row in connection.execute(select(*(table.c[name] for name in columns))))


def clean_digest(fresh: Any, ledgers: Ledgers) -> str:
    """What a fold without a bug makes of everything, from nothing."""
    clean = fresh()
    projector_on(clean, ledgers).apply(ledgers.batches())
    return digest_of(clean)


def told(ledgers: Ledgers) -> None:
    """Ann moves to a place that the fold cannot take, and is discharged; the others have ordinary stays."""
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    ledgers.tell("placement-started", BEN, **placement("P2", "2026-01-01"))
    ledgers.tell("placement-started", ANN, **placement("P3", "2026-01-10", accommodation="bug"))
    ledgers.tell("discharge-recorded", ANN, **discharge("P3", "2026-01-20"))
    ledgers.tell("placement-started", EVA, **placement("P4", "2026-01-15"))
    ledgers.tell("discharge-recorded", BEN, **discharge("P2", "2026-01-20"))


def test_one_fact_is_parked_its_person_waits_and_the_others_go_on(monitor, ledgers) -> None:
    told(ledgers)
    projector = projector_on(monitor, ledgers, fold=buggy)
    projector.apply(ledgers.batches())
    assert rows(monitor, quarantine, "person", "service", "position") == [(ANN, "placement", 3)]
    assert rows(monitor, parked, "service", "position", "behind") == [("placement", 3, ANN), ("placement", 4, ANN)]
    seen = figures(monitor, "2026-02-01")
    assert (seen.placements_started, seen.discharges, len(seen.open_closures)) == (3, 1, 2)  # Ann is where she was.
    assert max(projector.positions.values()) == 6


def test_the_reason_says_where_and_quotes_nothing(monitor, ledgers) -> None:
    told(ledgers)
    projector_on(monitor, ledgers, fold=buggy).apply(ledgers.batches())
    [(reason,)] = rows(monitor, quarantine, "reason")
    assert reason.startswith("BugError in buggy, integration/monitor/test_poison.py:")
    assert ANN not in reason


def test_what_waits_is_listed_by_ledger_and_position(monitor, ledgers) -> None:
    told(ledgers)
    projector_on(monitor, ledgers, fold=buggy).apply(ledgers.batches())
    with monitor.begin() as connection:
        [found] = waiting(connection)
    assert (found.service, found.position, found.behind) == ("placement", 3, 2)
    assert ANN not in str(found)


def test_a_replay_with_the_bug_changes_nothing_and_one_after_the_fix_everything(monitor, fresh, ledgers) -> None:
    told(ledgers)
    projector_on(monitor, ledgers, fold=buggy).apply(ledgers.batches())
    before = digest_of(monitor)
    assert replay(monitor, fold=buggy) == Replayed(facts=0, released=0, still=2)
    assert digest_of(monitor) == before
    assert replay(monitor) == Replayed(facts=2, released=1, still=0)
    assert digest_of(monitor) == clean_digest(fresh, ledgers)
    assert rows(monitor, quarantine, "person") == rows(monitor, parked, "position") == []


@pytest.mark.parametrize("seed", range(12))
def test_after_a_replay_it_is_as_if_nothing_had_happened(fresh, seed) -> None:
    """Records that move between persons, withdrawals and corrections among what waits and what goes on."""
    ledgers, random = Ledgers(), Random(seed)
    tangled(ledgers, seed=seed, facts=80)
    for number in range(4):
        bad = placement(f"P{number}", "2025-02-01", accommodation="bug")
        ledgers.tell("placement-started", random.choice(PEOPLE), _record=f"R{number}", _revision=2, **bad)
        tangled(ledgers, seed=seed * 100 + number, facts=25)
    broken = fresh()
    projector = projector_on(broken, ledgers, fold=buggy)
    applied(projector, ledgers, size=random.choice((1, 3, 7, 40)))
    assert rows(broken, quarantine, "person")
    replay(broken)
    assert rows(broken, parked, "position") == []
    assert digest_of(broken) == clean_digest(fresh, ledgers)


def applied(projector: Projector, ledgers: Ledgers, *, size: int) -> None:
    """Everything, so many entries of each stream at a time."""
    for start in range(0, max(map(len, ledgers.streams.values())), size):
        projector.apply({stream: told[start : start + size] for stream, told in ledgers.streams.items()})


def test_what_is_parked_does_not_depend_on_how_facts_come_together(fresh, ledgers) -> None:
    tangled(ledgers, seed=3, facts=60)
    ledgers.tell("placement-started", ANN, _record="R1", **placement("P1", "2025-02-01", accommodation="bug"))
    tangled(ledgers, seed=4, facts=60)
    outcomes = []
    for size in (1, 5, 500):
        engine = fresh()
        for stream in STREAMS:
            projector = projector_on(engine, ledgers, fold=buggy)
            for start in range(0, len(ledgers.streams[stream]), size):
                projector.apply({stream: ledgers.streams[stream][start : start + size]})
        outcomes.append((digest_of(engine), rows(engine, parked, "service", "position", "behind")))
    assert outcomes[0] == outcomes[1] == outcomes[2]


def test_a_correction_to_another_person_waits_with_the_record(monitor, fresh, ledgers) -> None:
    """Ann's stay turns out to be Ben's: while Ann waits it is still hers, and it is never counted for both."""
    ledgers.tell("placement-started", ANN, _record="R1", **placement("P1", "2026-01-01"))
    ledgers.tell("placement-started", ANN, **placement("P2", "2026-01-10", accommodation="bug"))
    ledgers.tell("placement-started", BEN, _record="R1", _revision=2, **placement("P1", "2026-01-01"))
    ledgers.tell("placement-started", BEN, **placement("P5", "2026-01-03"))
    projector_on(monitor, ledgers, fold=buggy).apply(ledgers.batches())
    assert rows(monitor, placements, "person", "placement") == [(ANN, "P1"), (BEN, "P5")]
    replay(monitor)
    assert digest_of(monitor) == clean_digest(fresh, ledgers)


def test_what_waits_behind_two_is_taken_when_both_are_released(monitor, fresh, ledgers) -> None:
    for person, number in ((ANN, 1), (BEN, 2)):
        ledgers.tell("placement-started", person, _record=f"R{number}", **placement(f"P{number}", "2026-01-01"))
        ledgers.tell("placement-started", person, **placement(f"B{number}", "2026-02-01", accommodation="bug"))
    ledgers.tell("placement-started", ANN, _record="R2", _revision=2, **placement("P2", "2026-01-01"))
    projector = projector_on(monitor, ledgers, fold=buggy)
    for stream, raw in sorted(entries(ledgers), key=lambda entry: position_of(entry[1])):
        projector.apply({stream: [raw]})
    assert rows(monitor, parked, "position", "behind") == [(2, ANN), (4, BEN), (5, ANN)]
    assert replay(monitor, fold=all_but_ben) == Replayed(facts=1, released=1, still=2)
    assert rows(monitor, parked, "position", "behind") == [(4, BEN), (5, BEN)]
    replay(monitor)
    assert digest_of(monitor) == clean_digest(fresh, ledgers)


def test_a_crash_at_any_step_parks_whole_or_not_at_all(monitor, ledgers) -> None:
    told(ledgers)
    crashes = 0
    while True:
        crash = crashing(monitor, at=crashes + 1)
        next(crash)
        try:
            projector_on(monitor, ledgers, fold=buggy).apply(ledgers.batches())
        except CrashError:
            crashes += 1
        else:
            break
        finally:
            next(crash, None)
        waits, stored = rows(monitor, parked, "position"), rows(monitor, fact, "position")
        assert bool(waits) == bool(rows(monitor, quarantine, "person"))
        assert not set(waits) & set(stored)
        stands = dict(rows(monitor, checkpoint, "stream", "position"))
        done = {position_of(raw) for stream, raw in entries(ledgers) if position_of(raw) <= stands.get(stream.name, 0)}
        assert {position for (position,) in waits + stored} == done
    assert crashes > 15
    assert rows(monitor, parked, "position", "behind") == [(3, ANN), (4, ANN)]


def test_data_that_do_not_fit_their_type_quarantine_the_person_they_are_about(monitor, ledgers) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    ledgers.tell("placement-started", ANN, **placement("P2", "no date"))
    ledgers.tell("discharge-recorded", ANN, **discharge("P1", "2026-01-20"))
    ledgers.tell("placement-started", BEN, **placement("P3", "2026-01-01"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    assert rows(monitor, parked, "position", "behind") == [(2, ANN), (3, ANN)]
    assert rows(monitor, quarantine, "person", "position") == [(ANN, 2)]
    assert len(figures(monitor, "2026-02-01").open_closures) == 2
    assert replay(monitor) == Replayed(facts=0, released=0, still=2)


def test_the_register_of_accommodations_waits_by_itself(monitor, ledgers) -> None:
    change = {"accommodation": "a", "procurement": "lta", "closure": "gesloten"}
    ledgers.tell("capacity-changed", None, **change, from_on="2026-01-01", places=10)
    ledgers.tell("capacity-changed", None, **change, from_on="2026-01-02", places="many")
    ledgers.tell("capacity-changed", None, **change, from_on="2026-01-03", places=30)
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    assert sorted(rows(monitor, parked, "position", "behind")) == [(2, ""), (3, "")]
    seen = figures(monitor, "2026-02-01")
    assert (seen.places, len(seen.open_closures)) == ({"gesloten": 10}, 1)


def test_a_stored_fact_that_only_a_newer_version_reads_quarantines_whom_it_is_about(monitor, ledgers) -> None:
    """A newer monitor ran on this database and was taken back."""
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    with monitor.begin() as connection:
        [body] = connection.scalars(select(fact.c.body))
        connection.execute(update(fact).values(body=body.replace("placement-started.v1", "placement-started.v9")))
    ledgers.tell("discharge-recorded", ANN, **discharge("P1", "2026-01-20"))
    ledgers.tell("placement-started", BEN, **placement("P2", "2026-01-01"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    assert rows(monitor, quarantine, "person", "position") == [(ANN, 2)]
    assert len(figures(monitor, "2026-02-01").open_closures) == 2


def test_a_rebuild_that_meets_a_bug_keeps_the_rows_and_goes_on(monitor, ledgers) -> None:
    told(ledgers)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    before = digest_of(monitor)
    with monitor.begin() as connection:
        connection.execute(placements.delete().where(placements.c.person == BEN))
    assert rebuild(monitor, rules=RULES, progress=lambda done, total: None, fold=buggy) == 3
    assert digest_of(monitor) == before
    assert rows(monitor, quarantine, "person", "position") == [(ANN, None)]
    ledgers.tell("placement-started", ANN, **placement("P9", "2026-02-20"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    assert rows(monitor, parked, "behind") == [(ANN,)]
    assert replay(monitor) == Replayed(facts=1, released=1, still=0)


def test_reading_everything_again_forgets_what_was_parked(monitor, fresh, ledgers) -> None:
    told(ledgers)
    projector_on(monitor, ledgers, fold=buggy).apply(ledgers.batches())
    read_again(monitor, ledgers)
    assert rows(monitor, quarantine, "person") == rows(monitor, parked, "position") == []
    assert digest_of(monitor) == clean_digest(fresh, ledgers)


def test_a_type_of_a_newer_version_halts_its_stream_and_no_other(monitor, ledgers) -> None:
    stream = ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    newer = {"type": "nl.doorstroom.placement-started.v9", "subject": ANN, "source": "x", "id": "new", "data": {}}
    ledgers.tell_event(newer, service="placement")
    ledgers.tell("discharge-recorded", ANN, **discharge("P1", "2026-01-20"))
    other = next(
        person
        for person in PEOPLE
        if ledgers.tell("placement-started", person, **placement("P", "2026-01-05")) != stream
    )
    projector = projector_on(monitor, ledgers)
    for _ in range(2):
        projector.apply(ledgers.batches())
        assert projector.catch_up(stream) == 0
        assert (projector.positions[stream], projector.halted[stream].position) == (1, 2)
    assert list(projector.halted) == [stream]
    assert {person for (person,) in rows(monitor, fact, "person")} == {ANN, other}
    assert rows(monitor, parked, "position") == []
