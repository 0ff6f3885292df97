"""The sweep: rounds of faults under load, and after each round a comparison of everything with the ledgers."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, fields
from random import Random

from rich.console import Console
from rich.table import Table

from tests.faults.checking import Checker
from tests.faults.kinds import KINDS, Kind
from tests.faults.load import Broken, Prevented
from tests.faults.nursery import Nursery
from tests.faults.stores import Disk, PostgresStores, SqliteStores, Stores, SweptRedis, cluster_on
from tests.faults.system import System
from tests.servers.redis import find_redis_server

EPOCH_ROUNDS = 25
"""Rounds on the same ledgers; then everything begins anew, so that a fold from nothing stays quick."""
BATCHES_A_ROUND = 4
"""Of each of the publishers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of a sweep."""

    rounds: int
    seed: int
    database: str
    only: Collection[str] = ()
    """Names of kinds; all unless given."""
    without: str | None = None
    """The safeguard that is taken away, in a revert test."""


@dataclass(slots=True)
class Report:
    """What a sweep found."""

    database: str
    seed: int
    rounds: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    impossible: tuple[str, ...] = ()
    """Kinds that this machine cannot do."""
    acknowledged: int = 0
    stored: int = 0
    lost: int = 0
    doubled: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    """Processes that had ended by themselves, as they must when they cannot go on."""
    seconds: float = 0.0
    broken: str | None = None

    def as_json(self) -> str:
        """One line for a machine."""
        counted = {"faults": dict(self.faults), "ended": dict(self.ended)}
        return json.dumps({one.name: getattr(self, one.name) for one in fields(self)} | counted)


def sweep(
    plan: Plan, *, told: Callable[[Report], None] = lambda _report: None, enough: threading.Event | None = None
) -> Report:
    """Do the rounds, until it is enough; ends at the first promise that is broken, and says so in the report."""
    enough = enough or threading.Event()
    report, random, began = Report(plan.database, plan.seed), Random(plan.seed), time.monotonic()
    with ExitStack() as held:
        disk, redis_disk = _disk(held, 280 if plan.database == "postgresql" else 96), _disk(held, 64)
        scratch = _disk(held, 256)
        cluster = cluster_on(disk) if plan.database == "postgresql" else None
        if cluster is not None:
            held.callback(cluster.remove)
        elif plan.database == "postgresql":
            raise LookupError("no PostgreSQL: no server programs on this machine")
        nursery, checker = Nursery(), Checker(scratch.path)
        held.callback(nursery.close)
        while report.rounds < plan.rounds and report.broken is None and not enough.is_set():
            epoch = report.rounds // EPOCH_ROUNDS
            stores: Stores = (
                SqliteStores(disk, epoch=epoch) if cluster is None else PostgresStores(disk, cluster, epoch=epoch)
            )
            with ExitStack() as ours:
                ours.callback(stores.close)
                redis = _redis(redis_disk)
                ours.callback(redis.remove)
                system = System(stores, redis, nursery, seed=f"{plan.seed}-{epoch}", without=plan.without)
                ours.callback(system.close)
                _epoch(system, checker, plan, report, random, told, enough)
        if report.broken is None or plan.without is not None:
            for left in disk.path.parent.glob(f"{disk.path.name}-*"):
                left.unlink()
    report.seconds = time.monotonic() - began
    return report


def _epoch(
    system: System,
    checker: Checker,
    plan: Plan,
    report: Report,
    random: Random,
    told: Callable[[Report], None],
    enough: threading.Event,
) -> None:
    wanted = [kind for kind in KINDS if not plan.only or kind.name in plan.only]
    kinds = [kind for kind in wanted if kind.possible(system)]
    report.impossible = tuple(kind.name for kind in wanted if kind not in kinds)
    stored, promised, ended = report.stored, report.acknowledged, report.ended.copy()
    for _ in range(min(EPOCH_ROUNDS, plan.rounds - report.rounds)):
        chosen = random.sample(kinds, min(len(kinds), random.randint(1, 2)))
        try:
            struck = _round(system, chosen, random)
            facts = checker.check(system)
        except AssertionError as error:
            report.broken = f"round {report.rounds + 1}, {' and '.join(kind.name for kind in chosen)}: {error}"
            if isinstance(error, Broken):
                report.lost, report.doubled = error.lost, error.doubled
            else:
                system.keeps_logs = True
                report.broken = f"{report.broken} (see {system.folder}-*.log)"
            return
        report.rounds += 1
        report.faults.update(kind.name for kind in struck)
        report.stored, report.acknowledged = stored + facts, promised + system.acknowledged()
        report.ended = ended + Counter(system.ended)
        told(report)
        if enough.is_set():
            return


def _round(system: System, chosen: list[Kind], random: Random) -> list[Kind]:
    """Those of the chosen faults that came about."""
    struck = []
    system.allow(BATCHES_A_ROUND)
    for kind in sorted(chosen, key=lambda kind: kind.quiet):
        if kind.quiet:
            system.quiet()
        else:
            system.wait_for_acknowledgements(random.randint(0, 12))
        with suppress(Prevented):
            kind.happen(system, random)
            struck.append(kind)
    system.heal()
    system.quiet()
    return struck


def _disk(held: ExitStack, mebibytes: int) -> Disk:
    disk = Disk(mebibytes=mebibytes)
    held.callback(disk.remove)
    return disk


def _redis(disk: Disk) -> SweptRedis:
    program = find_redis_server()
    if program is None:
        raise LookupError("no redis-server: neither in a package nor on the PATH")
    redis = SweptRedis(program, disk)
    redis.start()
    return redis


def show(report: Report, console: Console) -> None:
    """A table for people."""
    table = Table(
        "fault", "promise", "times", title=f"{report.rounds:,} rounds on {report.database}, seed {report.seed}"
    )
    promises = {kind.name: kind.promise for kind in KINDS}
    for name in promises:
        if report.faults[name]:
            table.add_row(name, promises[name], f"{report.faults[name]:,}")
    console.print(table)
    for name in report.impossible:
        console.print(f"not tried here: {name}")
    console.print(
        f"{report.acknowledged:,} facts acknowledged, {report.stored:,} stored, {report.lost} lost, "
        f"{report.doubled} doubled, in {report.seconds:,.0f} seconds"
    )
    if report.broken:
        console.print(f"[bold red]broken[/] in {report.broken}")
