"""What the API says of how alerts were followed up, as JSON and as CSV."""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from services.monitor.alerts.conditions.rules import Rulebook, Text
from services.monitor.alerts.summary import Line
from shared.facts.fact import FIRST_DAY, LAST_DAY

DEFAULT_DAYS = 91
"""A quarter of a year."""
DECIMALS = 4

SummaryDay = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]


class SummaryQuery(BaseModel):
    """On which days alerts were opened: [from, until), dates in Europe/Amsterdam."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    from_: Annotated[SummaryDay | None, Field(alias="from")] = None
    """The first day; 91 days before `until` when absent."""
    until: SummaryDay | None = None
    """The first day that is not counted; tomorrow when absent, so that today is."""

    def days(self, *, today: date) -> tuple[date, date]:
        """The window; empty or reversed where the days that were given are."""
        until = self.until or today + timedelta(days=1)
        return self.from_ or max(FIRST_DAY, until - timedelta(days=DEFAULT_DAYS)), until


class AlertSummaryItem(BaseModel):
    """What became of the alerts of a rule, threshold and level that were opened in the window, by now."""

    model_config = ConfigDict(use_attribute_docstrings=True, alias_generator=to_camel, populate_by_name=True)

    rule: str
    name: Text
    threshold: str
    level: str
    opened: int
    missed: int
    """Those that began and ended before anybody looked; they were never open, and none of the others counts them."""
    acknowledged: int
    """Those that somebody acknowledged at least once."""
    hours_to_acknowledgement_median: float | None
    """From the opening to the first acknowledgement, of these; none without any."""
    hours_to_acknowledgement_p90: float | None
    """The smallest number of hours that at least nine in ten do not exceed."""
    closed: int
    """Those that are closed now: one that was reopened is not."""
    closed_by_late_data: int
    """Of these: a later fact shows that it did not hold when it was opened."""
    late_data_share: float | None
    """Those / closed; none where none is closed."""
    days_open_median: float | None
    """Of those that are closed: from the date on which they were opened to that on which they were closed here."""
    still_open: int
    """Open, acknowledged, or escalated: a higher threshold of the same case has taken its place."""


class AlertSummary(BaseModel):
    """How the alerts that were opened in a window were followed up: those that the reader may see."""

    model_config = ConfigDict(use_attribute_docstrings=True, populate_by_name=True)

    from_: Annotated[date, Field(alias="from")]
    until: date
    """The first day that is not counted."""
    total: int
    """Opened, of every rule together."""
    items: list[AlertSummaryItem]
    """By rule, threshold and level; those of which none was opened or missed are left out."""


EXAMPLE: dict[str, Any] = {
    "from": "2026-01-01",
    "until": "2026-04-01",
    "total": 12,
    "items": [
        {
            "rule": "A03",
            "name": {"en": "No title", "nl": "Geen titel"},
            "threshold": "no-title",
            "level": "red",
            "opened": 12,
            "missed": 1,
            "acknowledged": 9,
            "hoursToAcknowledgementMedian": 5.5,
            "hoursToAcknowledgementP90": 26.25,
            "closed": 10,
            "closedByLateData": 4,
            "lateDataShare": 0.4,
            "daysOpenMedian": 3.0,
            "stillOpen": 2,
        }
    ],
}


def as_summary(window: tuple[date, date], lines: Iterable[Line], *, rules: Rulebook) -> AlertSummary:
    """The answer; numbers are rounded to four decimals."""
    items = [_item(line, rules) for line in lines]
    return AlertSummary(from_=window[0], until=window[1], total=sum(one.opened for one in items), items=items)


def _item(line: Line, rules: Rulebook) -> AlertSummaryItem:
    rule = rules.newest(line.rule)
    assert rule is not None, f"no rule {line.rule}: a rule that held is never taken out of the file"
    said = {
        name: round(float(value), DECIMALS) if isinstance(value, Fraction) else value
        for name, value in asdict(line).items()
    }
    return AlertSummaryItem(name=rule.name, **said)


COLUMNS = tuple(name for name in AlertSummaryItem.model_fields if name != "name")


def summary_as_csv(summary: AlertSummary) -> str:
    """The lines as CSV with a header (RFC 4180); empty where a number does not exist."""
    out = io.StringIO()
    writer = csv.DictWriter(out, ("from", "until", *COLUMNS))
    writer.writeheader()
    for one in summary.items:
        said = {name: getattr(one, name) for name in COLUMNS}
        writer.writerow({"from": summary.from_, "until": summary.until, **said})
    return out.getvalue()
