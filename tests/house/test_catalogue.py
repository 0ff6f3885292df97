"""A new fact is one class in one file: everything else follows from the catalogue."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]

FAMILY = '''
    """Follow-up: how it goes some time after the end."""

    from typing import Any, ClassVar, Literal

    from shared.facts.fact import Day, Fact, Identifier


    class FollowUpRecorded(Fact, name="follow-up-recorded", owner="placement", dated="seen_on"):
        """Somebody asked how a young person is doing."""

        placement: Identifier
        seen_on: Day
        status: Literal["in-school", "inside", "none", "exempt", "work"]
        """What the young person does from this day on."""

        example: ClassVar[dict[str, Any]] = {"placement": "P1", "seen_on": "2026-03-02", "status": "inside"}
'''

WITHDRAWAL = {"of": "follow-up-recorded", "record": "opname-1", "reason": "duplicate"}

ASK = """
    import json, sys
    from datetime import UTC, date, datetime

    import shared.facts
    shared.facts.__path__.append(sys.argv[1])

    from shared.door.asyncapi import asyncapi
    from shared.door.documentation import submission_schemas
    from shared.facts.acceptance import parse
    from shared.facts.catalogue import accepted, by_name, catalogue
    from shared.facts.reference import reference
    from shared.facts.schema import example_event, schema_of

    entry = catalogue()["nl.doorstroom.follow-up-recorded.v1"]
    withdrawn = catalogue()["nl.doorstroom.record-withdrawn.v1"]

    def taken(event):
        answer = parse(json.dumps(event), today=date(2026, 9, 1), now=datetime(2026, 9, 1, 10, tzinfo=UTC))
        return [error.pointer for error in answer] if isinstance(answer, tuple) else type(answer.data).__name__

    example = example_event(entry)
    stored = example | {"acceptedat": "2026-08-31T14:05:00Z", "position": 1, "prev": 0}
    json.dump({
        "owner": entry.model.owner,
        "newest": by_name("follow-up-recorded") is entry.model,
        "schema": schema_of(entry),
        "door": taken(example),
        "ahead": taken(example | {"data": example["data"] | {"seen_on": "2026-10-01"}}),
        "reader": accepted().validate_json(json.dumps(stored)).data.status,
        "withdrawal": taken(example_event(withdrawn) | {"data": json.loads(sys.argv[2])}),
        "page": reference(),
        "streams": {service: asyncapi(service, partitions=4) for service in ("intake", "placement")},
        "api": {service: submission_schemas(service) for service in ("intake", "placement")},
    }, sys.stdout)
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a fresh process says of a fact that only a new family file knows; nothing else is touched."""
    folder = tmp_path_factory.mktemp("families")
    (folder / "education.py").write_text(dedent(FAMILY), encoding="utf-8")
    asked = [sys.executable, "-c", dedent(ASK), str(folder), json.dumps(WITHDRAWAL)]
    done = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_a_new_fact_is_in_the_catalogue(told: dict[str, Any]) -> None:
    assert told["owner"] == "placement"
    assert told["newest"]


def test_a_new_fact_has_a_json_schema_with_its_example(told: dict[str, Any]) -> None:
    data = told["schema"]["$defs"]["FollowUpRecorded"]
    assert data["required"] == ["placement", "seen_on", "status"]
    assert data["properties"]["status"]["description"] == "What the young person does from this day on."
    assert told["schema"]["examples"][0]["data"]["status"] == "inside"


def test_the_door_takes_a_new_fact_and_holds_its_date_against_today(told: dict[str, Any]) -> None:
    assert told["door"] == "FollowUpRecorded"
    assert told["ahead"] == ["/data/seen_on"]


def test_readers_read_a_new_fact(told: dict[str, Any]) -> None:
    assert told["reader"] == "inside"


def test_a_new_fact_can_be_withdrawn(told: dict[str, Any]) -> None:
    assert told["withdrawal"] == "RecordWithdrawn"


def test_the_page_about_the_facts_tells_of_a_new_fact(told: dict[str, Any]) -> None:
    assert "### follow-up-recorded" in told["page"]


def test_the_streams_of_its_service_are_described_with_a_new_fact(told: dict[str, Any]) -> None:
    messages = {
        service: [message["name"] for message in document["components"]["messages"].values()]
        for service, document in told["streams"].items()
    }
    assert "nl.doorstroom.follow-up-recorded.v1" in messages["placement"]
    assert "nl.doorstroom.follow-up-recorded.v1" not in messages["intake"]
    assert "FollowUpRecorded" in told["streams"]["placement"]["components"]["schemas"]


def test_the_api_of_its_service_is_described_with_a_new_fact(told: dict[str, Any]) -> None:
    mappings = {service: schemas["Event"]["discriminator"]["mapping"] for service, schemas in told["api"].items()}
    reference = mappings["placement"]["nl.doorstroom.follow-up-recorded.v1"]
    assert reference.rpartition("/")[2] in told["api"]["placement"]
    assert "FollowUpRecorded" in told["api"]["placement"]
    assert "nl.doorstroom.follow-up-recorded.v1" not in mappings["intake"]
