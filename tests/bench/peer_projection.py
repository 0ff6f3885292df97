"""Facts a second that eventsourcing projects, on the same database with the same fold into the same rows."""

import sys
from collections.abc import Mapping

from tests.bench.append import asked, lacking
from tests.bench.runner import Effort, Figure, Place, Work

_PROGRAM = (sys.executable, "-m", "tests.bench.peers.pyeventsourcing_projection")
PROJECTION = "projection with our fold"


def measure(place: Place, effort: Effort) -> Mapping[str, float]:
    """Project in a process of its own."""
    return {PROJECTION: asked(_PROGRAM, place, {"facts": effort.peer_facts})["projection"]}


WORK = Work("monitor, eventsourcing", (Figure(PROJECTION, "facts/s"),), measure, lacking=lacking("eventsourcing"))
