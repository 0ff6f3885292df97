"""What a deployment of all youth care in the country needs, computed from what was measured; pure arithmetic."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from shared.relay.streams import TRIM_MARGIN_POSITIONS
from tests.bench.footprint import GROWING, LEDGER_FACT, MONITOR_FACT, PROCESSES, REDIS_FACT, case
from tests.bench.runner import Measured

YOUNG_PERSONS_A_YEAR = 470_000
FACTS_A_YEAR = 10_000_000
"""About twenty for each young person."""
WORKING_SECONDS_A_YEAR = 250 * 8 * 3600
PEAK = 20
"""How many times the mean of working hours one busy second is reckoned at."""
PROCESSORS = 2
"""Of the machine on which the door was measured, which the load shared."""
AWAY_HOURS = 72
"""How long the monitor may be away while Redis keeps what it has not read."""
YEARS_KEPT = 20

_ONE_BY_ONE, _BATCHES = "ingest over HTTP: 64 clients one by one", "ingest over HTTP: batches of 500"
_PROJECTION, _REBUILD = "monitor: projection", "monitor: rebuild"
KIB, MIB, GIB = 2**10, 2**20, 2**30


@dataclass(frozen=True, slots=True)
class Need:
    """One line: what is needed, how much, and from which figures it follows."""

    what: str
    amount: str
    follows: str


def needs(found: Sequence[Measured], database: str) -> Iterator[Need]:
    """What follows from the figures of one database; lines whose figures were not measured are left out."""
    middle = {one.key: one.middle for one in found if one.database == database}
    mean = FACTS_A_YEAR / WORKING_SECONDS_A_YEAR
    peak = mean * PEAK
    yield Need(
        "Facts a second",
        f"{mean:.1f} on average in working hours, {peak:,.0f} in a busy second",
        f"{FACTS_A_YEAR:,} a year in 250 days of 8 hours; a busy second is reckoned at {PEAK} times the mean",
    )
    if _ONE_BY_ONE in middle and _PROJECTION in middle:
        door, projection = peak / middle[_ONE_BY_ONE], peak / middle[_PROJECTION]
        cores = PROCESSORS * door + projection
        yield Need(
            "Cores",
            f"{max(1, ceil(cores))}; a busy second takes {cores:.2f} of one",
            f"{door * 100:.1f} % of what the door takes one by one with {PROCESSORS} cores, and "
            f"{projection * 100:.1f} % of what one monitor projects with one; reading figures comes beside it",
        )
    if _BATCHES in middle and _PROJECTION in middle and _REBUILD in middle:
        yield Need(
            "Reading in a year",
            f"{_minutes(middle[_BATCHES])} at the door, {_minutes(middle[_PROJECTION])} to project it, "
            f"{_minutes(middle[_REBUILD])} to fold everything anew",
            "batches of 500, one service and one monitor",
        )
    yield from _memory(middle)
    yield from _disk(middle)


def _memory(middle: Mapping[str, float]) -> Iterator[Need]:
    empty = [middle.get(f"footprint: {process}, empty") for process in PROCESSES]
    cases = [middle.get(f"footprint: {case(process)}") for process in GROWING]
    stream = middle.get(f"footprint: {REDIS_FACT}")
    if None in (*empty, *cases) or stream is None:
        return
    base = sum(value for value in empty if value is not None) * MIB
    most = sum(max(0.0, value) for value in cases if value is not None) * KIB * YOUNG_PERSONS_A_YEAR
    yield Need(
        "Memory of the services",
        f"{(base + most) / GIB:.1f} GiB at most",
        f"{base / MIB:,.0f} MiB empty, and as if every one of {YOUNG_PERSONS_A_YEAR:,} young persons were an open case",
    )
    waiting = FACTS_A_YEAR / 365 * AWAY_HOURS / 24 + 2 * TRIM_MARGIN_POSITIONS
    yield Need(
        "Memory of Redis",
        f"{waiting * stream * KIB / MIB:,.0f} MiB",
        f"{waiting:,.0f} facts, which is what comes in while the monitor is away for {AWAY_HOURS} hours and what is "
        f"never trimmed, {stream:.2f} KiB each; a year read in at once before a monitor is there takes "
        f"{FACTS_A_YEAR * stream * KIB / GIB:.1f} GiB",
    )


def _disk(middle: Mapping[str, float]) -> Iterator[Need]:
    ledger, monitor = (middle.get(f"footprint: {name}") for name in (LEDGER_FACT, MONITOR_FACT))
    if ledger is None or monitor is None:
        return
    year = FACTS_A_YEAR * (ledger + monitor) * KIB
    yield Need(
        "Disk",
        f"{year / GIB:.1f} GiB a year, {YEARS_KEPT * year / GIB:,.0f} GiB for the {YEARS_KEPT} years of a file",
        f"{ledger:.2f} KiB a fact in a ledger, {monitor:.2f} KiB in the monitor; a rebuild from the ledgers "
        "and a backup each want the same again for a while",
    )


def _minutes(facts_per_second: float) -> str:
    return f"{FACTS_A_YEAR / facts_per_second / 60:,.0f} minutes"
