"""Countries at random: the monitor judges them with all that it does, and SQL counts the same anew."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import NamedTuple

import pytest
from sqlalchemy import Engine

import services.monitor.alerts
from services.monitor.alerts.rulebook import read_rules
from services.monitor.history.history import History
from services.monitor.history.known import Known
from shared.databases import sqlite_url
from tests.integration.alerts_in_sql.cases import of_nobody, retold
from tests.integration.alerts_in_sql.in_sql import Anew, alerted_anew
from tests.integration.figures.country import country
from tests.integration.figures.in_sql import Line, line_of
from tests.integration.monitor.conftest import RULES, prepared, projector_on
from tests.integration.monitor.ledgers import NOON, Ledgers, entries

EARLIER = {
    "2026-11-29": "2024-06-01",
    "2026-11-30": "2024-07-01",
    "2026-12-01": "2024-05-01",
    "valid_from = 2026-01-01": "valid_from = 2024-03-01",
}
"""From when the rows of the rule file hold that are too young for these countries."""


def earlier(text: str) -> str:
    """The rule file with its newest rows valid long before, so that both versions of a rule are met."""
    for day, before in EARLIER.items():
        assert day in text
        text = text.replace(day, before)
    return text


RULE_FILE = earlier(files(services.monitor.alerts).joinpath("rules.toml").read_text(encoding="utf-8"))
RULEBOOK = read_rules(RULE_FILE)

QUESTIONS = {
    "long after": (4, "2026-06-01", "2026-06-01"),
    "as known before": (2, "2025-03-01", "2024-10-01"),
    "while it happens": (6, "2024-11-20", "2024-11-20"),
    "a month later": (8, "2025-02-01", "2025-03-01"),
}
"""The country, the day, and the day up to which facts are known."""
SMALL = 21


def known_lines(ledgers: Ledgers, known: datetime) -> list[Line]:
    """What was accepted by a moment, as lines of a CSV."""
    events = [json.loads(event) for _, (_, event) in entries(ledgers)]
    return [line_of(event) for event in events if datetime.fromisoformat(event["acceptedat"]) <= known]


class Country(NamedTuple):
    """What was published of a country, and the monitor that read it."""

    ledgers: Ledgers
    history: History
    engine: Engine


Countries = dict[int, Country]


@pytest.fixture(scope="session")
def countries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Countries]:
    """Countries, each in a monitor of its own; SMALL is for those who look often."""
    found: Countries = {}
    for seed in sorted({SMALL, *(seed for seed, _, _ in QUESTIONS.values())}):
        ledgers = country(60 if seed == SMALL else 140, seed=seed, retold=retold, also=of_nobody)
        engine = prepared(sqlite_url(tmp_path_factory.mktemp("monitor") / "monitor.sqlite"))
        projector_on(engine, ledgers).apply(ledgers.batches())
        found[seed] = Country(ledgers, History(engine, rules=RULES, clock=lambda: NOON), engine)
    yield found
    for one in found.values():
        one.engine.dispose()


@pytest.fixture(scope="module", params=QUESTIONS.values(), ids=QUESTIONS.keys())
def both(request: pytest.FixtureRequest, countries: Countries) -> Iterator[tuple[Known, Anew]]:
    """What the monitor knows, and the alerts by the same facts in SQL."""
    seed, on, known_on = request.param
    ledgers, history, _ = countries[seed]
    known = datetime.fromisoformat(known_on).replace(tzinfo=UTC)
    with alerted_anew(
        known_lines(ledgers, known), found := history.known_at(known), date.fromisoformat(on), RULE_FILE
    ) as anew:
        yield found, anew
