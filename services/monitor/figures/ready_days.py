"""Ready days: which share of the care days came after the young person could leave."""

from collections.abc import Sequence
from fractions import Fraction

from services.monitor.disclosure.table import TOTAL, Dimension
from services.monitor.dossier.readiness import ready_in
from services.monitor.dossier.spells import Spell, own_days
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable
from services.monitor.figures.closure_mode import CARE_DAYS, day_rows, spread_rows
from services.monitor.figures.entry import PERCENT
from services.monitor.figures.figure import ALL_SPLITS, Figure, Groups, grouped
from services.monitor.figures.population import Population, cases_of, inferred_among
from services.monitor.figures.question import Window
from services.monitor.figures.ready import NOT_READY, READY

COULD_LEAVE = Dimension("ready", (READY, NOT_READY))
COLUMNS = (
    CARE_DAYS,
    Column("readyDays", "days", "Those from the day on which the young person could leave.", Fraction(5)),
    Column("share", "share", "Those / care days.", PERCENT),
)


def ready_days(spell: Spell, window: Window) -> int:
    """Care days of a closure in the window from the first day on which the young person could leave."""
    first = next(iter(ready_in(spell.closure, spell.dossier)), None)
    if first is None or first.ready_on >= window.b:
        return 0
    return own_days(spell, Window(max(window.a, first.ready_on), window.b))


def _compute(population: Population) -> Findings:
    question = population.question
    window = question.window.until(question.on)
    care = [(spell, number) for spell in population.closures if (number := own_days(spell, window))]
    present, inside = [spell for spell, _ in care], [number for _, number in care]
    ready = [ready_days(spell, window) for spell in present]
    groups = grouped(population, present)
    keys = [(*key, READY if number else NOT_READY) for key, number in zip(groups.keys, ready, strict=True)]
    by_kind = Groups((*groups.dimensions, COULD_LEAVE), keys, present)
    return Findings(
        n=len(present),
        inferred=inferred_among(present),
        tables=(
            CountTable(
                "closures",
                "Closures with a care day in the window, by whether the young person could leave on any of these days",
                "closures",
                by_kind.dimensions,
                by_kind.sizes,
                shares_of=COULD_LEAVE.name,
                moved="closures",
                totals_only=True,
            ),
            *_days(groups, by_kind, inside, ready),
        ),
        cases=cases_of([spell for spell, number in zip(present, ready, strict=True) if number], question.on),
    )


def _days(
    groups: Groups[Spell], by_kind: Groups[Spell], inside: Sequence[int], ready: Sequence[int]
) -> tuple[MeasureTable, MeasureTable]:
    """The days of all together, and those of who could leave and of the others apart, as in `closure-mode`.

    Those outside see only the first, of the whole country, where no closure has more than a tenth of the ready days.
    Kinds of the same closures are in other figures too, and each kind more says more of how many there are together.
    """
    together = spread_rows(groups, inside, ready)
    apart = tuple(row for row in day_rows(by_kind, inside, ready) if row.key[-1] != TOTAL)
    return (
        MeasureTable(
            "all", "Care days in the window", groups.dimensions, groups.sizes, None, COLUMNS, together,
            moved="closures", withheld=bool(groups.dimensions),
        ),
        MeasureTable(
            "days", "Care days of those closures", by_kind.dimensions, by_kind.sizes, None, COLUMNS, apart,
            moved="closures", withheld=True,
        ),
    )  # fmt: skip


READY_DAYS = Figure(
    name="ready-days",
    title="Care days of who could leave",
    title_dutch="Dagen van wachten op vervolg",
    view="flow",
    period="window",
    counts=(
        "Care days of the window from the day on which the young person could leave, as a share of all care days; and "
        "the closures with a care day in the window by whether the young person could leave on any of them. The cases "
        "are those of whom that is so. Where few tell it, the share is too low."
    ),
    formula=(
        "From the first day that discharge-ready says of a placement of the closure on (as in `ready`), over "
        "doorplaatsingen, to the end of the closure. Ready days = days of [a, min(b, D)) inside a placement, and on or "
        "after that day. A day in two placements at once counts once; a gap between two linked placements counts none. "
        "Share = ready days / care days. Outside the share is of the whole country, when no closure has more than a "
        "tenth of the ready days; of a part of it, and by whether somebody could leave, there is nothing but how many "
        "closures there are."
    ),
    rules=("D1", "D2", "D4", "D7"),
    splits=ALL_SPLITS,
    number_in=("closures", "count"),
    calendar_years=True,
    compute=_compute,
    version="2",
    example=(
        "Inside since 1 November 2024, could leave from 1 December, moved on 11 December to arrive two days later, and "
        "gone on 31 December: 58 care days, 28 of them from 1 December on, 28 / 58 = 48.28 %. Another is inside for "
        "10 days and nobody said that they could leave: over both 28 / 68 = 41.18 %."
    ),
)
