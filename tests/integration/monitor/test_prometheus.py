"""The real Prometheus reads /metrics and answers a quantile of the open closures; promtool finds nothing to mend."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import uvicorn
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.routing import Route

from services.monitor.access import Access
from services.monitor.access.cookies import Cookies
from services.monitor.access.people import People
from services.monitor.alerts.rulebook import rulebook
from services.monitor.api import metrics
from services.monitor.dossier.rules import Rules
from services.monitor.ending import Ending
from services.monitor.history.history import History
from services.monitor.metrics.collector import FiguresCollector, PipelineCollector, open_registry
from services.monitor.metrics.table import FAMILIES, Kind
from services.monitor.projector.projection import Projector
from services.monitor.readers import Readers, open_broker
from services.monitor.standing import Standing
from services.monitor.watch import Watch
from shared.databases import open_engine, sqlite_url
from shared.publishers.gate import Gate
from shared.publishers.registry import Registry
from shared.settings import Settings
from tests.integration.monitor.conftest import projector_on
from tests.integration.monitor.ledgers import Ledgers, discharge, placement
from tests.servers.waiting import free_port, wait_until

pytestmark = pytest.mark.prometheus

TODAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
OPENMETRICS = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain"


@pytest.fixture
def address(fresh, ledgers: Ledgers) -> Iterator[str]:
    """The address of /metrics over nine open closures of 10, 20, ... 90 days, and one that ended."""
    for number in range(1, 10):
        start = datetime.fromordinal(TODAY.toordinal() - number * 10).date().isoformat()
        ledgers.tell("placement-started", f"person-{number:02d}-0123456789", **placement(f"P{number}", start))
    ledgers.tell("placement-started", "person-99-0123456789", **placement("P99", "2025-01-01"))
    ledgers.tell("discharge-recorded", "person-99-0123456789", **discharge("P99", "2025-07-01"))
    engine = fresh()
    projector_on(engine, ledgers).apply(ledgers.batches())
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(page(engine), port=port, log_config=None, lifespan="off"))
    serving = Thread(target=server.run)
    serving.start()
    wait_until(lambda: server.started, what="the page is served")
    yield f"127.0.0.1:{port}"
    server.should_exit = True
    serving.join(timeout=20)
    assert not serving.is_alive()


def page(engine: Engine) -> Starlette:
    """/metrics of a monitor whose projection stands still."""
    publishers = Registry(engine, lambda: TODAY)
    publishers.create()
    access = Access(Gate(publishers), People(engine, lambda: TODAY), Cookies(secure=False), settings=Settings())
    return Starlette(routes=[Route("/metrics", metrics(registry_of(engine, figures_from=engine), access=access))])


def registry_of(engine: Engine, *, figures_from: Engine) -> CollectorRegistry:
    """What it serves, with the figures from a database that may be another one."""
    ending = Ending()

    async def nothing(*_: object) -> None:
        raise AssertionError("nothing is read here")

    readers = Readers(open_broker("redis://127.0.0.1:1"), apply=nothing, ending=ending)
    idle = Projector(engine, rules=Rules(), clock=lambda: TODAY, source=Ledgers())
    standing = Standing(idle, engine, shares=[])
    watch = Watch(None, readers, standing=standing, settle=nothing, ending=ending, clock=lambda: TODAY)
    history = History(figures_from, rules=Rules(), clock=lambda: TODAY)
    return open_registry(
        PipelineCollector(engine, clock=lambda: TODAY, watch=watch, build="1.2.3"),
        FiguresCollector(figures_from, history, rules=rulebook(), clock=lambda: TODAY),
    )


def fetch(address: str, accept: str) -> tuple[str, str]:
    """The page and its media type."""
    with urlopen(Request(f"http://{address}/metrics", headers={"Accept": accept})) as answer:
        return answer.read().decode(), answer.headers["content-type"]


@pytest.fixture
def prometheus(address: str, tmp_path: Path) -> Iterator[str]:
    """The address of a Prometheus that scrapes it every second."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("no prometheus on the PATH")
    target = {"job_name": "monitor", "scrape_interval": "1s", "static_configs": [{"targets": [address]}]}
    (tmp_path / "prometheus.yml").write_text(json.dumps({"scrape_configs": [target]}))
    port = free_port()
    options = {
        "--config.file": tmp_path / "prometheus.yml",
        "--storage.tsdb.path": tmp_path / "data",
        "--web.listen-address": f"127.0.0.1:{port}",
    }
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([program, *(f"{k}={v}" for k, v in options.items())], stdout=log, stderr=log)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()


def ask(prometheus: str, expression: str) -> list[float]:
    """The values that an expression has now; none while Prometheus does not answer."""
    try:
        with urlopen(f"{prometheus}/api/v1/query?{urlencode({'query': expression})}") as answer:
            return [float(sample["value"][1]) for sample in json.load(answer)["data"]["result"]]
    except OSError:
        return []


def test_prometheus_takes_the_page_and_knows_the_quantile(prometheus: str) -> None:
    wait_until(lambda: ask(prometheus, 'up{job="monitor"}') == [1.0], what="the scrape succeeds")
    days = "histogram_quantile(0.5, doorstroom_open_closure_age_seconds_bucket) / 86400"
    wait_until(lambda: ask(prometheus, days) != [], what="the ages are stored")
    # Of nine, four are at most 42 days and six at most 61: the middle one lies a quarter of the way between the edges.
    assert ask(prometheus, days) == [pytest.approx(42 + 19 / 4)]
    assert ask(prometheus, "doorstroom_open_closure_age_seconds_gcount") == [9.0]
    assert ask(prometheus, "sum(doorstroom_open_closures)") == [9.0]
    assert ask(prometheus, 'doorstroom_closure_duration_seconds_bucket{le="1.58112e+07"}') == [1.0]
    assert ask(prometheus, "count({__name__=~'.*_created'})") == []


def test_promtool_finds_nothing_to_mend(address: str) -> None:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("no promtool on the PATH")
    text, _ = fetch(address, "text/plain")
    checked = subprocess.run([program, "check", "metrics"], input=text, capture_output=True, text=True)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_the_page_says_what_it_is(address: str) -> None:
    text, media_type = fetch(address, "text/plain")
    assert media_type.startswith("text/plain")
    opened, media_type = fetch(address, OPENMETRICS)
    assert media_type.startswith("application/openmetrics-text; version=1.0.0; charset=utf-8")
    assert opened.endswith("# EOF\n")
    assert not text.endswith("# EOF\n")


def test_the_families_of_the_page_are_those_of_the_table(address: str) -> None:
    text, _ = fetch(address, OPENMETRICS)
    served = [line.split()[2:4] for line in text.splitlines() if line.startswith("# TYPE doorstroom_")]
    assert sorted(served) == sorted([family.name, family.kind.value] for family in FAMILIES)
    assert Kind.GAUGE_HISTOGRAM in {family.kind for family in FAMILIES}


def test_known_label_values_are_zero_and_not_absent(address: str) -> None:
    text, _ = fetch(address, "text/plain")
    lines = text.splitlines()
    for sample in (
        'doorstroom_open_closures{area="noord",title="spoed"} 0.0',
        'doorstroom_open_closures_over_threshold{area="zuid",threshold="730d"} 0.0',
        'doorstroom_doorplaatsingen_total{kind="unknown"} 0.0',
        'doorstroom_replacements_total{within="ever"} 0.0',
        'doorstroom_flags{code="F1"} 0.0',
        'doorstroom_places{closure="hybride"} 0.0',
        'doorstroom_waiting{title="granted"} 0.0',
        "doorstroom_parked_facts 0.0",
    ):
        assert sample in lines
    oldest = datetime(2025, 12, 2, tzinfo=UTC).timestamp()
    name = "doorstroom_oldest_open_closure_start_timestamp_seconds"
    assert [float(line.split()[1]) for line in lines if line.startswith(f"{name} ")] == [oldest]


def test_who_asks_by_name_gets_only_that(address: str) -> None:
    def families(query: str) -> set[str]:
        with urlopen(f"http://{address}/metrics{query}") as answer:
            return set(re.findall(r"^# TYPE (\S+)", answer.read().decode(), re.MULTILINE))

    by_name = families("?name[]=doorstroom_projected_position&name[]=doorstroom_parked_facts")
    assert by_name == {"doorstroom_projected_position", "doorstroom_parked_facts"}
    assert families("?name[]=doorstroom_open_closures") == {"doorstroom_open_closures"}
    assert families("?name[]=nothing") == set()


def test_who_asks_how_far_the_facts_are_makes_nobody_compute_figures(fresh, tmp_path: Path) -> None:
    nothing_there = open_engine(sqlite_url(tmp_path / "empty.sqlite"))
    registry = registry_of(fresh(), figures_from=nothing_there)
    page = generate_latest(registry.restricted_registry(["doorstroom_parked_facts"])).decode()
    assert "doorstroom_parked_facts 0.0" in page
    with pytest.raises(OperationalError):
        generate_latest(registry)
    nothing_there.dispose()
