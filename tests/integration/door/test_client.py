"""The publishers' client against the real door, and against one that misbehaves in a stated way."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import stamina

from shared.client import Client, FileChanged, Journal, Outcome, PublishingRefused, ServiceUnreachable
from tests.integration.door.doors import Door, event
from tests.servers.misbehaving import misbehaving
from tests.servers.waiting import free_port


def numbered(count: int) -> list[tuple[int, str]]:
    """So many events, one a line."""
    return [(number, json.dumps(event(f"a-{number}"))) for number in range(1, count + 1)]


def client_of(door: Door) -> Client:
    """The client of the publisher `ecd`."""
    return Client({"placement": door.settings.service_url("placement")}, token=door.tokens["ecd"])


def flat(batches: Iterator[Sequence[Outcome]]) -> list[Outcome]:
    """All outcomes."""
    return [outcome for batch in batches for outcome in batch]


def test_each_line_gets_its_outcome_in_order(door: Door) -> None:
    lines = [*numbered(1200), (1300, "{broken"), (1301, json.dumps(event("a-1", data={"placement": "P-2"})))]

    with client_of(door) as client:
        outcomes = flat(client.publish(lines))

    assert [outcome.line for outcome in outcomes] == [number for number, _ in lines]
    assert {outcome.result for outcome in outcomes[:1200]} == {"accepted"}
    assert [outcome.problem and outcome.problem["type"] for outcome in outcomes[1200:]] == [
        "/v1/problems/invalid-event",
        "/v1/problems/conflict",
    ]
    assert len(door.stored()) == 1200


def test_an_interrupted_file_goes_on_where_it_stopped(door: Door, tmp_path: Path) -> None:
    state, addresses = tmp_path / "state.json", {"placement": door.settings.service_url("placement")}
    with client_of(door) as client:
        first = [*islice(client.publish(numbered(1200), journal=Journal(state, addresses=addresses)), 1)]

        rest = flat(client.publish(numbered(1200), journal=Journal(state, addresses=addresses)))

    assert [outcome.line for batch in first for outcome in batch] == list(range(1, 501))
    # The generator was stopped before it could note the second batch, so nothing is sent twice and nothing left out.
    assert [outcome.line for outcome in rest] == list(range(501, 1201))
    assert {outcome.result for outcome in rest} == {"accepted"}


def test_a_file_that_grew_is_published_from_where_it_ended(door: Door, tmp_path: Path) -> None:
    journal = tmp_path / "state.json"
    with client_of(door) as client:
        flat(client.publish(numbered(3), journal=Journal(journal, addresses={})))
        assert [one.line for one in flat(client.publish(numbered(5), journal=Journal(journal, addresses={})))] == [4, 5]


def test_a_file_that_was_changed_is_not_gone_on_with(door: Door, tmp_path: Path) -> None:
    journal = tmp_path / "state.json"
    with client_of(door) as client:
        flat(client.publish(numbered(3), journal=Journal(journal, addresses={})))
        changed = [(1, json.dumps(event("b-1"))), *numbered(3)[1:]]
        with pytest.raises(FileChanged):
            flat(client.publish(changed, journal=Journal(journal, addresses={})))


def test_a_wrong_token_is_not_tried_again(door: Door) -> None:
    client = Client({"placement": door.settings.service_url("placement")}, token="dst_wrong")
    with client, pytest.raises(PublishingRefused, match="401"):
        flat(client.publish(numbered(1)))


def taken(lines: list[str]) -> tuple[int, dict[str, str], Any]:
    """202 for all lines."""
    results = [{"index": index, "id": json.loads(line)["id"], "result": "accepted"} for index, line in enumerate(lines)]
    return 202, {}, {"results": results}


def test_a_body_that_is_too_large_is_split_until_it_fits() -> None:
    def answers(_number: int, lines: list[str]) -> tuple[int, dict[str, str], Any]:
        fits = len(lines) <= 3 and not any('"a-7"' in line for line in lines)
        return taken(lines) if fits else (413, {}, {"detail": "too large"})

    with misbehaving(answers) as (address, _), Client({"placement": address}, token="t") as client:
        outcomes = flat(client.publish(numbered(10)))

    assert [outcome.line for outcome in outcomes] == list(range(1, 11))
    assert [outcome.line for outcome in outcomes if outcome.result == "rejected"] == [7]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_who_is_busy_is_asked_again_after_the_time_it_names(status: int) -> None:
    def answers(number: int, lines: list[str]) -> tuple[int, dict[str, str], Any]:
        return taken(lines) if number == 3 else (status, {"Retry-After": "0"}, {})

    with misbehaving(answers) as (address, requests), Client({"placement": address}, token="t") as client:
        assert [outcome.result for outcome in flat(client.publish(numbered(2)))] == ["accepted"] * 2
    assert len(requests) == 3


def test_a_refusal_is_not_tried_again() -> None:
    with (
        misbehaving(lambda *_: (400, {}, {"detail": "no"})) as (address, requests),
        Client({"placement": address}, token="t") as client,
        pytest.raises(PublishingRefused, match="no"),
    ):
        flat(client.publish(numbered(2)))
    assert len(requests) == 1


def test_nobody_there_is_said_after_the_attempts() -> None:
    client = Client({"placement": f"http://127.0.0.1:{free_port()}"}, token="t")
    with stamina.set_testing(True, attempts=2), client, pytest.raises(ServiceUnreachable, match="does not answer"):
        flat(client.publish(numbered(1)))


def test_each_event_goes_to_the_service_that_takes_it() -> None:
    """A withdrawal goes to where the record that it takes back was published."""
    kinds: dict[str, dict[str, str]] = {
        "machtiging-refused": {},
        "placement-started": {},
        "record-withdrawn": {"of": "machtiging-refused", "record": "r", "reason": "other"},
    }
    lines = [
        (number, json.dumps({"id": str(number), "type": f"nl.doorstroom.{name}.v1", "data": data}))
        for number, (name, data) in enumerate(kinds.items(), start=1)
    ]
    with (
        misbehaving(lambda _, lines: taken(lines)) as (intake, to_intake),
        misbehaving(lambda _, lines: taken(lines)) as (placement, to_placement),
        Client({"intake": intake, "placement": placement}, token="t") as client,
    ):
        assert [outcome.line for outcome in flat(client.publish(lines))] == [1, 2, 3]
    assert [[json.loads(line)["id"] for line in request] for request in to_intake] == [["1", "3"]]
    assert [[json.loads(line)["id"] for line in request] for request in to_placement] == [["2"]]
