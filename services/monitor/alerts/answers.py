"""What the API says of alerts, as JSON and as CSV."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from services.monitor.alerts.conditions.rules import Level, Owner, Text
from services.monitor.alerts.listing import Entry, Happened, State
from shared.facts.lists import Area

_MODEL = ConfigDict(use_attribute_docstrings=True, alias_generator=to_camel, populate_by_name=True)
"""JSON has its names in camel case."""


class AlertQuery(BaseModel):
    """Which alerts are asked for; several values of one key are alternatives."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    state: list[State] = []
    """Open ones when absent."""
    level: list[Level] = []
    rule: Annotated[list[str], Field(max_length=30)] = []
    """By number: A01."""
    area: list[Area] = []
    accommodation: Annotated[list[str], Field(max_length=50)] = []
    owner: list[Owner] = []
    """The roles that act."""
    each: Literal["person", "alert"] = "person"
    """person: a young person once, with the most pressing alert and the others in `also`; alert: each by itself."""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    page_size: Annotated[int, Field(alias="pageSize", ge=1, le=200)] = 20
    """The first page is what one person can do in a day."""


class AlertFact(BaseModel):
    """A fact behind an alert."""

    model_config = _MODEL

    what: str
    on: date
    about: str
    """The publisher's key of it."""


class AlertAcknowledgement(BaseModel):
    """Who has seen it, and what they say they do."""

    model_config = _MODEL

    by: str
    at: datetime
    note: str
    until: date
    """The first day on which it is on the open list again, if it still holds."""


class AlertAnswer(BaseModel):
    """One alert."""

    model_config = _MODEL

    id: str
    rule: str
    name: Text
    threshold: str
    level: str
    state: str
    """open, acknowledged, escalated (a higher threshold of the same case has taken its place) or closed."""
    why: Text
    next_step: Text
    owner: str
    """The role that acts."""
    person: str | None
    """The pseudonym; none for an alert about an accommodation, a region, a source or the country."""
    about: str
    """The key of the case: a placement, machtiging, referral, absence, accommodation, region or source.

    Of an accommodation over a quarter the quarter as well."""
    region: str | None
    area: str | None
    accommodation: str | None
    since: date
    """The first day on which the condition held, also when the fact came late."""
    seen_at: datetime
    """When it was opened here."""
    days: int
    """How long the case lasts, in whole days: the closure, the wait, the days without a title."""
    missing: list[str]
    """What is missing for this person, the most pressing first."""
    missed: bool
    """It began and ended before anybody looked."""
    closed_on: date | None
    closed_reason: str | None
    """What ended it; late-data when a later fact shows that it did not hold when it was opened."""
    acknowledgement: AlertAcknowledgement | None


class AlertBrief(BaseModel):
    """Another alert of the same young person."""

    id: str
    rule: str
    threshold: str
    level: str
    why: Text


class AlertItem(AlertAnswer):
    """An alert on the list, with the others of the same young person."""

    model_config = _MODEL

    also: list[AlertBrief]


class AlertHappening(BaseModel):
    """A line of the history of an alert."""

    model_config = _MODEL

    at: datetime
    kind: str
    by: str | None
    detail: dict[str, Any]


class AlertDetail(AlertAnswer):
    """One alert, with the facts behind it, where it comes from and everything that happened to it."""

    meaning: str
    sources: list[str]
    """Articles of law and documents that the rule rests on."""
    because: list[AlertFact]
    history: list[AlertHappening]


class AlertPage(BaseModel):
    """A page of the list, the most pressing first."""

    model_config = _MODEL

    on: date
    total: int
    """Alerts that were found; `items` of all pages may be fewer, when one stands for several of a person."""
    by_level: dict[str, int]
    page: int
    pages: int
    looked_at: datetime | None
    """Until when everything that was accepted was looked at; what was told after it may be missing."""
    quarantined: int
    """Young persons of whom a fact could not be taken: what was told of them since waits, so alerts may be missing or
    out of date. Of the whole country, whoever reads."""
    items: list[AlertItem]


class AcknowledgementRequest(BaseModel):
    """What somebody says to an alert."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    note: Annotated[str, Field(min_length=3, max_length=1_000, pattern=r"^[^\x00]*$")]
    """What is being done; never a name. Not every database keeps the character 0."""
    until: date
    """Until this day it is off the open list; at most 92 days ahead."""


def item(entry: Entry, others: Iterable[Entry] = ()) -> AlertItem:
    """One alert for the list, with the others of the same young person."""
    also = [
        AlertBrief(
            id=one.kept.id,
            rule=one.kept.alert.rule,
            threshold=one.kept.alert.threshold,
            level=str(one.kept.alert.level),
            why=one.why,
        )
        for one in others
    ]
    return AlertItem(**_fields(entry), also=also)


def detail(entry: Entry, happened: Iterable[Happened]) -> AlertDetail:
    """One alert with all there is to say about it."""
    return AlertDetail(
        **_fields(entry),
        meaning=entry.rule.meaning,
        sources=list(entry.rule.sources),
        because=[AlertFact(what=one.what, on=one.on, about=one.about) for one in entry.kept.alert.because],
        history=[AlertHappening(at=one.at, kind=one.kind, by=one.by, detail=one.detail) for one in happened],
    )


def _fields(entry: Entry) -> dict[str, Any]:
    kept, alert, seen = entry.kept, entry.kept.alert, entry.acknowledgement
    return {
        "id": kept.id,
        "rule": alert.rule,
        "name": entry.rule.name,
        "threshold": alert.threshold,
        "level": str(alert.level),
        "state": entry.state,
        "why": entry.why,
        "next_step": entry.next_step,
        "owner": entry.rule.owner,
        "person": alert.case.person or None,
        "about": alert.case.about,
        "region": alert.case.region,
        "area": entry.area,
        "accommodation": alert.case.accommodation,
        "since": alert.since,
        "seen_at": kept.seen_at,
        "days": entry.days,
        "missing": list(kept.missing),
        "missed": kept.missed,
        "closed_on": kept.closed_on,
        "closed_reason": kept.closed_reason,
        "acknowledgement": seen and AlertAcknowledgement(by=seen.by, at=seen.at, note=seen.note, until=seen.until),
    }


COLUMNS = (
    "id",
    "rule",
    "threshold",
    "level",
    "state",
    "person",
    "about",
    "region",
    "area",
    "accommodation",
    "owner",
    "since",
    "seen_at",
    "days",
    "missing",
    "closed_on",
    "closed_reason",
    "why",
    "next_step",
)


def as_csv(entries: Iterable[Entry]) -> str:
    """The list as CSV with a header (RFC 4180), texts in English."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in entries:
        said = item(entry).model_dump(mode="json", by_alias=False)
        said |= {"why": entry.why.en, "next_step": entry.next_step.en, "missing": " ".join(entry.kept.missing)}
        writer.writerow(["" if said[column] is None else _plain(said[column]) for column in COLUMNS])
    return out.getvalue()


def _plain(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
