"""Every family of metrics that the monitor exports: name, kind, unit, labels and meaning.

Seconds, never days; no label names a person or a case, or is finer than an area.
"""

from dataclasses import dataclass
from enum import StrEnum

from services.monitor.dossier.flags import FLAGS
from shared.facts.regions import AREAS

DAY_SECONDS = 86_400


class Kind(StrEnum):
    """What a family is in OpenMetrics."""

    GAUGE = "gauge"
    COUNTER = "counter"
    HISTOGRAM = "histogram"
    GAUGE_HISTOGRAM = "gaugehistogram"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Family:
    """One family of metrics."""

    name: str
    """As in Prometheus, without what its kind appends (_total, _bucket, _info)."""
    kind: Kind
    meaning: str
    labels: tuple[str, ...] = ()
    unit: str = ""


CLOSURE_EDGES_DAYS = (1, 7, 14, 28, 42, 61, 91, 183, 274, 365, 548, 730, 1095)
"""Edges of all durations of stays. Terms of law and of policy are on an edge, so counts past them are exact."""

WAITING_EDGES_DAYS = (7, 14, 28, 42, 63, 91, 183, 365)
"""Edges of the durations of waiting; nine weeks is the sector's norm."""

THRESHOLD_DAYS = (91, 183, 274, 365, 548, 730)
REPLACEMENT_DAYS = (30, 90, 180, 365)
UNTITLED_DAYS = (5, 14)
"""Reports of a title may lag: five days without one are no lag any more."""
EXPIRING_DAYS = (7, 21, 42, 60)
WAITING_DAYS = (14, 42, 63)
PROCESSES = ("doorplaatsing", "replacement")
TITLE_KINDS = ("regulier", "spoed", "voorwaardelijk")
NO_TITLE = "none"
CLOSURE_MODES = ("gesloten", "besloten", "hybride", "open")
DOORPLAATSING_KINDS = ("within-provider", "between-providers", "unknown")
FLAG_CODES = tuple(FLAGS)
WAITING_TITLES = ("granted", NO_TITLE)
KNOWN_AREAS = AREAS

OPEN_CLOSURES = Family(
    "doorstroom_open_closures",
    Kind.GAUGE,
    "Closures (gesloten perioden) open today, by the title that covers today and lasts longest (none: no title)",
    ("area", "title"),
)
OPEN_CLOSURE_AGE = Family(
    "doorstroom_open_closure_age_seconds",
    Kind.GAUGE_HISTOGRAM,
    "How long the closures open today have lasted, in whole days; a doorplaatsing does not restart the clock",
    unit="seconds",
)
OVER_THRESHOLD = Family(
    "doorstroom_open_closures_over_threshold",
    Kind.GAUGE,
    "Closures open today that have lasted at least the threshold",
    ("area", "threshold"),
)
OLDEST_START = Family(
    "doorstroom_oldest_open_closure_start_timestamp_seconds",
    Kind.GAUGE,
    "Midnight UTC of the date on which the oldest open closure started; absent while none is open",
    unit="seconds",
)
CLOSURE_DURATION = Family(
    "doorstroom_closure_duration_seconds",
    Kind.HISTOGRAM,
    "How long the closures that ended up to today had lasted, the days between two of their placements included",
    unit="seconds",
)
PLACEMENT_DURATION = Family(
    "doorstroom_placement_duration_seconds",
    Kind.HISTOGRAM,
    "How long the placements that ended up to today had lasted",
    unit="seconds",
)
PLACEMENTS_STARTED = Family(
    "doorstroom_placements_started",
    Kind.COUNTER,
    "Placements that started up to today; a withdrawal takes one back, so use an offset and not increase()",
)
DISCHARGES = Family("doorstroom_discharges", Kind.COUNTER, "Placements that ended in a discharge up to today")
DOORPLAATSINGEN = Family(
    "doorstroom_doorplaatsingen",
    Kind.COUNTER,
    "Doorplaatsingen up to today: moves to another accommodation in a closure; unknown: provider not registered",
    ("kind",),
)
REPLACEMENTS = Family(
    "doorstroom_replacements",
    Kind.COUNTER,
    "Closures up to today that began within this time of the end of an earlier one; each includes the shorter ones",
    ("within",),
)
CLOSURES_WITHOUT_TITLE = Family(
    "doorstroom_closures_without_title", Kind.GAUGE, "Closures open today that no title covers today"
)
WITHOUT_TITLE_OVER_THRESHOLD = Family(
    "doorstroom_closures_without_title_over_threshold",
    Kind.GAUGE,
    "Closures open today that no title has covered for at least the threshold, in one piece with today",
    ("area", "threshold"),
)
MACHTIGINGEN_EXPIRING = Family(
    "doorstroom_machtigingen_expiring",
    Kind.GAUGE,
    "Closures open today whose unbroken cover by titles ends within this time; each includes the shorter ones",
    ("within",),
)
WAITING = Family(
    "doorstroom_waiting",
    Kind.GAUGE,
    "Waits for a closed place today, with a granted title that is not yet executed or without one",
    ("title",),
)
WAITING_OVER_THRESHOLD = Family(
    "doorstroom_waiting_over_threshold",
    Kind.GAUGE,
    "Waits of at least the threshold: with a title since its first day, without one since the referral",
    ("title", "threshold"),
)
WAITING_AGE = Family(
    "doorstroom_waiting_age_seconds",
    Kind.GAUGE_HISTOGRAM,
    "How long those who wait today have waited, in whole days",
    unit="seconds",
)
PLACES = Family(
    "doorstroom_places", Kind.GAUGE, "Places in force today in accommodations that are not closed", ("closure",)
)
OCCUPIED_PLACES = Family("doorstroom_occupied_places", Kind.GAUGE, "Persons with a placement that is open today")
OPEN_ALERTS = Family(
    "doorstroom_alerts",
    Kind.GAUGE,
    "Alerts that hold, those that were acknowledged included, by rule and level; of each case the highest threshold",
    ("alert", "level"),
)
ALERTS_LAST_LOOK = Family(
    "doorstroom_alerts_last_look_timestamp_seconds",
    Kind.GAUGE,
    "Until when all alerts on cases that were due are looked at; where nothing comes in it goes on each minute",
    unit="seconds",
)
OPEN_FLAGS = Family("doorstroom_flags", Kind.GAUGE, "Flags on what is missing or contradicts, by code", ("code",))
PROCESS_RECENT = Family(
    "doorstroom_process_recent",
    Kind.GAUGE,
    "Doorplaatsingen and re-placements within 90 days that are dated in the last 30 days; late reports come later",
    ("process",),
)
PROCESS_EXPECTED = Family(
    "doorstroom_process_expected",
    Kind.GAUGE,
    "What the 365 days before the last 30 make expected of them, per day inside or per day at risk of a re-placement",
    ("process",),
)
PROCESS_LIMIT = Family(
    "doorstroom_process_limit",
    Kind.GAUGE,
    "The largest number in 30 days that chance explains (exact, 1 in 1,000); absent without a year before them",
    ("process",),
)
SOURCE_LAST_FACT = Family(
    "doorstroom_source_last_fact_timestamp_seconds",
    Kind.GAUGE,
    "When the latest fact of this source, heartbeats included, was accepted",
    ("source",),
    "seconds",
)
PROJECTED_POSITION = Family(
    "doorstroom_projected_position",
    Kind.GAUGE,
    "The highest position in the service's ledger that is durably projected",
    ("service",),
)
PROJECTED_FACTS = Family(
    "doorstroom_projected_facts",
    Kind.GAUGE,
    "Facts of the service's ledger that are durably projected; all of them when it equals doorstroom_ledger_position",
    ("service",),
)
STREAM_LAG = Family(
    "doorstroom_stream_lag_entries",
    Kind.GAUGE,
    "Facts published in the service's streams that are not yet projected; absent while Redis does not answer",
    ("service",),
)
LAST_RUN = Family(
    "doorstroom_projection_last_run_timestamp_seconds",
    Kind.GAUGE,
    "When the projection last moved, or last was seen to have nothing to do",
    unit="seconds",
)
CLOCK = Family(
    "doorstroom_clock_timestamp_seconds",
    Kind.GAUGE,
    "The monitor's own clock when it was asked; how old its projection is, is the difference with this",
    unit="seconds",
)
PARKED = Family("doorstroom_parked_facts", Kind.GAUGE, "Facts that the monitor could not take, and those behind them")
QUARANTINED = Family(
    "doorstroom_quarantined_persons",
    Kind.GAUGE,
    "Persons whose figures stand still until a fact is replayed; the register of accommodations counts as one",
)
HALTED = Family(
    "doorstroom_halted_streams",
    Kind.GAUGE,
    "Streams of the service that this monitor reads and that stand still before a fact of a type that it does not know",
    ("service",),
)
BUILD = Family("doorstroom_build", Kind.INFO, "Which version runs")
COLLECTOR_DURATION = Family(
    "doorstroom_collector_duration_seconds",
    Kind.GAUGE,
    "How long computing the figures took, when they were last computed",
    unit="seconds",
)

FAMILIES: tuple[Family, ...] = (
    OPEN_CLOSURES,
    OPEN_CLOSURE_AGE,
    OVER_THRESHOLD,
    OLDEST_START,
    CLOSURE_DURATION,
    PLACEMENT_DURATION,
    PLACEMENTS_STARTED,
    DISCHARGES,
    DOORPLAATSINGEN,
    REPLACEMENTS,
    CLOSURES_WITHOUT_TITLE,
    WITHOUT_TITLE_OVER_THRESHOLD,
    MACHTIGINGEN_EXPIRING,
    WAITING,
    WAITING_OVER_THRESHOLD,
    WAITING_AGE,
    PLACES,
    OCCUPIED_PLACES,
    OPEN_ALERTS,
    ALERTS_LAST_LOOK,
    OPEN_FLAGS,
    PROCESS_RECENT,
    PROCESS_EXPECTED,
    PROCESS_LIMIT,
    SOURCE_LAST_FACT,
    PROJECTED_POSITION,
    PROJECTED_FACTS,
    STREAM_LAG,
    LAST_RUN,
    CLOCK,
    PARKED,
    QUARANTINED,
    HALTED,
    BUILD,
    COLLECTOR_DURATION,
)
"""All of them, in the order in which they are served."""
