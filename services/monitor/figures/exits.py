"""Exit view: how long those lasted that ended in a window."""

from fractions import Fraction

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.spells import Spell
from services.monitor.dossier.state import Discharged, Moved
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable, Moving, Row
from services.monitor.figures.figure import DATED_SPLITS, Figure, Groups, grouped, unit_of
from services.monitor.figures.limits import quantile_of
from services.monitor.figures.population import Population, cases_of, inferred_among, is_death
from services.monitor.figures.stock import OF
from services.monitor.figures.values import Number, Statistic
from services.monitor.statistics.estimable import NotEstimable
from services.monitor.statistics.quantiles import mean, median

SHORT_DAYS, LONG_DAYS = 30, 365
DAYS_A_MONTH = Fraction(487, 16)
"""30.4375 = 365.25 / 12: to show a mean in months, never to count with."""

LENGTHS = (f"under-{SHORT_DAYS}", f"{SHORT_DAYS}-to-{LONG_DAYS}", f"over-{LONG_DAYS}")
CLOSURE_ENDS = ("discharged", "deceased", "moved")
"""A closure goes on where a later start proves the end of a placement (D6), so none ends in that. To those outside a
category that is known to be empty would hide nothing: of 16 who died or were moved, each less than 10, it is 7 to 9.
"""
ENDS = {"closures": CLOSURE_ENDS, "placements": (*CLOSURE_ENDS, "inferred")}

COLUMNS = (
    Column("mean", "days", "Mean of the days."),
    Column(
        "meanMonths",
        "months",
        "The same in months of 30.4375 days, to compare with what is published.",
        Fraction(1, 10),
    ),
    Column("median", "days", "The middle number, or the mean of the middle two."),
    Column("p90", "days", "The smallest number that at least nine in ten do not exceed."),
)


def length_of(days: int) -> str:
    """Under 30 days, over 365 days, or what is between; both bounds are in between."""
    return LENGTHS[0] if days < SHORT_DAYS else LENGTHS[2] if days > LONG_DAYS else LENGTHS[1]


def end_of(spell: Spell) -> str:
    """How it ended: in a discharge, in death, in a doorplaatsing, or as a later start proves."""
    end = spell.final_end
    if is_death(end):
        return "deceased"
    if isinstance(end, Discharged):
        return "discharged"
    return "moved" if isinstance(end, Moved) else "inferred"


def ended_in(population: Population, of: str) -> list[Spell]:
    """Closures or placements that ended in the window, by the date of the question, where it asks on their last day."""
    a, b = population.question.window
    spells = population.spells(of, day=lambda spell: spell.ended_on)
    return [spell for spell in spells if (ended_on := spell.ended_on) is not None and a <= ended_on < b]


def in_months(days: Number) -> Number:
    """Days as months of 30.4375 days."""
    return days if isinstance(days, NotEstimable) else days / DAYS_A_MONTH


def _compute(population: Population) -> Findings:
    of = population.question.word("of")
    found = ended_in(population, of)
    groups = grouped(population, found, day=lambda spell: spell.ended_on)
    unit = unit_of(of)
    length, end = Dimension("days", LENGTHS), Dimension("end", ENDS[of])
    return Findings(
        n=len(found),
        inferred=inferred_among(found),
        tables=(
            _days(groups, unit),
            CountTable(
                "length",
                "Ended in the window, by whether it lasted under 30 days, over 365 days, or between",
                unit,
                (*groups.dimensions, length),
                groups.counted(length_of(spell.days()) for spell in found),
                shares_of="days",
                moved=unit,
                totals_only=unit == "placements",
            ),
            CountTable(
                "how",
                "Ended in the window, by how it ended",
                unit,
                (*groups.dimensions, end),
                groups.counted(map(end_of, found)),
                shares_of="end",
                moved=unit,
                totals_only=unit == "placements",
            ),
        ),
        cases=cases_of(found, population.question.on),
    )


def _days(groups: Groups[Spell], moved: Moving) -> MeasureTable:
    rows = []
    for key, spells in groups.each():
        lasted = sorted(spell.days() for spell in spells)
        average = mean(lasted)
        values = (*map(Statistic, (average, in_months(average), median(lasted))), quantile_of(lasted, Fraction(9, 10)))
        rows.append(Row(key, None, len(lasted), values))
    return MeasureTable(
        "days",
        "Days of what ended in the window",
        groups.dimensions,
        groups.sizes,
        None,
        COLUMNS,
        tuple(rows),
        moved=moved,
    )


EXITS = Figure(
    name="exits",
    title="Duration of what ended",
    title_dutch="Duur van wat eindigde",
    view="exit",
    period="window",
    counts=(
        "The days of closures (or placements) that ended in the window, whenever they began. In a shrinking system "
        "this overstates how long a new one will last, because the old long ones end too: see entry-duration."
    ),
    formula=(
        "Ended: a <= ended_on < b and ended_on <= D. Days = ended_on - started_on, gaps between linked placements "
        "included. Mean = sum / n, exact; median = the mean of the middle two; P90 = the smallest value with at least "
        "90 % at or below it; under 30 and over 365 leave the bound itself out. Inferred: a later start proves "
        "the end of a placement; a closure goes on there, and never ends so."
    ),
    rules=("D1", "D2", "D4", "D7"),
    splits=DATED_SPLITS,
    number_in=("days", "n"),
    calendar_years=True,
    compute=_compute,
    parameters=(OF,),
    example=(
        "In 2024 two closures ended, after 180 days (90 in one accommodation, 90 in the next) and after 110: n = 2, "
        "mean 145, median 145, P90 180. As placements: 90, 90 and 110 days, mean 290 / 3 = 96.67."
    ),
    version="3",
)
