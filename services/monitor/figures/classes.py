"""Duration classes as Statistics Netherlands (CBS) publishes them for closed youth care."""

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable, Row
from services.monitor.figures.exits import ended_in
from services.monitor.figures.figure import DATED_SPLITS, Figure, grouped, unit_of
from services.monitor.figures.population import Population, cases_of, inferred_among
from services.monitor.figures.question import Parameter
from services.monitor.figures.values import Statistic
from services.monitor.statistics.quantiles import mean
from shared.calendar import add_months

CLASSES = {
    "0-3-months": 3,
    "3-6-months": 6,
    "6-12-months": 12,
    "1-2-years": 24,
    "2-3-years": 36,
    "3-4-years": 48,
    "4-years-or-more": None,
}
"""Each class with the calendar months under which a stay is in it."""

OF_PLACEMENTS = Parameter("of", "placements", "What is counted.", choices=("closures", "placements"))


def class_of(spell: Spell) -> str:
    """The class of what ended: it ended before the day so many calendar months after its start."""
    assert spell.ended_on is not None
    return next(
        name
        for name, months in CLASSES.items()
        if months is None or spell.ended_on < add_months(spell.started_on, months)
    )


def _compute(population: Population) -> Findings:
    of = population.question.word("of")
    found = ended_in(population, of)
    groups = grouped(population, found, day=lambda spell: spell.ended_on)
    rows = [
        Row(key, None, len(spells), (Statistic(mean([spell.days() for spell in spells])),))
        for key, spells in groups.each()
    ]
    return Findings(
        n=len(found),
        inferred=inferred_among(found),
        tables=(
            CountTable(
                "classes",
                "Ended in the window, by class of duration",
                unit_of(of),
                (*groups.dimensions, Dimension("duration", tuple(CLASSES))),
                groups.counted(map(class_of, found)),
                shares_of="duration",
                moved=unit_of(of),
                totals_only=of == "closures",
            ),
            MeasureTable(
                "days",
                "Mean days of what ended in the window",
                groups.dimensions,
                groups.sizes,
                None,
                (Column("mean", "days", "Mean of the days."),),
                tuple(rows),
                moved=unit_of(of),
            ),
        ),
        cases=cases_of(found, population.question.on),
    )


DURATION_CLASSES = Figure(
    name="duration-classes",
    title="Duration classes of CBS",
    title_dutch="Duurklassen van het CBS",
    view="exit",
    period="window",
    counts="Placements (or closures) that ended in the window, by the classes of duration of CBS, and their mean days.",
    formula=(
        "Ended: a <= ended_on < b and ended_on <= D. In the class under m months: ended_on < started_on + m calendar "
        "months (the last day of a month that is too short). Exactly 3 months is in 3-6 months."
    ),
    rules=("D1", "D2", "D4", "D5"),
    splits=DATED_SPLITS,
    number_in=("days", "n"),
    calendar_years=True,
    compute=_compute,
    parameters=(OF_PLACEMENTS,),
    example="From 10 January to 9 April 2024 (90 days): under 3 months; to 10 April: 3-6 months.",
    version="2",
)
