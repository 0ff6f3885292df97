"""Waiting: from a referral, or from a machtiging, to the start of a placement; with what else may end the wait."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.days import days
from services.monitor.dossier.state import Dossier
from services.monitor.figures.answer import Case, Cases, Column, CountTable, Findings, MeasureTable, Row, tallied
from services.monitor.figures.competing import step_values
from services.monitor.figures.entry import PERCENT, SETTLE
from services.monitor.figures.figure import Figure
from services.monitor.figures.population import Population, seen
from services.monitor.figures.question import Parameter
from services.monitor.figures.values import Statistic, Value
from services.monitor.statistics.competing import Exit, Incidences, aalen_johansen
from services.monitor.statistics.quantiles import mean, median, quantile

SINCE = Parameter("since", "referral", "What the wait is counted from.", choices=("referral", "machtiging"))
AT_DAYS = (0, 7, 14, 28, 63, 91, 183)
LENGTHS = ("0-7", "8-28", "29-63", "64+")
"""Days: one week, the four weeks of the Treeknorm to an intake, the nine weeks of the provincial waiting list."""
PLACED = "placed"
OTHERWISE = {"referral": "withdrawn", "machtiging": "lapsed"}
"""What else ends a wait: the referral is closed without a placement; the machtiging lapses, is ended or runs out."""


class Wait(NamedTuple):
    """One wait, as it is seen on the date."""

    dossier: Dossier
    key: str
    since_on: date
    until_on: date | None
    placed: bool
    """Whether a closed placement started on the day on which it ended."""


def waits(population: Population) -> list[Wait]:
    """Every wait that had begun by the date."""
    on, since = population.question.on, population.question.word("since")
    found = []
    for dossier in population.dossiers:
        for wait in dossier.waiting:
            key = wait.referral if since == "referral" else wait.machtiging
            began = wait.since_on if since == "referral" else wait.title_from_on
            ended = wait.until_on if since == "referral" else wait.title_until_on
            if key is None or began is None or began > on:
                continue
            until = seen(ended, on)
            found.append(Wait(dossier, key, began, until, until is not None and _placed_on(dossier, until)))
    return found


def _placed_on(dossier: Dossier, day: date) -> bool:
    for closure in dossier.closures:
        for stay in closure.placements:
            if stay.started_on == day:
                return True
    return False


def length_of(waited: int) -> str:
    """A week, four weeks, nine weeks, or longer."""
    return LENGTHS[sum(waited > bound for bound in (7, 28, 63))]


def _compute(population: Population) -> Findings:
    question = population.question
    on, otherwise = question.on, OTHERWISE[question.word("since")]
    everyone = waits(population)
    found = [wait for wait in everyone if question.window.holds(wait.since_on)]
    now = [wait for wait in everyone if wait.until_on is None]
    placed = sorted(days(wait.since_on, wait.until_on) for wait in found if wait.placed and wait.until_on)
    return Findings(
        n=len(found),
        inferred=0,
        tables=(
            CountTable(
                "ends",
                "Waits that began in the window, by how they stand on the date",
                "persons",
                (Dimension("end", (PLACED, otherwise, "waiting")),),
                tallied((_end(wait, otherwise),) for wait in found),
                shares_of="end",
            ),
            _placed(placed),
            *_incidence(found, population, otherwise),
            CountTable(
                "waiting",
                "Waiting on the date, whenever it began, by days so far",
                "persons",
                (Dimension("days", LENGTHS),),
                tallied((length_of(days(wait.since_on, on)),) for wait in now),
            ),
        ),
        cases=Cases(len(found), lambda: (_case(wait, on) for wait in found)),
    )


def _end(wait: Wait, otherwise: str) -> str:
    if wait.until_on is None:
        return "waiting"
    return PLACED if wait.placed else otherwise


def _placed(waited: Sequence[int]) -> MeasureTable:
    values = (mean(waited), median(waited), quantile(waited, Fraction(9, 10)))
    columns = (
        Column("mean", "days", "Mean of the days until the placement."),
        Column("median", "days", "The middle number, or the mean of the middle two."),
        Column("p90", "days", "The smallest number that at least nine in ten do not exceed."),
    )
    row = Row((), None, len(waited), tuple(map(Statistic, values)))
    return MeasureTable("placed", "Days waited by those who were placed", (), {}, None, columns, (row,))


def _incidence(found: Sequence[Wait], population: Population, otherwise: str) -> tuple[MeasureTable, MeasureTable]:
    horizon = population.question.on - timedelta(days=population.question.number("settleDays"))
    curves = aalen_johansen(_exit(wait, horizon, otherwise) for wait in found if wait.since_on <= horizon)
    columns = (
        Column(PLACED, "share", "F: the share that was placed within so many days.", PERCENT),
        Column(otherwise, "share", f"F: the share that was {otherwise} within so many days.", PERCENT),
        Column("remaining", "share", "S: the share that still waits. All together are 1.", PERCENT),
    )

    causes = (PLACED, otherwise)
    rows = [Row((), day, curves.at_risk(day), _values(curves, otherwise, day)) for day in AT_DAYS]
    steps = [Row((), step.day, step.at_risk, step_values(step, causes)) for step in curves.steps]
    empty = MeasureTable("incidence-at", "Shares at some days", (), {}, "day", columns, (), followed=True)
    return (
        replace(empty, rows=tuple(rows)),
        replace(
            empty,
            name="incidence",
            title="Shares after each day on which a wait ended",
            rows=tuple(steps),
            inside_only=True,
        ),
    )


def _exit(wait: Wait, horizon: date, otherwise: str) -> Exit:
    if wait.until_on is None or wait.until_on > horizon:
        return Exit(days(wait.since_on, horizon), None)
    return Exit(days(wait.since_on, wait.until_on), PLACED if wait.placed else otherwise)


def _values(curves: Incidences, otherwise: str, day: int) -> tuple[Value, ...]:
    shares = (curves.incidence(PLACED, day), curves.incidence(otherwise, day), curves.survival(day))
    return tuple(map(Statistic, shares))


def _case(wait: Wait, on: date) -> Case:
    codes = tuple(dict.fromkeys(flag.code for flag in wait.dossier.flags if flag.since_on <= on))
    return Case(wait.dossier.person, "waiting", wait.key, wait.since_on, wait.until_on, codes)


WAITING = Figure(
    name="waiting",
    title="Waiting for a closed place",
    title_dutch="Wachten op een gesloten plek",
    view="entry",
    period="window",
    counts=(
        "Waits that began in the window: from the referral, or from the day on which a machtiging could be executed, "
        "to the first closed placement. A closed referral (withdrawn), or a machtiging that lapses, ends or runs out "
        "(lapsed), ends the wait otherwise. And those who wait on the date."
    ),
    formula=(
        "Days = start of the first closed placement on or after the first day of the wait, less that day; 0 when "
        "placed on the day. Aalen-Johansen of placed against withdrawn or lapsed, censored on D - settleDays. Of a "
        "wait no region is known before a placement, so there is no split."
    ),
    rules=("D1", "D2", "D4", "D10"),
    splits=(),
    compute=_compute,
    parameters=(SINCE, SETTLE),
    example=(
        "Referred on 1, 5 and 10 March; placed after 4 days, withdrawn after 10, and still waiting on 31 March. F of "
        "placed at day 7 = 1/3, at day 14 F of withdrawn = 1/3, S = 1/3."
    ),
)
