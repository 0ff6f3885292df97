"""How the service says it is doing, with a real Redis; and that stopping it loses nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from shared.ledger import writer
from shared.relay.streams import Streams
from tests.integration.door.doors import Door, event, opened, publisher, settings_in
from tests.servers.redis import LocalRedis
from tests.servers.redis_running import running_redis
from tests.servers.waiting import wait_until


@pytest.fixture
def redis() -> Iterator[LocalRedis]:
    """A Redis of this test."""
    with running_redis() as server:
        yield server


def metrics(door: Door) -> dict[str, float]:
    """The samples of /metrics, by name and result."""
    families = text_string_to_metric_families(door.client.get("/metrics").text)
    return {
        f"{sample.name} {sample.labels.get('result', '')}".strip(): sample.value
        for family in families
        for sample in family.samples
    }


def shortened(door: Door) -> list[str]:
    """Every reason for which it is not ready, without its cause."""
    return [reason.partition(":")[0] for reason in door.client.get("/readyz").json().get("reasons", [])]


def test_it_is_alive_and_ready_when_facts_can_be_stored_and_are_passed_on(tmp_path: Path, redis: LocalRedis) -> None:
    with opened(settings_in(tmp_path, redis_url=redis.url)) as door:
        assert door.client.get("/livez").json() == {"status": "alive"}
        assert door.client.get("/readyz").json() == {"status": "ready"}


def test_without_redis_it_stores_but_says_that_it_is_not_ready(tmp_path: Path, redis: LocalRedis) -> None:
    with opened(settings_in(tmp_path, redis_url=redis.url)) as door:
        door.register(publisher())
        redis.kill()
        wait_until(lambda: door.client.get("/readyz").status_code == 503, what="it sees that Redis is gone")

        answer = door.client.get("/readyz")
        assert answer.json()["type"] == "/v1/problems/not-ready"
        assert len(answer.json()["reasons"]) == 1
        assert door.send(event()).status_code == 202
        assert door.client.get("/livez").status_code == 200

        redis.start()
        wait_until(lambda: door.client.get("/readyz").status_code == 200, what="it is ready again")


def test_a_relay_that_a_bug_has_ended_is_no_ready_service(
    tmp_path: Path, redis: LocalRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(settings_in(tmp_path, redis_url=redis.url)) as door:
        door.register(publisher())
        wait_until(lambda: door.client.get("/readyz").status_code == 200, what="it is ready")
        monkeypatch.setattr(Streams, "last_ids", _bug)
        wait_until(lambda: door.client.get("/readyz").status_code == 503, what="it sees that nothing is passed on")
        [reason] = door.client.get("/readyz").json()["reasons"]
        assert reason == ("The streams are not being fed: the relay has ended (LookupError), start the service again.")
        assert door.send(event()).status_code == 202


async def _bug(_streams: Streams) -> dict[int, int]:
    raise LookupError


def test_facts_that_could_not_be_stored_keep_it_from_being_ready_until_some_are_or_nobody_tells_any(
    tmp_path: Path, redis: LocalRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk it was ready all the time: nothing, stored as everything is, needs no room."""
    full = "CREATE TRIGGER full_disk BEFORE INSERT ON fact BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
    with opened(settings_in(tmp_path, redis_url=redis.url)) as door:
        door.register(publisher())
        with closing(sqlite3.connect(tmp_path / "placement.sqlite")) as connection:
            connection.execute(full)
            assert door.send(event("a-1")).status_code == 503
            reasons = door.client.get("/readyz").json()["reasons"]
            cause = "LedgerUnavailable: IntegrityError: SQLITE_CONSTRAINT_TRIGGER"
            assert reasons == [f"The ledger could not store what came last: {cause}."]
            with monkeypatch.context() as patch:
                patch.setattr(writer, "FAILED_SECONDS", 0.0)
                assert door.client.get("/readyz").status_code == 200
            connection.execute("DROP TRIGGER full_disk")
        redis.kill()
        both = ["The ledger could not store what came last", "The streams are not being fed"]
        wait_until(lambda: shortened(door) == both, what="it says both")
        redis.start()
        assert door.send(event("a-1")).status_code == 202
        wait_until(lambda: shortened(door) == [], what="it is ready")


def test_the_metrics_are_the_same_after_a_restart(tmp_path: Path, redis: LocalRedis) -> None:
    settings = settings_in(tmp_path, redis_url=redis.url)
    with opened(settings) as door:
        door.register(publisher())
        door.send_batch([event("a-1"), event("a-2"), event("a-1"), {}])
        wait_until(lambda: metrics(door)["doorstroom_facts_total rejected"] == 1, what="the tally is written")
        wait_until(lambda: metrics(door)["doorstroom_published_position"] == 2, what="the facts are in the streams")
        before = metrics(door)
    with opened(settings) as door:
        wait_until(lambda: metrics(door)["doorstroom_published_position"] == 2, what="the relay has looked")
        after = metrics(door)

    assert after == before
    assert before["doorstroom_facts_total accepted"] == 2
    assert before["doorstroom_facts_total duplicate"] == 1
    assert before["doorstroom_ledger_position"] == 2
    assert before["doorstroom_build_info"] == 1


def test_every_answer_to_a_publisher_is_counted_by_its_class(tmp_path: Path, redis: LocalRedis) -> None:
    """Those that nobody meant to give too: a ledger that is gone answers 5xx, and that is what an alert asks for."""

    def counted(door: Door) -> list[float]:
        families = text_string_to_metric_families(door.client.get("/metrics").text)
        samples = [sample for family in families if family.name == "doorstroom_answers" for sample in family.samples]
        return [sample.value for sample in sorted(samples, key=lambda sample: sample.labels["class"])]

    settings = settings_in(tmp_path, redis_url=redis.url)
    with opened(settings) as door:
        door.register(publisher())
        assert counted(door) == [0, 0, 0]
        door.send(event())
        door.post(b"{", "application/cloudevents+json")
        door.get("/v1/events")
        assert counted(door) == [1, 1, 0]
        with closing(sqlite3.connect(settings.data / "placement.sqlite")) as other:
            other.execute("ALTER TABLE fact RENAME TO gone")
            assert door.send(event("b-1")).status_code >= 500
            other.execute("ALTER TABLE gone RENAME TO fact")
        assert counted(door) == [1, 1, 1]


def test_metrics_may_be_kept_behind_a_token(tmp_path: Path) -> None:
    with opened(settings_in(tmp_path, metrics_open=False)) as door:
        door.register(publisher("prometheus", sources=set(), facts=set(), scopes={"metrics:read"}))

        assert door.client.get("/metrics").status_code == 401
        assert door.get("/metrics", as_="prometheus").status_code == 200


def test_a_stop_writes_and_publishes_what_was_taken(tmp_path: Path, redis: LocalRedis) -> None:
    with opened(settings_in(tmp_path, redis_url=redis.url)) as door:
        door.register(publisher())
        door.send_batch([event(f"a-{number}", subject=f"person-number-{number:06d}") for number in range(1000)])

    with Redis.from_url(redis.url) as client:
        assert sum(client.xlen(f"doorstroom:facts:placement:{partition}") for partition in range(4)) == 1000
    with opened(settings_in(tmp_path, redis_url=redis.url)) as door:
        assert len(door.stored()) == 1000


def test_a_web_hook_sender_is_answered_its_handshake(door: Door) -> None:
    answer = door.client.options("/v1/events", headers={"WebHook-Request-Origin": "ecd.example.org"})

    assert answer.status_code == 204
    assert answer.headers["webhook-allowed-origin"] == "*"
