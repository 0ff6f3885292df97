"""Stock: who is there on a date, and for how long already."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import pairwise

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.days import open_on
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable, Row
from services.monitor.figures.figure import ALL_SPLITS, Figure, Groups, grouped, unit_of
from services.monitor.figures.limits import quantile_of
from services.monitor.figures.population import Population, cases_of, inferred_among, open_spells
from services.monitor.figures.question import Parameter
from services.monitor.figures.values import Statistic
from services.monitor.statistics.quantiles import mean, median, quantile

OF = Parameter("of", "closures", "What is counted.", choices=("closures", "placements"))
THRESHOLDS = (91, 183, 274, 365, 548, 730)
"""Elapsed days: a quarter, half a year, three quarters, a year, a year and a half, two years."""

BANDS = (f"0-{THRESHOLDS[0] - 1}", *(f"{a}-{b - 1}" for a, b in pairwise(THRESHOLDS)), f"{THRESHOLDS[-1]}+")
INSIDE, BETWEEN = "inside", "between"


def band_of(elapsed: int) -> str:
    """The band of elapsed days between two thresholds."""
    return BANDS[sum(elapsed >= threshold for threshold in THRESHOLDS)]


def _compute(population: Population) -> Findings:
    on, of = population.question.on, population.question.word("of")
    found = open_spells(population.spells(of, day=lambda _: on), on)
    groups = grouped(population, found, day=lambda _: on)
    unit = unit_of(of)
    state = Dimension("state", (INSIDE, BETWEEN))
    elapsed = Dimension("elapsedDays", BANDS)
    return Findings(
        n=len(found),
        inferred=inferred_among(found),
        tables=(
            CountTable(
                "open",
                "Open on the date; between is a gap between two linked placements (D7)",
                unit,
                (*groups.dimensions, state),
                groups.counted(_state(spell, on) for spell in found),
            ),
            CountTable(
                "elapsed",
                "Open on the date, by elapsed days; atLeast counts those with so many days or more",
                unit,
                (*groups.dimensions, elapsed),
                groups.counted(band_of(spell.elapsed(on)) for spell in found),
                shares_of="elapsedDays",
                at_least="elapsedDays",
            ),
            _elapsed(groups, population),
        ),
        cases=cases_of(found, on),
    )


def _state(spell: Spell, on: date) -> str:
    return INSIDE if any(open_on(stay, on) for stay in spell.stays) else BETWEEN


SO_FAR_COLUMNS = (
    Column("mean", "days", "Mean of the days."),
    Column("median", "days", "The middle number, or the mean of the middle two."),
    Column("p90", "days", "The smallest number that at least nine in ten do not exceed."),
    Column("longest", "days", "The largest number.", inside_only=True),
)
"""Of days until the date of some who are there: how long they have waited, or been without something."""


def so_far(lasted: Iterable[int]) -> tuple[Statistic, ...]:
    """The values of these columns."""
    ordered = sorted(lasted)
    return (
        Statistic(mean(ordered)),
        Statistic(median(ordered)),
        quantile_of(ordered, Fraction(9, 10)),
        Statistic(quantile(ordered, Fraction(1))),
    )


ELAPSED_COLUMNS = (
    Column("mean", "days", "Mean of the elapsed days."),
    Column("p25", "days", "The smallest number that at least a quarter do not exceed."),
    Column("median", "days", "The middle number, or the mean of the middle two."),
    Column("p75", "days", "The smallest number that at least three quarters do not exceed."),
    Column("p90", "days", "The smallest number that at least nine in ten do not exceed."),
    Column("longest", "days", "The largest number.", inside_only=True),
)


def _elapsed(groups: Groups[Spell], population: Population) -> MeasureTable:
    on = population.question.on
    rows = []
    for key, spells in groups.each():
        lasted = sorted(spell.elapsed(on) for spell in spells)
        values = (
            Statistic(mean(lasted)),
            quantile_of(lasted, Fraction(1, 4)),
            Statistic(median(lasted)),
            quantile_of(lasted, Fraction(3, 4)),
            quantile_of(lasted, Fraction(9, 10)),
            Statistic(quantile(lasted, Fraction(1))),
        )
        rows.append(Row(key, None, len(lasted), values))
    return MeasureTable(
        "elapsed-days",
        "Days so far of those open on the date",
        groups.dimensions,
        groups.sizes,
        None,
        ELAPSED_COLUMNS,
        tuple(rows),
    )


STOCK = Figure(
    name="stock",
    title="Stock on a date",
    title_dutch="Aantal op een datum",
    view="stock",
    period="date",
    counts=(
        "Closures (or placements) that are open on the date, and the days that they have lasted so far. A closure "
        "goes on in a gap between two linked placements; such closures are counted, and shown apart as *between*."
    ),
    formula=(
        "open on D: started_on <= D and (no end, or ended_on > D). Elapsed = D - started_on in calendar dates. "
        "Quantile p = the smallest value with at least p of the values at or below it; median = the mean of the "
        "middle two. The elapsed days of a stock say nothing about how long a new closure will last: see "
        "entry-duration."
    ),
    rules=("D1", "D2", "D3", "D6", "D7"),
    splits=ALL_SPLITS,
    number_in=("open", "count"),
    compute=_compute,
    parameters=(OF,),
    example=(
        "On 31 January 2025 one young person is inside since 15 December 2024 and one since 1 November 2023; a third "
        "left on 20 December. Stock = 2; elapsed 47 and 457 days; median (47 + 457) / 2 = 252; one of 365 days or "
        "more."
    ),
    version="2",
)
