"""A database that is away is 503 with Retry-After at every address that needs it, and forgotten when it is back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.databases import open_engine
from tests.integration.door.doors import Door, event, opened, publisher, settings_in
from tests.servers.postgres import PostgresServer
from tests.servers.waiting import wait_until


@contextmanager
def taken_away(door: Door, table: str) -> Iterator[None]:
    """The table is not there as long as the block runs."""
    engine = open_engine(door.settings.database_url("placement"))
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO elsewhere"))
    yield
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE elsewhere RENAME TO {table}"))
    engine.dispose()


def test_who_cannot_be_recognised_is_asked_to_come_back(door: Door) -> None:
    with taken_away(door, "credential"):
        answers = [door.send(event()), door.get("/v1/events"), door.get("/v1/rejections")]
    for answer in answers:
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.json()["type"] == "/v1/problems/unavailable"
        assert "credential" not in answer.text
    assert door.send(event()).status_code == 202


@pytest.mark.parametrize(("path", "table"), [("/v1/events", "fact"), ("/v1/rejections", "rejection")])
def test_what_cannot_be_read_now_can_be_asked_again(door: Door, path: str, table: str) -> None:
    with taken_away(door, table):
        answer = door.get(path)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert door.get(path).status_code == 200


@pytest.mark.postgres
def test_a_postgresql_server_that_goes_and_comes_back(
    tmp_path: Path, postgres: PostgresServer, postgres_url: str
) -> None:
    with opened(settings_in(tmp_path, placement_database_url=postgres_url)) as door:
        door.register(publisher())
        assert door.send(event("a-1")).status_code == 202
        postgres.stop()
        try:
            sent, read = door.send(event("a-2")), door.get("/v1/event-types")
            assert (sent.status_code, sent.headers["retry-after"]) == (503, "5")
            assert read.status_code == 200
        finally:
            postgres.start()
        wait_until(lambda: door.send(event("a-2")).status_code == 202, what="it stores again")
        assert door.stored() == ["a-1", "a-2"]
