"""What each figure takes over one history of the country, ten, and a hundred; in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Mapping

from services.monitor.figures.catalogue import FIGURES
from tests.bench.figures import NATIONS, SPELLS
from tests.bench.runner import NEITHER, Effort, Figure, Place, Work

_PROGRAM = (sys.executable, "-m", "tests.bench.figures", "--json")
_SECONDS_MAX = 1_800
LONGEST, TOGETHER = "the one that takes longest", "all together"


def over(figure: str, nations: int) -> str:
    """The figure of the bench for a figure of the monitor over so many national histories."""
    return f"{figure}, {nations} {'history' if nations == 1 else 'histories'} of the country"


def measure(_place: Place, effort: Effort) -> Mapping[str, float]:
    """Answer every figure over each number of histories that the effort reaches."""
    program = [*_PROGRAM, f"--nations={effort.nations}"]
    done = subprocess.run(program, capture_output=True, text=True, timeout=_SECONDS_MAX, check=True)
    seconds: Mapping[str, list[float]] = json.loads(done.stdout)["seconds"]
    found = {over(name, NATIONS[index]): taken for name, each in seconds.items() for index, taken in enumerate(each)}
    for index in range(len(seconds[SPELLS])):
        of_one = [seconds[name][index] for name in FIGURES]
        found |= {over(LONGEST, NATIONS[index]): max(of_one), over(TOGETHER, NATIONS[index]): sum(of_one)}
    return found


WORK = Work(
    "figures",
    tuple(Figure(over(name, nations), "s") for name in (*FIGURES, SPELLS, LONGEST, TOGETHER) for nations in NATIONS),
    measure,
    (NEITHER,),
)
