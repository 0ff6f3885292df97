"""Every look at a case over HTTP is in the access log before the answer leaves, and so is every refusal."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from services.monitor.access.chain import Line
from services.monitor.access.forms import form_token
from services.monitor.access.person import Person
from services.monitor.access.reader import ALL
from shared.clock import system_clock
from shared.databases import open_engine
from shared.publishers.everywhere import add_to_all
from shared.publishers.registry import Publisher, Registry
from shared.settings import Settings
from tests.integration.access.apps import Monitor, running
from tests.integration.access.conftest import DrivenClock
from tests.integration.monitor.conftest import prepared, projector_on
from tests.integration.monitor.ledgers import Ledgers, placement
from tests.servers.redis import LocalRedis

pytestmark = pytest.mark.anyio

ANN, UNKNOWN = "ann-0123456789abcdef", "who-0123456789abcdef"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
ROUTE = "GET /v1/cases/{pseudonym}"


@pytest.fixture
async def monitor(database_url: str, redis: LocalRedis, tmp_path: Path, clock: DrivenClock) -> AsyncIterator[Monitor]:
    """Ann is in Schakenbosch, in Haaglanden, in the area zuid-west."""
    settings = Settings(data=tmp_path, access_database_url=database_url, redis_url=redis.url)
    ledgers, engine = Ledgers(), prepared(settings.database_url("monitor"))
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    projector_on(engine, ledgers).apply(ledgers.batches())
    engine.dispose()
    async with running(settings, clock) as made:
        yield made


async def look(monitor: Monitor, person: Person, at: str, **headers: str) -> httpx2.Response:
    """The answer to somebody who signed in and asks for a case."""
    session = monitor.people.sessions.start(person, of_account=False)
    async with monitor.browser() as browser:
        given = {"Cookie": f"doorstroom-session={session}", "X-CSRF-Token": form_token(session)} | headers
        return await browser.client.get(f"/v1/cases/{at}", headers=given)


def lines(monitor: Monitor) -> list[Line]:
    monitor.people.log.verify()
    return list(monitor.people.log.lines())


async def test_a_look_at_a_case_is_a_line_with_every_field_of_nen_7513(monitor: Monitor) -> None:
    jansen = Person("jansen", ("operations", "analyst"), "Regio Haaglanden", regions=frozenset({"JZ24"}))
    answer = await look(monitor, jansen, ANN, traceparent=f"00-{TRACE}-00f067aa0ba902b7-01")
    assert answer.status_code == 200, answer.text
    [line] = lines(monitor)
    assert (line.event, line.action, line.outcome, line.person) == ("case-read", "R", "granted", ANN)
    assert (line.user_name, line.user_kind, line.roles) == ("jansen", "person", "operations,analyst")
    assert (line.organisation, line.scope, line.what) == ("Regio Haaglanden", "cases:read", ROUTE)
    assert (line.source_address, line.trace_id) == ("192.0.2.1", TRACE)
    assert line.happened_at_us == int(monitor.clock.now.timestamp() * 1e6)


@pytest.mark.parametrize("person", ["Ann", "ann.jansen-at-example", "a" * 65, "9" * 1_000])
async def test_what_is_no_pseudonym_is_not_kept_in_the_log_for_ever(monitor: Monitor, person: str) -> None:
    for roles, status in (("operations",), 404), (("analyst",), 403):
        session = monitor.people.sessions.start(Person("jansen", roles, areas=ALL), of_account=False)
        async with monitor.browser() as browser:
            page = await browser.client.get(f"/casus/{person}", headers={"Cookie": f"doorstroom-session={session}"})
        assert page.status_code == status
    assert [line.person for line in lines(monitor)] == [None]


@pytest.mark.parametrize("traceparent", ["", "no trace", f"00-{'0' * 32}-00f067aa0ba902b7-01", "00-x"])
async def test_without_a_trace_of_the_caller_each_look_has_one_of_its_own(monitor: Monitor, traceparent: str) -> None:
    jansen = Person("jansen", ("operations",), areas=ALL)
    for _ in range(2):
        await look(monitor, jansen, ANN, traceparent=traceparent)
    first, second = lines(monitor)
    assert len({first.trace_id, second.trace_id, "0" * 32}) == 3
    assert len({first.span_id, second.span_id}) == 2


async def test_who_may_not_see_this_one_is_answered_as_if_there_were_none_and_logged_apart(monitor: Monitor) -> None:
    jansen = Person("jansen", ("operations",), areas=frozenset({"noord"}))
    refused, unknown = await look(monitor, jansen, ANN), await look(monitor, jansen, UNKNOWN)
    assert (refused.status_code, refused.json()) == (404, unknown.json())
    assert [(line.person, line.outcome) for line in lines(monitor)] == [(ANN, "refused"), (UNKNOWN, "not-found")]


async def test_who_may_see_no_case_at_all_is_refused_and_logged(monitor: Monitor) -> None:
    answer = await look(monitor, Person("devries", ("analyst",), areas=ALL), ANN)
    assert answer.status_code == 403
    [line] = lines(monitor)
    assert (line.event, line.outcome, line.person, line.user_name) == ("refused", "refused", ANN, "devries")


async def test_a_publisher_is_logged_by_its_name(monitor: Monitor) -> None:
    engine = open_engine(monitor.settings.database_url("monitor"))
    ecd = Publisher("ecd", frozenset(), frozenset(), frozenset({"schakenbosch"}), frozenset({"cases:read"}))
    token = add_to_all([Registry(engine, system_clock)], ecd)
    engine.dispose()
    async with monitor.browser() as browser:
        answer = await browser.client.get(f"/v1/cases/{ANN}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    [line] = lines(monitor)
    assert (line.user_name, line.user_kind, line.organisation, line.person) == ("ecd", "publisher", "ecd", ANN)


async def test_the_public_is_refused_before_anything_is_looked_up_or_logged(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        answers = [await browser.client.get(f"/v1/cases/{person}") for person in (ANN, UNKNOWN)]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert lines(monitor) == []


async def test_what_cannot_be_logged_is_not_answered(monitor: Monitor) -> None:
    jansen = Person("jansen", ("operations",), areas=ALL)
    engine = open_engine(monitor.settings.database_url("access"))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE access_log RENAME TO elsewhere"))
    answer = await look(monitor, jansen, ANN)
    assert (answer.status_code, answer.json()["type"]) == (503, "/v1/problems/not-logged")
    assert answer.headers["retry-after"]
    assert ANN not in answer.text
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO access_log"))
    engine.dispose()
    assert (await look(monitor, jansen, ANN)).status_code == 200
    assert [line.outcome for line in lines(monitor)] == ["granted"]
