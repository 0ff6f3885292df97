"""How the databases find what a ledger asks for: a table of facts that was never analysed is not read whole for it."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from shared.ledger import Ledger
from tests.contract.drafts import SOURCE, a_draft, a_submission, append, made
from tests.servers.plans import plans_of

FACTS = 10_000
"""So many that to read them all costs more than to look for those that are asked for."""
MORE = {
    "sqlite": re.compile(r"^SCAN (fact|known_key)|TEMP B-TREE"),
    "postgresql": re.compile(r"Seq Scan on (fact|known_key)|Hash|Sort"),
}
"""A table read whole, or more than a page put in order."""

WORK: dict[str, Callable[[Ledger], object]] = {
    "one fact appended": lambda ledger: append(ledger, a_draft(FACTS)),
    "many appended, half of them known": lambda ledger: ledger.append([a_submission(range(FACTS - 100, FACTS + 100))]),
    "a page of everything": lambda ledger: ledger.read(500, limit=100),
    "a page of a source": lambda ledger: ledger.read(500, limit=100, source=SOURCE),
    "a page of a partition": lambda ledger: ledger.read(500, limit=100, partition=1),
    "the last position": lambda ledger: ledger.head(),
}


@pytest.mark.parametrize("work", WORK)
def test_a_ledger_reads_no_more_than_it_asks_for(engine: Engine, work: str) -> None:
    ledger = made(engine)
    ledger.append([a_submission(range(FACTS))])
    with plans_of(engine) as steps:
        WORK[work](ledger)
    assert steps
    assert [step for step in steps if MORE[engine.dialect.name].search(step)] == []
