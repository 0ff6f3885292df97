"""Restrictions: the restrictive measures that were told of young people, in whole quarters, and against care days."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.course import Restriction
from services.monitor.dossier.restrictions import restrictions_by_closure
from services.monitor.dossier.spells import Spell, own_days
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable, Row
from services.monitor.figures.entry import PERCENT
from services.monitor.figures.figure import ALL_SPLITS, Figure, Groups, grouped
from services.monitor.figures.limits import spread_per_size
from services.monitor.figures.population import Population, cases_of, inferred_among
from services.monitor.figures.question import Window
from services.monitor.figures.values import Number, Statistic
from services.monitor.statistics.quantiles import share
from services.monitor.surroundings import NOTHING_AROUND
from shared.facts.restriction import days_of, quarter_of

SOME, NONE = "some", "none"
MEASURES = Dimension("measures", (SOME, NONE))


class Measured(NamedTuple):
    """The measures of one closure in the window."""

    number: int
    minutes: int
    emergencies: int
    """Those of the number that were taken in an emergency."""


def whole_quarters(window: Window) -> Window:
    """The days of the calendar quarters that lie wholly in it; empty where none does."""
    first, following = days_of(quarter_of(window.a))
    start = first if first == window.a else following
    return Window(start, max(start, days_of(quarter_of(window.b))[0]))


def _compute(population: Population) -> Findings:
    question = population.question
    window = whole_quarters(question.window.until(question.on))
    care = [(spell, inside) for spell in population.closures if (inside := own_days(spell, window))]
    present = [spell for spell, _ in care]
    measured = [_measured(spell, window) for spell in present]
    kinds = [SOME if one.number else NONE for one in measured]
    groups = grouped(population, present)
    keys = [(*key, kind) for key, kind in zip(groups.keys, kinds, strict=True)]
    by_kind = Groups((*groups.dimensions, MEASURES), keys, measured)
    concerned = [spell for spell, kind in zip(present, kinds, strict=True) if kind == SOME]
    return Findings(
        n=len(present),
        inferred=inferred_among(present),
        tables=(
            CountTable(
                "concerned",
                "Closures with a care day in the quarters, by whether any measure was told of the young person",
                "closures",
                by_kind.dimensions,
                by_kind.sizes,
                shares_of=MEASURES.name,
                moved="closures",
                # Both kinds, each rounded by itself, would say more of how many there are together.
                totals_only=True,
            ),
            _measures(by_kind, groups.summed(inside for _, inside in care)),
            _of_accommodations(population, window),
        ),
        cases=cases_of(concerned, question.on),
    )


def _measured(spell: Spell, window: Window) -> Measured:
    found: Sequence[Restriction] = ()
    if spell.dossier.course.restrictions:
        found = restrictions_by_closure(spell.dossier, a=window.a, b=window.b).get(spell.closure.number, ())
    return Measured(
        sum(one.count for one in found),
        sum(one.minutes for one in found),
        sum(one.count for one in found if one.emergency),
    )


COLUMNS = (
    Column("number", "number", "Measures that were told.", Fraction(5)),
    Column("per100Days", "rate", "Measures per 100 care days of all closures.", Fraction(1, 100)),
    Column("careDays", "days", "Care days in the quarters, of all closures.", Fraction(5)),
    Column("minutes", "number", "How long they took together, in minutes.", inside_only=True),
    Column("emergencies", "number", "Measures that were taken in an emergency.", inside_only=True),
    Column("emergencyShare", "share", "Those / measures.", PERCENT, inside_only=True),
)


def _measures(by_kind: Groups[Measured], care: Mapping[tuple[str, ...], int]) -> MeasureTable:
    """The measures of those of whom any was told.

    It has the sizes of the table of counts, so those outside see nothing where these or the others are too few.
    """
    rows = []
    for key, found in by_kind.each():
        if key[-1] != SOME:
            continue
        number, minutes, emergencies = (sum(numbers) for numbers in zip(Measured(0, 0, 0), *found, strict=True))
        days = care.get(key[:-1], 0)
        values = (
            *spread_per_size([one.number for one in found], days, times=100),
            Statistic(days),
            Statistic(minutes),
            Statistic(emergencies),
            Statistic(share(emergencies, number)),
        )
        rows.append(Row(key, None, len(found), values))
    return MeasureTable(
        "measures",
        "Measures that were told of young people in the quarters",
        by_kind.dimensions,
        by_kind.sizes,
        None,
        COLUMNS,
        tuple(rows),
        moved="closures",
        withheld=len(by_kind.dimensions) > 1,
    )


def _of_accommodations(population: Population, window: Window) -> MeasureTable:
    """What whole accommodations counted; nothing where a part is asked for, since they are of no part of it."""
    around = NOTHING_AROUND if population.question.where else population.known.register.surroundings
    told = around.measures_over(*window)
    care: dict[str, list[int]] = {name: [] for name in told}
    for spell in population.placements if told else ():
        if (at := spell.stays[0].accommodation) in care and (inside := own_days(spell, window)):
            care[at].append(inside)
    rows = []
    for name, found in sorted(told.items()):
        number, emergencies = sum(one.count for one in found), sum(one.count for one in found if one.emergency)
        inside, minutes = sum(care[name]), sum(one.minutes for one in found)
        values = number, _per_100_days(number, inside), inside, minutes, emergencies, share(emergencies, number)
        rows.append(Row((), name, len(care[name]), tuple(map(Statistic, values))))
    return MeasureTable(
        "accommodations",
        "Measures that whole accommodations counted over the quarters, of nobody in particular",
        (), {}, "accommodation", COLUMNS, tuple(rows), inside_only=True,
    )  # fmt: skip


def _per_100_days(number: int, days: int) -> Number:
    return share(100 * number, days)


RESTRICTIONS = Figure(
    name="restrictions",
    title="Restrictive measures",
    title_dutch="Vrijheidsbeperkende maatregelen",
    view="flow",
    period="window",
    counts=(
        "Restrictive measures in the calendar quarters that lie wholly in the window, and the closures with a care day "
        "in these quarters by whether any was told. Measures told of a whole accommodation say nothing of how many "
        "young people they were taken against: they are counted apart, by accommodation, for those inside. Where few "
        "tell them, no measure told is not no measure taken. The cases are the closures with one."
    ),
    formula=(
        "Quarters [first, after) with a <= first and after <= min(b, D). Measures = sum of the counts of "
        "restriction-reported of them, of the closure that has the placement that is named and a care day in the "
        "quarter; of a placement that nobody started or that was joined, of the last closure that reaches into the day "
        "on which they began or, where none is told, into the quarter. "
        "Per 100 care days = 100 x measures / care days in the quarters. Emergency share = measures taken in an "
        "emergency / measures. For one quarter ask for its days. Outside the measures are shown of all together, when "
        "no closure has more than a tenth of them, with the number of those of whom any was told."
    ),
    rules=("D1", "D2", "D4", "D7"),
    splits=ALL_SPLITS,
    number_in=("concerned", "count"),
    calendar_years=True,
    compute=_compute,
    example=(
        "Three came on 1 January 2024 and left on 31 March: 3 x 90 = 270 care days. Of one 4 measures of 60 "
        "minutes together are told, 1 of them in an emergency, of another 2 of 30 minutes; of the third none. Over the "
        "first quarter: 2 of 3 with any; 6 measures, 90 minutes, emergency share 1 / 6; 100 x 6 / 270 = 2.22 per 100 "
        "care days."
    ),
)
