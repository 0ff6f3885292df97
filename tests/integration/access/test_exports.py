"""The event log over HTTP: of those whom the reader may see, in each format, and noted before it leaves."""

import csv
import json
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import httpx2
import pytest
from pyarrow.parquet import read_table

from services.monitor.access.forms import form_token
from services.monitor.access.person import Person
from services.monitor.access.reader import ALL
from shared.settings import Settings
from tests.integration.access.apps import Monitor, running
from tests.integration.access.conftest import DrivenClock
from tests.integration.monitor.conftest import prepared, projector_on
from tests.integration.monitor.ledgers import Ledgers, placement
from tests.servers.redis import LocalRedis

pytestmark = pytest.mark.anyio

ANN, BOB = "ann-0123456789abcdef", "bob-0123456789abcdef"
EVERYWHERE = Person("jansen", ("operations",), "Regio Haaglanden", areas=ALL)
NORTH = Person("devries", ("operations",), areas=frozenset({"noord"}))
LOGS = ("events.csv", "events.parquet", "log.xes", "log.ocel.json")
ANALYST = Person("bakker", ("analyst",), areas=ALL)


@pytest.fixture
async def monitor(database_url: str, redis: LocalRedis, tmp_path: Path, clock: DrivenClock) -> AsyncIterator[Monitor]:
    """Ann is in Haaglanden, in the area zuid-west, and Bob in Groningen, in the area noord."""
    settings = Settings(data=tmp_path, access_database_url=database_url, redis_url=redis.url)
    ledgers, engine = Ledgers(), prepared(settings.database_url("monitor"))
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    ledgers.tell("placement-started", BOB, **placement("P2", "2026-01-02", region="JZ01", accommodation="portalis"))
    projector_on(engine, ledgers).apply(ledgers.batches())
    engine.dispose()
    async with running(settings, clock) as made:
        yield made


async def log(monitor: Monitor, person: Person, name: str, **headers: str) -> httpx2.Response:
    """The answer to somebody who signed in and asks for a log."""
    session = monitor.people.sessions.start(person, of_account=False)
    async with monitor.browser() as browser:
        given = {"Cookie": f"doorstroom-session={session}", "X-CSRF-Token": form_token(session)} | headers
        return await browser.client.get(f"/v1/exports/{name}", headers=given)


async def test_each_format_has_everybody_and_no_pseudonym(monitor: Monitor) -> None:
    found = {name: await log(monitor, EVERYWHERE, name) for name in LOGS}
    assert {name: answer.status_code for name, answer in found.items()} == dict.fromkeys(found, 200)
    assert not any(person.encode() in answer.content for answer in found.values() for person in (ANN, BOB))
    rows = list(csv.DictReader(found["events.csv"].text.splitlines()))
    started = [row for row in rows if row["activity"] == "placement-started"]
    assert {(row["accommodation"], row["date"]) for row in started} == {
        ("schakenbosch", "2026-01-01"),
        ("portalis", "2026-01-02"),
    }
    assert len(json.loads(found["log.ocel.json"].text)["events"]) == len(rows)
    assert read_table(BytesIO(found["events.parquet"].content)).num_rows == len(rows)
    xes = ElementTree.fromstring(found["log.xes"].text)
    assert len(xes.findall("{http://www.xes-standard.org/}trace")) == 2
    # As known when the last fact was accepted, for the clock of the test is behind that of the ledger.
    kept_as = found["events.csv"].headers["content-disposition"]
    assert kept_as == 'attachment; filename="events-20260302T120000Z.csv"'


async def test_a_log_has_only_those_whom_the_reader_may_see(monitor: Monitor) -> None:
    answer = await log(monitor, NORTH, "events.csv")
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert {row["area"] for row in rows if row["area"]} == {"noord"}
    assert len({row["case"] for row in rows}) == 1


async def test_a_log_of_an_earlier_moment_has_what_was_known_then(monitor: Monitor) -> None:
    answer = await log(monitor, EVERYWHERE, "events.csv?known=2020-01-01")
    assert len(answer.text.splitlines()) == 1
    wrong = await log(monitor, EVERYWHERE, "events.csv?known=yesterday")
    assert (wrong.status_code, wrong.headers["content-type"]) == (400, "application/problem+json")


async def test_that_a_log_leaves_is_in_the_access_log(monitor: Monitor) -> None:
    await log(monitor, EVERYWHERE, "log.xes")
    monitor.people.log.verify()
    [line] = monitor.people.log.lines()
    assert (line.event, line.action, line.person, line.user_name) == ("log-exported", "R", None, "jansen")
    assert line.what == "GET /v1/exports/{log}"


async def test_who_may_see_no_case_gets_no_log(monitor: Monitor) -> None:
    assert (await log(monitor, ANALYST, "events.csv")).status_code == 403
    async with monitor.browser() as browser:
        assert (await browser.client.get("/v1/exports/events.csv")).status_code == 401
    assert [line.event for line in monitor.people.log.lines()] == ["refused"]


async def test_there_is_no_other_format(monitor: Monitor) -> None:
    assert (await log(monitor, EVERYWHERE, "events.xlsx")).status_code in (400, 404)
    assert (await log(monitor, EVERYWHERE, "log.xes", Accept="application/json")).status_code == 406
