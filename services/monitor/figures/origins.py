"""Origins: where the young people came from whose closure began, and whether they came in a crisis."""

from collections.abc import Sequence

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable, Row
from services.monitor.figures.figure import DATED_SPLITS, Figure, Groups, grouped
from services.monitor.figures.living import CLOSED_FRAME, GROUP_OF, GROUPED, GROUPS
from services.monitor.figures.population import Population, cases_of, inferred_among, started_in
from services.monitor.figures.splits import UNKNOWN
from services.monitor.figures.values import Share

ORIGIN = Dimension("origin", tuple(GROUP_OF), GROUP_OF)
CRISIS, EVERYWHERE = "crisis", "everywhere"


def origin_of(spell: Spell) -> str:
    """The living situation that its first placement says; unknown without one, and where it says that it is death."""
    told = spell.stays[0].origin
    return told if told and told in GROUP_OF else UNKNOWN


def _compute(population: Population) -> Findings:
    found = started_in(population, "closures")
    groups = grouped(population, found)
    origins = list(map(origin_of, found))
    closed = [spell for spell, origin in zip(found, origins, strict=True) if GROUP_OF[origin] == CLOSED_FRAME]
    return Findings(
        n=len(found),
        inferred=inferred_among(found),
        tables=(
            CountTable(
                "origins",
                "Closures that began in the window, by where the young person came from",
                "closures",
                (*groups.dimensions, ORIGIN),
                groups.counted(origins),
                shares_of=ORIGIN.name,
                moved="closures",
                totals_only=True,
            ),
            _routes(groups, origins),
        ),
        cases=cases_of(closed, population.question.on),
    )


def _routes(groups: Groups[Spell], origins: Sequence[str]) -> MeasureTable:
    """How many came in a crisis, of all and of those from each group; for those inside, as the origins are."""
    came = [(GROUP_OF[origin], spell.stays[0].route) for spell, origin in zip(groups.spells, origins, strict=True)]
    rows = []
    for key, found in Groups(groups.dimensions, groups.keys, came).each():
        for group in (EVERYWHERE, *GROUPS):
            routes = [route for origin, route in found if group in (EVERYWHERE, origin)]
            rows.append(Row(key, group, len(routes), (Share(routes.count(CRISIS), len(routes)),)))
    return MeasureTable(
        "routes",
        "Closures that began in the window and came in a crisis, by where the young person came from",
        groups.dimensions,
        groups.sizes,
        "originGroup",
        (Column(CRISIS, "share", "Came in a crisis; all others came as planned."),),
        tuple(rows),
        moved="closures",
        withheld=True,
    )


ORIGINS = Figure(
    name="origins",
    title="Where young people came from",
    title_dutch="Waar jongeren vandaan kwamen",
    view="flow",
    period="window",
    counts=(
        "Closures that began in the window, by the living situation from which the young person came, in groups: "
        "family-like, with-help (open places of care), closed-frame (another closed place, by whichever law), "
        "elsewhere, and not-told; and by route, in a crisis or planned. The cases are those who came from a closed "
        "frame: their closed doors did not begin here. An origin alone says nothing of why somebody was placed, nor "
        "of what was tried before."
    ),
    formula=(
        "Began: a <= started_on < b and started_on <= D. Origin = what placement-started of the first placement of the "
        "closure says; unknown when it says none, or says death. Where later placements come from does not count. "
        f"Groups: {GROUPED}. Route = that of the same placement. Outside none of this is shown but how many began: "
        "where all groups, or both routes, lie on one side of their rounding, their sum tells more of that number "
        "than itself, and with it how few were there before."
    ),
    rules=("D1", "D2", "D4", "D7"),
    splits=DATED_SPLITS,
    number_in=("origins", "count"),
    calendar_years=True,
    compute=_compute,
    example=(
        "In 2024 four closures began: from home in a crisis; from home as planned, of which the second placement came "
        "from closed-jw6; from youth custody (jji) as planned; and in a crisis, of which nobody said from where. So "
        "family-like 2 of 4 = 50 %, closed-frame 1, not-told 1; in a crisis 2, of which 1 family-like and 1 not-told; "
        "planned 2. The one case is the third."
    ),
)
