"""What stands around those inside: figures of others, money, buildings, measures counted by accommodations; pure."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date

from shared.facts.envelope import AcceptedEvent
from shared.facts.landscape import ContextFigurePublished, FundingRecorded, RealEstateScanned
from shared.facts.restriction import RestrictionReported, days_of

MONTHS = {"H": 6, "Q": 3}
"""Of a half-year and of a quarter."""


@dataclass(frozen=True, slots=True)
class ContextFigure:
    """A figure that others published, of a series, a region and a period."""

    series: str
    region: str | None
    """None for the whole country."""
    period: str
    """A year, or a half-year, quarter or month of it: 2025, 2025-H1, 2025-Q3, 2025-11."""
    value: int
    status: str
    """provisional or final."""

    @property
    def until(self) -> date:
        """The first day after its period."""
        year, _, part = self.period.partition("-")
        months = 12 if not part else MONTHS[part[0]] * int(part[1:]) if part[0] in MONTHS else int(part)
        return date(int(year) + months // 12, months % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Funding:
    """Money that was awarded or spent on a day."""

    scope: str
    """country, an area, or a region."""
    on: date
    kind: str
    purpose: str
    amount: int
    """Whole euros."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the buildings of an accommodation were worth on a day."""

    accommodation: str
    scanned_on: date
    book_value: int
    """Whole euros."""
    reuse: str
    lease_until: date | None
    """The first day that a lease no longer covers; None for what is owned."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Restrictive measures of one kind that an accommodation counted over a quarter, of nobody in particular."""

    accommodation: str
    quarter: str
    """YYYY-Q1 to YYYY-Q4."""
    category: str
    count: int
    minutes: int
    """Of all of them together."""
    emergency: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All of it."""

    figures: tuple[ContextFigure, ...] = ()
    """In order of series, region (the country first) and period."""
    funding: tuple[Funding, ...] = ()
    """Each record that stands, in order of day."""
    scans: tuple[Scan, ...] = ()
    """In order of accommodation and day."""
    measures: tuple[Measures, ...] = ()
    """Each record that stands, in order of quarter and accommodation."""

    def measures_over(self, a: date, b: date) -> dict[str, list[Measures]]:
        """Those over quarters that lie wholly in [a, b), by accommodation."""
        found: dict[str, list[Measures]] = {}
        for one in self.measures:
            first, after = days_of(one.quarter)
            if a <= first and after <= b:
                found.setdefault(one.accommodation, []).append(one)
        return found


NOTHING_AROUND = Surroundings()


def surroundings(standing: Iterable[AcceptedEvent]) -> Surroundings:
    """What these facts say together, of each record the one that stands (D12).

    Of one series, region and period, and of one accommodation on one day, the one that was recorded last counts.
    """
    figures: dict[tuple[str, str, str], ContextFigure] = {}
    funding: list[Funding] = []
    scans: dict[tuple[str, date], Scan] = {}
    measures: list[Measures] = []
    for event in sorted(standing, key=lambda event: (event.time, event.source, event.id)):
        match event.data:
            case ContextFigurePublished(series=series, region=region, period=period, value=value, status=status):
                figures[series, region or "", period] = ContextFigure(series, region, period, value, status)
            case FundingRecorded(scope=scope, on=on, kind=kind, purpose=purpose, amount=amount):
                funding.append(Funding(scope, on, kind, purpose, amount))
            case RealEstateScanned(accommodation=at, scanned_on=on) as fact:
                scans[at, on] = Scan(at, on, fact.book_value, fact.reuse, fact.lease_until)
            case RestrictionReported(placement=None, accommodation=str(at)) as fact:
                measures.append(Measures(at, fact.quarter, fact.category, fact.count, fact.minutes, fact.emergency))
    return Surroundings(
        tuple(figures[key] for key in sorted(figures)),
        tuple(sorted(funding, key=lambda one: (one.on, one.scope, one.kind, one.purpose, one.amount))),
        tuple(scans[key] for key in sorted(scans)),
        tuple(sorted(measures, key=lambda one: (one.quarter, *astuple(one)))),
    )
