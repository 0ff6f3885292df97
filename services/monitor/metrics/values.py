"""Figures to families: each figure under its name in the table, with zero for every known label that has none."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time

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
from services.monitor.metrics.table import DAY_SECONDS, Family, Kind
from services.monitor.progress import Progress
from services.monitor.snapshot import Snapshot

Values = Mapping[tuple[str, ...], float]
"""A value for each combination of label values."""


def figures(found: Snapshot) -> Iterator[Metric]:
    """The families that follow from the dossiers and the register of accommodations on one date."""
    yield simple(table.OPEN_CLOSURES, _open_closures(found))
    yield gauge_histogram(
        table.OPEN_CLOSURE_AGE, _tally(one.days for one in found.open_closures), edges=table.CLOSURE_EDGES_DAYS
    )
    yield simple(table.OVER_THRESHOLD, _over_threshold(found))
    yield simple(table.OLDEST_START, _oldest_start(found))
    yield histogram(table.CLOSURE_DURATION, found.closure_days, edges=table.CLOSURE_EDGES_DAYS)
    yield histogram(table.PLACEMENT_DURATION, found.placement_days, edges=table.CLOSURE_EDGES_DAYS)
    yield simple(table.PLACEMENTS_STARTED, {(): found.placements_started})
    yield simple(table.DISCHARGES, {(): found.discharges})
    yield simple(table.DOORPLAATSINGEN, _known(found.doorplaatsingen, table.DOORPLAATSING_KINDS))
    yield simple(table.REPLACEMENTS, _replacements(found))
    yield simple(table.CLOSURES_WITHOUT_TITLE, {(): sum(one.title is None for one in found.open_closures)})
    yield simple(table.WITHOUT_TITLE_OVER_THRESHOLD, _without_title(found))
    yield simple(table.MACHTIGINGEN_EXPIRING, _expiring(found))
    yield simple(table.WAITING, _waiting(found))
    yield simple(table.WAITING_OVER_THRESHOLD, _waiting_over_threshold(found))
    yield gauge_histogram(table.WAITING_AGE, _tally(one.days for one in found.waiting), edges=table.WAITING_EDGES_DAYS)
    yield simple(table.PLACES, _known(found.places, table.CLOSURE_MODES))
    yield simple(table.OCCUPIED_PLACES, {(): found.occupied_places})


def running(found: Mapping[str, Process]) -> Iterator[Metric]:
    """The families that compare a month with the year before it."""
    yield simple(table.PROCESS_RECENT, {(name,): found[name].recent for name in table.PROCESSES})
    yield simple(table.PROCESS_EXPECTED, {(name,): found[name].expected for name in table.PROCESSES})
    limits = {(name,): found[name].limit for name in table.PROCESSES}
    yield simple(table.PROCESS_LIMIT, {name: limit for name, limit in limits.items() if limit is not None})


def flags(counted: Mapping[str, int]) -> Metric:
    """The family of flags that stand today."""
    return simple(table.OPEN_FLAGS, _known(counted, table.FLAG_CODES))


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


def _tally(days: Iterable[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for length in days:
        counts[length] = counts.get(length, 0) + 1
    return counts


def _known(counts: Mapping[str, int], known: Iterable[str]) -> dict[tuple[str, ...], float]:
    """These counts, and zero for the known values that do not occur."""
    return {(value,): counts.get(value, 0) for value in (*known, *counts)}


def _open_closures(found: Snapshot) -> dict[tuple[str, ...], float]:
    kinds = (*table.TITLE_KINDS, table.NO_TITLE)
    counts: dict[tuple[str, ...], float] = {(area, kind): 0 for area in table.KNOWN_AREAS for kind in kinds}
    for one in found.open_closures:
        counts[one.area, one.title or table.NO_TITLE] += 1
    return counts


def _over_threshold(found: Snapshot) -> dict[tuple[str, ...], float]:
    return {
        (area, f"{days}d"): sum(one.area == area and one.days >= days for one in found.open_closures)
        for area in table.KNOWN_AREAS
        for days in table.THRESHOLD_DAYS
    }


def _without_title(found: Snapshot) -> dict[tuple[str, ...], float]:
    without = [one for one in found.open_closures if one.title is None]
    return {
        (area, f"{days}d"): sum(one.area == area and one.uncovered_days >= days for one in without)
        for area in table.KNOWN_AREAS
        for days in table.UNTITLED_DAYS
    }


def _oldest_start(found: Snapshot) -> dict[tuple[str, ...], float]:
    if not found.open_closures:
        return {}
    oldest = min(one.started_on for one in found.open_closures)
    return {(): datetime.combine(oldest, time.min, UTC).timestamp()}


def _replacements(found: Snapshot) -> dict[tuple[str, ...], float]:
    within: dict[tuple[str, ...], float] = {
        (f"{days}d",): float(found.replacements_within(days)) for days in table.REPLACEMENT_DAYS
    }
    return {**within, ("ever",): sum(found.replacement_gaps.values())}


def _expiring(found: Snapshot) -> dict[tuple[str, ...], float]:
    left = [(one.covered_until - found.on).days for one in found.open_closures if one.covered_until is not None]
    return {(f"{days}d",): sum(remaining <= days for remaining in left) for days in table.EXPIRING_DAYS}


def _waiting(found: Snapshot) -> dict[tuple[str, ...], float]:
    granted = sum(one.with_title for one in found.waiting)
    return {(table.WAITING_TITLES[0],): granted, (table.NO_TITLE,): len(found.waiting) - granted}


def _waiting_over_threshold(found: Snapshot) -> dict[tuple[str, ...], float]:
    granted = [one.title_days for one in found.waiting if one.title_days is not None]
    without = [one.days for one in found.waiting if one.title_days is None]
    return {
        (title, f"{days}d"): sum(length >= days for length in lengths)
        for title, lengths in zip(table.WAITING_TITLES, (granted, without), strict=True)
        for days in table.WAITING_DAYS
    }
