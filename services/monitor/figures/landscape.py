"""The landscape: what others published, beside the placements of the same years; money and buildings beside it."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from services.monitor.disclosure.table import TOTAL, Dimension
from services.monitor.figures.answer import Column, Findings, MeasureTable, Row
from services.monitor.figures.figure import Figure
from services.monitor.figures.path import COUNTRY
from services.monitor.figures.population import Population
from services.monitor.figures.question import Window
from services.monitor.figures.values import Given, Statistic, Tally
from services.monitor.statistics.quantiles import share
from services.monitor.surroundings import ContextFigure, Funding, Scan
from shared.facts.regions import AREAS, REGIONS

BASE = 2019
"""The year of which each index is 100."""

SERIES: Mapping[str, tuple[str, str]] = {
    "jji": ("jji", "Young people who came into youth custody"),
    "wvggz": ("wvggz", "Young people under a compulsory mental health order"),
    "lta": ("lta", "Young people in nationally contracted care"),
    "three-milieu": ("threeMilieu", "Young people in three-milieu care"),
    "population-12-17": ("population", "All young people aged 12 to 17"),
}
"""By the name in a fact: the column, and what it is."""

PURPOSES = ("reduction", "conversion", "alternative", "vacancy")
KINDS = ("awarded", "spent")
REGION = Dimension("region", tuple(sorted(REGIONS)))
SCOPE = Dimension("scope", (COUNTRY, *AREAS, *sorted(REGIONS)))


def year_of(year: int) -> Window:
    """A calendar year."""
    return Window(date(year, 1, 1), date(year + 1, 1, 1))


def _compute(population: Population) -> Findings:
    end, around = population.question.on + timedelta(days=1), population.known.register.surroundings
    published = [one for one in around.figures if one.until <= end]
    return Findings(
        n=0,
        inferred=0,
        tables=(
            _years(population, published),
            _published(published),
            _funding([one for one in around.funding if one.on < end]),
            _buildings([one for one in around.scans if one.scanned_on < end]),
        ),
        cases=(),
    )


def _years(population: Population, published: Iterable[ContextFigure]) -> MeasureTable:
    """For the whole country, by year of which anything was published as a whole, each beside its index."""
    whole = {(one.series, one.period): one.value for one in published if one.region is None}
    years = sorted({int(period) for _, period in whole if period.isdecimal()})
    started = sorted(spell.started_on for spell in population.placements)
    base = _between(started, year_of(BASE))
    rows = []
    for year in years:
        count = _between(started, year_of(year))
        values: list[Tally | Statistic | Given] = [Tally(count), Statistic(share(100 * count, base))]
        for series in SERIES:
            value, first = whole.get((series, str(year))), whole.get((series, str(BASE)))
            values += [Given(value), Given(Fraction(100 * value, first) if value is not None and first else None)]
        rows.append(Row((), date(year, 1, 1), count, tuple(values)))
    columns = (
        Column("placements", "placements", "Placements that started in the year.", moved="placements"),
        Column("placementsIndex", "number", f"The same, with {BASE} as 100.", inside_only=True),
        *(column for name, meaning in SERIES.values() for column in _with_index(name, meaning)),
    )
    return MeasureTable(
        "years", "Figures of others by year, beside the placements of that year", (), {}, "from", columns, tuple(rows),
        periods=tuple(map(year_of, years)),
    )  # fmt: skip


def _between(started: Sequence[date], window: Window) -> int:
    return bisect_left(started, window.b) - bisect_left(started, window.a)


def _with_index(name: str, meaning: str) -> tuple[Column, Column]:
    index = f"The same, with {BASE} as 100; none where that year was not published."
    return Column(name, "number", f"{meaning}, as published."), Column(f"{name}Index", "number", index)


def _published(published: Iterable[ContextFigure]) -> MeasureTable:
    """All of it: by region, and for the country as the total, whatever the length of the period."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for one in published:
        found.setdefault((one.region or TOTAL, one.period), {})[one.series] = one.value
    rows = tuple(
        Row((region,), period, 0, tuple(Given(values.get(series)) for series in SERIES))
        for (region, period), values in sorted(found.items())
    )
    columns = tuple(Column(name, "number", f"{meaning}, as published.") for name, meaning in SERIES.values())
    return MeasureTable("published", "Figures of others by region and period", (REGION,), {}, "period", columns, rows)


def _funding(funding: Iterable[Funding]) -> MeasureTable:
    """Sums of each year. What a region gets may be part of what its area does, so nothing is added up over scopes."""
    sums: dict[tuple[str, str, int], dict[str, int]] = {}
    for one in funding:
        year = sums.setdefault((one.scope, one.purpose, one.on.year), dict.fromkeys(KINDS, 0))
        year[one.kind] += one.amount
    rows = tuple(
        Row((scope, purpose), year, 0, tuple(Given(amounts[kind]) for kind in KINDS))
        for (scope, purpose, year), amounts in sorted(sums.items())
    )
    columns = (
        Column("awarded", "euro", "Awarded in the year, up to the date."),
        Column("spent", "euro", "Spent in the year, up to the date."),
    )
    dimensions = SCOPE, Dimension("purpose", PURPOSES)
    return MeasureTable("funding", "Money for the transformation", dimensions, {}, "year", columns, rows)


def _buildings(scans: Iterable[Scan]) -> MeasureTable:
    """Of each accommodation the last scan up to the date."""
    last = {one.accommodation: one for one in scans}  # They are in order of day.
    rows = tuple(
        Row((), name, 0, (Given(one.scanned_on), Given(one.book_value), Given(one.reuse), Given(one.lease_until)))
        for name, one in last.items()
    )
    columns = (
        Column("scannedOn", "date", "When its buildings were looked at."),
        Column("bookValue", "euro", "What they stood in the books for."),
        Column("reuse", "word", "What may become of them."),
        Column("leaseUntil", "date", "The first day that a lease no longer covers; none for what is owned."),
    )
    return MeasureTable(
        "real-estate", "Buildings by accommodation", (), {}, "accommodation", columns, rows, inside_only=True
    )


LANDSCAPE = Figure(
    name="landscape",
    title="Landscape",
    title_dutch="Landschap",
    view="flow",
    period="date",
    counts=(
        "What others published (`context-figure-published`): young people who came into youth custody, and those under "
        "a compulsory mental health order, in nationally contracted care and in three-milieu care, and all aged 12 to "
        "17. For the whole country by year, beside the placements that started in that year; and by region and period "
        "as it was published. Beside it money for the transformation (`funding-recorded`) and, for those inside, "
        "buildings (`real-estate-scanned`). That numbers rise and fall together says nothing of why. Its own number is "
        "0: it counts nobody whom `inflow` does not count."
    ),
    formula=(
        "Periods that are over on D. Placements: started_on in the calendar year, as they are known. Index = 100 x "
        "the number of the year / that of 2019, where that is known and not 0. Of one series, region and period the "
        "figure that was recorded last counts; of an accommodation the last scan up to and with D. Money: the sum of "
        "what was recorded of a day of the year up to and with D, by scope and purpose, awarded and spent apart."
    ),
    rules=("D1", "D4", "D5", "D12", "D13"),
    splits=(),
    compute=_compute,
    example=(
        "Into youth custody 1,200 in 2019 and 1,584 in 2023: index 100 x 1,584 / 1,200 = 132. Placements 1,500 in 2019 "
        "and 891 in 2023: index 59.4."
    ),
)
