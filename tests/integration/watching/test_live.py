"""What an engineer types and what a dashboard asks, tried on a system that runs as its user runs it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from infra.grafana.make_dashboards import DASHBOARDS, Panel
from shared.calendar import calendar_date
from shared.clock import system_clock
from tests.flow.processes import Up, folder, free_ports, port_settings, up
from tests.flow.publishing import SOURCE, discharged, event, registered, started
from tests.house.source import PROJECT
from tests.integration.watching.conftest import Watchers, watching
from tests.servers.waiting import free_port, wait_until

pytestmark = pytest.mark.prometheus

PAGES = [*sorted((PROJECT / "infra" / "runbooks").glob("*.md")), PROJECT / "docs" / "watching.md"]
PANELS = {f"{name}: {panel.title}": panel for name, page in DASHBOARDS.items() for panel in page.panels}
DEFAULT_PORTS = {"intake": 8001, "placement": 8002, "monitor": 8003, "prometheus": 9090, "alertmanager": 9093}
COMMAND_S_MAX = 180.0
SCRAPED_S_MAX = 60.0


@dataclass(frozen=True, slots=True)
class Live:
    """A whole Doorstroom that runs, and what watches it."""

    system: Up
    watchers: Watchers
    ports: Mapping[str, int]
    token: str
    """Of somebody who may read cases and metrics."""


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    """With a move, a re-placement, a wait and a discharge in it, scraped and evaluated."""
    with folder() as data, up(data, free_ports()) as system:
        ports = {**system.ports, "prometheus": free_port(), "alertmanager": free_port()}
        (data / "watching").mkdir()
        system.wait_until_ready()
        _tell(system)
        with watching(data / "watching", ports) as watchers:
            for asked in ("doorstroom:open_closures:sum == 1", "service_result:doorstroom_facts:rate5m", "ALERTS"):
                wait_until(
                    lambda asked=asked: bool(watchers.prometheus.ask(asked)), what=asked, seconds_max=SCRAPED_S_MAX
                )
            with registered(system, "desk", sources=[], scopes=["cases:read", "metrics:read"]) as desk:
                yield Live(system, watchers, ports, desk.token)


def _tell(system: Up) -> None:
    with registered(system, "house", sources=[SOURCE], scopes=["facts:write"]) as publisher:
        first, second = "first-person-0001", "second-person-002"
        publisher.send(started(first, "P-1", on=_ago(600)))
        moved = {"placement": "P-1", "departed_on": _ago(20), "to_accommodation": "house-b", "reason": "safety"}
        publisher.send(event("doorplaatsing-recorded", first, **moved))
        publisher.send(started(first, "P-2", on=_ago(20), accommodation="house-b"))
        publisher.send(started(second, "P-3", on=_ago(300)))
        publisher.send(discharged(second, "P-3", on=_ago(60)))
        asked = {"referral": "R-1", "referred_on": _ago(50), "region": "JZ01", "urgency": "regulier"}
        publisher.send(event("referral-registered", second, **asked, referrer="gi", requested="gesloten"), to="intake")


def _ago(days: int) -> str:
    return (calendar_date(system_clock()) - timedelta(days=days)).isoformat()


def blocks(page: Path) -> list[str]:
    """What a page tells to type."""
    return re.findall(r"```sh\n(.*?)```", page.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_can_be_typed(live: Live, page: Path) -> None:
    """Only the addresses and the folder of the data are another than in a fresh installation."""
    assert blocks(page)
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DOORSTROOM_DATA": str(live.system.data),
        **port_settings(live.system.ports),
        "DOORSTROOM_TOKEN": live.token,
        "no_proxy": "127.0.0.1",
    }
    for block in blocks(page):
        typed = block.replace("var/", f"{live.system.data}/")
        for job, port in DEFAULT_PORTS.items():
            typed = typed.replace(f"127.0.0.1:{port}", f"127.0.0.1:{live.ports[job]}")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", typed],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_S_MAX,
            check=False,
        )
        assert done.returncode == 0, f"{typed}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_every_panel_has_something_to_show(live: Live, panel: Panel) -> None:
    for query in panel.queries.values():
        found = live.watchers.prometheus.ask(query)
        assert found or panel.needs_history, query
