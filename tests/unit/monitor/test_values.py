"""Figures become families: edges spelled as Prometheus does, cumulative where they say so, zero where nothing is."""

from dataclasses import replace
from datetime import date

from services.monitor.metrics import table
from services.monitor.metrics.values import figures, gauge_histogram
from services.monitor.snapshot import OpenClosure, OpenWait, Snapshot, covering

DAY = date(2026, 3, 2)


def snapshot(*closures: OpenClosure, gaps: dict[int, int] | None = None) -> Snapshot:
    return Snapshot(DAY, closures, [], 0, 0, {}, gaps or {}, {}, {}, {}, 0)


def closure(*, days: int = 10, title: str | None = None, until: date | None = None, uncovered: int = 0) -> OpenClosure:
    return OpenClosure("noord", date(2026, 1, 1), days, title, until, uncovered)


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
    found = samples(snapshot(closure(days=182), closure(days=183)), table.OVER_THRESHOLD)
    assert found["noord", "183d"] == 1


def test_replacements_include_the_shorter_gaps_and_a_gap_of_the_threshold() -> None:
    found = samples(snapshot(gaps={0: 1, 30: 1, 31: 1, 400: 1}), table.REPLACEMENTS)
    assert found == {("30d",): 2, ("90d",): 3, ("180d",): 3, ("365d",): 3, ("ever",): 4}


def test_expiring_counts_the_titles_that_end_in_time_and_not_the_closures_without_one() -> None:
    found = samples(
        snapshot(
            closure(), closure(title="spoed", until=date(2026, 3, 23)), closure(title="spoed", until=date(2026, 5, 1))
        ),
        table.MACHTIGINGEN_EXPIRING,
    )
    assert found == {("7d",): 0, ("21d",): 1, ("42d",): 1, ("60d",): 2}


def test_days_without_a_title_count_from_the_threshold_on_and_only_without_one() -> None:
    found = samples(
        snapshot(closure(uncovered=4), closure(uncovered=5), closure(uncovered=20), closure(title="spoed")),
        table.WITHOUT_TITLE_OVER_THRESHOLD,
    )
    assert (found["noord", "5d"], found["noord", "14d"], found["zuid", "5d"]) == (2, 1, 0)


def test_waiting_with_a_title_counts_from_the_title_and_without_one_from_the_referral() -> None:
    waits = [OpenWait(days=70, title_days=42), OpenWait(days=70, title_days=None), OpenWait(days=13, title_days=0)]
    found = samples(replace(snapshot(), waiting=waits), table.WAITING_OVER_THRESHOLD)
    assert [found["granted", threshold] for threshold in ("14d", "42d", "63d")] == [1, 1, 0]
    assert [found["none", threshold] for threshold in ("14d", "42d", "63d")] == [1, 1, 1]


def test_nothing_open_leaves_the_oldest_start_out() -> None:
    assert samples(snapshot(), table.OLDEST_START) == {}


def test_cover_goes_on_over_titles_that_touch_and_ends_at_a_gap() -> None:
    titles = [
        ("spoed", date(2026, 2, 20), date(2026, 3, 10)),
        ("regulier", date(2026, 3, 10), date(2026, 6, 1)),
        ("regulier", date(2026, 6, 2), date(2026, 9, 1)),
    ]
    assert covering(titles, on=DAY) == ("spoed", date(2026, 6, 1))


def test_the_title_that_lasts_longest_gives_the_kind() -> None:
    titles = [("regulier", date(2026, 1, 1), date(2026, 6, 1)), ("spoed", date(2026, 3, 1), date(2026, 3, 9))]
    assert covering(titles, on=DAY)[0] == "regulier"


def test_a_title_that_ends_today_or_begins_tomorrow_covers_nothing() -> None:
    titles = [("regulier", date(2026, 1, 1), DAY), ("regulier", date(2026, 3, 3), date(2026, 6, 1))]
    assert covering(titles, on=DAY) == (None, None)
