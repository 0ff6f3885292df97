"""What /metrics says of young people and places on a day, counted anew in SQL from the page of the metrics."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from math import inf

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from scipy.stats import binom

from services.monitor.alerts.rulebook import rulebook
from services.monitor.history.history import History
from services.monitor.metrics.collector import FiguresCollector
from shared.calendar import AMSTERDAM
from shared.databases import sqlite_url
from tests.integration.figures.in_sql import HERE, Asked, line_of, question
from tests.integration.monitor.conftest import RULES, prepared, projector_on
from tests.integration.monitor.ledgers import Ledgers, entries

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]

DAYS = {1: "2024-09-17", 2: "2025-01-01", 3: "2024-06-30"}
"""Of each country the day on which it is scraped, with what was accepted by then."""


def accepted(ledgers: Ledgers, by: datetime) -> Ledgers:
    """The same ledgers as they were at a moment."""
    earlier = Ledgers()
    for stream, told in ledgers.streams.items():
        earlier.streams[stream] = [
            entry for entry in told if datetime.fromisoformat(json.loads(entry[1])["acceptedat"]) <= by
        ]
    return earlier


@pytest.fixture(scope="module", params=DAYS.items(), ids=DAYS.values())
def scraped(
    request: pytest.FixtureRequest,
    countries: dict[int, tuple[Ledgers, History]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Asked, Samples]]:
    """A country in SQL, and what its monitor exports at ten in the evening of the day."""
    seed, day = request.param
    now = datetime.combine(date.fromisoformat(day), time(22), AMSTERDAM)
    ledgers = accepted(countries[seed][0], now)
    engine = prepared(sqlite_url(tmp_path_factory.mktemp("monitor") / "monitor.sqlite"))
    projector_on(engine, ledgers).apply(ledgers.batches())
    history = History(engine, rules=RULES, clock=lambda: now)
    registry = CollectorRegistry()
    registry.register(FiguresCollector(engine, history, rules=rulebook(), clock=lambda: now))
    lines = [line_of(json.loads(event)) for _, (_, event) in entries(ledgers)]
    with question(lines, history.known_at(now), day, (day, day)) as asked:
        asked.sql.execute((HERE / "metrics.sql").read_text())
        yield asked, samples(generate_latest(registry).decode())
    engine.dispose()


def samples(page: str) -> Samples:
    """Every sample of a page, by its name and its labels."""
    return {
        (one.name, frozenset(one.labels.items())): one.value
        for family in text_string_to_metric_families(page)
        for one in family.samples
    }


def test_every_gauge_and_counter_says_the_same_and_0_where_there_is_nothing(scraped: tuple[Asked, Samples]) -> None:
    it, found = scraped
    expected = {(name, frozenset(labels.items())): number for name, labels, number in it.rows("FROM samples")}
    names = {name for name, _ in expected}
    assert {key: value for key, value in found.items() if key[0] in names} == expected
    assert sum(value > 0 for value in expected.values()) > 70


@pytest.mark.parametrize(
    "name",
    [
        f"doorstroom_{one}_seconds"
        for one in ("open_closure_age", "closure_duration", "placement_duration", "waiting_age")
    ],
)
def test_every_histogram_has_the_same_buckets(scraped: tuple[Asked, Samples], name: str) -> None:
    it, found = scraped
    rows = it.rows(f"SELECT edge_seconds, number, all_of_them, seconds FROM buckets WHERE name = '{name}'")
    buckets = {float(dict(labels)["le"]): value for (one, labels), value in found.items() if one == f"{name}_bucket"}
    assert buckets == {float(edge): number for edge, number, _, _ in rows} | {inf: rows[0][2]}
    gauge = "g" if "age" in name else ""
    whole = [found[f"{name}_{gauge}{one}", frozenset()] for one in ("count", "sum")]
    assert whole == list(rows[0][2:])
    assert len(set(buckets.values())) > 5


def test_a_month_is_held_against_the_same_year(scraped: tuple[Asked, Samples]) -> None:
    it, found = scraped
    rows = {row[:2]: row[2:] for row in it.rows("SELECT process, part, days, number FROM processes")}
    assert rows["doorplaatsing", "before"][1] > 20
    assert rows["replacement", "before"][1] > 0
    assert it.rows("SELECT count(*) > 0 FROM returns WHERE left_dead AND started_on - left_on <= 90") == [(True,)]
    for process in ("doorplaatsing", "replacement"):
        (days, number), (days_before, before) = rows[process, "recent"], rows[process, "before"]
        labels = frozenset({("process", process)})
        assert found["doorstroom_process_recent", labels] == number
        assert found["doorstroom_process_expected", labels] == pytest.approx(before * days / days_before)
        share, most = days / (days + days_before), 0
        while binom.sf(most, before + most + 1, share) > 0.001:
            most += 1
        assert found["doorstroom_process_limit", labels] == most
