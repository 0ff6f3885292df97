"""What the README tells a newcomer to type, typed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from tests.flow.processes import COMMAND_S_MAX, Up
from tests.flow.publishing import samples
from tests.servers.waiting import wait_until

PROJECT = Path(__file__).parents[2]
PORTS = {"intake": "8001", "placement": "8002", "monitor": "8003"}


def block(heading: str) -> str:
    """The commands under a heading of the README."""
    found = re.search(rf"^## {heading}\n.*?^```sh\n(.*?)^```", (PROJECT / "README.md").read_text(), re.M | re.S)
    assert found, f"the README has no commands under {heading}"
    return found[1]


@pytest.fixture
def place(data: Path) -> Path:
    """A folder where `. .venv/bin/activate` finds what the tests run in, and nothing else of ours is."""
    (data / ".venv" / "bin").mkdir(parents=True)
    path = f"PATH={Path(sys.executable).parent}:$PATH\n"
    (data / ".venv" / "bin" / "activate").write_text(path)
    return data


def test_a_fact_of_ones_own_is_published_and_counted(system: Up, place: Path) -> None:
    commands = block("Publish a fact of your own in 30 seconds")
    for service, port in PORTS.items():
        commands = commands.replace(f"127.0.0.1:{port}", f"127.0.0.1:{system.ports[service]}")
    before = placements(system)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=place,
        env={**os.environ, "DOORSTROOM_DATA": str(system.data)},
        capture_output=True,
        text=True,
        timeout=COMMAND_S_MAX,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"result":"accepted"' in done.stdout
    assert "\ndoorstroom_open_closures{" in done.stdout
    wait_until(lambda: placements(system) == before + 1, what="the fact of the README is counted")


def placements(system: Up) -> float:
    """How many placements have started."""
    page = httpx2.get(f"http://127.0.0.1:{system.ports['monitor']}/metrics", headers={"Accept": "text/plain"})
    return samples(page.text)["doorstroom_placements_started_total"]
