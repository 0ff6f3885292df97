"""The chain: what became of those who were referred for a closed place, and how soon advice, title and place came."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from services.monitor.disclosure.table import TOTAL, Dimension, Key
from services.monitor.dossier.days import days
from services.monitor.figures.answer import Cases, Column, CountTable, Findings, MeasureTable, Row
from services.monitor.figures.figure import Figure, Groups
from services.monitor.figures.limits import quantile_of
from services.monitor.figures.population import Population
from services.monitor.figures.question import ParameterValue
from services.monitor.figures.splits import SPLITS_OF_REFERRALS, UNKNOWN, SplitKind, Subject
from services.monitor.figures.values import Share, Statistic
from services.monitor.figures.waiting import PLACED, STILL, Wait, subject_of, waits
from services.monitor.figures.waiting_list import SETTINGS
from services.monitor.figures.whose import asked_for, case_of
from services.monitor.statistics.quantiles import median

AVERTED, REPORTED_PLACED = "alternative", "reported-placed"
OUTCOMES = (PLACED, AVERTED, "withdrawn", "refused", "expired", REPORTED_PLACED, STILL, UNKNOWN)
"""Unknown, as is who referred and how urgently, of who could not be folded since these words are kept (quarantined)."""
OUTCOME = Dimension("outcome", OUTCOMES)
URGENCY = Dimension("urgency", ("spoed", "regulier", UNKNOWN))
REFERRERS = (
    "municipality",
    "general-practitioner",
    "youth-physician",
    "gi",
    "medical-specialist",
    "judiciary",
    "none",
    UNKNOWN,
)
REFERRER = Dimension("referrer", REFERRERS)


class Referral(NamedTuple):
    """A referral for a closed place, and what became of it by the date."""

    wait: Wait
    outcome: str
    days_to_place: int | None
    """Days until the closed placement; None while there is none."""


def _referral(wait: Wait) -> Referral:
    days_to_place = days(wait.since_on, wait.until_on) if wait.placed and wait.until_on else None
    return Referral(wait, outcome_of(wait), days_to_place)


def _subject(one: Referral) -> Subject:
    return subject_of(one.wait)


def outcome_of(wait: Wait) -> str:
    """What has become of it by the date: placed as `waiting` says, or what the referral was closed with before."""
    if wait.until_on is None:
        return STILL
    if wait.placed:
        return PLACED
    said = wait.wait.outcome or UNKNOWN
    return REPORTED_PLACED if said == "placed" else said


def to_advice(one: Referral, on: date) -> int | None:
    """Days until an expert team first gave advice about the young person while they waited; None without any."""
    wait = one.wait
    if not wait.dossier.consults:
        return None
    until = wait.until_on or on
    issued = [consult.issued_on for consult in wait.dossier.consults if consult.issued_on]
    first = min([day for day in issued if wait.since_on <= day <= until], default=None)
    return None if first is None else days(wait.since_on, first)


def to_machtiging(one: Referral, on: date) -> int | None:
    """Days until a machtiging waited to be executed, 0 where one did so already; None while there is none."""
    titles = one.wait.wait.titles  # In order of their first day.
    return max(0, days(one.wait.since_on, titles[0].from_on)) if titles and titles[0].from_on <= on else None


def to_placement(one: Referral, _on: date) -> int | None:
    """Days until the closed placement; None while there is none."""
    return one.days_to_place


STEPS: Mapping[str, Callable[[Referral, date], int | None]] = {
    "advice": to_advice,
    "machtiging": to_machtiging,
    PLACED: to_placement,
}


def _compute(population: Population) -> Findings:
    question = population.question
    on = question.on
    referred = [_referral(wait) for wait in waits(population, since="referral") if question.window.holds(wait.since_on)]
    groups = asked_for(population, referred, _subject, kinds=SPLITS_OF_REFERRALS)
    found = groups.spells
    return Findings(
        n=len(found),
        inferred=0,
        tables=(
            CountTable(
                "outcomes",
                "Referrals for a closed place in the window, by what became of them by the date",
                "number",
                (*groups.dimensions, OUTCOME),
                groups.counted(one.outcome for one in found),
                shares_of=OUTCOME.name,
                totals_only=True,  # How waits stand on a date tells small numbers beside `waiting`.
            ),
            _steps(groups, on),
            _shares(groups, on),
            _shares_by(URGENCY, groups, [one.wait.wait.urgency or UNKNOWN for one in found], on),
            _shares_by(REFERRER, groups, [one.wait.wait.referrer or UNKNOWN for one in found], on),
            _alternatives(groups),
        ),
        cases=Cases(len(found), lambda: (case_of(_subject(one), "referral", one.wait.key, on) for one in found)),
    )


def _steps(groups: Groups[Referral], on: date) -> MeasureTable:
    rows = []
    for key, found in groups.each():
        for step, took in STEPS.items():
            lasted = sorted([number for one in found if (number := took(one, on)) is not None])
            values = (
                Share(len(lasted), len(found)),
                Statistic(median(lasted)),
                quantile_of(lasted, Fraction(9, 10)),
            )
            rows.append(Row(key, step, len(lasted), values))
    columns = (
        Column("share", "share", "Those that came so far by the date / all referrals."),
        Column("median", "days", "Days from the referral: the middle number, or the mean of the middle two."),
        Column("p90", "days", "The smallest number that at least nine in ten do not exceed."),
    )
    return MeasureTable(
        "steps", "How far they came, and how soon", groups.dimensions, groups.sizes, "step", columns, tuple(rows),
        inside_only=True,
    )  # fmt: skip


SHARES = (
    Column("placed", "share", "Placed / all referrals."),
    Column("waiting", "share", "Still waiting on the date / all referrals."),
    Column("averted", "share", "An alternative was found / referrals that ended."),
    Column("placedAfter", "share", "Of those with an alternative: in a closed placement after it, by the date."),
    Column("median", "days", "Days from the referral to the placement: the middle number, or the mean of the two."),
)


def _shares(groups: Groups[Referral], on: date) -> MeasureTable:
    return _table_of_shares("all", "What became of all of them", groups, groups.each(), on)


def _shares_by(own: Dimension, groups: Groups[Referral], categories: Sequence[str], on: date) -> MeasureTable:
    """The same by one thing more, without its total."""
    keys = [(*key, category) for key, category in zip(groups.keys, categories, strict=True)]
    by_own = Groups((*groups.dimensions, own), keys, groups.spells)
    cells = [(key, found) for key, found in by_own.each() if key[-1] != TOTAL]
    return _table_of_shares(own.name, f"What became of them, by {own.name}", by_own, cells, on)


def _table_of_shares(
    name: str, title: str, groups: Groups[Referral], cells: Iterable[tuple[Key, Sequence[Referral]]], on: date
) -> MeasureTable:
    rows = tuple(Row(key, None, len(found), _became(found, on)) for key, found in cells)
    return MeasureTable(name, title, groups.dimensions, groups.sizes, None, SHARES, rows, inside_only=True)


def _became(found: Sequence[Referral], on: date) -> tuple[Share | Statistic, ...]:
    became = Counter([one.outcome for one in found])
    averted = [one for one in found if one.outcome == AVERTED]
    took = [one.days_to_place for one in found if one.days_to_place is not None]
    return (
        Share(became[PLACED], len(found)),
        Share(became[STILL], len(found)),
        Share(len(averted), len(found) - became[STILL]),
        Share(sum(_placed_after(one.wait, on) for one in averted), len(averted)),
        Statistic(median(took)),
    )


def _placed_after(wait: Wait, on: date) -> bool:
    starts = [stay.started_on for closure in wait.dossier.closures for stay in closure.placements]
    return wait.until_on is not None and any(wait.until_on < start <= on for start in starts)


def _alternatives(groups: Groups[Referral]) -> MeasureTable:
    """Only the settings that were found for anybody."""
    rows = []
    for key, found in groups.each():
        settings = Counter(one.wait.wait.alternative or UNKNOWN for one in found if one.outcome == AVERTED)
        of = settings.total()
        rows += [
            Row(key, name, settings[name], (Share(settings[name], of),))
            for name in (*SETTINGS, UNKNOWN)
            if settings[name]
        ]
    columns = (Column("share", "share", "Those / all with an alternative."),)
    return MeasureTable(
        "alternatives", "Alternatives that were found, by setting", groups.dimensions, groups.sizes, "setting",
        columns, tuple(rows), inside_only=True,
    )  # fmt: skip


def _kinds(_parameters: Mapping[str, ParameterValue]) -> Mapping[str, SplitKind]:
    return SPLITS_OF_REFERRALS


CHAIN = Figure(
    name="chain",
    title="From referral to placement",
    title_dutch="Van verwijzing tot plaatsing",
    view="entry",
    period="window",
    counts=(
        "Referrals for a closed place in the window, by what became of them by the date: placed; an alternative was "
        "found (averted), withdrawn, refused or expired, as the referral was closed; closed as placed while no closed "
        "placement had begun (`reported-placed`); or still waiting. For those inside also how many came to an advice "
        "of an expert team, a machtiging and a placement, and how soon; all by urgency and by who referred; and which "
        "alternatives were found. That an alternative was found does not say that it held, nor why."
    ),
    formula=(
        "Referred: a <= referred_on < b. Placed: as in `waiting`, the first closed placement on or after that day, "
        "unless the referral was closed before. Averted share = with an alternative / that ended by D. Days = day of "
        "the step - referred_on, of those that came so far by D: the first advice given while they waited, the last "
        "day included; the day since which a machtiging waits to be executed, 0 when it did so already (of several the "
        "first); the placement. Those who still wait have no days yet, so of a recent window they are those of the "
        "quick ones. Advice names no referral: of two at once it counts for both. Split by what was known when the "
        "wait began. Outside only the number of referrals is shown."
    ),
    rules=("D1", "D2", "D4", "D10"),
    splits=tuple(SPLITS_OF_REFERRALS),
    split_kinds=_kinds,
    number_in=("outcomes", "count"),
    calendar_years=True,
    version="2",
    compute=_compute,
    example=(
        "Referred on 1 March 2024: advice on 11 March, a machtiging on 21 March, placed on 31 March; on 5 March: "
        "placed on 15 March; on 10 March: closed on 30 March with an alternative, family; on 20 March: withdrawn on "
        "25 March; on 1 April: waiting. On 30 April placed 2 of 5, averted 1 of 4 that ended; days to advice 10, to "
        "machtiging 20, to placement 30 and 10: median 20."
    ),
)
