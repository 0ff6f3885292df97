"""Entry view: how long those last that began in a window, with those that still last (Kaplan-Meier)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import NamedTuple

from services.monitor.dossier.days import days
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Column, Findings, MeasureTable, Row
from services.monitor.figures.figure import DATED_SPLITS, Figure, Groups, grouped, unit_of
from services.monitor.figures.limits import least_of_limits, least_of_quantile, limits_of_portion
from services.monitor.figures.population import Population, cases_of, inferred_among
from services.monitor.figures.question import Parameter
from services.monitor.figures.stock import OF, THRESHOLDS
from services.monitor.figures.values import Given, Number, Portion, Share, Statistic, Tally, Value
from services.monitor.statistics.estimable import NOT_ESTIMABLE, NotEstimable
from services.monitor.statistics.greenwood import limits, quantile_limits
from services.monitor.statistics.risk import LEAST_AT_RISK
from services.monitor.statistics.survival import Curve, Observation, kaplan_meier

SETTLE = Parameter(
    "settleDays",
    0,
    "Days before the date at which following stops, when facts still arrive late.",
    most=365,
    outside_step=30,
)
TAU = Parameter("tau", 365, "The mean is of min(days, tau).", least=1, most=3_650, outside_step=365)
QUANTILES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(9, 10))
AT_DAYS = (30, *THRESHOLDS)
PERCENT = Fraction(1, 100)

LIMIT_COLUMNS = (
    Column("lower", "share", "Lower 95 % limit, log-log with Greenwood's variance.", PERCENT),
    Column("upper", "share", "Upper 95 % limit.", PERCENT),
)
CURVE_COLUMNS = (
    Column("survival", "share", "S: the share that lasts longer than so many days.", PERCENT),
    *LIMIT_COLUMNS,
)


def begun_in(population: Population, of: str) -> list[Spell]:
    """Closures or placements that started in the window, on or before the day until which they are followed."""
    question = population.question
    horizon = question.on - timedelta(days=question.number("settleDays"))
    window = question.window
    return [one for one in population.spells(of) if window.holds(one.started_on) and one.started_on <= horizon]


def observed(population: Population, spells: Sequence[Spell]) -> list[Observation]:
    """Each spell as it was followed until the date less `settleDays`, from the day its source began to observe."""
    question = population.question
    horizon = question.on - timedelta(days=question.number("settleDays"))
    found = []
    for spell in spells:
        over = spell.ended_on is not None and spell.ended_on <= horizon
        last = spell.ended_on if over else horizon
        assert last is not None
        found.append(Observation(population.entry_day(spell), days(spell.started_on, last), over))
    return found


def _compute(population: Population) -> Findings:
    of = population.question.word("of")
    found = begun_in(population, of)
    groups = grouped(population, found)
    curves = _curves(population, groups)
    tau = population.question.number("tau")
    notes = tuple(note for _, spells, curve in curves[:1] if spells and (note := _note(curve)))
    return Findings(
        n=len(found),
        inferred=inferred_among(found),
        tables=(
            replace(_summary(groups, curves, tau), moved=unit_of(of)),
            _table(
                _empty(groups, of, "quantiles", "Days within which a share has ended", _QUANTILE_COLUMNS),
                curves,
                _quantiles,
            ),
            _curve_at(groups, curves, of),
            _table(
                replace(_empty(groups, of, "curve", "The curve, each step", _STEP_COLUMNS), inside_only=True),
                curves,
                _steps,
            ),
        ),
        cases=cases_of(found, population.question.on),
        inside_notes=notes,
    )


def _note(curve: Curve) -> str:
    """What a delayed entry made of the curve; empty where it begins on the first day with everybody."""
    unseen = f"{curve.never_at_risk} ended before they could be observed."
    if curve.starts_on is None:
        return (
            f"There is no curve: it starts where {LEAST_AT_RISK} are followed on one day, and they never were; {unseen}"
        )
    return f"The curve starts at day {curve.starts_on}: {unseen}" if curve.never_at_risk or curve.starts_on else ""


def closures_at_days(population: Population) -> MeasureTable:
    """The curve of closures at some days, as this figure shows it."""
    groups = grouped(population, begun_in(population, "closures"))
    return _curve_at(groups, _curves(population, groups), "closures")


class Point(NamedTuple):
    """A row of a curve but for its key."""

    at: int | str
    n: int
    values: tuple[Value, ...]
    beside: tuple[int, ...] = ()
    told: int | None = None


Points = list[Point]
Curves = Sequence[tuple[tuple[str, ...], Sequence[Spell], Curve]]

_QUANTILE_COLUMNS = (
    Column("days", "days", "The smallest t with S(t) <= 1 - p, compared exactly."),
    Column("lower", "days", "Lower 95 % limit."),
    Column("upper", "days", "Upper 95 % limit."),
)
_STEP_COLUMNS = (
    *CURVE_COLUMNS,
    Column("atRisk", "number", "Those followed on the day."),
    Column("ended", "number", "Ended on the day."),
    Column("censored", "number", "Followed until the day and no longer."),
)


def _curves(population: Population, groups: Groups[Spell]) -> Curves:
    return [(key, spells, kaplan_meier(observed(population, spells))) for key, spells in groups.each()]


def _empty(groups: Groups[Spell], of: str, name: str, title: str, columns: tuple[Column, ...]) -> MeasureTable:
    at = "share" if columns is _QUANTILE_COLUMNS else "day"
    return MeasureTable(
        name, title, groups.dimensions, groups.sizes, at, columns, (), moved=unit_of(of), followed=at == "day"
    )


def _curve_at(groups: Groups[Spell], curves: Curves, of: str) -> MeasureTable:
    empty = _empty(groups, of, "curve-at", "The curve at some days", CURVE_COLUMNS)
    # How many placements of a closure were moved is what the curves of both differ in: first-event has it.
    return _table(replace(empty, nested=True, withheld=of == "placements"), curves, _at_days)


def _summary(groups: Groups[Spell], curves: Curves, tau: int) -> MeasureTable:
    rows = [
        Row(
            key,
            None,
            len(spells),
            (
                Share(sum(step.events for step in curve.steps), len(spells)),
                Statistic(curve.restricted_mean(tau), follow=tau),
                Given(tau),
            ),
        )
        for key, spells, curve in curves
    ]
    columns = (
        Column("ended", "share", "The share that was seen to end.", inside_only=True),
        Column("restrictedMean", "days", "Mean of min(days, tau): the integral of S over [0, tau)."),
        Column("tau", "days", "The bound of that mean."),
    )
    return MeasureTable(
        "summary", "Those that began in the window", groups.dimensions, groups.sizes, None, columns, tuple(rows)
    )


def _table(empty: MeasureTable, curves: Curves, points: Callable[[Curve, Sequence[Spell]], Points]) -> MeasureTable:
    rows = [Row(key, *point) for key, spells, curve in curves for point in points(curve, spells)]
    return replace(empty, rows=tuple(rows))


def _quantiles(curve: Curve, spells: Sequence[Spell]) -> Points:
    found: Points = []
    for p in QUANTILES:
        around = quantile_limits(curve, p)
        values = tuple(
            Statistic(day, least=least, follow=0 if isinstance(day, NotEstimable) else day)
            for day, least in (
                (curve.quantile(p), least_of_quantile(p)),
                (around.lower, least_of_limits(p)),
                (around.upper, least_of_limits(p)),
            )
        )
        found.append(Point(f"{float(p):g}", len(spells), values))
    return found


def _at_days(curve: Curve, spells: Sequence[Spell]) -> Points:
    drawn, of = limits(curve), len(spells) - curve.never_at_risk
    found: Points = []
    for day in AT_DAYS:
        survival = Portion(curve.survival(day), of)
        passed = sum(step.day <= day for step in curve.steps)
        around = drawn[passed - 1] if passed and survival.value is not NOT_ESTIMABLE else None
        # With who was moved by then, in first-event, the curve tells who is still in the first placement.
        beside = sum(_is_in_first(spell, day) for spell in spells)
        values = (survival, *limits_of_portion(survival, around))
        found.append(Point(day, curve.at_risk(day), values, (beside,), survival.part))
    return found


def _is_in_first(spell: Spell, day: int) -> bool:
    """Whether somebody is still in the first placement after so many days, as far as is known."""
    end = spell.stays[0].end
    return end is None or days(spell.started_on, end.on) > day


def _steps(curve: Curve, _spells: Sequence[Spell]) -> Points:
    found: Points = []
    for step, around in zip(curve.steps, limits(curve), strict=True):
        lower: Number = around.lower if around else NOT_ESTIMABLE
        upper: Number = around.upper if around else NOT_ESTIMABLE
        values = (
            Statistic(step.survival),
            Statistic(lower),
            Statistic(upper),
            Tally(step.at_risk),
            Tally(step.events),
            Tally(step.censored),
        )
        found.append(Point(step.day, step.at_risk, values))
    return found


ENTRY = Figure(
    name="entry-duration",
    title="Duration of what began",
    title_dutch="Duur van wat begon",
    view="entry",
    period="window",
    counts=(
        "How long closures (or placements) last that began in the window, those that still last included: what a "
        "young person who comes in may expect. What began before the first day on which its source observes counts "
        "from that day on (delayed entry)."
    ),
    formula=(
        "Kaplan-Meier: S(t) = product over days t_i <= t of (1 - ended / at risk), an exact fraction; followed until "
        "D - settleDays; at one t ends go before censorings; ends at t = 0 count; at risk: entry < t <= exit. "
        "Where any entry is delayed the curve starts on the first t with 5 at risk, and earlier ends are not in it. "
        "Quantile p = the smallest t with S(t) <= 1 - p, compared exactly, else not estimable. Limits: S^exp(+-1.96 "
        "se / (S ln S)) with Greenwood's variance. Restricted mean = the integral of S over [0, tau). After the last "
        "day on which anybody was followed S is not estimable, unless it is 0."
    ),
    rules=("D1", "D2", "D4", "D6", "D7"),
    splits=DATED_SPLITS,
    number_in=("summary", "n"),
    calendar_years=True,
    compute=_compute,
    parameters=(OF, SETTLE, TAU),
    example=(
        "Four closures: ended after 2 and 5 days, still there after 3 and 6. S(2) = 3/4; at day 5 two are at risk, so "
        "S(5) = 3/4 x 1/2 = 3/8. The median is 5; the mean restricted to 5 days is 2 + 3 x 3/4 = 17/4."
    ),
)
