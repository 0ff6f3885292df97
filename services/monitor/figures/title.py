"""Title: nights that no machtiging covers, closures that began on a spoedmachtiging, closures without a measure."""

from collections.abc import Sequence

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.days import days
from services.monitor.dossier.spells import Spell, own_days
from services.monitor.dossier.state import Title
from services.monitor.dossier.titles import uncovered
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable, Row
from services.monitor.figures.entry import PERCENT
from services.monitor.figures.figure import ALL_SPLITS, Figure, Groups, grouped
from services.monitor.figures.population import Population, cases_of, inferred_among, started_in
from services.monitor.figures.question import Window
from services.monitor.figures.values import Quantity, Share, Statistic
from services.monitor.statistics.quantiles import share

KINDS = ("spoed", "regulier", "voorwaardelijk", "none")
MEASURES = ("measure", "without-measure", "unknown")
CONSENT = "consent"
WITHOUT = MEASURES[1]
FRAME = Dimension("frame", MEASURES)
APART = Dimension(FRAME.name, (WITHOUT, "any-other"))


def first_title(spell: Spell) -> Title | None:
    """The title on which it began: of those that cover its first day the one that began first."""
    day = spell.started_on
    for one in spell.dossier.titles:  # They are in that order.
        if one.from_on <= day < one.until_on:
            return one
    return None


def uncovered_days(spell: Spell, window: Window) -> int:
    """Care days of a closure in the window that no title covers (D10)."""
    gaps = uncovered(spell.closure, spell.dossier.titles, until=window.b) if spell.started_on < window.b else ()
    return sum([max(0, days(max(start, window.a), end)) for start, end in gaps])


def _compute(population: Population) -> Findings:
    question = population.question
    window = question.window.until(question.on)
    care = [(spell, inside) for spell in population.closures if (inside := own_days(spell, window))]
    present = [spell for spell, _ in care]
    bare = [uncovered_days(spell, window) for spell in present]
    began = started_in(population, "closures")
    groups = grouped(population, began)
    titles = list(map(first_title, began))
    return Findings(
        n=len(present),
        inferred=inferred_among(present),
        tables=(
            _nights(grouped(population, present), [inside for _, inside in care], bare),
            CountTable(
                "began-on",
                "Closures that began in the window, by the machtiging that covers the first day",
                "closures",
                (*groups.dimensions, Dimension("kind", KINDS)),
                groups.counted(map(_kind, titles)),
                shares_of="kind",
                moved="closures",
            ),
            CountTable(
                "measure",
                "Closures that began in the window, by whether the frame of that machtiging is a protection measure",
                "closures",
                (*groups.dimensions, FRAME),
                groups.counted(map(_measure, titles)),
                shares_of=FRAME.name,
                moved="closures",
                # Of whom no machtiging is known is a kind of both tables: one would show it where the other does not.
                totals_only=True,
            ),
            _without(groups, titles),
        ),
        cases=cases_of([spell for spell, number in zip(present, bare, strict=True) if number], question.on),
    )


def _kind(title: Title | None) -> str:
    return title.kind if title else KINDS[3]


def _measure(title: Title | None) -> str:
    return MEASURES[2] if title is None else MEASURES[title.legal_frame == CONSENT]


def _without(groups: Groups[Spell], titles: Sequence[Title | None]) -> MeasureTable:
    """How many began without a measure: of the measure all that those outside see, where neither they nor all others
    are too few.
    """
    kinds = [WITHOUT if _measure(one) == WITHOUT else APART.categories[1] for one in titles]
    without = groups.summed(kind == WITHOUT for kind in kinds)
    rows = []
    for key, spells in groups.each():
        number = without.get(key, 0)
        rows.append(Row((*key, WITHOUT), None, number, (Share(number, len(spells)),)))
    return MeasureTable(
        WITHOUT,
        "Closures that began in the window without a child protection measure",
        (*groups.dimensions, APART),
        groups.counted(kinds),
        None,
        (Column("share", "share", "Those, of all that began."),),
        tuple(rows),
        moved="closures",
    )


def _nights(groups: Groups[Spell], care: Sequence[int], bare: Sequence[int]) -> MeasureTable:
    """Of closures with so many nights each, of which so many are uncovered."""
    inside, uncovered, concerned = (groups.summed(one) for one in (care, bare, (number > 0 for number in bare)))
    rows = []
    for key, spells in groups.each():
        nights, without = inside.get(key, 0), uncovered.get(key, 0)
        values = (
            Share(concerned.get(key, 0), len(spells)),
            Statistic(without),
            Quantity(nights),
            Statistic(share(without, nights)),
        )
        rows.append(Row(key, None, len(spells), values))
    columns = (
        Column("concerned", "share", "Closures with an uncovered night in the window, of all with a night in it."),
        Column("uncovered", "days", "Uncovered nights."),
        Column("nights", "days", "Nights inside a placement."),
        Column("share", "share", "Uncovered nights / nights.", PERCENT),
    )
    return MeasureTable(
        "nights",
        "Nights without a title",
        groups.dimensions,
        groups.sizes,
        None,
        columns,
        tuple(rows),
        moved="closures",
    )


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
        "its legal frame is consent. Outside it is told how many began so, not how many with a measure."
    ),
    rules=("D1", "D2", "D4", "D7", "D10"),
    splits=ALL_SPLITS,
    number_in=("nights", "n"),
    calendar_years=True,
    compute=_compute,
    example=(
        "Inside since 1 November 2023; spoed until 29 November, regulier from 2 December 2023 to 2 December 2024. "
        "Over 2024 up to 31 January 2025: 2 December to 1 January = 30 uncovered nights of 366."
    ),
    version="2",
)
