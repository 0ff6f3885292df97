"""Competing ends (Aalen-Johansen): how a placement first ends, and what comes after a discharge."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from services.monitor.dossier.days import days
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Findings
from services.monitor.figures.discharges import HORIZONS, discharged_in, followed_days, next_start
from services.monitor.figures.entry import AT_DAYS, SETTLE, begun_in, closures_at_days
from services.monitor.figures.figure import DATED_SPLITS, Figure, grouped
from services.monitor.figures.incidence import REMAINING, incidence_tables
from services.monitor.figures.links import ended_how
from services.monitor.figures.population import Population, cases_of, inferred_among, is_death
from services.monitor.statistics.competing import Exit
from shared.calendar import add_months

DOORPLAATSING, DISCHARGE, DEATH = "doorplaatsing", "discharge", "death"
RETURNED, AGED_OUT = "replaced", "agedOut"
NEVER = date.max
MONTHS_MAX = 1_000
"""Months of birth that are kept: there are about 300 among the young people of a decade and a half."""
ADULT_MONTHS = 18 * 12 + 6
"""After the 18th birthday a stay may be extended by half a year; then nobody can come back."""


def _left_by(*causes: str) -> Mapping[str, str]:
    meanings = {cause: f"F: the share that has left by {cause} within so many days." for cause in causes}
    return meanings | {REMAINING: "S: the share that has not left. All together are 1."}


def _horizon(population: Population) -> date:
    return population.question.on - timedelta(days=population.question.number("settleDays"))


def _first_event(population: Population) -> Findings:
    found = begun_in(population, "placements")
    horizon = _horizon(population)

    def exits(spells: Sequence[Spell]) -> list[Exit]:
        return [_first_exit(spell, horizon, population.entry_day(spell)) for spell in spells]

    at_days, steps = incidence_tables(
        grouped(population, found),
        exits,
        _left_by(DOORPLAATSING, DISCHARGE, DEATH),
        at=AT_DAYS,
        moved="placements",
        outside=(DOORPLAATSING, REMAINING),
    )
    return Findings(
        n=len(found),
        inferred=inferred_among(found),
        tables=(replace(at_days, judged_with=lambda: closures_at_days(population)), steps),
        cases=cases_of(found, population.question.on),
    )


def _first_exit(spell: Spell, horizon: date, entry_day: int | None) -> Exit:
    if spell.ended_on is None or spell.ended_on > horizon:
        return Exit(days(spell.started_on, horizon), None, entry_day)
    match ended_how(spell, horizon):
        case "deceased":
            cause = DEATH
        case "discharged":
            cause = DISCHARGE
        case _:
            cause = DOORPLAATSING
    return Exit(spell.days(), cause, entry_day)


def _after_discharge(population: Population) -> Findings:
    horizon = _horizon(population)
    found = [spell for spell in discharged_in(population) if spell.ended_on is not None and spell.ended_on <= horizon]

    def exits(spells: Sequence[Spell]) -> list[Exit]:
        return [exit_after(spell, horizon) for spell in spells]

    groups = grouped(population, found, day=lambda spell: spell.ended_on)
    return Findings(
        n=len(found),
        inferred=inferred_among(found),
        tables=incidence_tables(
            groups,
            exits,
            _left_by(RETURNED, DEATH, AGED_OUT),
            at=HORIZONS,
            moved="closures",
            outside=(RETURNED,),
        ),
        cases=cases_of(found, population.question.on),
    )


def exit_after(spell: Spell, horizon: date) -> Exit:
    """What came first after a discharge: a next closure, death, or the age at which nobody comes back.

    On one day the next closure goes first, then death; who was of that age before has it from the discharge on.
    """
    assert spell.ended_on is not None
    ended_on = spell.ended_on
    first, cause = next_start(spell) or NEVER, RETURNED
    if (died_on := _died_on(spell)) < first:
        first, cause = died_on, DEATH
    if (adult_on := max(_adult_on(spell), ended_on)) < first:
        first, cause = adult_on, AGED_OUT
    if first == NEVER or first > horizon:
        return Exit(days(ended_on, horizon), None)
    return Exit(days(ended_on, first), cause)


def _died_on(spell: Spell) -> date:
    """The day of a death that is known from another stay, on or after this discharge; NEVER when none is."""
    assert spell.ended_on is not None
    deaths = [end.on for stay in spell.dossier.placements if is_death(end := stay.end)]
    return min([on for on in deaths if on >= spell.ended_on], default=NEVER) if deaths else NEVER


def _adult_on(spell: Spell) -> date:
    """The 18th birthday and 6 months, from the first day of the month of birth; NEVER when that is not known."""
    for stay in spell.stays:
        if stay.birth_month:
            return _adult_from(stay.birth_month)
    return NEVER


@lru_cache(maxsize=MONTHS_MAX)
def _adult_from(birth_month: str) -> date:
    return add_months(date.fromisoformat(f"{birth_month}-01"), ADULT_MONTHS)


FIRST_EVENT = Figure(
    name="first-event",
    title="First event after a placement began",
    title_dutch="Eerste gebeurtenis na plaatsing",
    view="entry",
    period="window",
    counts=(
        "How placements that began in the window first end: in a doorplaatsing (reported or inferred), a discharge "
        "alive, or death; those that still last are followed until the date."
    ),
    formula=(
        "Aalen-Johansen: F_k(t) = sum over t_i <= t of S(t_i-) d_ki / n_i, exact; those who leave on one day leave "
        "together, before the censorings of the day. Sum of F_k + S = 1. Delayed entry as in entry-duration. Taking "
        "other ends for censored (1 - Kaplan-Meier) would overstate each of them."
    ),
    rules=("D1", "D2", "D4", "D5", "D8"),
    splits=DATED_SPLITS,
    calendar_years=True,
    compute=_first_event,
    parameters=(SETTLE,),
    example=(
        "Three placements: moved after 90 days, discharged after 90, still there after 100. At day 90: F of "
        "doorplaatsing = 1 x 1/3, F of discharge = 1/3, S = 1/3."
    ),
    version="2",
)

REPLACEMENT_INCIDENCE = Figure(
    name="replacement-incidence",
    title="Re-placement after a discharge, with what competes",
    title_dutch="Herplaatsing na ontslag, met wat daarmee concurreert",
    view="entry",
    period="window",
    counts=(
        "Of closures that ended in a discharge in the window: the share that has come back within so many days, where "
        "death and the 18th birthday + 6 months (when the month of birth is known) end the chance of it."
    ),
    formula=(
        "Aalen-Johansen over the days from the discharge to the next closure (D9, whatever the gap), death, or the "
        "first day of the month that is 18 years and 6 months after the month of birth; censored on D - settleDays. "
        "Death after a discharge is known only if another stay ended in it. On one day the next closure goes first, "
        "then death. Sum of F_k + S = 1."
    ),
    rules=("D1", "D2", "D4", "D7", "D9"),
    splits=DATED_SPLITS,
    calendar_years=True,
    compute=_after_discharge,
    parameters=(SETTLE,),
    follows=followed_days,
    example=(
        "Two discharges, on 8 July and 20 December 2024; the first came back after 160 days. On 31 January 2025 the "
        "second was followed for 42 days. At day 160 one is at risk and comes back: F = 1, S = 0."
    ),
    version="3",
)
