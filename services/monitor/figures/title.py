"""Title: nights that no machtiging covers, closures that began on a spoedmachtiging, closures without a measure."""

from datetime import date

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.days import days
from services.monitor.dossier.state import Title
from services.monitor.dossier.titles import uncovered
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable, Row, tallied
from services.monitor.figures.entry import PERCENT
from services.monitor.figures.figure import ALL_SPLITS, Figure, Groups, grouped
from services.monitor.figures.links import own_days
from services.monitor.figures.population import Population, Spell, cases_of, inferred_among
from services.monitor.figures.question import Window
from services.monitor.figures.values import Quantity, Share, Statistic
from services.monitor.statistics.quantiles import share

KINDS = ("spoed", "regulier", "voorwaardelijk", "none")
MEASURES = ("measure", "without-measure", "unknown")
CONSENT = "consent"


def first_title(spell: Spell) -> Title | None:
    """The title on which it began: of those that cover its first day the one that began first."""
    found = [one for one in spell.dossier.titles if one.from_on <= spell.started_on < one.until_on]
    return min(found, key=lambda one: (one.from_on, one.until_on, one.machtiging), default=None)


def uncovered_days(spell: Spell, window: Window, on: date) -> int:
    """Care days of a closure in the window, before the date, that no title covers (D10)."""
    until = min(window.b, on)
    gaps = uncovered(spell.closure, spell.dossier.titles, until=until) if spell.started_on < until else ()
    return sum(max(0, days(max(start, window.a), end)) for start, end in gaps)


def _compute(population: Population) -> Findings:
    question = population.question
    window, on = question.window, question.on
    present = [spell for spell in population.closures if own_days(spell, window, on)]
    began = [spell for spell in population.closures if window.holds(spell.started_on)]
    groups = grouped(population, began)
    return Findings(
        n=len(present),
        inferred=inferred_among(present),
        tables=(
            _nights(grouped(population, present), window, on),
            CountTable(
                "began-on",
                "Closures that began in the window, by the machtiging that covers the first day",
                "closures",
                (*groups.dimensions, Dimension("kind", KINDS)),
                tallied((*key, _kind(spell)) for key, spell in groups.inner),
                shares_of="kind",
            ),
            CountTable(
                "measure",
                "Closures that began in the window, by whether the frame of that machtiging is a protection measure",
                "closures",
                (*groups.dimensions, Dimension("measure", MEASURES)),
                tallied((*key, _measure(spell)) for key, spell in groups.inner),
                shares_of="measure",
            ),
        ),
        cases=cases_of([spell for spell in present if uncovered_days(spell, window, on)], on),
    )


def _kind(spell: Spell) -> str:
    title = first_title(spell)
    return title.kind if title else KINDS[3]


def _measure(spell: Spell) -> str:
    title = first_title(spell)
    return MEASURES[2] if title is None else MEASURES[title.legal_frame == CONSENT]


def _nights(groups: Groups, window: Window, on: date) -> MeasureTable:
    rows = []
    for key, spells in groups.each():
        inside = sum(own_days(spell, window, on) for spell in spells)
        bare = [uncovered_days(spell, window, on) for spell in spells]
        values = (
            Share(sum(one > 0 for one in bare), len(spells)),
            Statistic(sum(bare)),
            Quantity(inside),
            Statistic(share(sum(bare), inside)),
        )
        rows.append(Row(key, None, len(spells), values))
    columns = (
        Column("concerned", "share", "Closures with an uncovered night in the window, of all with a night in it."),
        Column("uncovered", "days", "Uncovered nights."),
        Column("nights", "days", "Nights inside a placement."),
        Column("share", "share", "Uncovered nights / nights.", PERCENT),
    )
    return MeasureTable("nights", "Nights without a title", groups.dimensions, groups.sizes, None, columns, tuple(rows))


TITLE = Figure(
    name="title",
    title="Title of the closure",
    title_dutch="Titel van de geslotenheid",
    view="flow",
    period="window",
    counts=(
        "Nights inside a placement that no title covers, of closures with a night in the window; and of closures that "
        "began in the window on what machtiging, and whether with a child protection measure. The cases are those "
        "with an uncovered night."
    ),
    formula=(
        "Title = union of granted [valid_from, valid_until), less suspensions, less what follows an end or lapse. "
        "Uncovered = nights of [a, min(b, D)) inside a placement and outside the title; nights in a gap between "
        "placements need none. Began on: the machtiging that covers the first day and began first. Without a measure: "
        "its legal frame is consent."
    ),
    rules=("D1", "D2", "D4", "D7", "D10"),
    splits=ALL_SPLITS,
    compute=_compute,
    example=(
        "Inside since 1 November 2023; spoed until 29 November, regulier from 2 December 2023 to 2 December 2024. "
        "Over 2024 up to 31 January 2025: 2 December to 1 January = 30 uncovered nights of 366."
    ),
)
