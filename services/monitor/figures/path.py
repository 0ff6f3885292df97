"""Path to zero: placements started in twelve months against a straight line from 989 (2022) to none (2030)."""

from bisect import bisect_left
from datetime import date, timedelta
from fractions import Fraction

from services.monitor.disclosure.counts import rounded
from services.monitor.figures.answer import Column, Findings, MeasureTable, Row
from services.monitor.figures.figure import Figure
from services.monitor.figures.population import Population, cases_of, inferred_among
from services.monitor.figures.question import Window
from services.monitor.figures.values import Given, Number, Statistic, Tally
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from services.monitor.statistics.path import PLACEMENTS_TO_ZERO, Path, Target
from shared.calendar import add_months
from shared.facts.regions import AREA_OF

MONTHS = 12
COUNTRY = "country"
"""The scope of a plan for all regions."""
YEARS = range(2023, 2032)
"""The first days of these years: twelve months ended on each."""


def twelve_months(end: date) -> Window:
    """The twelve months before a day."""
    return Window(add_months(end, -MONTHS), end)


def _against(path: Path, day: date, count: int) -> tuple[Tally, Given, Statistic]:
    """How many started in the twelve months, the target on the day, and the difference."""

    def deviation(count: int) -> Number:
        found = path.deviation(day, count)
        return NOT_ESTIMABLE if found is None else found

    return Tally(count), Given(path.target(day)), Statistic(deviation(count), told=lambda: deviation(rounded(count)))


def _plans(population: Population, end: date) -> MeasureTable:
    """Of each plan that was set what started in its part of the country, and what it aims at on the day."""
    window, rows = twelve_months(end), []
    started = [population.subject(one).region for one in population.placements if window.holds(one.started_on)]
    for plan in population.known.register.plans:
        path = Path(tuple(Target(on, Fraction(value)) for on, value in plan.points))
        count = sum(plan.scope in (COUNTRY, region, AREA_OF.get(region or "")) for region in started)
        rows.append(Row((), plan.scope, count, (*_against(path, end, count), Given(path.targets[-1].on))))
    columns = (
        Column("placements", "placements", "Placements of young people from there that started in the twelve months."),
        Column("target", "placements", "What the plan aims at on the day; none before its first point."),
        Column("deviation", "placements", "Placements less target: above 0 is more than planned."),
        Column("until", "date", "The date of its last point."),
    )
    return MeasureTable(
        "plans", "Twelve months against each plan", (), {}, "scope", columns, tuple(rows), withheld=True
    )


def _compute(population: Population) -> Findings:
    end = population.question.on + timedelta(days=1)
    days = [*(date(year, 1, 1) for year in YEARS if date(year, 1, 1) < end), end]
    started = sorted(spell.started_on for spell in population.placements)
    last = twelve_months(end)
    counted = [spell for spell in population.placements if last.holds(spell.started_on)]
    rows = []
    for day in days:
        window = twelve_months(day)
        count = bisect_left(started, window.b) - bisect_left(started, window.a)
        rows.append(Row((), day, count, _against(PLACEMENTS_TO_ZERO, day, count)))
    ahead = [Row((), day, 0, (Given(PLACEMENTS_TO_ZERO.target(day)),)) for year in YEARS if (day := date(year, 1, 1))]
    columns = (
        Column("placements", "placements", "Placements that started in the twelve months before the day."),
        Column("target", "placements", "The straight line on that day; none before it begins."),
        Column("deviation", "placements", "Placements less target: above 0 is more than planned."),
    )
    return Findings(
        n=len(counted),
        inferred=inferred_among(counted),
        tables=(
            MeasureTable("path", "Twelve months against the line", (), {}, "before", columns, tuple(rows)),
            MeasureTable(
                "line",
                "The line itself",
                (),
                {},
                "before",
                (Column("target", "placements", "Placements in the twelve months before the day."),),
                tuple(ahead),
            ),
            _plans(population, end),
        ),
        cases=cases_of(counted, population.question.on),
    )


PATH = Figure(
    name="path-to-zero",
    title="Path to zero in 2030",
    title_dutch="Pad naar nul in 2030",
    view="flow",
    period="date",
    counts=(
        "Placements that started in the twelve months up to and with the date (and in each calendar year since 2022), "
        "against the agreed end of closed youth care: no placements in the year 2030. And against each plan of "
        "the country, an area or a region that was set (`target-set`), by where the young people lived."
    ),
    formula=(
        "Twelve months before the day after D, half-open. Target: the straight line by calendar days from 989 on 1 "
        "January 2023 (the year 2022) to 0 on 1 January 2031 (the year 2030). Deviation = placements - target, exact. "
        "Of a plan: the straight line by calendar days between its points, no target before the first, and the last "
        "one after it; of one scope the plan that was set last counts."
    ),
    rules=("D1", "D4", "D5"),
    splits=(),
    compute=_compute,
    version="2",
    example=(
        "In the year 2023, 365 days after 1 January 2023 and of 2,922 to go: 989 x (1 - 365 / 2,922) = 865.46. With "
        "891 placements started in 2023 the deviation is 25.5."
    ),
)
