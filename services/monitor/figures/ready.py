"""Ready: who could leave and is still inside on a date, for how long already, and which setting is needed."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.days import days
from services.monitor.dossier.readiness import ready_in
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import CountTable, Findings, MeasureTable, Row
from services.monitor.figures.figure import ALL_SPLITS, Figure, Groups, grouped
from services.monitor.figures.population import Population, cases_of, inferred_among, open_spells
from services.monitor.figures.stock import SO_FAR_COLUMNS, so_far
from services.monitor.figures.waiting_list import SETTINGS

READY, NOT_READY = "ready", "not-ready"
UNSAID = "not-said"
"""Nobody said that they could leave."""
NEEDED = Dimension("needed", (*SETTINGS, UNSAID), dict.fromkeys(SETTINGS, READY) | {UNSAID: NOT_READY})


class Waits(NamedTuple):
    """Somebody could leave."""

    days: int
    """Since so many days."""
    needed: str
    """For this setting, as was said last."""


def waits_on(spell: Spell, on: date) -> Waits | None:
    """How a closure that is open on a date waits for what follows; None where nobody said that it could end."""
    said = [one for one in ready_in(spell.closure, spell.dossier) if one.ready_on <= on]
    return Waits(days(said[0].ready_on, on), said[-1].needed) if said else None


def _compute(population: Population) -> Findings:
    """Those outside see how many could leave, and neither how many could not nor the settings.

    All kinds of the same closures, each rounded by itself, would say more of how many there are together, and with that
    of the few who came or left.
    """
    on = population.question.on
    found = open_spells(population.spells("closures", day=lambda _: on), on)
    groups = grouped(population, found, day=lambda _: on)
    waits = [waits_on(spell, on) for spell in found]
    needed = CountTable(
        "ready",
        "Closures open on the date, by whether the young person could leave and which setting is needed",
        "closures",
        (*groups.dimensions, NEEDED),
        groups.counted(one.needed if one else UNSAID for one in waits),
        shares_of=NEEDED.name,
        totals_only=True,
    )
    return Findings(
        n=len(found),
        inferred=inferred_among(found),
        tables=(needed, *_days(groups, waits, needed)),
        cases=cases_of([spell for spell, one in zip(found, waits, strict=True) if one], on),
    )


def _days(
    groups: Groups[Spell], waits: Sequence[Waits | None], needed: CountTable
) -> tuple[MeasureTable, MeasureTable]:
    """The days of all who could leave, and of those for whom each setting is needed.

    They have the sizes of the table of counts: those outside see how many could leave, and for how long, where neither
    this number nor that of the others is too small. Of each setting they see nothing.
    """
    keys = [(*key, one.needed if one else UNSAID) for key, one in zip(groups.keys, waits, strict=True)]
    by_need = Groups(needed.dimensions, keys, waits)
    rows = []
    for key, those in by_need.each():
        lasted = [one.days for one in those if one]
        rows.append(Row(key, None, len(lasted), so_far(lasted)))
    together = tuple(row for row in rows if row.key[-1] == READY)
    apart = tuple(row for row in rows if row.key[-1] in SETTINGS)
    title = "Days so far since the young person could leave"
    return (
        MeasureTable(
            "days", title, needed.dimensions, needed.counts, None, SO_FAR_COLUMNS, together,
        ),
        MeasureTable(
            "days-by-setting", f"{title}, by the setting that is needed", needed.dimensions, needed.counts, None,
            SO_FAR_COLUMNS, apart, withheld=True,
        ),
    )  # fmt: skip


READY_TO_LEAVE = Figure(
    name="ready",
    title="Ready to leave, and still inside",
    title_dutch="Wachten op vervolg",
    view="stock",
    period="date",
    counts=(
        "Closures that are open on the date, by whether the young person could leave: somebody said that the treatment "
        "no longer needs the closed doors, and what should follow is not there yet. Of those who could, the setting "
        "that is needed and the days since. Where few tell it, that nobody said it is not that they could not leave. "
        "The cases are those who could."
    ),
    formula=(
        "Open on D: started_on <= D and (no end, or ended_on > D). Ready on D: discharge-ready of a placement of the "
        "closure says a day on or before D; a day before the start of that placement, of the whole where it was joined "
        "after an administrative restart (D6), is its start, and one on or after its end says nothing; of two records "
        "about one the one recorded last counts. Days = D less the first such day of the closure: a doorplaatsing does "
        "not restart the clock. Needed is what the last one says. Outside it is told how many could leave, and their "
        "days, but no setting, nor how many could not."
    ),
    rules=("D1", "D2", "D3", "D7"),
    splits=ALL_SPLITS,
    number_in=("ready", "count"),
    compute=_compute,
    version="2",
    example=(
        "On 31 January 2025 four are inside. One could leave to a family since 1 December 2024 and was moved on 10 "
        "December, where open care was said to be needed from 20 December; one since 11 January; one from 1 February; "
        "of the last nobody said it. So 2 of 4 could, one for open care and one for a family, for 61 and 20 days: "
        "median (61 + 20) / 2 = 40.5."
    ),
)
