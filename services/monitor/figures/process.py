"""Process limits of the months: what is more than the ordinary ups and downs of what starts (XmR, four rules)."""

from datetime import date

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable, Row, tallied
from services.monitor.figures.figure import Figure, grouped, unit_of
from services.monitor.figures.flow import periods
from services.monitor.figures.population import Population, cases_of, inferred_among, started_in
from services.monitor.figures.question import Parameter
from services.monitor.figures.stock import OF
from services.monitor.figures.values import Number, Statistic, Value, Word
from services.monitor.statistics.control import LIMITS_FROM_POINTS, Point, XmrChart, xmr
from services.monitor.statistics.estimable import NOT_ESTIMABLE

BASELINE = Parameter(
    "baseline",
    0,
    "Months from the first that the limits are calculated from; 0 is all of them.",
    most=240,
    outside_step=12,
)


def _monthly(population: Population) -> Findings:
    question = population.question
    months = [month for month in periods(question.window, "month") if month.a <= question.on]
    names = tuple(month_of(month.a) for month in months)
    found = started_in(population, question.word("of"))
    groups = grouped(population, found)
    dimension = Dimension("month", names or ("none",))
    counts = groups.counted(map(_month, found))
    limits, points, unit = [], [], unit_of(question.word("of"))
    for key, spells in groups.each():
        by_month = tallied(map(_month, spells))
        series = [by_month.get(name, 0) for name in names]
        chart = xmr(series, baseline=min(question.number("baseline"), len(series)) or None)
        limits.append(Row(key, None, len(spells), _lines(chart)))
        points += [
            Row((*key, name), None, int(one.value), _point(one)) for name, one in zip(names, chart.points, strict=True)
        ]
    return Findings(
        n=len(found),
        inferred=inferred_among(found),
        tables=(
            CountTable(
                "starts",
                "Started, by calendar month; months without any are kept",
                unit,
                (*groups.dimensions, dimension),
                counts,
                moved=unit,
                parts=dimension.name if names else None,
            ),
            MeasureTable(
                "limits",
                "Limits of the months",
                groups.dimensions,
                groups.sizes,
                None,
                _LINES,
                tuple(limits),
                moved=unit,
            ),
            MeasureTable(
                "signals",
                "What each month takes part in",
                (*groups.dimensions, dimension),
                counts,
                None,
                _SIGNALS,
                tuple(points),
                moved=unit,
                parts=dimension.name if names else None,
            ),
        ),
        cases=cases_of(found, question.on),
        notes=() if len(names) >= LIMITS_FROM_POINTS else (f"No limits under {LIMITS_FROM_POINTS} months.",),
    )


def month_of(day: date) -> str:
    """The calendar month of a day, as it is written."""
    return day.isoformat()[:7]


def _month(spell: Spell) -> str:
    return month_of(spell.started_on)


_LINES = (
    Column("mean", "number", "The mean of the baseline."),
    Column("lower", "number", "Mean - 2.66 mean moving ranges, not under 0."),
    Column("upper", "number", "Mean + 2.66 mean moving ranges."),
    Column("movingRange", "number", "The mean moving range."),
    Column("movingRangeUpper", "number", "3.267 mean moving ranges."),
)
_SIGNALS = (
    Column("movingRange", "number", "Distance to the month before.", inside_only=True),
    Column("signals", "word", "Rules of NHS Making Data Count that the month takes part in, empty for none."),
)


def _lines(chart: XmrChart) -> tuple[Value, ...]:
    lines = chart.limits
    if lines is None:
        return tuple(Statistic(NOT_ESTIMABLE) for _ in _LINES)
    values = (lines.mean, lines.lower, lines.upper, lines.mean_moving_range, lines.moving_range_upper)
    return tuple(map(Statistic, values))


def _point(point: Point) -> tuple[Value, ...]:
    moved: Number = NOT_ESTIMABLE if point.moving_range is None else point.moving_range
    words = sorted(f"{signal.rule} {signal.direction}" for signal in point.signals)
    return Statistic(moved), Word("; ".join(words))


MONTHLY_STARTS = Figure(
    name="monthly-starts",
    title="Starts by month, with process limits",
    title_dutch="Instroom per maand, met procesgrenzen",
    view="flow",
    period="window",
    counts=(
        "Closures (or placements) that started in each calendar month of the window, months without any kept, and "
        "what is more than ordinary variation."
    ),
    formula=(
        "XmR: limits = mean +- 2.66 x mean moving range of the baseline, floor 0, exact; none under 13 months. "
        "Signals: a month outside the limits; 7 or more in a row on one side of the mean; 7 or more that rise or fall "
        "each time; 2 of 3 beyond two thirds of the way to one limit."
    ),
    rules=("D1", "D2", "D4"),
    splits=("area", "provider"),
    number_in=("limits", "n"),
    compute=_monthly,
    parameters=(OF, BASELINE),
    months=36,
    example=(
        "Thirteen months with 4, 6, 4, 6, ... 4 starts: mean 64 / 13 = 4.92, mean moving range 2, limits 0 (4.92 - "
        "5.32 < 0) and 10.24. A month with 11 would be outside."
    ),
)
