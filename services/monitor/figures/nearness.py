"""Nearness: whether those who were placed stay in the youth region that they come from, in its area, or elsewhere."""

from collections import Counter
from collections.abc import Mapping, Sequence

from services.monitor.accommodations import Register
from services.monitor.disclosure.rest import tells_the_rest
from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.spells import Spell
from services.monitor.dossier.state import Placement
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable, Moving, Row
from services.monitor.figures.classes import OF_PLACEMENTS
from services.monitor.figures.figure import DATED_SPLITS, Figure, Groups, grouped, unit_of
from services.monitor.figures.links import providers
from services.monitor.figures.population import Population, cases_of, inferred_among, started_in
from services.monitor.figures.splits import UNKNOWN
from services.monitor.figures.values import Share
from shared.facts.regions import AREA_OF

OWN_REGION, OWN_AREA, OTHER_AREA = "own-region", "own-area", "other-area"
NEAR = Dimension("nearness", (OWN_REGION, OWN_AREA, OTHER_AREA, UNKNOWN))


def regions_of(register: Register) -> Mapping[str, str]:
    """The youth region in which each accommodation lies, by the register; without those of which nobody said it."""
    return {one.accommodation: one.region for one in register.accommodations if one.region}


def nearness_of(stay: Placement, regions: Mapping[str, str]) -> str:
    """Where the accommodation lies, seen from the youth region where the young person comes from."""
    region = regions.get(stay.accommodation)
    if region is None:
        return UNKNOWN
    if region == stay.region:
        return OWN_REGION
    return OWN_AREA if AREA_OF[region] == AREA_OF[stay.region] else OTHER_AREA


def _compute(population: Population) -> Findings:
    question = population.question
    of, regions = question.word("of"), regions_of(population.known.register)
    began = started_in(population, of)
    near = [nearness_of(spell.stays[0], regions) for spell in began]
    groups = grouped(population, began)
    away = [spell for spell, one in zip(began, near, strict=True) if one in (OWN_AREA, OTHER_AREA)]
    return Findings(
        n=len(began),
        inferred=inferred_among(began),
        tables=(
            CountTable(
                "near",
                "Started in the window, by where the accommodation lies",
                unit_of(of),
                (*groups.dimensions, NEAR),
                groups.counted(near),
                shares_of=NEAR.name,
                moved=unit_of(of),
                # All kinds, each rounded by itself, would say more of how many these are together.
                totals_only=True,
            ),
            _own(groups, near, unit_of(of), withheld=of == "closures" or _tell_the_rest(population, began, near)),
        ),
        cases=cases_of(away, question.on),
    )


def _tell_the_rest(population: Population, began: Sequence[Spell], near: Sequence[str]) -> bool:
    """Whether how many stay in their region in a year, less those of regions at providers, tells of too few."""
    of = providers(population.known.register)
    parts: dict[int, Counter[tuple[str, str | None]]] = {}
    for spell, one in zip(began, near, strict=True):
        if one == OWN_REGION:
            stay = spell.stays[0]
            parts.setdefault(spell.started_on.year, Counter())[stay.region, of.get(stay.accommodation)] += 1
    return any(tells_the_rest(counted.values()) for counted in parts.values())


def _own(groups: Groups[Spell], near: Sequence[str], unit: Moving, *, withheld: bool) -> MeasureTable:
    """Outside of placements of the whole country only: one kind of them.

    Beside placements, closures would tell where the few went who were moved on. And where accommodations lie is no
    secret: who of a region stays in it is a sum of those of a region at a provider, which `inflow` shows.
    """
    own = groups.summed(one == OWN_REGION for one in near)
    rows = tuple(Row(key, None, len(spells), (Share(own.get(key, 0), len(spells)),)) for key, spells in groups.each())
    return MeasureTable(
        "own",
        "Started in the window",
        groups.dimensions, groups.sizes, None, (Column("share", "share", "In the own region / all."),), rows,
        moved=unit, withheld=withheld or bool(groups.dimensions),
    )  # fmt: skip


NEARNESS = Figure(
    name="nearness",
    title="Nearness",
    title_dutch="Nabijheid",
    view="entry",
    period="window",
    counts=(
        "Placements (or closures, by their first placement) that started in the window, by whether the accommodation "
        "lies in the youth region where the young person comes from, elsewhere in the area (zorggebied) of that "
        "region, or in another area; unknown when nobody registered the accommodation. The cases are those outside "
        "the region."
    ),
    formula=(
        "Started: a <= started_on < b, on or before D. Region of the young person: that of the placement-started. "
        "Region of the accommodation: as the register said last, whatever the date; the area is that of the region. "
        "Share = of all that started, the unknown included. Outside the share in the own region is shown, of the "
        "placements of the whole country, where the numbers of regions at providers do not tell of too few beside it; "
        "of a part of it, by nearness and of closures only how many there are."
    ),
    rules=("D1", "D4", "D5", "D7"),
    splits=DATED_SPLITS,
    number_in=("near", "count"),
    calendar_years=True,
    compute=_compute,
    parameters=(OF_PLACEMENTS,),
    example=(
        "From Haaglanden (JZ24, zuid-west), in 2024: placed in Haaglanden, moved from there to Rijnmond (JZ29, "
        "zuid-west); placed in Zuid-Limburg (JZ41, zuid); placed where nobody registered the accommodation. Of 4 "
        "placements 1 in the own region, 1 elsewhere in the area, 1 in another area, 1 unknown; of 3 closures 1, 0, 1 "
        "and 1."
    ),
)
