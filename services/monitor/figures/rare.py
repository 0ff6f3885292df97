"""Rare events: how many cases lie between one and the next (g-chart)."""

from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Column, Findings, MeasureTable, Row
from services.monitor.figures.exits import LONG_DAYS, end_of, ended_in
from services.monitor.figures.figure import Figure
from services.monitor.figures.population import Population, cases_of, inferred_among
from services.monitor.figures.question import Parameter
from services.monitor.figures.values import Given, Number, Share, Statistic, Tally, Word
from services.monitor.statistics.control import LIMITS_FROM_POINTS, cases_between, g_chart
from services.monitor.statistics.estimable import NOT_ESTIMABLE

DECEASED, LONG, MOVED = "deceased", f"over-{LONG_DAYS}-days", "moved-3-times"
EVENT = Parameter("event", LONG, "What is rare about a closure that ended.", choices=(DECEASED, LONG, MOVED))


def _is_event(spell: Spell, event: str) -> bool:
    if event == DECEASED:
        return end_of(spell) == DECEASED
    return spell.days() > LONG_DAYS if event == LONG else len(spell.closure.doorplaatsingen) >= 3


def _compute(population: Population) -> Findings:
    event = population.question.word("event")
    # In order of the end; on one day by start and pseudonym, so that the order is always the same.
    cases = sorted(
        ended_in(population, "closures"), key=lambda spell: (spell.ended_on, spell.started_on, spell.dossier.person)
    )
    happened = [_is_event(spell, event) for spell in cases]
    events = [spell for spell, is_one in zip(cases, happened, strict=True) if is_one]
    chart = g_chart(cases_between(happened))
    centre: Number = NOT_ESTIMABLE if chart.mean is None else chart.mean
    upper: Number = NOT_ESTIMABLE if chart.upper is None else chart.upper
    middle: Number = NOT_ESTIMABLE if chart.median is None else chart.median
    values = (Share(len(events), len(cases)), Statistic(centre), Statistic(middle), Statistic(upper), Given(0))
    rows = [
        Row((), place + 1, gap, (Tally(gap), Word("above" if place in chart.outside else "")))
        for place, gap in enumerate(chart.gaps)
    ]
    columns = (
        Column("events", "share", "Closures with the event, of those that ended."),
        Column("mean", "number", "Mean of the cases in between: the centre line."),
        Column("median", "number", "0.693 mean."),
        Column("upper", "number", "mean + 3 sqrt(mean (mean + 1))."),
        Column("lower", "number", "Nothing can be below 0."),
    )
    return Findings(
        n=len(cases),
        inferred=inferred_among(cases),
        tables=(
            MeasureTable(
                "limits",
                "Cases between events",
                (),
                {},
                None,
                columns,
                (Row((), None, len(cases), values),),
                moved="closures",
            ),
            MeasureTable(
                "gaps",
                "Each gap in order: cases without the event between two with it",
                (),
                {},
                "gap",
                (Column("cases", "closures", "Cases in between."), Column("signal", "word", "Above the upper limit.")),
                tuple(rows),
                inside_only=True,
            ),
        ),
        cases=cases_of(events, population.question.on),
        notes=() if len(chart.gaps) >= LIMITS_FROM_POINTS else (f"No limits under {LIMITS_FROM_POINTS} gaps.",),
    )


RARE_EVENTS = Figure(
    name="rare-events",
    title="Cases between rare events",
    title_dutch="Gevallen tussen zeldzame gebeurtenissen",
    view="exit",
    period="window",
    counts=(
        "Of the closures that ended in the window, in order of their end: how many without a rare event lie between "
        "two with it. A count per month says nothing when it is mostly 0."
    ),
    formula=(
        "g-chart of the gaps: centre = their mean g, upper = g + 3 sqrt(g (g + 1)), lower 0, median 0.693 g; no "
        "limits under 13 gaps. Gaps of 0 are kept; what lies before the first and after the last event is no gap."
    ),
    rules=("D1", "D2", "D4", "D7"),
    splits=(),
    compute=_compute,
    parameters=(EVENT,),
    months=60,
    example="Ended in order: long, short, short, long, long. Two gaps: 2 and 0; too few for limits.",
)
