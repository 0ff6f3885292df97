"""The alerts over HTTP: ranked, bounded by who asks, logged, acknowledged only as they were seen."""

import asyncio
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest
from sqlalchemy import Engine

from services.monitor.access.reader import ALL, Reader
from services.monitor.alerts.rulebook import rulebook
from services.monitor.cockpit.attention import Attention
from tests.integration.monitor.alert_api import (
    BEGAN,
    ELSEWHERE,
    LONG,
    READ,
    UNTITLED,
    WAITING,
    Api,
    four_young_persons,
)
from tests.integration.monitor.alerting import later


@pytest.fixture
def api(monitor: Engine, tmp_path: Path) -> Iterator[Api]:
    with four_young_persons(monitor, tmp_path) as made:
        yield made


def items(answer: httpx2.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.text
    return [(one["rule"], one["person"]) for one in answer.json()["items"]]


def test_the_list_is_ranked_by_level_then_by_what_is_missing_then_by_time(api: Api) -> None:
    answer = api.ask("/alerts?rule=A01&rule=A03&rule=A11")
    assert items(answer) == [("A03", UNTITLED), ("A11", WAITING), ("A01", LONG), ("A01", ELSEWHERE)]
    page = answer.json()
    assert (page["total"], page["byLevel"]) == (4, {"red": 2, "orange": 0, "amber": 1, "info": 1})
    first = page["items"][0]
    assert first["why"] == {"en": "No title, 20 days", "nl": "Geen titel, 20 dagen"}
    assert first["nextStep"]["nl"].startswith("Zoek de beschikking op")
    assert (first["since"], first["owner"], first["missing"]) == (later(BEGAN, 185), "legal-desk", ["no-title"])


def test_every_young_person_on_a_page_is_a_line_in_the_access_log(api: Api) -> None:
    api.ask("/alerts?rule=A01&rule=A03&pageSize=1")
    assert api.logged() == [("alerts", "granted", UNTITLED)]
    api.ask("/alerts?rule=A01")
    assert api.logged()[1:] == [("alerts", "granted", LONG), ("alerts", "granted", ELSEWHERE)]


def test_filters_choose_and_pages_follow_each_other(api: Api) -> None:
    assert items(api.ask("/alerts?rule=A01&level=amber")) == [("A01", LONG)]
    assert items(api.ask("/alerts?rule=A01&area=noord")) == [("A01", ELSEWHERE)]
    assert items(api.ask("/alerts?rule=A01&accommodation=via")) == [("A01", ELSEWHERE)]
    assert items(api.ask("/alerts?owner=treatment-lead&state=escalated")) == [("A01", LONG)]
    assert items(api.ask("/alerts?rule=A01&pageSize=1&page=2")) == [("A01", ELSEWHERE)]
    assert items(api.ask("/alerts?rule=A01&state=closed")) == []
    for wrong in ("?level=purple", "?page=0", "?pageSize=201", "?area=utrecht", "?colour=red"):
        assert api.ask(f"/alerts{wrong}").status_code == 400


def test_an_institution_sees_its_own_and_a_stranger_nothing(api: Api) -> None:
    assert items(api.ask("/alerts?rule=A01&rule=A11", by="institution")) == [("A01", LONG)]
    assert api.ask("/alerts", by="nobody").status_code == 403
    other = api.ask("/alerts?rule=A01&area=noord").json()["items"][0]["id"]
    assert api.ask(f"/alerts/{other}", by="institution").status_code == 404
    assert ("alert", "refused", ELSEWHERE) in api.logged()
    assert api.ask("/alerts/unknown").status_code == 404


def test_what_no_database_keeps_is_in_no_address_and_in_no_note(api: Api) -> None:
    """The character 0: PostgreSQL takes it in no text."""
    for address in ("/alerts/%00", "/alerts?accommodation=via%00", "/alerts?rule=A01%00"):
        answer = api.ask(address)
        assert (answer.status_code, answer.json()["type"]) == (400, "/v1/problems/invalid-request")
        assert answer.headers["api-version"]
    identity = api.ask("/alerts?rule=A01&level=amber").json()["items"][0]["id"]
    answer = _acknowledge(api, identity, note="Called \0 and asked")
    assert answer.status_code == 400
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/note"]


def test_a_young_person_stands_on_the_list_once_with_the_other_alerts(api: Api) -> None:
    young = api.ask("/alerts?rule=A01&rule=A23&area=noord").json()
    (first,) = young["items"]
    assert (first["person"], first["rule"], [one["rule"] for one in first["also"]]) == (ELSEWHERE, "A23", ["A01"])
    apart = api.ask("/alerts?rule=A01&rule=A23&area=noord&each=alert").json()
    assert [one["rule"] for one in apart["items"]] == ["A23", "A01"]
    assert young["total"] == apart["total"] == 2


def test_the_list_as_csv_is_the_whole_list(api: Api) -> None:
    answer = api.ask("/alerts?rule=A01&rule=A03&pageSize=1", Accept="text/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["rule"], row["person"], row["days"]) for row in rows] == [
        ("A03", UNTITLED, "20"),
        ("A01", LONG, "200"),
        ("A01", ELSEWHERE, "180"),
    ]


def test_one_alert_shows_the_facts_and_dates_behind_it_and_its_history(api: Api) -> None:
    identity = api.ask("/alerts?rule=A01&level=amber").json()["items"][0]["id"]
    answer = api.ask(f"/alerts/{identity}")
    said = answer.json()
    assert answer.headers["etag"] == '"1"'
    assert said["because"] == [{"what": "placement-started", "on": BEGAN, "about": "P1"}]
    assert [line["kind"] for line in said["history"]] == ["opened"]
    assert "Definitions D6, D7" in said["sources"]
    assert ("alert", "granted", LONG) in api.logged()


def _acknowledge(api: Api, identity: str, *, by: str = "national", etag: str | None = '"1"', **body: str) -> Any:
    said = {"note": "Discussed in the team on Monday.", "until": later(BEGAN, 210)} | body
    headers = {} if etag is None else {"If-Match": etag}
    return api.send("POST", f"/alerts/{identity}/acknowledgement", by=by, json=said, headers=headers)


def test_an_acknowledgement_takes_it_off_the_open_list_and_stays_on_record(api: Api) -> None:
    identity = api.ask("/alerts?rule=A01&level=amber").json()["items"][0]["id"]
    answer = _acknowledge(api, identity)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert (answer.json()["state"], answer.json()["acknowledgement"]["by"]) == ("acknowledged", "national")
    assert items(api.ask("/alerts?rule=A01")) == [("A01", ELSEWHERE)]
    assert items(api.ask("/alerts?rule=A01&state=acknowledged")) == [("A01", LONG)]
    assert ("acknowledge-alert", "granted", LONG) in api.logged()
    assert [line["kind"] for line in api.ask(f"/alerts/{identity}").json()["history"]] == ["opened", "acknowledged"]


def test_nobody_acknowledges_what_they_have_not_seen(api: Api) -> None:
    identity = api.ask("/alerts?rule=A01&level=amber").json()["items"][0]["id"]
    assert _acknowledge(api, identity, etag=None).status_code == 428
    for tag in ('"7"', '"x"', "*", "9" * 20, '"' + "9" * 5_000 + '"'):
        assert _acknowledge(api, identity, etag=tag).status_code == 412
    assert _acknowledge(api, identity).status_code == 200
    second = _acknowledge(api, identity)
    assert (second.status_code, second.json()["type"]) == (412, "/v1/problems/alert-changed")
    assert _acknowledge(api, identity, by="reader", etag='"2"').status_code == 403


@pytest.mark.parametrize(
    ("version", "told"), [("9" * 5_000, "changed"), ("", "changed"), ("7", "changed"), ("1", "done")]
)
def test_on_the_page_too_nobody_acknowledges_what_they_have_not_seen(api: Api, version: str, told: str) -> None:
    class Everybody:
        async def require(self, _request: object, *, scope: str) -> Reader:
            return Reader("olga", "person", frozenset({READ, scope}), areas=ALL)

        async def note(self, *_args: object, **_persons: object) -> None: ...

    access, overview = cast("Any", Everybody()), cast("Any", None)
    attention = Attention(api.alerting.engine, access, overview, rules=rulebook(), clock=api.alerting.clock)
    identity = api.ask("/alerts?rule=A01&level=amber").json()["items"][0]["id"]
    sent = {"note": "Called the region.", "until": later(BEGAN, 214), "version": version}
    assert asyncio.run(attention.acknowledge(cast("Any", None), identity, sent)) == told


def test_an_acknowledgement_says_something_for_a_while_and_holds_no_bsn(api: Api) -> None:
    identity = api.ask("/alerts?rule=A01&level=amber").json()["items"][0]["id"]
    for wrong in (
        {"until": later(BEGAN, 200)},
        {"until": later(BEGAN, 293)},
        {"until": "soon"},
        {"note": ""},
        {"note": "Called about 123456782."},
        {"colour": "red"},
    ):
        answer = _acknowledge(api, identity, **wrong)
        assert (answer.status_code, "123456782" in answer.text) == (400, False)
    assert _acknowledge(api, identity, until=later(BEGAN, 292)).status_code == 200


def test_an_acknowledgement_is_not_read_beyond_what_anybody_writes(api: Api) -> None:
    (alert, *_) = api.ask("/alerts").json()["items"]
    headers = {"If-Match": '"1"', "Content-Type": "application/json"}
    body = b'{"note": "' + b"x" * 70_000 + b'", "until": "2025-03-01"}'
    answer = api.send("POST", f"/alerts/{alert['id']}/acknowledgement", content=body, headers=headers)

    assert answer.status_code == 413


def test_what_is_escalated_or_closed_is_not_acknowledged(api: Api) -> None:
    lower = api.ask("/alerts?rule=A01&state=escalated").json()["items"][0]["id"]
    assert _acknowledge(api, lower, etag='"2"').status_code == 409
