"""Schooling: how the young people who are inside on a date are taught, and how long those are without who are not."""

from collections.abc import Sequence
from datetime import date

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.days import days
from services.monitor.dossier.schooling import NO_SCHOOLING, Taught, taught_on
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import CountTable, Findings, MeasureTable, Row
from services.monitor.figures.figure import ALL_SPLITS, Figure, Groups, grouped
from services.monitor.figures.population import Population, cases_of, inferred_among, open_spells
from services.monitor.figures.splits import UNKNOWN
from services.monitor.figures.stock import SO_FAR_COLUMNS, so_far

TAUGHT = Dimension("schooling", ("in-school", "inside", NO_SCHOOLING, "exempt", "work", UNKNOWN))
"""The statuses of education-changed, and that nobody said any."""


def _compute(population: Population) -> Findings:
    on = population.question.on
    found = open_spells(population.spells("closures", day=lambda _: on), on)
    groups = grouped(population, found, day=lambda _: on)
    told = [taught_on(spell.dossier.course.schooling, on) for spell in found]
    statuses = [one.status if one else UNKNOWN for one in told]
    without = [spell for spell, status in zip(found, statuses, strict=True) if status == NO_SCHOOLING]
    taught = CountTable(
        "taught",
        "Closures open on the date, by what was said last of how the young person is taught",
        "closures",
        (*groups.dimensions, TAUGHT),
        groups.counted(statuses),
        shares_of=TAUGHT.name,
        # All kinds, each rounded by itself, say more of how many are there together, and with that of who came or left.
        totals_only=True,
    )
    return Findings(
        n=len(found),
        inferred=inferred_among(found),
        tables=(taught, _without(groups, told, taught, on)),
        cases=cases_of(without, on),
    )


def _without(groups: Groups[Spell], told: Sequence[Taught | None], taught: CountTable, on: date) -> MeasureTable:
    """The days without schooling of those who have none.

    It has the sizes of all of the table of counts: so those outside see how many they are, and their days, where that
    tells nothing of another number that is too small.
    """
    lacking = [one if one and one.status == NO_SCHOOLING else None for one in told]
    paired = Groups(groups.dimensions, groups.keys, list(zip(groups.spells, lacking, strict=True)))
    rows = []
    for key, pairs in paired.each():
        lasted = [days(max(one.from_on, spell.started_on), on) for spell, one in pairs if one]
        rows.append(Row((*key, NO_SCHOOLING), None, len(lasted), so_far(lasted)))
    return MeasureTable(
        "without",
        "Days of the closure without schooling so far, of those who have none",
        taught.dimensions,
        taught.counts,
        None,
        SO_FAR_COLUMNS,
        tuple(rows),
    )


SCHOOLING = Figure(
    name="schooling",
    title="Schooling of those inside",
    title_dutch="Onderwijs van wie er is",
    view="stock",
    period="date",
    counts=(
        "Closures that are open on the date, by how the young person is taught: at a school outside, at that of the "
        "accommodation, not at all, exempt, or at work; unknown when nobody said it. And of those without schooling "
        "the days of the closure that they have had none. The cases are those."
    ),
    formula=(
        "Open on D: started_on <= D and (no end, or ended_on > D). What education-changed said last on or before D "
        "counts, also when that was before the closure. Days without = D less the first day of the last unbroken run "
        "of none, or less the first day of the closure when that is later: earlier days are not of this closure. "
        "Outside it is told how many have none, and their days, but not how the others are taught."
    ),
    rules=("D1", "D2", "D3", "D7"),
    splits=ALL_SPLITS,
    number_in=("taught", "count"),
    compute=_compute,
    example=(
        "On 31 January 2025 four are inside. Of one, since 15 December 2024, none was said on that day and inside on "
        "6 January; of one, since 1 November 2023, none a month before; of one, since 1 January, none on 11 January; "
        "of the last nobody said anything. So inside 1, none 2 of 4, unknown 1; without for 457 and 20 days, median "
        "(457 + 20) / 2 = 238.5."
    ),
)
