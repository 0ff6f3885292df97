"""Shows what the simulator makes: the years beside the published ones, here or in a monitor; every parameter."""

import argparse
import sys
from datetime import date
from pathlib import Path

from services.simulator import monitored
from services.simulator.comparison import report
from services.simulator.flow import closures
from services.simulator.parameters import Parameters, table
from services.simulator.years import PUBLISHED_YEARS

UNTIL = date(PUBLISHED_YEARS[-1] + 1, 1, 1)


def main() -> int:
    """Run the command with the arguments of this process."""
    parser = argparse.ArgumentParser(prog="python -m services.simulator", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    shown = parser.add_mutually_exclusive_group(required=True)
    shown.add_argument("--report", action="store_true", help="simulated years beside the published ones")
    shown.add_argument("--monitor", metavar="ADDRESS", help="the years of a monitor beside the published ones")
    shown.add_argument("--parameters", action="store_true", help="every parameter with its status and source")
    parser.add_argument("--token-file", type=Path, help="a token for exact figures; without one they are rounded")
    parser.add_argument(
        "--authority", type=Path, help="whose certificate the monitor shows (PEM), where it is not well known"
    )
    chosen = parser.parse_args()
    parameters = Parameters()
    if chosen.monitor:
        token = chosen.token_file.read_text().strip() if chosen.token_file else None
        text = monitored.report(monitored.ask(chosen.monitor, token, authority=chosen.authority))
    elif chosen.report:
        text = report(closures(chosen.seed, UNTIL, parameters.flow))
    else:
        rows = table(parameters)
        text = "\n".join(f"{it.group:7} {it.name:26} {it.value:>8} {it.status:11} {it.source}" for it in rows)
    sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
