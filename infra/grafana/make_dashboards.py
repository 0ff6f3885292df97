"""Writes the dashboards of Grafana from the tables below: `make docs`.

They show counts and the pipeline to those who run Doorstroom. Figures with their limits, and what may be published of
them, are in the cockpit: Prometheus keeps what it scraped, so a late fact changes nothing of the past that it shows.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.builders import bargauge, common, dashboard, prometheus, stat, table, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import BigValueGraphMode, LegendDisplayMode, LegendPlacement
from grafana_foundation_sdk.models.dashboard import DataSourceRef
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

SOURCE = DataSourceRef(type_val="prometheus", uid="doorstroom")


class Shape(StrEnum):
    """How a panel shows its values."""

    NUMBER = "number"
    LINES = "lines"
    BARS = "bars"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: queries by the name of what they show, in which Grafana fills in labels as {{label}}."""

    title: str
    shape: Shape
    queries: Mapping[str, str]
    unit: str = "short"
    width: int = 8
    height: int = 7
    meaning: str = ""
    from_zero: bool = True
    """Whether the axis of lines begins at 0, so that a small change looks small."""
    needs_history: bool = False
    """Whether it is empty until Prometheus has scraped for a while (it compares with earlier)."""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A page of panels, by the title of each row."""

    uid: str
    title: str
    rows: Mapping[str, Sequence[Panel]]

    @property
    def panels(self) -> list[Panel]:
        """All panels, in order."""
        return [panel for row in self.rows.values() for panel in row]


def _number(title: str, query: str, *, unit: str = "short", meaning: str = "") -> Panel:
    return Panel(title, Shape.NUMBER, {title: query}, unit=unit, width=6, height=4, meaning=meaning)


def _process(title: str, process: str) -> Panel:
    queries = {
        "dated in the last 30 days": f'max(doorstroom_process_recent{{process="{process}"}})',
        "expected from the year before": f'max(doorstroom_process_expected{{process="{process}"}})',
        "limit (1 in 1,000)": f'max(doorstroom_process_limit{{process="{process}"}})',
    }
    meaning = "Above the limit is more than chance explains. Late reports come in later, so a low number says nothing."
    return Panel(title, Shape.LINES, queries, width=12, height=8, meaning=meaning)


_OPEN = "doorstroom_open_closure_age_seconds"
_CLOSURES = "doorstroom_closure_duration_seconds"
_PLACEMENTS = "doorstroom_placement_duration_seconds"

OPERATIONS = Dashboard(
    "doorstroom-operations",
    "Doorstroom: operations",
    {
        "Now": [
            _number("Closed in", "doorstroom:open_closures:sum", meaning="Closures open today, over doorplaatsingen."),
            _number("For over a year", 'sum(threshold:doorstroom_open_closures_over_threshold:sum{threshold="365d"})'),
            _number(
                "Five days or longer without a title",
                'sum(max by (area) (doorstroom_closures_without_title_over_threshold{threshold="5d"}))',
            ),
            _number(
                "Waiting six weeks or longer with a title",
                'max(doorstroom_waiting_over_threshold{title="granted", threshold="42d"})',
            ),
        ],
        "Closures": [
            Panel("By area", Shape.LINES, {"{{area}}": "area:doorstroom_open_closures:sum"}),
            Panel(
                "Over a threshold",
                Shape.LINES,
                {"{{threshold}}": "threshold:doorstroom_open_closures_over_threshold:sum"},
            ),
            Panel(
                "Over a year, by area",
                Shape.BARS,
                {"{{area}}": 'max by (area) (doorstroom_open_closures_over_threshold{threshold="365d"})'},
            ),
        ],
        "Titles and waiting": [
            Panel(
                "By title",
                Shape.LINES,
                {"{{title}}": "sum by (title) (max by (area, title) (doorstroom_open_closures))"},
                meaning="none: no title covers today.",
            ),
            Panel(
                "Titles that end within",
                Shape.LINES,
                {"{{within}}": "max by (within) (doorstroom_machtigingen_expiring)"},
            ),
            Panel("Waiting", Shape.LINES, {"title {{title}}": "max by (title) (doorstroom_waiting)"}),
        ],
        "Alerts and flags": [
            Panel(
                "Alerts that fire",
                Shape.TABLE,
                {"": 'count by (alertname, severity, team) (ALERTS{alertstate="firing"})'},
                width=12,
                meaning="Counts over thresholds. Cases and the next step in each are in the monitor.",
            ),
            Panel("Flags", Shape.BARS, {"{{code}}": "sort_desc(max by (code) (doorstroom_flags))"}, width=12),
            Panel(
                "Alerts on cases, by level",
                Shape.LINES,
                {"{{level}}": "sum by (level) (max by (alert, level) (doorstroom_alerts))"},
                width=12,
            ),
            Panel(
                "Alerts on cases, by rule",
                Shape.BARS,
                {"{{alert}}": "sort_desc(sum by (alert) (max by (alert, level) (doorstroom_alerts)) > 0)"},
                width=12,
            ),
        ],
    },
)

FIGURES = Dashboard(
    "doorstroom-figures",
    "Doorstroom: figures",
    {
        "Doorplaatsing and re-placement": [
            _process("Doorplaatsingen", "doorplaatsing"),
            _process("Re-placements within 90 days", "replacement"),
            Panel(
                "Doorplaatsingen that became known in 30 days",
                Shape.LINES,
                {"{{kind}}": "kind:doorstroom_doorplaatsingen:delta30d"},
                width=12,
                needs_history=True,
            ),
            Panel(
                "Re-placements that became known in 30 days",
                Shape.LINES,
                {"within {{within}}": "within:doorstroom_replacements:delta30d"},
                width=12,
                needs_history=True,
            ),
        ],
        "How long": [
            Panel(
                "Ages of open closures",
                Shape.LINES,
                {
                    "median": "doorstroom:open_closure_age_seconds:p50",
                    "90th percentile": "doorstroom:open_closure_age_seconds:p90",
                    "mean": f"max({_OPEN}_gsum / {_OPEN}_gcount)",
                },
                unit="s",
                meaning="Interpolated between edges. Who stays long is more often open: this is no expected duration.",
            ),
            Panel(
                "Open closures of at most",
                Shape.BARS,
                {"{{le}}": "max by (le) (doorstroom_open_closure_age_seconds_bucket)"},
            ),
            Panel(
                "Ended closures and placements",
                Shape.LINES,
                {
                    "closures, mean": f"max({_CLOSURES}_sum / {_CLOSURES}_count)",
                    "placements, mean": f"max({_PLACEMENTS}_sum / {_PLACEMENTS}_count)",
                },
                unit="s",
                meaning="Of all that ended so far, since the first day of observation.",
            ),
        ],
        "Places": [
            Panel(
                "Places and who is in them",
                Shape.LINES,
                {
                    "places, {{closure}}": "max by (closure) (doorstroom_places)",
                    "occupied": "max(doorstroom_occupied_places)",
                },
                width=12,
            ),
            Panel(
                "Since the beginning",
                Shape.LINES,
                {
                    "placements started": "max(doorstroom_placements_started_total)",
                    "discharges": "max(doorstroom_discharges_total)",
                    "doorplaatsingen": "sum(max by (kind) (doorstroom_doorplaatsingen_total))",
                },
                width=12,
            ),
        ],
    },
)

PIPELINE = Dashboard(
    "doorstroom-pipeline",
    "Doorstroom: pipeline",
    {
        "Now": [
            _number("Age of the projection", "doorstroom:projection_age_seconds:max", unit="s"),
            _number("Facts to project", "sum(service:doorstroom_stream_lag_entries:max)"),
            _number("Facts to publish to the streams", "sum(service:doorstroom_facts_unpublished:max)"),
            _number("Parked facts", "max(doorstroom_parked_facts)"),
        ],
        "Facts": [
            Panel("Facts a second", Shape.LINES, {"{{service}} {{result}}": "service_result:doorstroom_facts:rate5m"}),
            Panel(
                "Positions",
                Shape.LINES,
                {
                    "{{service}}: ledger": "max by (service) (doorstroom_ledger_position)",
                    "{{service}}: streams": "max by (service) (doorstroom_published_position)",
                    "{{service}}: projected": "max by (service) (doorstroom_projected_position)",
                },
            ),
            Panel("To project", Shape.LINES, {"{{service}}": "service:doorstroom_stream_lag_entries:max"}),
            Panel(
                "Answers to publishers",
                Shape.LINES,
                {"{{service}} {{class}}": "sum by (service, class) (rate(doorstroom_answers_total[5m]))"},
                unit="reqps",
            ),
            Panel(
                "Silence of sources",
                Shape.BARS,
                {"{{source}}": "sort_desc(time() - max by (source) (doorstroom_source_last_fact_timestamp_seconds))"},
                unit="s",
                width=16,
            ),
        ],
        "Processes": [
            Panel("Up", Shape.LINES, {"{{job}}": "up"}, width=6),
            Panel("Memory", Shape.LINES, {"{{job}}": "process_resident_memory_bytes"}, unit="bytes", width=6),
            Panel(
                "Computing the figures",
                Shape.LINES,
                {"duration": "max(doorstroom_collector_duration_seconds)"},
                unit="s",
                width=6,
            ),
            Panel(
                "The monitor's clock against ours",
                Shape.LINES,
                {"ahead": "doorstroom_clock_timestamp_seconds - timestamp(doorstroom_clock_timestamp_seconds)"},
                unit="s",
                width=6,
                from_zero=False,
            ),
        ],
    },
)

DASHBOARDS = {"operations": OPERATIONS, "figures": FIGURES, "pipeline": PIPELINE}


def as_json(page: Dashboard) -> str:
    """The dashboard as Grafana reads it."""
    built = (
        dashboard.Dashboard(page.title)
        .uid(page.uid)
        .tags(["doorstroom"])
        .timezone("Europe/Amsterdam")
        .refresh("30s")
        .time("now-7d", "now")
        .readonly()
    )
    numbers = count(1)
    for title, panels in page.rows.items():
        built.with_row(dashboard.Row(title).id(next(numbers)))
        for panel in panels:
            built.with_panel(_built(panel).id(next(numbers)))
    return json.dumps(built.build(), cls=JSONEncoder, indent=2, sort_keys=True) + "\n"


def _built(panel: Panel) -> Any:
    made = _EMPTY[panel.shape]().title(panel.title).unit(panel.unit).span(panel.width).height(panel.height)
    made = made.datasource(SOURCE)
    if panel.meaning:
        made = made.description(panel.meaning)
    if panel.shape is Shape.LINES and panel.from_zero:
        made = made.min(0)
    for letter, (name, expression) in zip("ABCDEF", panel.queries.items(), strict=False):
        query = (
            prometheus.Dataquery().ref_id(letter).expr(expression).legend_format(name or "__auto").datasource(SOURCE)
        )
        if panel.shape is Shape.TABLE:
            query = query.format(PromQueryFormat.TABLE)
        made = made.with_target(query.instant() if panel.shape in (Shape.BARS, Shape.TABLE) else query.range())
    return made


def _last() -> common.ReduceDataOptions:
    return common.ReduceDataOptions().calcs(["lastNotNull"])


def _lines() -> timeseries.Panel:
    legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
    return timeseries.Panel().legend(legend.show_legend(True))


_EMPTY: Mapping[Shape, Callable[[], Any]] = {
    Shape.NUMBER: lambda: stat.Panel().graph_mode(BigValueGraphMode.AREA).reduce_options(_last()),
    Shape.LINES: _lines,
    Shape.BARS: lambda: bargauge.Panel().reduce_options(_last()),
    Shape.TABLE: table.Panel,
}


def main(folder: Path) -> None:
    """Write every dashboard into the folder."""
    for name, page in DASHBOARDS.items():
        (folder / f"{name}.json").write_text(as_json(page))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
