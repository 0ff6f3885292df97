"""Bodies that could be read in two ways are refused; what can be read in one is read as if it came alone."""

import gzip
import json
from typing import Any

from tests.integration.door.doors import BATCH, LINES, ONE, Door, event


def results(answer: Any) -> list[str]:
    return [result["result"] for result in answer.json()["results"]]


def test_a_key_that_stands_twice_is_refused_in_every_form_and_the_other_events_are_stored(door: Door) -> None:
    written = [json.dumps(event(name)) for name in ("a-1", "a-2", "a-3")]
    written[1] = written[1].replace('"region":', '"region": "JZ23", "region":')

    batch = door.post(f"[{','.join(written)}]".encode(), BATCH)
    lines = door.post("\n".join(written).encode(), LINES)
    one = door.post(written[1].encode(), ONE)

    assert (results(batch), results(lines)) == (
        ["accepted", "rejected", "accepted"],
        ["duplicate", "rejected", "duplicate"],
    )
    for problem in (batch.json()["results"][1]["problem"], lines.json()["results"][1]["problem"], one.json()):
        assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [("/data/region", "repeated")]
    assert door.stored() == ["a-1", "a-3"]


def test_a_key_that_stands_twice_is_refused_in_binary_mode(door: Door) -> None:
    sent = event("a-1")
    headers = {f"ce_{name}": str(value) for name, value in sent.items() if name != "data"}
    data = json.dumps(sent["data"])

    twice = door.post(data.replace('"region":', '"region": "JZ23", "region":').encode(), "application/json", **headers)
    both = door.post(data.encode(), "application/json", **headers, ce_data="x")

    assert [(error["pointer"], error["code"]) for error in twice.json()["errors"]] == [("/data/region", "repeated")]
    assert [error["pointer"] for error in both.json()["errors"]] == ["/data"]
    assert door.stored() == []


def test_a_header_that_comes_twice_is_a_list_and_no_attribute_is_one(door: Door) -> None:
    sent = event("a-1")
    headers = [(f"ce-{name}", str(value)) for name, value in sent.items() if name != "data"]
    headers += [("Authorization", f"Bearer {door.tokens['ecd']}"), ("Content-Type", "application/json")]
    body = json.dumps(sent["data"]).encode()

    named = door.client.post("/v1/events", content=body, headers=[*headers, ("ce-id", "a-2")])
    signed = door.client.post("/v1/events", content=body, headers=[*headers, ("Authorization", "Bearer other")])
    asked = door.client.post(
        "/v1/events", content=body, headers=[*headers, ("Accept", "application/json"), ("Accept", "text/csv")]
    )

    assert [error["pointer"] for error in named.json()["errors"]] == ["/id"]
    assert (named.status_code, signed.status_code, asked.status_code) == (400, 401, 202)
    assert door.stored() == ["a-1"]


def test_a_batch_is_one_array_and_nothing_after_it(door: Door) -> None:
    broken = [b"[1 2]", b"[1,]", b"[,1]", b"[1", b"[1]]", b"[1]x", b"[", b"[01]", b'["\n"]', b"[" * 500_000, b"[{}{}]"]

    answers = [door.post(body, BATCH) for body in broken]

    assert [answer.json()["type"] for answer in answers] == ["/v1/problems/malformed"] * len(broken)


def test_a_line_that_begins_with_a_great_many_spaces_is_answered_for(door: Door) -> None:
    """Its first 64 KiB are blank, and an event follows them."""
    answer = door.post(
        b" " * 70_000 + json.dumps(event("a-1")).encode() + b"\n \n" + json.dumps(event("a-2")).encode(), LINES
    )

    assert results(answer) == ["rejected", "accepted"]
    assert answer.json()["results"][0]["problem"]["type"] == "/v1/problems/too-large"


def test_lines_that_break_off_are_answered_for_as_far_as_they_were_stored(door: Door) -> None:
    """The first 500 are on disk when the end turns out to be missing: a 400 would say that nothing is stored."""
    packed = gzip.compress("\n".join(json.dumps(event(f"a-{number}")) for number in range(700)).encode())

    answer = door.post(packed[:-9], LINES, Content_Encoding="gzip")

    assert answer.status_code == 207
    told = answer.json()
    assert (told["accepted"], told["rejected"], len(told["results"])) == (500, 1, 501)
    assert told["results"][-1]["problem"]["type"] == "/v1/problems/malformed"
    assert "from this line on" in told["results"][-1]["problem"]["detail"]
    assert len(door.stored()) == 500


def test_the_events_of_a_batch_are_judged_as_if_they_came_alone(door: Door) -> None:
    """A surrogate alone is no text, and a number of ten thousand digits is none; neither spoils the other events."""
    events = [
        json.dumps(event("a-1")),
        '{"id": "\\ud800"}',
        f'{{"id": {"9" * 10_000}}}',
        json.dumps(event("a-2"), indent=2),
    ]

    answer = door.post(f"[\n{' , '.join(events)}\t]\r\n".encode(), BATCH)

    assert results(answer) == ["accepted", "rejected", "rejected", "accepted"]
    assert door.stored() == ["a-1", "a-2"]
