"""How alerts were followed up, counted over HTTP: of the days on which they were opened, and of those that are seen."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from services.monitor.alerts import summary
from services.monitor.alerts.acknowledging import Said, acknowledge
from services.monitor.alerts.summary_answers import EXAMPLE, AlertSummary
from tests.integration.monitor.alert_api import Api
from tests.integration.monitor.alerting import Alerting, at, later
from tests.integration.monitor.ledgers import discharge, machtiging, placement
from tests.unit.dossier.given import d

BEGAN = "2025-01-10"
OPENED = later(BEGAN, 91)
NAMES = ("left", "wrong", "other", "short", "stays")
LEFT, WRONG, ELSEWHERE, SHORT, STAYS = PEOPLE = [f"person-{name}-0123456789" for name in NAMES]


def _acknowledge(made: Alerting, person: str, day: str, hour: int) -> None:
    (entry,) = [one for one in made.entries(rule="A01") if one.kept.alert.case.person == person]
    said = Said("somebody", "we look into it", d(later(day, 20)))
    acknowledge(made.engine, entry.kept.id, said, seen=entry.kept.version, at=at(day, hour))


@pytest.fixture
def api(monitor: Engine, tmp_path: Path) -> Iterator[Api]:
    """Four are 91 days inside on one day: two leave, nine and nineteen days later, one had left before, one stays.

    Of a fifth nobody looked on the two days on which that was so.
    """
    made = Alerting(monitor)
    for number, (person, began) in enumerate(
        [(LEFT, BEGAN), (WRONG, BEGAN), (SHORT, later(BEGAN, 10)), (STAYS, BEGAN)]
    ):
        made.tell("placement-started", person, **placement(f"P{number}", began))
        made.tell("machtiging-granted", person, **machtiging(f"M{number}", began, "2026-01-10"))
    made.tell("placement-started", ELSEWHERE, **placement("P9", BEGAN, accommodation="via", region="JZ01"))
    made.tell("machtiging-granted", ELSEWHERE, **machtiging("M9", BEGAN, "2026-01-10"))
    made.on(BEGAN)
    made.on(OPENED)
    _acknowledge(made, LEFT, OPENED, 15)
    _acknowledge(made, LEFT, later(OPENED, 1), 9)
    _acknowledge(made, ELSEWHERE, later(OPENED, 1), 9)
    made.tell("discharge-recorded", WRONG, **discharge("P1", later(BEGAN, 80)))
    made.on(later(OPENED, 4))
    made.tell("discharge-recorded", LEFT, **discharge("P0", later(BEGAN, 100)))
    made.on(later(OPENED, 9))
    made.clock.now = at(later(BEGAN, 103))
    made.tell("discharge-recorded", SHORT, **discharge("P2", later(BEGAN, 103)))
    made.tell("discharge-recorded", ELSEWHERE, **discharge("P9", later(BEGAN, 105)))
    made.on(later(BEGAN, 110))
    api = Api(made, tmp_path)
    yield api
    api.people.close()


def lines(api: Api, query: str, **more: str) -> list[dict[str, Any]]:
    """Those about long closures; other rules hold as well."""
    answer = api.ask(f"/alerts/summary{query}", **more)
    assert answer.status_code == 200, answer.text
    return [one for one in answer.json()["items"] if one["rule"] == "A01"]


def test_it_counts_how_soon_alerts_were_acknowledged_and_how_they_ended(api: Api) -> None:
    (line,) = lines(api, f"?from={OPENED}&until={later(OPENED, 1)}")
    assert line == {
        "rule": "A01",
        "name": {"en": "Long closure", "nl": "Lange gesloten periode"},
        "threshold": "91-days",
        "level": "info",
        "opened": 4,
        "missed": 0,
        "acknowledged": 2,
        "hoursToAcknowledgementMedian": 15.0,
        "hoursToAcknowledgementP90": 24.0,
        "closed": 3,
        "closedByLateData": 1,
        "lateDataShare": 0.3333,
        "daysOpenMedian": 9.0,
        "stillOpen": 1,
    }


def test_the_window_is_half_open_and_of_the_day_on_which_an_alert_was_opened(api: Api) -> None:
    assert lines(api, f"?from={later(OPENED, -20)}&until={OPENED}") == []
    (last,) = lines(api, f"?from={later(OPENED, 1)}&until={later(OPENED, 60)}")
    numbers = ("opened", "missed", "closed", "lateDataShare", "daysOpenMedian", "hoursToAcknowledgementP90")
    assert [last[name] for name in numbers] == [0, 1, 0, None, None, None]


def test_without_a_window_it_is_of_the_last_ninety_one_days_today_among_them(api: Api) -> None:
    answer = api.ask("/alerts/summary").json()
    today = later(BEGAN, 110)
    assert (answer["from"], answer["until"]) == (later(today, -90), later(today, 1))
    assert answer["total"] == sum(one["opened"] for one in answer["items"])
    (line,) = lines(api, "")
    assert (line["opened"], line["missed"]) == (4, 1)


def test_an_institution_counts_its_own_a_stranger_nothing_and_nobody_is_named(api: Api) -> None:
    (own,) = lines(api, f"?from={OPENED}", by="institution")
    assert (own["opened"], own["acknowledged"], own["stillOpen"]) == (3, 1, 1)
    assert api.ask("/alerts/summary", by="nobody").status_code == 403
    text = api.ask("/alerts/summary").text
    assert not any(name in text for name in PEOPLE)
    assert [line for line in api.logged() if line[1] == "granted"] == []


def test_as_csv_it_has_a_line_for_each_rule_threshold_and_level(api: Api) -> None:
    answer = api.ask(f"/alerts/summary?from={OPENED}", Accept="text/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = [row for row in csv.DictReader(io.StringIO(answer.text)) if row["rule"] == "A01"]
    names = ("from", "threshold", "level", "opened", "missed", "late_data_share", "still_open")
    assert [[row[name] for name in names] for row in rows] == [[OPENED, "91-days", "info", "4", "1", "0.3333", "1"]]


def test_a_window_without_a_day_and_what_it_does_not_know_are_refused(api: Api) -> None:
    for wrong in (
        f"?from={OPENED}&until={OPENED}",
        f"?from={later(OPENED, 1)}&until={OPENED}",
        "?from=2007-12-31",
        "?until=2100-01-01",
        "?until=soon",
        "?colour=red",
    ):
        assert api.ask(f"/alerts/summary{wrong}").status_code == 400, wrong


def test_of_more_alerts_than_are_looked_at_fewer_days_are_to_be_asked_for(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "ALERTS_MAX", 2)
    answer = api.ask(f"/alerts/summary?from={OPENED}")
    assert (answer.status_code, answer.json()["type"]) == (400, "/v1/problems/invalid-request")


def test_the_example_of_its_document_is_such_an_answer() -> None:
    assert AlertSummary.model_validate(EXAMPLE).model_dump(mode="json", by_alias=True) == EXAMPLE
