"""What is turned away before or while it is read: size, form, encoding, and a service that cannot take more."""

import gzip
import json
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.databases import open_engine
from shared.door import app as door_app
from shared.door.rate import Rates
from tests.integration.door.doors import BATCH, LINES, ONE, OTHER_SOURCE, Door, event, opened, publisher, settings_in
from tests.servers.waiting import wait_until


@pytest.mark.parametrize("zipped", [False, True])
def test_an_event_may_have_64_kib_unzipped(door: Door, zipped: bool) -> None:
    body = json.dumps(event(dataschema="https://example.org/")).encode()
    fitting, too_large = body + b" " * (64 * 1024 - len(body)), body + b" " * (64 * 1024 + 1 - len(body))
    pack, headers = (gzip.compress, {"Content_Encoding": "gzip"}) if zipped else (bytes, {})

    assert door.post(pack(fitting), ONE, **headers).status_code == 202
    answer = door.post(pack(too_large), ONE, **headers)
    assert answer.status_code == 413
    assert "64 KiB" in answer.json()["detail"]


def test_a_batch_may_have_1_mib_unzipped(door: Door) -> None:
    answer = door.post(gzip.compress(b"[" + b" " * 1024 * 1024 + b"]"), BATCH, Content_Encoding="gzip")

    assert answer.status_code == 413
    assert "1 MiB" in answer.json()["detail"]


def test_a_batch_may_have_1000_events(door: Door) -> None:
    answer = door.send_batch([{}] * 1001)

    assert answer.status_code == 413
    assert "1000 events" in answer.json()["detail"]


def test_a_large_event_in_a_batch_is_refused_alone(door: Door) -> None:
    answer = door.send_batch([event("a-1"), event("a-2", data={"placement": "P" * 70_000})])

    assert answer.status_code == 207
    assert answer.json()["results"][1]["problem"]["status"] == 413


def test_a_zip_bomb_ends_early(door: Door) -> None:
    answer = door.post(gzip.compress(b"\n" * 200_000_000), LINES, Content_Encoding="gzip")

    assert answer.status_code == 413
    assert "times its size" in answer.json()["detail"]


@pytest.mark.parametrize("packed", [b"no gzip", gzip.compress(b"[]", mtime=0)[:-9], b""])
def test_broken_gzip_is_malformed(door: Door, packed: bytes) -> None:
    answer = door.post(packed, BATCH, Content_Encoding="gzip")

    assert (answer.status_code, answer.json()["type"]) == (400, "/v1/problems/malformed")


@pytest.mark.parametrize("body", [b"", b"[", b"{}", b'"text"', b"\xff", b"[NaN]"])
def test_a_batch_that_is_no_array_of_json_is_malformed(door: Door, body: bytes) -> None:
    assert door.post(body, BATCH).json()["type"] == "/v1/problems/malformed"


def test_where_a_batch_breaks_off_is_told(door: Door) -> None:
    detail = door.post(b'[\n  {"id": "a"},\n  {"id": "b",}\n]', BATCH).json()["detail"]
    assert detail == "The body is no JSON document in UTF-8 from line 3, column 14 on."


@pytest.mark.parametrize("body", [b"", b"[", b"[]", b"5", b"\xff", b'{"a":' * 2000])
def test_an_event_that_is_no_json_object_is_invalid(door: Door, body: bytes) -> None:
    assert door.post(body, ONE).status_code == 400


def test_another_encoding_is_unsupported_and_gzip_is_offered(door: Door) -> None:
    answer = door.send(event(), Content_Encoding="br")

    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "gzip")


@pytest.mark.parametrize("media_type", [None, "text/plain", "application/json", f"{ONE}; charset=latin-1"])
def test_another_form_is_unsupported_and_ours_are_named(door: Door, media_type: str | None) -> None:
    """application/json is binary mode, which these headers are not."""
    answer = door.post(json.dumps(event()).encode(), media_type)

    assert answer.status_code == 415
    assert ONE in answer.headers["accept-post"]


def test_utf_8_may_be_named(door: Door) -> None:
    assert door.post(json.dumps(event()).encode(), f"{ONE}; charset=UTF-8").status_code == 202


@pytest.mark.parametrize("accept", ["text/csv", "application/json;q=0", b"application/json;q=\xb2"])
def test_who_accepts_no_json_gets_406(door: Door, accept: str | bytes) -> None:
    """A weight that is no number is none, also when it is made of what Python takes for digits."""
    assert door.send(event(), Accept=accept).status_code == 406  # type: ignore[arg-type]
    assert door.stored() == []


def test_a_full_queue_turns_away_at_once_and_what_was_taken_is_stored(tmp_path: Path) -> None:
    with opened(settings_in(tmp_path, queue_facts_max=2)) as door:
        door.register(publisher())
        engine = open_engine(door.settings.database_url("placement"))
        taken: list[int] = []
        waiting = [
            threading.Thread(target=lambda n=n: taken.append(door.send(event(f"a-{n}")).status_code)) for n in (1, 2)
        ]
        with engine.begin():  # Nobody else can write now, so what is taken waits.
            for thread in waiting:
                thread.start()
            wait_until(lambda: door.send(event("a-3"), Accept="text/csv").status_code == 503, what="the queue is full")
            answer = door.send(event("a-3"))
        for thread in waiting:
            thread.join(20)
        engine.dispose()

        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json()["type"] == "/v1/problems/busy"
        assert taken == [202, 202]
        assert sorted(door.stored()) == ["a-1", "a-2"]


def test_who_sends_too_much_waits_as_long_as_it_is_told_and_others_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_app, "Rates", lambda: Rates(1))
    with opened(settings_in(tmp_path)) as door:
        door.register(publisher())
        other = door.register(publisher("other", sources={OTHER_SOURCE}))
        assert door.send_batch([event(f"a-{number}") for number in range(30)]).status_code == 202

        answer = door.send(event("a-31"))

        assert answer.status_code == 429
        assert 15 <= int(answer.headers["retry-after"]) <= 21
        assert answer.json()["type"] == "/v1/problems/too-many-requests"
        of_another = event("b-1", source=OTHER_SOURCE)
        assert door.send(of_another, Authorization=f"Bearer {other}").status_code == 202


def test_a_database_that_refuses_to_write_is_503_and_nothing_is_said_to_be_stored(door: Door) -> None:
    engine = open_engine(door.settings.database_url("placement"))
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TRIGGER full_disk BEFORE INSERT ON fact BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
        )

    answer = door.send(event())

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "disk" not in answer.text
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER full_disk"))
    engine.dispose()
    assert door.send(event()).json()["accepted"] == 1
