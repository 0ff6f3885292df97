"""What may be read back: accepted events page by page, types and schemas, and what a problem means."""

import re

import pytest
from jsonschema import Draft202012Validator

from shared.facts.erasure import AUTHORITY
from shared.publishers.registry import ALL
from tests.integration.door.doors import NOW, OTHER_SOURCE, SOURCE, Door, event, publisher


def ids(door: Door, path: str, *, as_: str = "ecd") -> list[str]:
    """The ids of all events from this page on, by following the links."""
    found: list[str] = []
    while path:
        answer = door.get(path, as_=as_)
        assert answer.status_code == 200, answer.text
        found += [one["id"] for one in answer.json()]
        link = re.fullmatch(r'<(.+)>; rel="next"', answer.headers.get("link", ""))
        path = link[1] if link else ""
    return found


def test_an_accepted_event_is_read_with_its_place_and_when_it_was_accepted(door: Door) -> None:
    door.send(event("a-1"))

    answer = door.get("/v1/events")

    assert answer.headers["content-type"] == "application/cloudevents-batch+json"
    place = {"acceptedat": "2026-03-02T12:00:00.000000Z", "position": 1, "prev": 0}
    assert answer.json() == [{**event("a-1"), "revision": 1, **place}]
    assert NOW.isoformat().startswith("2026-03-02T12:00:00")


def test_a_publisher_reads_its_own_sources_and_facts_read_reads_all(door: Door) -> None:
    both = publisher("both", sources={SOURCE, OTHER_SOURCE})
    door.register(both)
    door.register(publisher("reader", sources=set(), scopes={"facts:read"}))
    sources = {f"a-{number}": OTHER_SOURCE if number % 3 else SOURCE for number in range(10)}
    door.send_batch(
        [event(name, source=source) for name, source in sources.items()],
        Authorization=f"Bearer {door.tokens['both']}",
    )

    assert ids(door, "/v1/events?limit=2") == [name for name, source in sources.items() if source == SOURCE]
    assert ids(door, "/v1/events?limit=3", as_="both") == list(sources)
    assert ids(door, "/v1/events?limit=4", as_="reader") == list(sources)
    assert ids(door, "/v1/events?after=7", as_="reader") == ["a-7", "a-8", "a-9"]


def test_the_partitions_together_are_everything_and_each_names_the_one_before(door: Door) -> None:
    door.send_batch([event(f"a-{number}", subject=f"person-number-{number:06d}") for number in range(40)])

    found = [door.get(f"/v1/events?partition={partition}&limit=1000").json() for partition in range(4)]

    assert sorted(one["position"] for part in found for one in part) == list(range(1, 41))
    for part in found:
        assert [one["prev"] for one in part] == [0, *(one["position"] for one in part)][:-1]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("after=-1", "after"),
        ("after=x", "after"),
        ("partition=4", "partition"),
    ],
)
def test_a_wrong_parameter_is_400_and_named(door: Door, query: str, parameter: str) -> None:
    answer = door.get(f"/v1/events?{query}")

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_every_type_has_a_schema_that_its_example_keeps(door: Door) -> None:
    types = door.client.get("/v1/event-types").json()["eventTypes"]

    assert "nl.doorstroom.placement-started.v1" in [one["type"] for one in types]
    for one in types:
        schema = door.client.get(one["schema"])
        assert schema.headers["content-type"] == "application/schema+json"
        Draft202012Validator.check_schema(schema.json())
        Draft202012Validator(schema.json()).validate(one["example"])


def test_the_example_of_each_type_taken_here_is_accepted_and_others_say_where_to_go(door: Door) -> None:
    here = f"{door.settings.service_url('placement')}/v1/events"
    door.tokens["ecd"] = door.register(publisher("authority", facts={ALL, *AUTHORITY}))
    for number, one in enumerate(door.client.get("/v1/event-types").json()["eventTypes"]):
        example = {**one["example"], "id": f"e-{number}", "source": SOURCE, "time": "2026-03-02T09:00:00+01:00"}

        answer = door.send(example).json()

        problems = [error["code"] for error in answer.get("errors", []) if error["code"] != "ahead"]
        assert problems == ([] if one["takenAt"] else ["unknown_type"]), "what only ledgers make is taken nowhere"
        assert (answer.get("type") == "/v1/problems/other-service") == (
            here not in one["takenAt"] and "errors" not in answer
        )


def test_the_streams_are_described_for_whoever_reads_them(door: Door) -> None:
    found = door.client.get("/v1/asyncapi.json").json()

    assert found["asyncapi"] == "3.0.0"
    assert found["channels"]["facts"]["address"] == "doorstroom:facts:placement:{partition}"
    assert found["channels"]["facts"]["parameters"]["partition"]["enum"] == ["0", "1", "2", "3"]
    names = {message["name"] for message in found["components"]["messages"].values()}
    assert "nl.doorstroom.placement-started.v1" in names
    assert "nl.doorstroom.referral-registered.v1" not in names


def test_every_problem_leads_to_a_page_about_it(door: Door) -> None:
    problem = door.client.get("/v1/events").json()

    page = door.client.get(problem["type"], headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert problem["title"] in page.text
    assert door.client.get(problem["type"]).json()["status"] == 401
    assert door.client.get("/v1/problems/none-such").status_code == 404


@pytest.mark.parametrize("path", ["/v1/events", "/v1/event-types", "/v1/openapi.json", "/livez", "/v1/nothing-here"])
def test_head_answers_as_get_does_but_for_the_body(door: Door, path: str) -> None:
    token = {"Authorization": f"Bearer {door.tokens['ecd']}"}
    got, headed = door.client.get(path, headers=token), door.client.head(path, headers=token)

    assert headed.status_code == got.status_code
    assert headed.content == b""
    assert {**headed.headers, "date": ""} == {**got.headers, "date": ""}


def test_what_can_only_be_posted_has_no_head(door: Door) -> None:
    answer = door.client.head("/v1/events/_validate")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
