"""Questions to a country at random: the monitor answers with all that it does, and SQL counts the same anew."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from services.monitor.history.history import History
from shared.databases import sqlite_url
from tests.integration.figures.country import country
from tests.integration.figures.in_sql import Asked, line_of, question
from tests.integration.monitor.conftest import RULES, prepared, projector_on
from tests.integration.monitor.ledgers import NOON, Ledgers, entries

QUESTIONS = {
    "a calendar year": (1, "2025-01-01", ("2024-01-01", "2025-01-01"), "2026-01-01"),
    "a window that the date cuts": (2, "2024-09-17", ("2024-03-05", "2024-11-20"), "2026-01-01"),
    "as known before the date": (2, "2024-07-01", ("2023-07-01", "2024-07-01"), "2024-06-10"),
    "as known at the time, long after": (3, "2024-12-31", ("2023-01-01", "2025-07-01"), "2025-09-05"),
}
"""The country, D, the window, and the day of K."""


@pytest.fixture(scope="session")
def countries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, tuple[Ledgers, History]]]:
    """Three countries, each in a monitor of its own."""
    found, engines = {}, []
    for seed in (1, 2, 3):
        ledgers = country(150, seed=seed)
        engine = prepared(sqlite_url(tmp_path_factory.mktemp("monitor") / "monitor.sqlite"))
        projector_on(engine, ledgers).apply(ledgers.batches())
        engines.append(engine)
        found[seed] = ledgers, History(engine, rules=RULES, clock=lambda: NOON)
    yield found
    for engine in engines:
        engine.dispose()


@pytest.fixture(scope="module", params=QUESTIONS.values(), ids=QUESTIONS.keys())
def it(request: pytest.FixtureRequest, countries: dict[int, tuple[Ledgers, History]]) -> Iterator[Asked]:
    """A question to a country: the monitor's side of it and that of SQL."""
    seed, on, window, known_on = request.param
    ledgers, history = countries[seed]
    known = datetime.fromisoformat(known_on).replace(tzinfo=UTC)
    told = [json.loads(event) for _, (_, event) in entries(ledgers)]
    lines = [line_of(event) for event in told if datetime.fromisoformat(event["acceptedat"]) <= known]
    with question(lines, history.known_at(known), on, window) as asked:
        yield asked
