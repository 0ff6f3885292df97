"""A rebuild gives the same figures to the last digit, while facts go on arriving."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event, Thread

from sqlalchemy import Engine, delete, insert, update
from sqlalchemy.event import listen

from services.monitor.derived import DOSSIER_TABLES, closure, flag, placement
from services.monitor.dossier.rules import Rules
from services.monitor.rebuild import _page, of_nobody, rebuild, rebuild_when_outdated
from services.monitor.tables import derivation
from shared.databases import open_engine
from tests.contract.drafts import held_before_commit
from tests.integration.monitor.conftest import RULES, digest_of, figures, projector_on
from tests.integration.monitor.histories import PEOPLE, tangled
from tests.integration.monitor.ledgers import STREAMS, discharge
from tests.integration.monitor.ledgers import placement as started
from tests.servers.plans import plans_of


def silent(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


def test_a_rebuild_makes_damaged_rows_whole_and_deletes_those_of_nobody(monitor, ledgers) -> None:
    tangled(ledgers, seed=1)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    before = digest_of(monitor)
    with monitor.begin() as connection:
        connection.execute(update(closure).values(number=closure.c.number + 10))
        connection.execute(placement.delete())
        lost = {"person": "nobody-0123456789abc", "ordinal": 0, "code": "F1", "severity": "info"}
        connection.execute(insert(flag).values(**lost, about="x", since_on=date(2026, 1, 1), source="y"))
    assert digest_of(monitor) != before
    told = []
    assert rebuild(monitor, rules=RULES, progress=lambda done, total: told.append((done, total))) == len(PEOPLE)
    assert digest_of(monitor) == before
    assert told[-1] == (len(PEOPLE), len(PEOPLE))


def test_persons_are_read_by_pages_of_which_none_reads_those_that_are_left(monitor, ledgers) -> None:
    tangled(ledgers, seed=1)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    with plans_of(monitor) as steps:
        assert _page(monitor, "") == sorted(PEOPLE)
    assert steps
    assert [step for step in steps if "Sort" in step or "Hash" in step or "B-TREE" in step] == []


def test_rows_of_nobody_are_looked_for_without_a_pass_over_everybody_for_each_row(monitor) -> None:
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[monitor.dialect.name]
    # A scan for each row: SQLite says so of the inner table, PostgreSQL where it cannot join.
    pass_for_each = {"sqlite": "SCAN fact", "postgresql": "SubPlan"}[monitor.dialect.name]
    with monitor.begin() as connection:
        for table in DOSSIER_TABLES:
            written = str(of_nobody(table).compile(monitor))
            plan = "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {written}"))
            assert table.name in plan
            assert pass_for_each not in plan


def test_two_monitors_may_be_the_first_on_a_database_at_once(monitor, database_url) -> None:
    another, asked = open_engine(database_url), Event()
    listen(another, "before_cursor_execute", lambda _c, _u, said, *_: said.startswith("INSERT") and asked.set())
    with monitor.begin() as connection:
        connection.execute(delete(derivation))

    def start(engine: Engine) -> bool:
        return rebuild_when_outdated(engine, rules=RULES, progress=silent)

    with ThreadPoolExecutor() as pool, held_before_commit(monitor) as (noted, may):
        first = pool.submit(start, monitor)
        assert noted.wait(20)
        second = pool.submit(start, another)
        # On SQLite the second waits for the first before it looks; on PostgreSQL it has seen that nothing is there.
        assert asked.wait(20 if monitor.dialect.name == "postgresql" else 0.1) or monitor.dialect.name == "sqlite"
        may.set()
        assert [first.result(20), second.result(20)] == [False, False]
    another.dispose()


def test_a_rebuild_beside_a_projector_loses_nothing(monitor, fresh, ledgers) -> None:
    tangled(ledgers, seed=2)
    clean = fresh()
    projector_on(clean, ledgers).apply(ledgers.batches())
    projector = projector_on(monitor, ledgers)

    def project() -> None:
        for stream in STREAMS:
            for start in range(0, len(ledgers.streams[stream]), 5):
                projector.apply({stream: ledgers.streams[stream][start : start + 5]})

    working = Thread(target=project)
    working.start()
    while working.is_alive():
        rebuild(monitor, rules=RULES, progress=silent)
    working.join()
    assert digest_of(monitor) == digest_of(clean)


def test_other_rules_rebuild_at_the_next_start_and_the_same_do_not(monitor, ledgers) -> None:
    ann = PEOPLE[0]
    ledgers.tell("placement-started", ann, **started("P1", "2026-01-01"))
    ledgers.tell("doorplaatsing-recorded", ann, placement="P1", departed_on="2026-01-10", reason="age")
    ledgers.tell("placement-started", ann, **started("P2", "2026-01-20", accommodation="via-almata"))
    ledgers.tell("discharge-recorded", ann, **discharge("P2", "2026-01-30"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    assert figures(monitor, "2026-02-01").replacements_within(365) == 1
    assert not rebuild_when_outdated(monitor, rules=RULES, progress=silent)
    assert rebuild_when_outdated(monitor, rules=Rules(link_days=14), progress=silent)
    assert figures(monitor, "2026-02-01").replacements_within(365) == 0
    with monitor.begin() as connection:
        assert '"link_days": 14' in connection.execute(derivation.select()).one().rules
