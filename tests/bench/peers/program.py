"""Measures one Python store in a process of its own: the request is an argument, the answer a line of JSON.

python -m tests.bench.peers.program STORE REQUEST
"""

import importlib
import json
import sys
from typing import Any

from services.command.collecting import collect_rarely
from tests.bench.peers.store import gate, per_second


def main() -> None:
    """Open the store, put each load on it, then the gate; with the collector of cycles as `doorstroom serve` has it."""
    collect_rarely()
    name, request = sys.argv[1], json.loads(sys.argv[2])
    peer: Any = importlib.import_module(f"tests.bench.peers.{name}")
    measure = getattr(peer, "per_second", per_second)
    found: dict[str, float] = {}
    with peer.opened(request) as store:
        for load, (clients, facts) in request["loads"].items():
            found[load] = measure(store, clients=clients, facts=facts, seconds=request["seconds"])
        met = gate(store, seconds=request["seconds"], together=getattr(peer, "TOGETHER_MAX", 2000))
    print(json.dumps({**found, "written": met.written, "missed": met.missed}))


if __name__ == "__main__":
    main()
