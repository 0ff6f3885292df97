"""Destinations: where the young people went whose closure ended, and whether it ended as planned."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable, Row
from services.monitor.figures.discharges import discharge_of
from services.monitor.figures.exits import CLOSURE_ENDS, end_of, ended_in
from services.monitor.figures.figure import DATED_SPLITS, Figure, Groups, grouped
from services.monitor.figures.living import CLOSED_FRAME, GROUP_OF, GROUPED, GROUPS
from services.monitor.figures.population import Population, cases_of, inferred_among
from services.monitor.figures.values import Share

DISCHARGED, DECEASED, MOVED = CLOSURE_ENDS
OTHERWISE = {"death": DECEASED, "no-arrival": MOVED}
"""What stands in the place of a destination where there is none, each with the word of `exits` for such an end."""
WENT = Dimension("destinationGroup", (*GROUPS, *OTHERWISE), dict.fromkeys(GROUPS, DISCHARGED) | OTHERWISE)
"""Groups of destinations, within how the closure ended. These are the ends of `exits` in their order: so of them the
same is withheld as there, and both together are one table."""
DESTINATION = Dimension(
    "destination", (*GROUP_OF, *OTHERWISE.values()), GROUP_OF | {end: name for name, end in OTHERWISE.items()}
)
"""Destinations, and how it ended where there is none, each in the group in which `WENT` counts it."""

PLANNED, KNOWN, UNKNOWN_MODE = "planned", "known", "not-known"
MODES = (PLANNED, "early-agreed", "early-youth", "early-provider", "external")
"""The end modes of a discharge alive: 01 to 05 of the Beleidsinformatie Jeugd."""
MODE = Dimension(
    "mode",
    (*MODES, DECEASED, MOVED),
    dict.fromkeys((*MODES, DECEASED), KNOWN) | {MOVED: UNKNOWN_MODE},
)
"""End modes, and how it ended without one. A discharge says death too, so the end mode of those who died is known."""


def destination_of(spell: Spell) -> str:
    """The living situation that follows, as the discharge says; how it ended where there was no discharge alive."""
    discharge = discharge_of(spell)
    return discharge.destination if discharge else end_of(spell)


def mode_of(spell: Spell) -> str:
    """The end mode that the discharge says; how it ended where there was no discharge alive."""
    discharge = discharge_of(spell)
    return discharge.end_mode if discharge else end_of(spell)


def _compute(population: Population) -> Findings:
    found = ended_in(population, "closures")
    groups = grouped(population, found, day=lambda spell: spell.ended_on)
    destinations, modes = list(map(destination_of, found)), list(map(mode_of, found))
    closed = [spell for spell, to in zip(found, destinations, strict=True) if DESTINATION.groups[to] == CLOSED_FRAME]
    by_destination = _table(
        "destinations", "Closures that ended in the window, by living situation", groups, DESTINATION, destinations
    )
    by_mode = _table("modes", "Closures that ended in the window, by end mode", groups, MODE, modes)
    return Findings(
        n=len(found),
        inferred=inferred_among(found),
        tables=(
            _table(
                "groups",
                "Closures that ended in the window, by where the young person went, within how it ended",
                groups,
                WENT,
                (DESTINATION.groups[to] for to in destinations),
            ),
            # Both are of those discharged, whose number may be withheld: beside `groups` they would tell of it.
            replace(by_destination, totals_only=True),
            replace(by_mode, totals_only=True),
            _as_planned(groups, modes),
        ),
        cases=cases_of(closed, population.question.on),
    )


def _table(name: str, title: str, groups: Groups[Spell], dimension: Dimension, categories: Iterable[str]) -> CountTable:
    return CountTable(
        name,
        title,
        "closures",
        (*groups.dimensions, dimension),
        groups.counted(categories),
        shares_of=dimension.name,
        moved="closures",
    )


def _as_planned(groups: Groups[Spell], modes: Sequence[str]) -> MeasureTable:
    """I22: the share that ended as planned, of those whose end mode is known."""
    planned = groups.summed(mode == PLANNED for mode in modes)
    known = groups.summed(MODE.groups[mode] == KNOWN for mode in modes)
    rows = []
    for key, _ in groups.each():
        of = known.get(key, 0)
        rows.append(Row(key, None, of, (Share(planned.get(key, 0), of),)))
    return MeasureTable(
        "as-planned",
        "Closures that ended in the window and of which it is known how",
        groups.dimensions,
        groups.sizes,
        None,
        (Column(PLANNED, "share", "Ended as planned."),),
        tuple(rows),
        moved="closures",
        withheld=True,
    )


DESTINATIONS = Figure(
    name="destinations",
    title="Where young people went",
    title_dutch="Waar jongeren naartoe gingen",
    view="exit",
    period="window",
    counts=(
        "Closures that ended in the window, by the living situation to which the young person went, in groups: "
        "family-like, with-help (open places of care), closed-frame (another closed place, by whichever law), "
        "elsewhere, and not-told; and the share that ended as planned. The cases are those who went to a closed frame: "
        "for them the closed doors did not end, they moved (waterbed). A destination alone says nothing of why "
        "somebody went there, nor of whether that was good."
    ),
    formula=(
        "Ended: a <= ended_on < b and ended_on <= D. Where = the destination that the discharge says which ended the "
        "last placement of the closure to end; death when its destination or its end mode says so; no-arrival when "
        "that placement was left for another accommodation (doorplaatsing) and no placement continues the closure "
        "(D6). Where only a later start proves the end of a placement the closure goes on, and did not end. Groups: "
        f"{GROUPED}. As planned = end mode planned / all of which an end mode is known, deaths included and never as "
        "planned; without a discharge it is not known. Outside the groups are shown, within how the closure ended, of "
        "which the same is withheld as in exits; the living situations and the end modes are not, as several tables of "
        "those discharged would together tell how many these were."
    ),
    rules=("D1", "D2", "D4", "D6", "D7"),
    splits=DATED_SPLITS,
    number_in=("groups", "count"),
    calendar_years=True,
    compute=_compute,
    example=(
        "In 2024 five closures ended: discharged home, as planned; to youth custody (jji), early by the provider; to "
        "an unknown place, early by the young person; in death; and left for another accommodation in November, where "
        "nobody arrived. So family-like 1 of 5, closed-frame 1, not-told 1, death 1, no-arrival 1. As planned: 1 of 4 "
        "whose end mode is known, 25 %. The one case is the second."
    ),
)
