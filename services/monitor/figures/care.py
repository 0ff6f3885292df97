"""Care days of a window, and the occupancy of places: on the date and over the window."""

from collections.abc import Mapping
from fractions import Fraction

from services.monitor.disclosure.table import Dimension, Key
from services.monitor.dossier.days import days
from services.monitor.dossier.spells import Spell, own_days
from services.monitor.figures.answer import Column, Findings, MeasureTable, Row, keys_of, tallied, with_margins
from services.monitor.figures.capacities import place_days, places_on
from services.monitor.figures.entry import PERCENT
from services.monitor.figures.figure import DATED_SPLITS, Figure, grouped
from services.monitor.figures.limits import per_size
from services.monitor.figures.population import Population, cases_of, inferred_among, open_spells
from services.monitor.figures.question import Window
from services.monitor.figures.splits import UNKNOWN
from services.monitor.figures.values import Quantity, Statistic, Tally
from services.monitor.statistics.quantiles import share


def _care_days(population: Population) -> Findings:
    question = population.question
    window = question.window.until(question.on)
    length = days(*window)
    present = [(spell, inside) for spell in population.placements if (inside := own_days(spell, window)) > 0]
    groups = grouped(population, [spell for spell, _ in present])
    inside_of = groups.summed(inside for _, inside in present)
    rows = []
    for key, spells in groups.each():
        inside = inside_of.get(key, 0)
        rows.append(Row(key, None, len(spells), (Quantity(inside), Statistic(share(inside, length)))))
    columns = (
        Column("careDays", "days", "Days of the window inside a placement, before the date."),
        Column(
            "meanInside",
            "number",
            "Care days / days of the window before the date: how many are inside on a day, on average.",
            Fraction(5),
        ),
    )
    return Findings(
        n=len(present),
        inferred=inferred_among([spell for spell, _ in present]),
        tables=(
            MeasureTable(
                "care-days",
                "Care days in the window; n are placements with at least one",
                groups.dimensions,
                groups.sizes,
                None,
                columns,
                tuple(rows),
                moved="placements",
            ),
        ),
        cases=cases_of([spell for spell, _ in present], question.on),
    )


def _occupancy(population: Population) -> Findings:
    question = population.question
    on, register = question.on, population.known.register
    window = question.window.until(on)
    inside: dict[str, Spell] = {}
    for spell in open_spells(population.placements, on):
        inside.setdefault(spell.dossier.person, spell)  # Of two at once the one that began first takes the place.
    dimension = accommodations(population)
    counts: Mapping[Key, int] = tallied((_accommodation(spell),) for spell in inside.values())
    occupied = with_margins(counts, (dimension,))
    care = with_margins(_care(population, window), (dimension,))
    places = with_margins({(name,): number for name, number in places_on(register, on).items()}, (dimension,))
    offered = with_margins({(name,): number for name, number in place_days(register, window).items()}, (dimension,))
    rows = []
    for key in keys_of((dimension,)):
        taken, here = occupied.get(key, 0), places.get(key, 0)
        values = (
            Quantity(here),
            Tally(taken),
            per_size(taken, here),
            Statistic(share(care.get(key, 0), offered.get(key, 0))),
        )
        rows.append(Row(key, None, taken, values))
    columns = (
        Column("places", "places", "Places in force on the date."),
        Column("occupied", "persons", "Young people inside on the date; who is in two placements takes one place."),
        Column("occupancy", "share", "Occupied / places, on the date.", PERCENT),
        Column("occupancyMean", "share", "Care days / (places x days), over the window before the date.", PERCENT),
    )
    return Findings(
        n=len(inside),
        inferred=inferred_among(inside.values()),
        tables=(
            MeasureTable(
                "occupancy",
                "Occupancy by accommodation, and by provider",
                (dimension,),
                counts,
                None,
                columns,
                tuple(rows),
            ),
        ),
        cases=cases_of(list(inside.values()), on),
    )


def accommodations(population: Population) -> Dimension:
    """Every accommodation that is registered, has places or is named by a placement, in the group of its provider."""
    register = population.known.register
    provider = {one.accommodation: one.provider or UNKNOWN for one in register.accommodations}
    names = {*provider, *(one.accommodation for one in register.capacities)}
    names |= {_accommodation(spell) for spell in population.placements}
    found = tuple(sorted(names)) or (UNKNOWN,)
    return Dimension("accommodation", found, {name: f"provider {provider.get(name, UNKNOWN)}" for name in found})


def _accommodation(spell: Spell) -> str:
    assert spell.placement is not None
    return spell.placement.accommodation


def _care(population: Population, window: Window) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for spell in population.placements:
        key = (_accommodation(spell),)
        found[key] = found.get(key, 0) + own_days(spell, window)
    return found


CARE_DAYS = Figure(
    name="care-days",
    title="Care days",
    title_dutch="Verblijfsdagen",
    view="flow",
    period="window",
    counts=(
        "Days of the window on which a young person is inside a placement, before the date. A day in two placements "
        "at once counts once; a gap between two linked placements counts none."
    ),
    formula=(
        "Sum over placements of the overlap of [started_on, ended_on) with [a, min(b, D)). Exactly the sum over the "
        "days of the window of those inside on the day. Mean inside = care days / days of [a, min(b, D))."
    ),
    rules=("D1", "D2", "D4", "D7"),
    splits=tuple(name for name in DATED_SPLITS if name != "year"),
    number_in=("care-days", "n"),
    compute=_care_days,
    example=(
        "In 2024: one young person 90 + 90 days and, back since 15 December, 17 more; one all 366; one 110. Together "
        "673 care days; 673 / 366 = 1.84 inside on an average day."
    ),
)

OCCUPANCY = Figure(
    name="occupancy",
    title="Occupancy against capacity",
    title_dutch="Bezetting en capaciteit",
    view="stock",
    period="window",
    counts=(
        "Places in force and the young people who take them, by accommodation and provider, on the date; and over the "
        "window. Accommodations that nobody registered are counted under the provider unknown."
    ),
    formula=(
        "Places: of each accommodation and group, and of what belongs to no group, the last capacity-changed up to "
        "the day, added up; none while it is closed, which lasts until it is registered again. Occupied: open "
        "placements on D, one per young person. Occupancy = occupied / places. Mean over the window = care days / sum "
        "of places x days, before D."
    ),
    rules=("D1", "D3", "D4", "D5"),
    splits=(),
    compute=_occupancy,
    version="2",
    example=(
        "With 12 places and 9 young people inside: 9 / 12 = 75 %. Over 30 days with 288 care days: 288 / 360 = 80 %."
    ),
)
