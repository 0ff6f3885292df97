"""What a fact costs in a ledger that has many already: appended in commits of 64, and read back by the thousand.

The ledger is filled with its own append, in batches of 2,000: nothing is in it that a service would not have put there.
"""

import time
from collections.abc import Mapping
from itertools import pairwise

from shared.clock import system_clock
from shared.databases import open_engine
from shared.ledger import Ledger
from tests.bench.peers.doorstroom import PARTITIONS, submission
from tests.bench.peers.store import Facts
from tests.bench.runner import Effort, Figure, Place, Work

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
FILL_FACTS = 2_000
COMMIT_FACTS = 64
COMMITS = 200
PAGE_FACTS = 1_000
PAGES = 30


def appended(size: int) -> str:
    """The figure of an append to a ledger of so many facts."""
    return f"append to a ledger of {size:,}"


def read(size: int) -> str:
    """The figure of reading in a ledger of so many facts."""
    return f"read in a ledger of {size:,}"


def measure(place: Place, effort: Effort) -> Mapping[str, float]:
    """Fill to each size that the effort reaches, and measure there."""
    engine = open_engine(place.fresh())
    ledger = Ledger(engine, service="placement", clock=system_clock)
    ledger.create(partitions=PARTITIONS)
    facts, found = Facts(), {}
    for before, size in pairwise((0, *(size for size in SIZES if size <= effort.ledger_facts))):
        for _ in range(before + COMMITS * COMMIT_FACTS * (before > 0), size, FILL_FACTS):
            ledger.append([submission(facts.take(FILL_FACTS))])
        found[appended(size)] = _append_us(ledger, facts)
        found[read(size)] = _read_us(ledger, size)
    engine.dispose()
    return found


def _append_us(ledger: Ledger, facts: Facts) -> float:
    """Microseconds a fact; making the facts is not counted."""
    spent = 0.0
    for _ in range(COMMITS):
        one = submission(facts.take(COMMIT_FACTS))
        began = time.perf_counter()
        ledger.append([one])
        spent += time.perf_counter() - began
    return spent / (COMMITS * COMMIT_FACTS) * 1e6


def _read_us(ledger: Ledger, size: int) -> float:
    """Microseconds a fact, from places all over the ledger."""
    began = time.perf_counter()
    for page in range(PAGES):
        assert len(ledger.read(page * (size - PAGE_FACTS) // PAGES, limit=PAGE_FACTS)) == PAGE_FACTS
    return (time.perf_counter() - began) / (PAGES * PAGE_FACTS) * 1e6


WORK = Work(
    "growth",
    tuple(Figure(name(size), "us/fact") for name in (appended, read) for size in SIZES),
    measure,
)
