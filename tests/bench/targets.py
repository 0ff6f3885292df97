"""What Doorstroom has to reach: figures with a bound, and how many times faster it is than a peer or a limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from tests.bench.figures import NATIONS
from tests.bench.footprint import GROWING, correction
from tests.bench.growth import SIZES, appended, read
from tests.bench.limits import BATCH_FACTS, bare, beside
from tests.bench.nations import LONGEST, TOGETHER, over
from tests.bench.peer_projection import PROJECTION
from tests.bench.runner import NEITHER, POSTGRESQL, SQLITE, Measured
from tests.bench.scrape import OPEN
from tests.bench.system import SERVICES
from tests.bench.workers import MONITORS, figure

_HTTP, _APPEND, _LIMIT = "ingest over HTTP", "append, ", "limit"
_MANY, _BATCHES = "64 clients", "4 clients, batches of 500"


@dataclass(frozen=True, slots=True)
class Target:
    """A figure, or its ratio to another of the same run and database. Without a bound it is only told."""

    item: str
    """Of the list of works in docs/performance.md."""
    figure: str
    """As `work: figure`."""
    to: str | None = None
    database: str | None = None
    """Where it holds; None: on every database where both were measured."""
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """What came of a target on one database."""

    target: Target
    database: str
    unit: str
    """`times` for a ratio."""
    values: Sequence[float]
    """One for each repetition; for a ratio those of the two repetitions with the same number."""
    lossy: bool
    """Whether the other side loses facts to a reader beside its writers."""

    @property
    def middle(self) -> float:
        return median(self.values)

    @property
    def met(self) -> bool | None:
        """Whether the median keeps to the bound; None without one."""
        target = self.target
        if target.at_least is None and target.at_most is None:
            return None
        return (target.at_least is None or self.middle >= target.at_least) and (
            target.at_most is None or self.middle <= target.at_most
        )


TARGETS = (
    # Ratios.
    Target("c", f"{_APPEND}Doorstroom: {_MANY}", f"{_APPEND}eventsourcing: {_MANY}"),
    Target("c", f"{_APPEND}Doorstroom: {_MANY}", f"{_APPEND}eventsourcing: 1 client", at_least=12),
    Target("c", f"{_APPEND}Doorstroom: {_MANY}", f"{_APPEND}eventsourcing with functions: {_MANY}"),
    Target("c", f"{_APPEND}Doorstroom: {_MANY}", f"{_APPEND}Protean on message-db: {_MANY}"),
    Target("c", f"{_APPEND}Doorstroom: {_MANY}", f"{_APPEND}Emmett: {_MANY}"),
    Target("c", f"{_APPEND}Doorstroom: {_MANY}", f"{_APPEND}UmaDB: {_MANY}", SQLITE),
    Target("c", f"{_LIMIT}: {beside(64)}", f"{_LIMIT}: {bare(64)}", at_least=0.5),
    Target("c", f"{_APPEND}Doorstroom: {_MANY}", f"{_LIMIT}: {bare(64)}", at_least=0.5),
    Target("c", f"{_APPEND}Doorstroom: {_BATCHES}", f"{_APPEND}eventsourcing: {_BATCHES}"),
    Target("c", f"{_APPEND}Doorstroom: {_BATCHES}", f"{_APPEND}Emmett: {_BATCHES}"),
    Target("c", f"{_APPEND}Doorstroom: {_BATCHES}", f"{_APPEND}UmaDB: {_BATCHES}", SQLITE),
    Target("c", f"{_LIMIT}: {beside(BATCH_FACTS)}", f"{_LIMIT}: {bare(BATCH_FACTS)}"),
    Target("c", f"{_APPEND}Doorstroom: {_BATCHES}", f"{_LIMIT}: {bare(BATCH_FACTS)}"),
    Target("a", f"{_HTTP}: {_MANY} one by one", f"{_APPEND}Doorstroom: {_MANY}"),
    Target("d", "monitor: projection", f"monitor, eventsourcing: {PROJECTION}", at_least=10),
    *(
        Target("k", f"growth: {of(size)}", f"growth: {of(SIZES[0])}", at_most=1.2)
        for of in (appended, read)
        for size in SIZES[1:]
    ),
    *(
        Target("h", f"figures: {over(TOGETHER, more)}", f"figures: {over(TOGETHER, less)}", at_most=12)
        for less, more in pairwise(NATIONS)
    ),
    *(Target("l", f"scale-out: {figure(monitors)}", f"scale-out: {figure(1)}") for monitors in MONITORS[1:]),
    # Figures.
    Target("a", f"{_HTTP}: {_MANY} one by one", database=SQLITE, at_least=3000),
    Target("a", f"{_HTTP}: {_MANY} one by one", database=POSTGRESQL, at_least=2500),
    Target("a", f"{_HTTP}: {_MANY} one by one, p99", at_most=50),
    Target("b", f"{_HTTP}: batches of 500", at_least=20_000),
    Target("c", f"{_APPEND}Doorstroom: missed by the reader", at_most=0),
    Target("d", "monitor: projection", at_least=10_000),
    Target("e", "monitor: rebuild", at_least=50_000),
    Target("f", "from 202 to /metrics: under load, p99", at_most=100),
    *(Target("g", f"a scrape: {number:,} open, after a change", at_most=50) for number in OPEN),
    Target("h", f"figures: {over(LONGEST, NATIONS[1])}", at_most=1),
    *(Target("i", f"footprint: {correction(process)}", at_most=0.1) for process in GROWING),
    *(Target("j", f"start to ready: {service}, next start", at_most=3) for service in SERVICES),
)


def reached(found: Sequence[Measured], targets: Sequence[Target] = TARGETS) -> list[Reached]:
    """What came of each target, on each database where its figures were measured."""
    by_key: dict[str, dict[str, Measured]] = {}
    for one in found:
        by_key.setdefault(one.key, {})[one.database] = one
    losing = {(one.work, one.database) for one in found if one.name == "missed by the reader" and max(one.values)}
    told = []
    for target in targets:
        for database, one in by_key.get(target.figure, {}).items():
            if target.database not in (None, database):
                continue
            if target.to is None:
                told.append(Reached(target, database, one.unit, one.values, lossy=False))
            elif (other := _beside(by_key.get(target.to, {}), database)) and all(other.values):
                lossy = (other.work, other.database) in losing
                told.append(Reached(target, database, "times", _ratios(one, other), lossy))
    return told


def _beside(other: dict[str, Measured], database: str) -> Measured | None:
    """The figure on the same database; of what has its own, that."""
    return other.get(database) or other.get(NEITHER)


def _ratios(one: Measured, other: Measured) -> list[float]:
    """Repetition by repetition, or that of the medians where there are more of one than of the other."""
    if len(one.values) != len(other.values):
        return [one.middle / other.middle]
    return [mine / yours for mine, yours in zip(one.values, other.values, strict=True)]
