"""Inflow as it is published for the country: placements, the young people placed, and those in care in a period."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Column, Findings, MeasureTable, Row
from services.monitor.figures.figure import Figure, grouped
from services.monitor.figures.flow import STEPS, periods
from services.monitor.figures.limits import per_person
from services.monitor.figures.population import Population, cases_of, inferred_among
from services.monitor.figures.question import Parameter, Window
from services.monitor.figures.values import Given, Statistic, Tally

PER_YEAR = Parameter("per", "window", "Whether the window is shown whole, or by its parts.", choices=("window", *STEPS))


def _compute(population: Population) -> Findings:
    question = population.question
    window = Window(question.window.a, min(question.window.b, question.on + timedelta(days=1)))
    present = [spell for spell in population.placements if _touches(spell, window)]
    started = [spell for spell in present if window.holds(spell.started_on)]
    groups = grouped(population, present)
    parts = periods(window, question.word("per")) if window.a < window.b else ()
    rows = [
        Row(key, part.a, found.n, found.values(part.b))
        for key, spells in groups.each()
        for part, found in zip(parts, _by_period(spells, parts), strict=True)
    ]
    columns = (
        Column("until", "date", "The first day after the period."),
        Column(
            "placements",
            "placements",
            "Placements that started in the period, arrivals after a doorplaatsing too.",
            moved="placements",
        ),
        Column("closures", "closures", "Of these, those that began a closure.", moved="closures"),
        Column("placed", "persons", "Young people with a placement that started in the period."),
        Column("inCare", "persons", "Young people who were there at any time in the period."),
        Column(
            "perPerson", "number", "Placements per young person placed.", Fraction(1, 10), of=("placements", "placed")
        ),
    )
    return Findings(
        n=len(started),
        inferred=inferred_among(started),
        tables=(
            MeasureTable(
                "inflow",
                "Placements started and young people, by period; n are placements that were there",
                groups.dimensions,
                groups.sizes,
                "from",
                columns,
                tuple(rows),
                chained=("placements", "placed", "inCare", "closures"),
                periods=parts,
            ),
        ),
        cases=cases_of(started, question.on),
    )


def _touches(spell: Spell, window: Window) -> bool:
    if window.holds(spell.started_on):
        return True
    return spell.started_on < window.b and (spell.ended_on is None or spell.ended_on > window.a)


@dataclass(slots=True)
class _Period:
    """What is counted in one period."""

    n: int = 0
    placements: int = 0
    closures: int = 0
    placed: set[str] = field(default_factory=set)
    in_care: set[str] = field(default_factory=set)

    def values(self, until: date) -> tuple[Given | Tally | Statistic, ...]:
        """As columns."""
        return (
            Given(until),
            Tally(self.placements),
            Tally(self.closures),
            Tally(len(self.placed)),
            Tally(len(self.in_care)),
            per_person(self.placements, len(self.placed)),
        )


def _by_period(spells: Iterable[Spell], parts: Sequence[Window]) -> list[_Period]:
    """Each placement in the periods that it touches; the parts follow one another, and it touches one at least."""
    found = [_Period() for _ in parts]
    starts = [part.a for part in parts]
    for spell in spells:
        person, start, end = spell.dossier.person, spell.started_on, spell.ended_on
        first = bisect_right(starts, start) - 1
        if first >= 0:
            period = found[first]
            period.placements += 1
            period.closures += spell.placement is spell.closure.placements[0]
            period.placed.add(person)
        first = max(first, 0)
        last = len(starts) if end is None else max(first + 1, bisect_left(starts, end))
        for period in found[first:last]:
            period.n += 1
            period.in_care.add(person)
    return found


INFLOW = Figure(
    name="inflow",
    title="Placements and young people",
    title_dutch="Plaatsingen en jongeren",
    view="flow",
    period="window",
    counts=(
        "Placements that started in the window, the closures that began with one, the young people placed, and those "
        "who were there at any time: the figures that the sector publishes by year."
    ),
    formula=(
        "Placements: a <= started_on < b. In care: started in [a, b), or started before a and not ended by a. A young "
        "person counts once in placed and once in in-care, however often."
    ),
    rules=("D1", "D3", "D4", "D5", "D7"),
    splits=("area", "region", "provider", "age", "sex"),
    number_in=("inflow", "placements"),
    compute=_compute,
    parameters=(PER_YEAR,),
    example=(
        "In 2024 four placements started (A, B after a doorplaatsing, B again, A), of which three began a closure, of "
        "two young people; with the one inside since 2023 three were in care. 4 / 2 = 2 placements per young person."
    ),
)
