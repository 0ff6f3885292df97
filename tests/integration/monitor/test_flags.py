"""Flags over HTTP: who sees which, as known when, page by page; and every look at a young person is logged."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from sqlalchemy import Engine

from services.monitor.flags.standing import counted, standing_flags
from services.monitor.history.history import History
from services.monitor.metrics.snapshot import snapshot
from services.monitor.metrics.today import Today
from tests.integration.monitor.conftest import RULES, projector_on
from tests.integration.monitor.histories import PEOPLE, tangled
from tests.integration.monitor.ledgers import NOON, SOURCE, Ledgers, discharge, placement
from tests.integration.monitor.reading import Readers

pytestmark = pytest.mark.anyio

ANN, BEN = PEOPLE[:2]
OTHER = "urn:nld:kvknr:87654321:systeem:ecd"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def readers(monitor: Engine) -> Readers:
    return Readers(monitor)


@pytest.fixture
def two(monitor: Engine, ledgers: Ledgers) -> None:
    """Ann was discharged nowhere from a placement nobody reported; Ben is without title in another house."""
    register = {"provider": "p", "municipality": "Ergens", "on": "2010-01-01"}
    for name, region, area in (("schakenbosch", "JZ24", "zuid-west"), ("via-almata", "JZ30", "zuid")):
        place = {"accommodation": name, "name": name, "region": region, "area": area}
        ledgers.tell("accommodation-registered", None, **register, **place)
    ledgers.tell("discharge-recorded", ANN, **discharge("P1", "2026-01-20"))
    ledgers.now += HOUR
    ben = placement("P2", "2026-01-01", accommodation="via-almata", region="JZ30")
    ledgers.tell("placement-started", BEN, _source=OTHER, **ben)
    ledgers.now += HOUR
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-12-20"))
    projector_on(monitor, ledgers).apply(ledgers.batches())


NATIONAL = [("F6", ANN), ("F6", BEN)]


@pytest.mark.usefixtures("two")
async def test_operations_see_whom_they_may_see_and_a_publisher_what_its_own_facts_show(readers: Readers) -> None:
    everyone = readers.token("national", "cases:read", accommodations="*")
    assert await readers.codes(everyone) == NATIONAL
    here = readers.token("via-almata", "cases:read", accommodations="via-almata")
    assert await readers.codes(here) == [("F6", BEN)]
    publisher = readers.token("ecd", "facts:write", sources=SOURCE, accommodations="schakenbosch")
    assert await readers.codes(publisher) == [("F6", ANN)]


@pytest.mark.usefixtures("two")
async def test_a_publisher_without_facts_sees_none_and_others_are_refused(readers: Readers) -> None:
    """A token for figures shows nothing of the facts of the publisher that has it."""
    assert await readers.codes(readers.token("new", "facts:write", sources="urn:nld:kvknr:1:systeem:new")) == []
    for token, status in ((readers.token("analyst", "figures:exact", sources=SOURCE), 403), ({}, 401)):
        async with readers.asking(token) as client:
            assert (await client.get("/v1/flags")).status_code == status


@pytest.mark.usefixtures("two")
async def test_a_flag_is_gone_when_it_is_mended_and_still_there_for_who_asks_what_was_known(readers: Readers) -> None:
    token = readers.token("national", "cases:read", accommodations="*")
    before = (NOON + HOUR).isoformat().replace("+00:00", "Z")
    assert await readers.codes(token, f"?known={before}") == [("F6", BEN), ("F4", ANN)]
    assert await readers.codes(token, "?known=2026-03-02") == NATIONAL
    assert await readers.codes(token, "?known=2026-03-01") == []
    assert await readers.codes(token, "?on=2025-12-31") == [("F6", ANN)]


async def test_heads_that_nobody_placed_are_told_to_who_counted_and_to_the_metrics_until_the_starts_come(
    monitor: Engine, ledgers: Ledgers, readers: Readers
) -> None:
    counting = "urn:nld:kvknr:87654321:systeem:telling"
    place = {"accommodation": "schakenbosch", "name": "Schakenbosch", "provider": "p", "municipality": "Ergens"}
    ledgers.tell("accommodation-registered", None, **place, region="JZ24", area="zuid-west", on="2010-01-01")
    projector, today, dates = projector_on(monitor, ledgers), Today(), (NOON.date(), NOON.date() + DAY)
    history = History(monitor, rules=RULES, clock=lambda: NOON + timedelta(2))
    history.follow(today)
    publisher = readers.token("telling", "facts:write", sources=counting, accommodations="schakenbosch")
    found = []
    for tell in (
        lambda: ledgers.tell(
            "occupancy-counted", None, _source=counting, accommodation="schakenbosch", counted_on="2026-02-01", heads=4
        ),
        lambda: ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-31")),
        lambda: ledgers.tell("placement-started", BEN, **placement("P2", "2026-02-01")),
    ):
        tell()
        projector.apply(ledgers.batches())
        with history.looking() as look:
            shown = [snapshot(today.count(look, on), look.register, {}).flags["F13"] for on in dates]
        found.append((await readers.codes(publisher), shown))
    assert found == [([("F13", None)], [1, 1]), ([("F13", None)], [1, 1]), ([], [0, 0])]


@pytest.mark.usefixtures("two")
async def test_flags_are_chosen_by_code_severity_source_and_area(readers: Readers) -> None:
    token = readers.token("national", "cases:read", accommodations="*")
    assert await readers.codes(token, "?code=F1") == []
    assert await readers.codes(token, "?severity=severe") == NATIONAL
    assert await readers.codes(token, f"?source={OTHER}") == [("F6", BEN)]
    assert await readers.codes(token, "?area=zuid-west") == [("F6", ANN)]
    async with readers.asking(token) as client:
        for query in ("?code=H1", "?severity=bad", "?on=2007-01-01", "?known=yesterday", "?person=x", "?limit=0"):
            assert (await client.get(f"/v1/flags{query}")).status_code == 400, query


async def test_all_pages_together_are_all_flags_and_csv_says_the_same(monitor, ledgers, readers: Readers) -> None:
    tangled(ledgers, seed=7)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    every = standing_flags(
        History(monitor, rules=RULES, clock=lambda: NOON).known_at(), on=(NOON + timedelta(1)).date()
    )
    token, found, address = readers.token("national", "cases:read", accommodations="*"), [], "/v1/flags?limit=7"
    async with readers.asking(token) as client:
        while address:
            answer = await client.get(address)
            found += answer.json()["flags"]
            assert answer.json()["counts"] == dict(counted(every))
            address = answer.links.get("next", {}).get("url")
        lines = csv.DictReader(
            StringIO((await client.get("/v1/flags?limit=1000", headers={"Accept": "text/csv"})).text)
        )
    wanted = [(flag.code, flag.about, flag.person, flag.days) for flag in every]
    assert [(flag["code"], flag["about"], flag["person"], flag["days"]) for flag in found] == wanted
    read = [(line["code"], line["about"], line["person"] or None, int(line["days"])) for line in lines]
    assert read == wanted
    assert len(wanted) > 20


@pytest.mark.usefixtures("two")
async def test_every_young_person_on_a_page_is_in_the_access_log(readers: Readers) -> None:
    await readers.codes(readers.token("national", "cases:read", accommodations="*"), "?code=F6&limit=1")
    lines = list(readers.people.log.lines())
    assert [(line.event, line.person, line.user_name) for line in lines] == [("flags-read", ANN, "national")]
