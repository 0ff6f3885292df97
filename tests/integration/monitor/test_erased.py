"""Whoever is erased is in nothing that the monitor keeps, also not in what is derived about others."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text

from services.monitor.access.log import Deed, Origin
from services.monitor.access.people import People
from services.monitor.access.reader import Reader
from services.monitor.derived import capacity, flag
from services.monitor.derived import placement as placements
from services.monitor.dossier.fold import fold
from services.monitor.erasing import erase
from services.monitor.erasures import recognise
from services.monitor.projector.dossiers import Fold
from services.monitor.projector.erasing import Decision
from services.monitor.projector.projection import Projector
from services.monitor.rebuild import rebuild
from services.monitor.tables import parked, quarantine
from shared.databases import open_engine
from shared.erasure import ErasureKeyNeeded, Seal
from tests.integration.monitor.conftest import RULES, digest_of
from tests.integration.monitor.ledgers import NOON, SOURCE, STREAMS, Ledgers, discharge, placement
from tests.integration.monitor.test_poison import buggy, rows

ANN, BEN, EVA = "ann-0123456789abcdef", "ben-0123456789abcdef", "eva-0123456789abcdef"
SEAL = Seal("a key of an installation of 32 characters or more")
OTHER = Seal("another key of 32 characters or more, as long")
MARK = SEAL.mark(ANN)


def projector_on(engine: Engine, ledgers: Ledgers, *, seal: Seal | None = SEAL, fold: Fold = fold) -> Projector:
    """A projector that knows the key."""
    made = Projector(engine, rules=RULES, clock=lambda: NOON, source=ledgers, fold=fold, seal=seal)
    made.load(STREAMS)
    return made


def said_of_erasure(ledgers: Ledgers, person: str = ANN) -> None:
    """The ledger's own fact that somebody is erased."""
    event = {
        "specversion": "1.0",
        "id": "erasure-1",
        "source": SOURCE,
        "type": "nl.doorstroom.youth-erased.v1",
        "time": NOON.isoformat(),
        "data": {"basis": "request", "erased_on": "2026-03-01"},
        "erased": SEAL.person(person),
    }
    ledgers.tell_event(event, service="placement")


def decision(person: str = ANN, *, known: bool = False) -> Decision:
    """What the command brings."""
    return Decision(SEAL.person(person), "request", NOON.date(), person if known else None)


def erased_by_command(engine: Engine, *, known: bool = False) -> None:
    erase(engine, [decision(known=known)], rules=RULES, clock=lambda: NOON, seal=SEAL)


def tables_with(engine: Engine, word: str) -> list[str]:
    """Every table with a word in it."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if engine.dialect.name == "postgresql":
        query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    with engine.connect() as connection:
        names = sorted(connection.scalars(text(query)))
        return [name for name in names if word in repr(connection.execute(text(f'SELECT * FROM "{name}"')).all())]


def told_about_ben_with_ann(ledgers: Ledgers) -> None:
    """Everything said of Ben names Ann somewhere: in a key, an id, a record, an accommodation."""
    ledgers.tell("placement-started", BEN, **placement(f"P-{ANN}", "2026-01-01"), _id=ANN)
    ledgers.tell("placement-started", BEN, **placement("P2", "2026-01-10", accommodation=f"house-of-{ANN}"))
    ledgers.tell("placement-started", BEN, _record=f"R-{ANN}", **placement("P3", "2026-01-20", route="crisis"))
    ledgers.tell("discharge-recorded", BEN, **discharge(f"gone-{ANN}", "2026-01-25"))


@pytest.mark.parametrize("by_command", [True, False], ids=["command", "fact"])
def test_nothing_derived_about_others_names_who_is_erased(monitor: Engine, ledgers: Ledgers, by_command: bool) -> None:
    told_about_ben_with_ann(ledgers)
    ledgers.tell("placement-started", ANN, **placement("P9", "2026-01-01"))
    ledgers.tell("placement-started", EVA, **placement("P5", "2026-01-01"))
    projector = projector_on(monitor, ledgers)
    projector.apply(ledgers.batches())
    assert {"fact", "placement", "flag"} <= set(tables_with(monitor, ANN))
    if by_command:
        erased_by_command(monitor)
    else:
        said_of_erasure(ledgers)
        projector.apply(ledgers.batches())
    assert tables_with(monitor, ANN) == []
    assert rows(monitor, placements, "person", "placement", "accommodation") == sorted(
        [
            (BEN, f"P-{MARK}", "schakenbosch"),
            (BEN, "P2", f"house-of-{MARK}"),
            (BEN, "P3", "schakenbosch"),
            (EVA, "P5", "schakenbosch"),
        ]
    )
    assert any(MARK in about for (about,) in rows(monitor, flag, "about"))
    before = digest_of(monitor)
    rebuild(monitor, rules=RULES, progress=lambda done, total: None)
    assert digest_of(monitor) == before


def test_whom_only_a_fact_about_somebody_else_names_is_taken_out_when_the_command_knows_them(
    monitor: Engine, ledgers: Ledgers
) -> None:
    told_about_ben_with_ann(ledgers)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    erased_by_command(monitor, known=True)
    assert tables_with(monitor, ANN) == []


def test_the_register_of_accommodations_is_made_anew_too(monitor: Engine, ledgers: Ledgers) -> None:
    house = {"accommodation": f"house-of-{ANN}", "procurement": "lta", "closure": "gesloten"}
    ledgers.tell("capacity-changed", None, **house, from_on="2026-01-01", places=10)
    ledgers.tell("placement-started", ANN, **placement("P9", "2026-01-01", accommodation=f"house-of-{ANN}"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    assert tables_with(monitor, ANN) != []
    erased_by_command(monitor)
    assert tables_with(monitor, ANN) == []
    assert rows(monitor, capacity, "accommodation", "places") == [(f"house-of-{MARK}", 10)]


def test_somebody_who_waits_in_quarantine_names_nobody_who_is_erased_either(
    monitor: Engine, fresh: Callable[[], Engine], ledgers: Ledgers
) -> None:
    told_about_ben_with_ann(ledgers)
    ledgers.tell("placement-started", ANN, **placement("P9", "2026-01-01"))
    ledgers.tell("placement-started", BEN, _record=f"Q-{ANN}", **placement("P8", "2026-02-01", accommodation="bug"))
    projector_on(monitor, ledgers, fold=buggy).apply(ledgers.batches())
    assert rows(monitor, quarantine, "person") == [(BEN,)]
    erased_by_command(monitor)
    assert tables_with(monitor, ANN) == []
    assert (BEN, f"P-{MARK}") in rows(monitor, placements, "person", "placement")
    ledgers.tell("placement-started", BEN, _record=f"Q-{MARK}", _revision=2, **placement("P8", "2026-02-02"))
    projector_on(monitor, ledgers, fold=buggy).apply(ledgers.batches())
    [(first,), (second,)] = rows(monitor, parked, "record_hash")
    assert first == second  # Still one record.


@pytest.mark.parametrize("seal", [None, OTHER], ids=["no-key", "another-key"])
def test_a_monitor_with_another_key_does_not_begin(monitor: Engine, ledgers: Ledgers, seal: Seal | None) -> None:
    recognise(monitor, seal)
    ledgers.tell("placement-started", ANN, **placement("P9", "2026-01-01"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    erased_by_command(monitor)
    recognise(monitor, SEAL)
    with pytest.raises(ErasureKeyNeeded):
        recognise(monitor, seal)
    ledgers.tell("placement-started", EVA, **placement("P5", "2026-01-01"))
    with pytest.raises(ErasureKeyNeeded):
        projector_on(monitor, ledgers, seal=seal).apply(ledgers.batches())


def test_whom_no_line_is_about_is_erased_from_a_log_with_lines_about_nobody(database_url: str) -> None:
    engine = open_engine(database_url)
    people = People(engine, lambda: NOON, seal=SEAL)
    people.create()
    reader, added = Reader("Bo", "person"), Deed("account-added", "C", None)
    people.log.note(reader, added, Origin("account Bo", None, "0", "0"), persons=[None])
    assert people.log.erase(SEAL.person(ANN), None, reader=reader, seal=SEAL) == 0
    assert people.log.erased() == {SEAL.person(ANN)}
    assert [line.event for line in people.log.lines()] == ["account-added", "person-erased"]
    people.log.verify()
    engine.dispose()


@pytest.mark.parametrize("seal", [None, OTHER], ids=["no-key", "another-key"])
def test_an_access_log_with_another_key_takes_no_line(database_url: str, seal: Seal | None) -> None:
    engine = open_engine(database_url)
    known = People(engine, lambda: NOON, seal=SEAL)
    known.create()
    reader, looked, origin = Reader("Bo", "person"), Deed("case-read", "R", "cases:read"), Origin("", None, "0", "0")
    known.log.note(reader, looked, origin, persons=[ANN, BEN])
    other = People(engine, lambda: NOON, seal=seal)
    other.log.recognise()
    known.log.erase(SEAL.person(ANN), ANN, reader=reader, seal=SEAL)
    with pytest.raises(ErasureKeyNeeded):
        other.log.recognise()
    for person in (ANN, BEN):
        with pytest.raises(ErasureKeyNeeded):
            other.log.note(reader, looked, origin, persons=[person])
    known.log.recognise()
    known.log.note(reader, looked, origin, persons=[ANN, None])
    assert tables_with(engine, ANN) == []
    engine.dispose()
