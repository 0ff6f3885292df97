"""POST /v1/events: what is stored, what is refused, and what the answer says."""

import gzip
import json
from typing import Any

import pytest

from tests.integration.door.doors import BATCH, LINES, ONE, OTHER_SOURCE, PERSON, Door, event, publisher


def results(answer: Any) -> list[str]:
    return [result["result"] for result in answer.json()["results"]]


def test_an_event_is_stored_and_its_place_is_answered(door: Door) -> None:
    answer = door.send(event("a-1"))

    assert answer.status_code == 202
    assert answer.json() == {
        "accepted": 1,
        "duplicates": 0,
        "rejected": 0,
        "results": [{"index": 0, "id": "a-1", "result": "accepted", "position": 1}],
    }
    assert door.stored() == ["a-1"]


def test_the_same_event_again_is_a_duplicate_at_the_same_place(door: Door) -> None:
    door.send(event("a-1"))

    answer = door.send(event("a-1"))

    assert answer.status_code == 202
    assert answer.json()["results"] == [{"index": 0, "id": "a-1", "result": "duplicate", "position": 1}]


def test_a_known_id_with_other_content_is_a_conflict_and_changes_nothing(door: Door) -> None:
    door.send(event("a-1"))

    answer = door.send(event("a-1", data={"placement": "P-2"}))

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/v1/problems/conflict"
    assert door.stored() == ["a-1"]


def test_all_errors_of_an_event_are_told_together_and_no_value_is_repeated(door: Door) -> None:
    answer = door.send(event(time="yesterday-or-so", data={"region": "JZ99", "placement": 471147, "colour": "mauve"}))

    assert answer.status_code == 400
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert {"/time", "/data/region", "/data/placement", "/data/colour"} <= pointers
    assert not any(value in answer.text for value in ("yesterday", "JZ99", "471147", "mauve"))


def test_a_batch_is_stored_in_part_and_answered_in_its_order(door: Door) -> None:
    answer = door.send_batch([event("a-1"), event("a-2", source=OTHER_SOURCE), event("a-1"), {}, 5, event("a-3")])

    assert answer.status_code == 207
    assert results(answer) == ["accepted", "rejected", "duplicate", "rejected", "rejected", "accepted"]
    assert [result["index"] for result in answer.json()["results"]] == [0, 1, 2, 3, 4, 5]
    assert {name: answer.json()[name] for name in ("accepted", "duplicates", "rejected")} == {
        "accepted": 2,
        "duplicates": 1,
        "rejected": 3,
    }
    assert door.stored() == ["a-1", "a-3"]


def test_a_batch_may_be_empty(door: Door) -> None:
    answer = door.send_batch([])

    assert (answer.status_code, answer.json()["results"]) == (202, [])


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(event("a-2", source=OTHER_SOURCE), id="not-yours"),
        pytest.param({}, id="invalid"),
        pytest.param(event("a-0", data={"placement": "P-9"}), id="conflict"),
    ],
)
def test_a_strict_batch_is_stored_whole_or_not_at_all(door: Door, second: dict[str, Any]) -> None:
    door.send(event("a-0"))

    answer = door.send_batch([event("a-1"), second], Prefer="handling=strict")

    assert answer.status_code == 400
    assert answer.json()["type"] == "/v1/problems/batch-refused"
    assert results(answer) == ["rejected", "rejected"]
    assert answer.json()["results"][0]["problem"]["type"] == "/v1/problems/batch-refused"
    assert answer.json()["results"][1]["problem"]["type"] != "/v1/problems/batch-refused"
    assert door.stored() == ["a-0"]


def test_a_strict_batch_without_a_fault_is_stored(door: Door) -> None:
    answer = door.send_batch([event("a-1"), event("a-2")], Prefer="handling=strict")

    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == "handling=strict"


def test_lines_are_stored_without_a_limit_on_their_number(door: Door) -> None:
    lines = [json.dumps(event(f"a-{number}")) for number in range(2_500)]
    lines[1_700] = '{"specversion": broken'

    answer = door.post("\n".join([*lines, "", "  "]).encode(), LINES)

    assert answer.status_code == 207
    found = answer.json()
    assert (found["accepted"], found["rejected"]) == (2_499, 1)
    assert [result["index"] for result in found["results"]] == list(range(2_500))
    assert found["results"][1_700]["problem"]["type"] == "/v1/problems/invalid-event"
    assert len(door.stored()) == 2_499


def test_a_line_that_is_too_long_is_refused_and_the_others_are_stored(door: Door) -> None:
    long = event("a-2", data={"placement": "P" * 80_000})

    answer = door.post("\n".join(json.dumps(one) for one in (event("a-1"), long, event("a-3"))).encode(), LINES)

    assert results(answer) == ["accepted", "rejected", "accepted"]
    assert answer.json()["results"][1]["problem"]["type"] == "/v1/problems/too-large"


def test_all_or_nothing_is_refused_for_lines(door: Door) -> None:
    assert door.post(json.dumps(event()).encode(), LINES, Prefer="handling=strict").status_code == 400
    assert door.stored() == []


def test_binary_mode_reads_the_attributes_from_headers(door: Door) -> None:
    sent = event("a-%41")
    headers = {f"ce_{name}": str(value) for name, value in sent.items() if name != "data"} | {"ce_revision": "2"}
    headers["ce_precision"] = "month"

    answer = door.post(json.dumps(sent["data"]).encode(), "application/json", **headers)

    assert answer.status_code == 202
    stored = door.get("/v1/events").json()[0]
    assert (stored["id"], stored["revision"], stored["subject"]) == ("a-A", 2, PERSON)
    assert stored["precision"] == "month"


def test_a_precision_that_is_none_is_refused_by_its_pointer(door: Door) -> None:
    answer = door.post(json.dumps(event(precision="week")).encode(), ONE)

    assert answer.status_code == 400
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/precision", "unknown_code")]


@pytest.mark.parametrize("media_type", [ONE, BATCH, LINES])
def test_every_form_may_be_zipped(door: Door, media_type: str) -> None:
    body = json.dumps([event()] if media_type == BATCH else event()).encode()

    assert door.post(gzip.compress(body), media_type, Content_Encoding="gzip").status_code == 202


def test_trying_out_answers_the_same_and_stores_nothing(door: Door) -> None:
    body = json.dumps([event("a-1"), {}]).encode()

    answer = door.post(body, BATCH, to="/v1/events/_validate")

    assert answer.status_code == 207
    assert results(answer) == ["accepted", "rejected"]
    assert "position" not in answer.json()["results"][0]
    assert door.stored() == []


def test_a_fact_of_the_other_service_is_refused_with_the_address_that_takes_it(door: Door) -> None:
    data = {"machtiging": "M-1", "suspended_on": "2026-03-01"}
    answer = door.send({**event(), "type": "nl.doorstroom.machtiging-suspended.v1", "data": data})

    assert answer.status_code == 400
    assert answer.json()["type"] == "/v1/problems/other-service"
    assert answer.json()["takenBy"] == f"{door.settings.service_url('intake')}/v1/events"


@pytest.mark.parametrize(
    ("bounds", "pointer"),
    [
        ({"sources": {OTHER_SOURCE}}, "/source"),
        ({"facts": {"discharge-recorded"}}, "/type"),
        ({"accommodations": {"elsewhere"}}, "/data/accommodation"),
    ],
)
def test_a_publisher_is_bound_to_its_sources_facts_and_accommodations(
    door: Door, bounds: dict[str, set[str]], pointer: str
) -> None:
    """H3 of the domain report."""
    token = door.register(publisher("bound", **bounds))

    answer = door.send(event(), Authorization=f"Bearer {token}")

    assert answer.status_code == 403
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert door.stored() == []


def test_a_fact_that_names_no_accommodation_is_bound_through_its_source(door: Door) -> None:
    token = door.register(publisher("bound", accommodations={"schakenbosch"}))
    data = {"placement": "P-1", "discharged_on": "2026-03-01", "destination": "home", "end_mode": "planned"}

    answer = door.send(
        {**event(), "type": "nl.doorstroom.discharge-recorded.v1", "data": data}, Authorization=f"Bearer {token}"
    )

    assert answer.status_code == 202


def ended(name: str, placement: str, **more: Any) -> dict[str, Any]:
    """A discharge from this placement."""
    data = {"placement": placement, "discharged_on": "2026-03-01", "destination": "home", "end_mode": "planned"}
    return event(name, type="nl.doorstroom.discharge-recorded.v1") | {"data": data} | more


def warnings(answer: Any) -> list[list[tuple[str, str]]]:
    return [[(w["code"], w["pointer"]) for w in result.get("warnings", ())] for result in answer.json()["results"]]


def test_an_end_of_a_placement_that_nobody_started_is_stored_with_a_warning(door: Door) -> None:
    answer = door.send(ended("e-1", "P-9"))

    assert answer.status_code == 202
    [warning] = answer.json()["results"][0]["warnings"]
    assert warning == {
        "code": "F4",
        "detail": "The start of this placement is not known here.",
        "pointer": "/data/placement",
    }
    assert door.stored() == ["e-1"]


def test_there_is_no_warning_of_what_is_known_or_comes_in_the_same_batch(door: Door) -> None:
    started = event("a-1", data={"placement": "P-1"})
    assert warnings(door.send_batch([ended("e-1", "P-1"), started])) == [[], []]
    assert warnings(door.send(ended("e-2", "P-1"))) == [[]]


@pytest.mark.parametrize(
    ("sent", "warning"),
    [
        (event("a-1", data={"birth_month": "2016-01"}), ("F11", "/data/birth_month")),
        (event("a-1", data={"started_on": "2025-11-30"}), ("F15", "/data/started_on")),
        (event("a-1", precision="month"), ("F16", "/precision")),
    ],
    ids=("age", "late", "roughly"),
)
def test_what_is_odd_about_a_fact_by_itself_is_warned_of_when_it_is_tried_and_when_it_is_stored(
    door: Door, sent: dict[str, Any], warning: tuple[str, str]
) -> None:
    assert warnings(door.post(json.dumps(sent).encode(), ONE, to="/v1/events/_validate")) == [[warning]]
    assert warnings(door.send(sent)) == [[warning]]
    assert warnings(door.send(sent)) == [[]], "a duplicate was warned of when it was stored"


def test_an_arrival_from_a_placement_that_nobody_left_is_warned_of_until_the_departure_is_there(door: Door) -> None:
    def arrival(name: str) -> dict[str, Any]:
        return event(name, data={"placement": name, "arrives_from": "P-1"})

    unknown, departed = [("F4", "/data/arrives_from"), ("F2", "/data/arrives_from")], [("F2", "/data/arrives_from")]
    assert warnings(door.send(arrival("a-1"))) == [unknown]
    door.send(event("a-2", data={"placement": "P-1"}))
    assert warnings(door.send(arrival("a-3"))) == [departed]
    door.send(ended("e-1", "P-1"))
    assert warnings(door.send(arrival("a-4"))) == [[]]
    assert warnings(door.send(arrival("a-1"))) == [[]], "a duplicate was warned of when it was stored"
