"""What is kept of refused events, on SQLite and on PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

import shared.rejections
from shared.migrations import upgrade
from shared.rejections import KEPT_DAYS, Rejection, RejectionLog, Rejections

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class SetClock:
    """A clock that is set by hand."""

    now = MONDAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def rejections(engine: Engine, clock: SetClock) -> Rejections:
    made = Rejections(engine, clock)
    made.create()
    return made


def refused(event_id: str, publisher: str = "ecd") -> Rejection:
    errors = [{"pointer": "/time", "code": "missing", "detail": "This field is required"}]
    return Rejection(publisher, None, event_id, None, "invalid-event", "See `errors`.", errors)


def ids(rejections: Rejections, **asked: Any) -> list[str | None]:
    found = rejections.read(**{"after": 0, "limit": 100, "publisher": None, **asked})
    return [one.id for one in found]


def test_the_migrated_schema_is_the_declared_one(engine: Engine) -> None:
    upgrade(engine, chain="rejections")

    def of_the_rejections(_thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        return not (kind == "table" and name == "rejections_version")

    with engine.connect() as connection:
        options = {"include_object": of_the_rejections, "compare_type": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), shared.rejections.metadata)
    assert found == []


def test_they_are_read_in_order_page_by_page(rejections: Rejections) -> None:
    rejections.write([refused(f"a-{number}") for number in range(5)], tally={})

    first = rejections.read(0, limit=2, publisher=None)

    assert [one.id for one in first] == ["a-0", "a-1"]
    assert first[0].at == "2026-03-02T12:00:00.000000Z"
    assert first[0].errors == refused("a-0").errors
    assert ids(rejections, after=first[-1].number) == ["a-2", "a-3", "a-4"]


def test_each_publisher_has_its_own(rejections: Rejections) -> None:
    rejections.write([refused("a-0"), refused("b-0", "other"), refused("a-1")], tally={})

    assert ids(rejections, publisher="ecd") == ["a-0", "a-1"]
    assert ids(rejections, publisher="other") == ["b-0"]


def test_they_are_forgotten_after_a_month(rejections: Rejections, clock: SetClock) -> None:
    rejections.write([refused("a-0")], tally={})
    clock.now = MONDAY + timedelta(days=KEPT_DAYS)
    rejections.write([refused("a-1")], tally={})
    assert ids(rejections) == ["a-0", "a-1"]

    clock.now += timedelta(microseconds=1)
    rejections.write([refused("a-2")], tally={})
    assert ids(rejections) == ["a-1", "a-2"]


def test_a_number_is_never_given_twice(rejections: Rejections, engine: Engine) -> None:
    """A reader that goes on from the last number it saw would otherwise miss what came after a clean-up."""
    rejections.write([refused("a-0")], tally={})
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM rejection"))
    rejections.write([refused("a-1")], tally={})

    assert ids(rejections, after=1) == ["a-1"]


def test_the_tally_adds_up(rejections: Rejections) -> None:
    rejections.write([], tally={"rejected": 2})
    rejections.write([], tally={"rejected": 3, "duplicate": 1})

    assert rejections.tally() == {"rejected": 5, "duplicate": 1}


@pytest.mark.anyio
async def test_what_waits_is_written_at_a_stop(rejections: Rejections) -> None:
    log = RejectionLog(rejections)
    log.start()
    log.note(refused("a-0"))
    log.count_duplicates(4)

    await log.stop()

    assert ids(rejections) == ["a-0"]
    assert rejections.tally() == {"rejected": 1, "duplicate": 4}


@pytest.mark.anyio
async def test_what_a_failing_database_did_not_take_is_written_later(rejections: Rejections, engine: Engine) -> None:
    log = RejectionLog(rejections)
    log.note(refused("a-0"))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE rejection RENAME TO hidden"))
    await log.stop()
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE hidden RENAME TO rejection"))

    await log.stop()

    assert ids(rejections) == ["a-0"]
    assert rejections.tally() == {"rejected": 1}
