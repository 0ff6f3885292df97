"""The alerts that are open, however facts came: as they were accepted, one service after the other, or in any order."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from services.monitor.alerts.life import LATE_DATA
from services.monitor.history.history import History
from shared.databases import sqlite_url
from tests.integration.alerts_in_sql.conftest import RULE_FILE, RULEBOOK, SMALL, Countries, known_lines
from tests.integration.alerts_in_sql.in_sql import Anew, Open, alerted_anew
from tests.integration.monitor.alerting import Alerting, DrivenClock
from tests.integration.monitor.conftest import prepared
from tests.integration.monitor.ledgers import STREAMS, Ledgers, entries

MOMENTS = tuple(
    datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC) for day in ("2024-04-10", "2024-10-20", "2025-03-05")
)
LAST = datetime(2026, 6, 1, 12, tzinfo=UTC)
BY_THE_CLOCK = frozenset({"A23"})
"""When something was last accepted is no fact that is published."""


@contextmanager
def looked(folder: Path, ledgers: Ledgers) -> Iterator[Alerting]:
    """A monitor that has looked at nothing yet."""
    engine = prepared(sqlite_url(folder / "monitor.sqlite"))
    yield Alerting(engine, ledgers, DrivenClock(MOMENTS[0]), RULEBOOK)
    engine.dispose()


def on_record(alerting: Alerting) -> dict[Open, str]:
    """What is open or escalated, about young people."""
    found = {}
    for entry in alerting.entries("open", "escalated"):
        one = entry.kept.alert
        if one.rule not in BY_THE_CLOCK:
            key = one.rule, one.threshold, one.case.person, one.case.about, str(one.level), str(one.since)
            found[key] = entry.kept.state
    return found


@contextmanager
def counted(ledgers: Ledgers, history: History, moment: datetime, *, known: datetime) -> Iterator[Anew]:
    """The alerts in SQL up to a moment, by what was known at another."""
    horizon = moment.date() + timedelta(days=2)
    with alerted_anew(known_lines(ledgers, known), history.known_at(), horizon, RULE_FILE) as anew:
        yield anew


def test_what_is_open_is_what_holds_by_what_is_known(tmp_path: Path, countries: Countries) -> None:
    """And it was late data where, by what is known now, it was over when it was first seen, or never was."""
    ledgers, history, _ = countries[SMALL]
    seen: dict[Open, datetime] = {}
    late = ordinary = 0
    with looked(tmp_path, ledgers) as alerting:
        for moment in MOMENTS:
            alerting.clock.now = moment
            known = {
                stream: [raw for raw in told if datetime.fromisoformat(json.loads(raw[1])["acceptedat"]) <= moment]
                for stream, told in ledgers.batches().items()
            }
            alerting.projector.apply(known)
            alerting.book.look()
            found = on_record(alerting)
            closed = {entry.kept.key: entry.kept.closed_reason for entry in alerting.entries("closed")}
            with counted(ledgers, history, moment, known=moment) as anew:
                assert found == anew.holding(moment)
                ended = anew.ended(moment.date())
            assert len(found) > 80
            for key in [key for key in seen if key not in found and key[0] != "A16" and key[:4] in closed]:
                right = key[:4] in ended and ended[key[:4]] > seen[key].date()
                assert (closed[key[:4]] == LATE_DATA) is not right, key
                late, ordinary = late + (not right), ordinary + right
                del seen[key]
            seen = {key: seen.get(key, moment) for key in found}
    assert min(late, ordinary) > 10


@pytest.fixture(scope="module")
def at_last(countries: Countries) -> dict[Open, str]:
    """What holds when all is known."""
    ledgers, history, _ = countries[SMALL]
    with counted(ledgers, history, LAST, known=datetime.max.replace(tzinfo=UTC)) as anew:
        return anew.holding(LAST)


def test_one_service_after_the_other(tmp_path: Path, countries: Countries, at_last: dict[Open, str]) -> None:
    ledgers = countries[SMALL].ledgers
    with looked(tmp_path, ledgers) as alerting:
        for number, stream in enumerate(STREAMS):
            alerting.clock.now = LAST + timedelta(minutes=number - len(STREAMS) + 1)
            alerting.projector.apply(ledgers.batches(stream))
            alerting.book.look()
        assert on_record(alerting) == at_last


@pytest.mark.parametrize("seed", [1, 3])
def test_in_any_order_in_batches_while_time_passes(
    tmp_path: Path, countries: Countries, at_last: dict[Open, str], seed: int
) -> None:
    told = [(stream.service, json.loads(event)) for stream, (_, event) in entries(countries[SMALL].ledgers)]
    Random(seed).shuffle(told)
    anew = Ledgers()
    with looked(tmp_path, anew) as alerting:
        size = len(told) // 12 + 1
        for start in range(0, len(told), size):
            alerting.clock.now = LAST - (len(told) - start - 1) // size * timedelta(days=60)
            for service, event in told[start : start + size]:
                said = {key: value for key, value in event.items() if key not in ("acceptedat", "position", "prev")}
                anew.tell_event(said, service=service)
            alerting.projector.apply(anew.batches())
            alerting.book.look()
        assert on_record(alerting) == at_last
        kinds = [happening for entry in alerting.entries() for happening in alerting.happened(entry)]
        assert min(kinds.count("reopened"), kinds.count("moved")) > 5
