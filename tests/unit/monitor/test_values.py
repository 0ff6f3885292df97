"""Figures become families: edges spelled as Prometheus does, cumulative where they say so, zero where nothing is."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from services.monitor.metrics import table
from services.monitor.metrics.snapshot import Snapshot
from services.monitor.metrics.values import figures, gauge_histogram

DAY = date(2026, 3, 2)


NOTHING = Snapshot(DAY, {}, {}, {}, {}, {}, {}, {}, 0, 0, {}, {}, {}, {}, {}, 0, {})


def ago(*days: int) -> dict[date, int]:
    """One since each of so many days ago."""
    return dict(Counter(DAY - timedelta(one) for one in days))


def in_noord(since: dict[date, int]) -> dict[tuple[str, date], int]:
    return {("noord", day): number for day, number in since.items()}


def samples(found: Snapshot, family: table.Family) -> dict[tuple[str, ...], float]:
    [metric] = [one for one in figures(found) if one.name == family.name]
    return {tuple(sample.labels.values()): sample.value for sample in metric.samples}


def test_edges_are_spelled_as_prometheus_spells_them() -> None:
    metric = gauge_histogram(table.OPEN_CLOSURE_AGE, {365: 1}, edges=(1, 365))
    assert [sample.labels["le"] for sample in metric.samples if sample.labels] == ["86400.0", "3.1536e+07", "+Inf"]


def test_a_stay_of_exactly_an_edge_is_below_it() -> None:
    metric = gauge_histogram(table.OPEN_CLOSURE_AGE, {7: 2, 8: 1}, edges=(7, 14))
    assert [sample.value for sample in metric.samples] == [2, 3, 3, 3, 22 * 86_400]


def test_a_threshold_is_reached_on_its_day() -> None:
    found = samples(replace(NOTHING, open_since=in_noord(ago(182, 183))), table.OVER_THRESHOLD)
    assert found["noord", "183d"] == 1


def test_replacements_include_the_shorter_gaps_and_a_gap_of_the_threshold() -> None:
    found = samples(replace(NOTHING, replacement_gaps={0: 1, 30: 1, 31: 1, 400: 1}), table.REPLACEMENTS)
    assert found == {("30d",): 2, ("90d",): 3, ("180d",): 3, ("365d",): 3, ("ever",): 4}


def test_expiring_counts_the_titles_that_end_in_time() -> None:
    until = {date(2026, 3, 23): 1, date(2026, 5, 1): 1}
    found = samples(replace(NOTHING, covered_until=until), table.MACHTIGINGEN_EXPIRING)
    assert found == {("7d",): 0, ("21d",): 1, ("42d",): 1, ("60d",): 2}


def test_days_without_a_title_count_from_the_threshold_on_and_only_without_one() -> None:
    since = in_noord(ago(4, 5, 20))
    found = samples(replace(NOTHING, without_title_since=since), table.WITHOUT_TITLE_OVER_THRESHOLD)
    assert (found["noord", "5d"], found["noord", "14d"], found["zuid", "5d"]) == (2, 1, 0)


def test_waiting_with_a_title_counts_from_the_title_and_without_one_from_the_referral() -> None:
    waits = replace(NOTHING, with_title_since=ago(42, 0), untitled_since=ago(70))
    found = samples(waits, table.WAITING_OVER_THRESHOLD)
    assert [found["granted", threshold] for threshold in ("14d", "42d", "63d")] == [1, 1, 0]
    assert [found["none", threshold] for threshold in ("14d", "42d", "63d")] == [1, 1, 1]


def test_nothing_open_leaves_the_oldest_start_out() -> None:
    assert samples(NOTHING, table.OLDEST_START) == {}
