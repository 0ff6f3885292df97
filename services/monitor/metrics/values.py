"""Figures to families: each figure under its name in the table, with zero for every known label that has none."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeHistogramMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.utils import floatToGoString

from services.monitor.metrics import table
from services.monitor.metrics.process import Process
from services.monitor.metrics.snapshot import AreaAndDay, Snapshot
from services.monitor.metrics.table import DAY_SECONDS, Family, Kind
from services.monitor.progress import Progress

Values = Mapping[tuple[str, ...], float]
"""A value for each combination of label values."""


def figures(found: Snapshot) -> Iterator[Metric]:
    """The families that follow from the dossiers and the register of accommodations on one date."""
    yield simple(table.OPEN_CLOSURES, _open_closures(found))
    yield gauge_histogram(
        table.OPEN_CLOSURE_AGE, _elapsed(_by_day(found.open_since), found.on), edges=table.CLOSURE_EDGES_DAYS
    )
    yield simple(table.OVER_THRESHOLD, _over(found.open_since, table.THRESHOLD_DAYS, found.on))
    yield simple(table.OLDEST_START, _oldest_start(found))
    yield histogram(table.CLOSURE_DURATION, found.closure_days, edges=table.CLOSURE_EDGES_DAYS)
    yield histogram(table.PLACEMENT_DURATION, found.placement_days, edges=table.CLOSURE_EDGES_DAYS)
    yield simple(table.PLACEMENTS_STARTED, {(): found.placements_started})
    yield simple(table.DISCHARGES, {(): found.discharges})
    yield simple(table.DOORPLAATSINGEN, _known(found.doorplaatsingen, table.DOORPLAATSING_KINDS))
    yield simple(table.REPLACEMENTS, _replacements(found))
    yield simple(table.CLOSURES_WITHOUT_TITLE, {(): sum(found.without_title_since.values())})
    yield simple(table.WITHOUT_TITLE_OVER_THRESHOLD, _over(found.without_title_since, table.UNTITLED_DAYS, found.on))
    yield simple(table.MACHTIGINGEN_EXPIRING, _expiring(found))
    yield simple(table.WAITING, _waiting(found))
    yield simple(table.WAITING_OVER_THRESHOLD, _waiting_over_threshold(found))
    yield gauge_histogram(table.WAITING_AGE, _elapsed(found.waiting_since, found.on), edges=table.WAITING_EDGES_DAYS)
    yield simple(table.PLACES, _known(found.places, table.CLOSURE_MODES))
    yield simple(table.OCCUPIED_PLACES, {(): found.occupied_places})
    yield simple(table.OPEN_FLAGS, _known(found.flags, table.FLAG_CODES))


def running(found: Mapping[str, Process]) -> Iterator[Metric]:
    """The families that compare a month with the year before it."""
    yield simple(table.PROCESS_RECENT, {(name,): found[name].recent for name in table.PROCESSES})
    yield simple(table.PROCESS_EXPECTED, {(name,): found[name].expected for name in table.PROCESSES})
    limits = {(name,): found[name].limit for name in table.PROCESSES}
    yield simple(table.PROCESS_LIMIT, {name: limit for name, limit in limits.items() if limit is not None})


def standing(found: Progress) -> Iterator[Metric]:
    """The families that say how far the projection is, as the database knows it."""
    yield simple(table.SOURCE_LAST_FACT, {(source,): us / 1e6 for source, us in found.sources.items()})
    yield simple(table.PROJECTED_POSITION, {(service,): at for service, at in found.positions.items()})
    yield simple(table.PROJECTED_FACTS, {(service,): count for service, count in found.entries.items()})
    yield simple(table.PARKED, {(): found.parked})
    yield simple(table.QUARANTINED, {(): found.quarantined})


def described(families: Iterable[Family]) -> list[Metric]:
    """These families without a value."""
    return [Metric(family.name, family.meaning, family.kind.value, family.unit) for family in families]


def simple(family: Family, values: Values) -> Metric:
    """A gauge or a counter."""
    kind = CounterMetricFamily if family.kind is Kind.COUNTER else GaugeMetricFamily
    metric = kind(family.name, family.meaning, labels=family.labels, unit=family.unit)
    for labels, value in sorted(values.items()):
        metric.add_metric(labels, value)
    return metric


def info(family: Family, labels: Mapping[str, str]) -> Metric:
    """One sample that is always 1, with labels that say what there is to say."""
    metric = InfoMetricFamily(family.name, family.meaning)
    metric.add_metric([], dict(labels))
    return metric


def histogram(family: Family, days: Mapping[int, int], *, edges: Iterable[int]) -> Metric:
    """Durations of what has ended, by their days."""
    metric = HistogramMetricFamily(family.name, family.meaning, labels=family.labels, unit=family.unit)
    metric.add_metric((), _buckets(days, edges), sum_value=_sum(days))
    return metric


def gauge_histogram(family: Family, days: Mapping[int, int], *, edges: Iterable[int]) -> Metric:
    """Durations so far of what goes on, by their days; unlike a histogram it may fall."""
    metric = GaugeHistogramMetricFamily(family.name, family.meaning, labels=family.labels, unit=family.unit)
    metric.add_metric((), _buckets(days, edges), gsum_value=_sum(days))
    return metric


def _buckets(days: Mapping[int, int], edges: Iterable[int]) -> list[tuple[str, float]]:
    """How many last at most each edge; edges spelled as Prometheus does, or joins between families find nothing."""
    buckets = [
        (
            floatToGoString(edge * DAY_SECONDS),  # type: ignore[no-untyped-call]
            float(sum(count for length, count in days.items() if length <= edge)),
        )
        for edge in edges
    ]
    return [*buckets, ("+Inf", float(sum(days.values())))]


def _sum(days: Mapping[int, int]) -> float:
    return float(sum(length * count for length, count in days.items()) * DAY_SECONDS)


def _elapsed(since: Mapping[date, int], on: date) -> dict[int, int]:
    """By days so far, from the first day of each."""
    return {(on - day).days: number for day, number in since.items()}


def _by_day(since: Mapping[AreaAndDay, int]) -> dict[date, int]:
    found: dict[date, int] = {}
    for (_, day), number in since.items():
        found[day] = found.get(day, 0) + number
    return found


def _known(counts: Mapping[str, int], known: Iterable[str]) -> dict[tuple[str, ...], float]:
    """These counts, and zero for the known values that do not occur."""
    return {(value,): counts.get(value, 0) for value in (*known, *counts)}


def _open_closures(found: Snapshot) -> dict[tuple[str, ...], float]:
    titles = (*table.TITLE_KINDS, table.NO_TITLE)
    return {(area, title): found.open_closures.get((area, title), 0) for area in table.KNOWN_AREAS for title in titles}


def _over(since: Mapping[AreaAndDay, int], thresholds: Sequence[int], on: date) -> dict[tuple[str, ...], float]:
    """By area and threshold, in rising order, those that have lasted at least so many days."""
    reached = {area: [0] * (len(thresholds) + 1) for area in table.KNOWN_AREAS}
    for (area, day), number in since.items():
        reached[area][bisect_right(thresholds, (on - day).days)] += number
    return {
        (area, f"{days}d"): sum(counts[place + 1 :])
        for area, counts in reached.items()
        for place, days in enumerate(thresholds)
    }


def _oldest_start(found: Snapshot) -> dict[tuple[str, ...], float]:
    oldest = min((day for _, day in found.open_since), default=None)
    return {} if oldest is None else {(): datetime.combine(oldest, time.min, UTC).timestamp()}


def _replacements(found: Snapshot) -> dict[tuple[str, ...], float]:
    gaps = found.replacement_gaps
    within: dict[tuple[str, ...], float] = {(f"{days}d",): _at_most(gaps, days) for days in table.REPLACEMENT_DAYS}
    return {**within, ("ever",): float(sum(gaps.values()))}


def _at_most(days: Mapping[int, int], most: int) -> float:
    return float(sum(number for length, number in days.items() if length <= most))


def _expiring(found: Snapshot) -> dict[tuple[str, ...], float]:
    left = {(until - found.on).days: number for until, number in found.covered_until.items()}
    return {(f"{days}d",): _at_most(left, days) for days in table.EXPIRING_DAYS}


def _waiting(found: Snapshot) -> dict[tuple[str, ...], float]:
    both = found.with_title_since, found.untitled_since
    return {(title,): sum(since.values()) for title, since in zip(table.WAITING_TITLES, both, strict=True)}


def _waiting_over_threshold(found: Snapshot) -> dict[tuple[str, ...], float]:
    both = (_elapsed(since, found.on) for since in (found.with_title_since, found.untitled_since))
    return {
        (title, f"{days}d"): float(sum(number for length, number in lasted.items() if length >= days))
        for title, lasted in zip(table.WAITING_TITLES, both, strict=True)
        for days in table.WAITING_DAYS
    }
