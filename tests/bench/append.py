"""Facts made durable without HTTP: our ledger and its peers, each in a process of its own, with the same facts.

A client waits for its own commit before it sends the next fact. Each peer has its durable settings and those that its
documentation calls fast. Beside the speed stands what a reader missed who followed the positions meanwhile.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.runner import DATABASES, NEITHER, POSTGRESQL, Effort, Figure, Place, Work

ONE, MANY, BATCHES = "1 client", "64 clients", "4 clients, batches of 500"
LOADS = {ONE: (1, 1), MANY: (64, 1), BATCHES: (4, 500)}
WRITTEN, MISSED = "written beside a reader", "missed by the reader"
SECONDS_MAX = 300
PEERS = Path(__file__).parent / "peers"
MODULES = PEERS / "node_modules"

FIGURES = (
    *(Figure(load, "facts/s") for load in LOADS),
    Figure(WRITTEN, "facts"),
    Figure(MISSED, "facts"),
)


def asked(program: tuple[str, ...], place: Place, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a program of `peers` answers to a request about a new database."""
    line = json.dumps({"url": place.fresh(), "folder": str(place.folder), **request})
    done = subprocess.run([*program, line], capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(program)} failed: {done.stderr[-2000:]}")
    answer: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def python(module: str) -> tuple[str, ...]:
    """The program that measures a Python store."""
    return sys.executable, "-m", "tests.bench.peers.program", module


def _work(
    name: str,
    program: tuple[str, ...],
    *,
    databases: tuple[str, ...],
    needs: str = "sqlalchemy",
    npm: bool = False,
    **request: Any,
) -> Work:
    loads = request.pop("loads", LOADS)
    return Work(
        f"append, {name}",
        FIGURES,
        partial(_measure, program, {"loads": loads, **request}),
        databases,
        lacking=lacking(needs, npm=npm),
    )


def _measure(program: tuple[str, ...], request: Mapping[str, Any], place: Place, effort: Effort) -> Mapping[str, float]:
    found = asked(program, place, {"seconds": effort.seconds, **request})
    return {
        **{load: found[load] for load in request["loads"]},
        WRITTEN: found["written"],
        MISSED: found["missed"],
    }


def lacking(package: str, *, npm: bool = False) -> Callable[[], str | None]:
    """Says what this machine lacks for a peer of this package."""

    def lacks() -> str | None:
        if importlib.util.find_spec(package) is None:
            return f"{package} is not installed (uv sync --group bench)"
        if npm and shutil.which("node") is None:
            return "node is not here"
        if npm and not MODULES.is_dir():
            return "the peers from npm are not installed (npm ci in tests/bench/peers)"
        return None

    return lacks


ONLY_ONE_BY_ONE = {load: LOADS[load] for load in (ONE, MANY)}
WORKS = (
    _work("Doorstroom", python("doorstroom"), databases=DATABASES),
    _work("eventsourcing", python("pyeventsourcing"), databases=DATABASES, needs="eventsourcing"),
    _work(
        "eventsourcing with functions",
        python("pyeventsourcing"),
        databases=(POSTGRESQL,),
        needs="eventsourcing",
        functions=True,
    ),
    _work(
        "Protean on message-db",
        python("protean_message_db"),
        databases=(POSTGRESQL,),
        needs="protean",
        npm=True,
        loads=ONLY_ONE_BY_ONE,
    ),
    _work("Emmett", ("node", str(PEERS / "emmett.mjs")), databases=(POSTGRESQL,), npm=True),
    _work("UmaDB", python("uma"), databases=(NEITHER,), needs="umadb"),
)
