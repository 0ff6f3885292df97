"""Re-placement: who comes back, with full follow-up, live, and as Statistics Netherlands (CBS) counts it."""

from collections.abc import Sequence
from datetime import date, timedelta

from services.monitor.disclosure.table import Dimension, Key
from services.monitor.dossier.days import days
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable, Row
from services.monitor.figures.discharges import HORIZONS, discharged_in, followed_days, next_start
from services.monitor.figures.entry import PERCENT, SETTLE
from services.monitor.figures.figure import DATED_SPLITS, Figure, Groups, grouped
from services.monitor.figures.limits import exact_limits
from services.monitor.figures.population import Population, cases_of, inferred_among, started_in
from services.monitor.figures.values import Number, Share, Statistic
from services.monitor.statistics.estimable import NOT_ESTIMABLE, NotEstimable
from services.monitor.statistics.greenwood import limits
from services.monitor.statistics.survival import Observation, kaplan_meier
from shared.calendar import add_months

REPEATED_MONTHS = 60
"""The five years of the CBS "herhaald beroep"."""
Seen = tuple[int, int | None]
BEFORE = ("first", "adjoining", "repeated", "longer-ago")


def _compute(population: Population) -> Findings:
    question = population.question
    found = discharged_in(population)
    groups = grouped(population, found, day=lambda spell: spell.ended_on)
    horizon = question.on - timedelta(days=question.number("settleDays"))
    seen = [(key, [_seen(one, horizon) for one in spells if one.ended_on is not None]) for key, spells in groups.each()]
    started = started_in(population, "closures")
    of_starts = grouped(population, started)
    return Findings(
        n=len(found),
        inferred=inferred_among(found),
        tables=(
            _followed(groups, seen),
            _live(groups, seen),
            CountTable(
                "repeated-use",
                "Closures that started in the window, by earlier closed care: repeated is CBS herhaald beroep, an end "
                "in the 5 years before with a day or more between; adjoining has none between",
                "closures",
                (*of_starts.dimensions, Dimension("before", BEFORE)),
                of_starts.counted(map(_before, started)),
                shares_of="before",
                moved="closures",
            ),
        ),
        cases=cases_of(found, question.on),
    )


def gap_after(spell: Spell) -> int | None:
    """Days from its end to the next closure; None when none is known."""
    following = next_start(spell)
    return None if following is None or spell.ended_on is None else days(spell.ended_on, following)


def _before(spell: Spell) -> str:
    previous = spell.closure.previous_ended_on
    if previous is None:
        return BEFORE[0]
    if days(previous, spell.started_on) < 1:
        return BEFORE[1]
    return BEFORE[2] if previous >= add_months(spell.started_on, -REPEATED_MONTHS) else BEFORE[3]


def _seen(spell: Spell, horizon: date) -> Seen:
    """For how many days it was followed until the horizon, and after how many the next closure began."""
    assert spell.ended_on is not None
    return days(spell.ended_on, horizon), gap_after(spell)


def _followed(groups: Groups[Spell], seen: Sequence[tuple[Key, Sequence[Seen]]]) -> MeasureTable:
    """Of each h: those that were followed for h days, and how many of them came back within h."""
    rows = []
    for key, discharges in seen:
        for h in HORIZONS:
            gaps = [gap for followed, gap in discharges if followed >= h]
            full, back = len(gaps), sum(gap is not None and gap <= h for gap in gaps)
            rows.append(Row(key, h, full, (Share(back, full), *exact_limits(back, full))))
    columns = (
        Column("replaced", "share", "Came back within so many days, that day included, of those followed so long."),
        Column("lower", "share", "Lower 95 % limit (Clopper-Pearson).", PERCENT),
        Column("upper", "share", "Upper 95 % limit.", PERCENT),
    )
    return MeasureTable(
        "full-follow-up",
        "Discharges with full follow-up",
        groups.dimensions,
        groups.sizes,
        "withinDays",
        columns,
        tuple(rows),
        nested=True,
        moved="closures",
        followed=True,
    )


def _live(groups: Groups[Spell], seen: Sequence[tuple[Key, Sequence[Seen]]]) -> MeasureTable:
    """1 - Kaplan-Meier over all discharges: what can be said before everybody was followed."""
    rows = []
    for key, discharges in seen:
        curve = kaplan_meier(_observation(*one) for one in discharges if one[0] >= 0)
        drawn = limits(curve)
        for h in HORIZONS:
            survival = curve.survival(h)
            passed = sum(step.day <= h for step in curve.steps)
            around = drawn[passed - 1] if passed and survival is not NOT_ESTIMABLE else None
            values: tuple[Number, ...] = (
                NOT_ESTIMABLE if isinstance(survival, NotEstimable) else 1 - survival,
                1 - around.upper if around else NOT_ESTIMABLE,
                1 - around.lower if around else NOT_ESTIMABLE,
            )
            rows.append(Row(key, h, curve.at_risk(h), tuple(map(Statistic, values))))
    columns = (
        Column("replaced", "share", "1 - S: the share that came back within so many days.", PERCENT),
        Column("lower", "share", "Lower 95 % limit.", PERCENT),
        Column("upper", "share", "Upper 95 % limit.", PERCENT),
    )
    return MeasureTable(
        "live",
        "All discharges, followed until the date; n are those still followed on the day",
        groups.dimensions,
        groups.sizes,
        "withinDays",
        columns,
        tuple(rows),
        inside_only=True,
    )


def _observation(followed: int, gap: int | None) -> Observation:
    return Observation(None, gap, True) if gap is not None and gap <= followed else Observation(None, followed, False)


REPLACEMENT = Figure(
    name="replacement",
    title="Re-placement after a discharge",
    title_dutch="Herplaatsing na ontslag",
    view="exit",
    period="window",
    counts=(
        "Closures that ended in a discharge (not in death) in the window, and whether a next closure of the same "
        "young person started within 30, 90, 180 or 365 days, whatever the place."
    ),
    formula=(
        "Full follow-up: of discharges with ended_on + h <= D - settleDays, those whose next closure starts within 0 "
        "<= gap <= h; with Clopper-Pearson limits. Live: 1 - Kaplan-Meier of the gap over all discharges, censored on "
        "D - settleDays. CBS herhaald beroep: closures that started in the window whose earlier closure ended 1 day "
        "or more and at most 5 years before that start."
    ),
    rules=("D1", "D2", "D4", "D7", "D9"),
    splits=DATED_SPLITS,
    calendar_years=True,
    compute=_compute,
    parameters=(SETTLE,),
    follows=followed_days,
    example=(
        "Discharged on 8 July and on 20 December 2024; the first came back after 160 days. On 31 January 2025 only "
        "the first has 180 days of follow-up: 1 of 1. Within 90 days: 0 of 1. Nobody has 365 days: not estimable."
    ),
    version="2",
)
