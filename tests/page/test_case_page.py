"""The page of a young person: found by either of two pseudonyms, and it says so; which day is known roughly; and alerts
as they stood on an earlier day."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.monitor.access.reader import ALL
from services.monitor.alerts.acknowledging import Said, acknowledge
from shared.settings import Settings
from tests.integration.access.apps import Browser, running
from tests.integration.access.conftest import DrivenClock
from tests.integration.monitor.alerting import Alerting
from tests.integration.monitor.conftest import prepared, projector_on
from tests.integration.monitor.histories import PEOPLE
from tests.integration.monitor.ledgers import Ledgers, discharge, machtiging, placement
from tests.integration.monitor.test_poison import buggy
from tests.servers.redis import LocalRedis
from tests.servers.redis_running import running_redis
from tests.unit.dossier.given import d

pytestmark = pytest.mark.anyio

ANN, BEN = PEOPLE[:2]
HTML = {"Accept": "text/html"}


@pytest.fixture
def redis() -> Iterator[LocalRedis]:
    """A Redis server without streams."""
    with running_redis() as server:
        yield server


@pytest.fixture
def ledgers() -> Ledgers:
    """What has been said."""
    return Ledgers()


@asynccontextmanager
async def signed_in(settings: Settings, name: str = "olga") -> AsyncIterator[Browser]:
    """The browser of a reader of the whole country, with a monitor that runs."""
    async with running(settings, DrivenClock()) as monitor:
        monitor.add(name, areas=ALL)
        async with monitor.browser() as browser:
            await browser.sign_in(name)
            yield browser


@pytest.fixture
async def pages(tmp_path: Path, redis: LocalRedis, ledgers: Ledgers) -> Callable[[str], Awaitable[str]]:
    """Gets the page of somebody, or of `person?query`, as a reader of the whole country, after what was said so far."""

    async def page(person: str) -> str:
        settings = Settings(data=tmp_path, redis_url=redis.url)
        engine = prepared(settings.database_url("monitor"))
        projector_on(engine, ledgers).apply(ledgers.batches())
        engine.dispose()
        async with signed_in(settings, f"olga-{person.partition('?')[0]}") as browser:
            answer = await browser.open(f"/casus/{person}", **HTML)
            assert answer.status_code == 200
            return answer.text

    return page


async def test_a_merged_case_is_found_by_either_pseudonym_and_lists_both(
    ledgers: Ledgers, pages: Callable[[str], Awaitable[str]]
) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-01-01"))
    ledgers.tell("placement-started", BEN, **placement("P2", "2025-06-01", accommodation="via-almata"))
    ledgers.tell("pseudonyms-merged", BEN, other=ANN)
    for person in (ANN, BEN):
        page = await pages(person)
        assert f'<span class="mono">{ANN}</span></h1>' in page
        assert f'Ook bekend onder: <span class="mono">{BEN}</span>' in page
        assert "Samengevoegde pseudoniemen" in page
        assert "Pseudoniemen samengevoegd" in page


async def test_a_day_that_is_known_to_the_month_only_says_so(
    ledgers: Ledgers, pages: Callable[[str], Awaitable[str]]
) -> None:
    ledgers.tell("placement-started", ANN, _precision="month", **placement("P1", "2025-01-01"))
    ledgers.tell("placement-started", BEN, _precision="day", **placement("P2", "2025-01-01"))
    rough, sharp = await pages(ANN), await pages(BEN)
    assert ">op de maand</span>" in rough
    assert "Datum alleen op maand of jaar" in rough
    assert "op de maand" not in sharp


async def test_a_doorplaatsing_stands_in_the_table_of_the_time_line(
    ledgers: Ledgers, pages: Callable[[str], Awaitable[str]]
) -> None:
    """It was a dot in the picture only; one that is inferred is in no fact either."""
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-01-01"))
    ledgers.tell("placement-started", ANN, **placement("P2", "2025-06-01", accommodation="via-almata"))
    page = await pages(f"{ANN}?lang=en")
    table = page[page.index(">Time line</h2>") :]
    cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", table[: table.index("</table>")])
    at = cells.index("Doorplaatsing")
    assert re.fullmatch(r"from .+ to Via Almata", cells[at + 1])
    assert cells[at + 2 : at + 4] == ["1 Jun 2025", ""]


async def test_before_anything_was_told_it_says_so(ledgers: Ledgers, pages: Callable[[str], Awaitable[str]]) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-01-01"))
    page = await pages(f"{ANN}?bekend=2025-06-01&lang=en")
    assert "At the end of 1 June 2025 nothing was known of this young person yet." in page
    assert 'name="bekend" value="2025-06-01"' in page
    assert '<section class="panel"' not in page


async def test_of_nights_it_speaks_only_where_there_was_one(
    ledgers: Ledgers, pages: Callable[[str], Awaitable[str]]
) -> None:
    for person in (ANN, BEN):
        ledgers.tell("machtiging-granted", person, **machtiging(f"M-{person}", "2025-01-01", "2026-01-01"))
    ledgers.tell("placement-started", BEN, **placement("P1", "2025-02-01"))
    ledgers.tell("discharge-recorded", BEN, **discharge("P1", "2025-06-01"))
    assert "Elke nacht" not in await pages(ANN)
    assert "Elke nacht was er een machtiging." in await pages(BEN)


async def test_alerts_of_an_earlier_day_are_as_they_stood(tmp_path: Path, redis: LocalRedis) -> None:
    settings = Settings(data=tmp_path, redis_url=redis.url)
    engine = prepared(settings.database_url("monitor"))
    alerting = Alerting(engine)
    alerting.tell("machtiging-granted", ANN, **machtiging("M1", "2025-01-10", "2026-01-10"))
    alerting.tell("placement-started", ANN, **placement("P1", "2025-01-10"))
    alerting.on("2025-04-20")
    (entry,) = alerting.entries(rule="A01")
    said = Said("olga", "we look into it", d("2025-05-01"))
    acknowledge(engine, entry.kept.id, said, seen=entry.kept.version, at=alerting.clock.now)
    alerting.on("2025-07-20")
    alerting.tell("discharge-recorded", ANN, **discharge("P1", "2025-07-31"))
    alerting.on("2025-08-01")
    engine.dispose()
    async with signed_in(settings) as browser:

        async def long_closure(known: str) -> list[str]:
            answer = await browser.open(f"/casus/{ANN}?lang=en&bekend={known}", **HTML)
            rows = re.findall(r"<tr><td><span class=\"badge.*?</tr>", answer.text)
            texts = [re.sub(r"<[^>]+>", "|", row) for row in rows if "Long closure" in row]
            return [re.sub(r"\|+", "|", text).strip("|") for text in texts]

        assert await long_closure("2025-04-19") == []
        for known, expected in {
            "2025-04-20": [("100 days", "Acknowledged")],
            "2025-05-02": [("112 days", "Open")],
            "2025-07-21": [("192 days", "Open"), ("192 days", "Escalated")],
            "2025-08-01": [("202 days", "Closed"), ("202 days", "Closed")],
        }.items():
            found = await long_closure(known)
            assert len(found) == len(expected), found
            for row, (days, state) in zip(found, expected, strict=True):
                assert f"Long closure, {days}|" in row
                assert f"|{state}" in row


async def test_alerts_of_a_day_before_a_merge_are_of_whom_they_were(tmp_path: Path, redis: LocalRedis) -> None:
    settings = Settings(data=tmp_path, redis_url=redis.url)
    engine = prepared(settings.database_url("monitor"))
    alerting = Alerting(engine)
    alerting.tell("machtiging-granted", ANN, **machtiging("M0", "2024-06-01", "2024-09-01"))
    alerting.tell("machtiging-granted", BEN, **machtiging("M1", "2025-01-10", "2026-01-10"))
    alerting.tell("placement-started", BEN, **placement("P1", "2025-01-10"))
    alerting.on("2025-04-20")
    alerting.on("2025-04-21")
    alerting.tell("pseudonyms-merged", BEN, other=ANN)
    alerting.on("2025-04-22")
    engine.dispose()
    async with signed_in(settings) as browser:
        for known, told in {"2025-04-20": {BEN}, "2025-04-22": {ANN, BEN}}.items():
            for person in (ANN, BEN):
                page = (await browser.open(f"/casus/{person}?lang=en&bekend={known}", **HTML)).text
                assert ("Long closure, 10" in page) == (person in told), (known, person)


async def test_of_whom_a_fact_could_not_be_taken_the_page_says_so(
    tmp_path: Path, redis: LocalRedis, ledgers: Ledgers
) -> None:
    settings = Settings(data=tmp_path, redis_url=redis.url)
    engine = prepared(settings.database_url("monitor"))
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-01-01"))
    for person in (ANN, BEN):
        ledgers.tell("placement-started", person, **placement(f"P-{person}", "2025-02-01", accommodation="bug"))
    projector_on(engine, ledgers, fold=buggy).apply(ledgers.batches())
    engine.dispose()
    told = "Over deze jongere kon een melding niet worden verwerkt. Wat daarna is gemeld wacht"
    async with signed_in(settings) as browser:
        known, unknown = [await browser.open(f"/casus/{person}", **HTML) for person in (ANN, BEN)]
        work_list = await browser.open("/werklijst", **HTML)
    assert told in known.text
    assert "Zit al" in known.text
    assert unknown.status_code == 404
    assert "Over 2 jongeren in het land kon een melding niet worden verwerkt." in work_list.text
