"""Waiting: from a referral, or from a machtiging, to the start of a placement; with what else may end the wait."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from services.monitor.disclosure.table import Dimension, Key
from services.monitor.dossier.days import days
from services.monitor.dossier.state import Dossier, Waiting
from services.monitor.figures.answer import Cases, Column, CountTable, Findings, MeasureTable, Row
from services.monitor.figures.entry import SETTLE
from services.monitor.figures.figure import Figure, Groups, sorted_into
from services.monitor.figures.incidence import REMAINING, incidence_tables
from services.monitor.figures.jointly import YEAR
from services.monitor.figures.population import Population, seen
from services.monitor.figures.question import Parameter, ParameterValue
from services.monitor.figures.splits import SPLITS_OF_REFERRALS, SPLITS_OF_WAITS, Split, SplitKind, Subject, splits_of
from services.monitor.figures.values import Statistic
from services.monitor.figures.whose import case_of
from services.monitor.statistics.competing import Exit
from services.monitor.statistics.quantiles import mean, median, quantile

SINCE = Parameter("since", "referral", "What the wait is counted from.", choices=("referral", "machtiging"))
AT_DAYS = (0, 7, 14, 28, 63, 91, 183)
LENGTHS = ("0-7", "8-28", "29-63", "64+")
"""Days: one week, the four weeks of the Treeknorm to an intake, the nine weeks of the provincial waiting list."""
PLACED = "placed"
STILL = "waiting"
NOW = "waiting"
"""The table of those who wait on the date."""
OTHERWISE = {"referral": "withdrawn", "machtiging": "lapsed"}
"""What else ends a wait: the referral is closed without a placement; the machtiging lapses, is ended or runs out."""


class Wait(NamedTuple):
    """One wait, as it is seen on the date."""

    dossier: Dossier
    wait: Waiting
    key: str
    since_on: date
    until_on: date | None
    placed: bool
    """Whether a closed placement started on the day on which it ended."""


def waits(population: Population, *, since: str) -> list[Wait]:
    """Every wait since a referral, or since a machtiging, that had begun by the date."""
    on, found = population.question.on, []
    spells = _since_referral if since == "referral" else _since_machtiging
    for dossier in population.dossiers:
        for wait, key, began, ended in spells(dossier):
            if began <= on:
                until = seen(ended, on)
                found.append(Wait(dossier, wait, key, began, until, until is not None and _placed_on(dossier, until)))
    return found


def _since_referral(dossier: Dossier) -> Iterator[tuple[Waiting, str, date, date | None]]:
    for wait in dossier.waiting:
        if wait.referral is not None:
            yield wait, wait.referral, wait.since_on, wait.until_on


def _since_machtiging(dossier: Dossier) -> Iterator[tuple[Waiting, str, date, date | None]]:
    """Each title once, also when it is that of two referrals; the first of these says who waits."""
    first = {title: wait for wait in reversed(dossier.waiting) for title in wait.titles}
    for title, wait in first.items():
        yield wait, title.machtiging, title.from_on, title.until_on


def _where(population: Population, found: Iterable[Wait], at: date | None = None) -> list[Wait]:
    """Those that fall where the question asks, on their first day, or on the day `at` as those who wait on it."""
    asked = population.question.where
    names = tuple(name for name in asked if at is None or name != YEAR)
    splits = _splits(population, names) if names else ()
    return [
        one for one in found if all(each.category(subject_of(one, at)) == asked[each.dimension.name] for each in splits)
    ]


def _splits(population: Population, names: Sequence[str]) -> tuple[Split, ...]:
    return splits_of(
        names, population.known.register, population.question.window, kinds=_kinds(population.question.parameters)
    )


def _kinds(parameters: Mapping[str, ParameterValue]) -> Mapping[str, SplitKind]:
    """A referral says where the young person lives; of a machtiging without one it may be unknown."""
    return SPLITS_OF_WAITS if parameters.get(SINCE.name) == "machtiging" else SPLITS_OF_REFERRALS


def subject_of(wait: Wait, at: date | None = None) -> Subject:
    """What a wait is split by: seen on its first day, or on the day `at` of it."""
    day = wait.since_on if at is None else at
    return Subject(wait.dossier, (wait.wait,), None, wait.wait.region, day, wait.since_on, wait.until_on)


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
    everyone = waits(population, since=question.word("since"))
    found = _where(population, (wait for wait in everyone if question.window.holds(wait.since_on)))
    splits = _splits(population, question.split)
    begun = sorted_into(splits, found, subject_of)
    # The year of a wait is that in which it began, and those who wait on the date may have begun in any.
    lasting = tuple(split for split in splits if split.dimension.name != YEAR)
    still = _where(population, (wait for wait in everyone if wait.until_on is None), on)
    now = sorted_into(lasting, still, lambda wait: subject_of(wait, on))
    return Findings(
        n=len(found),
        inferred=0,
        tables=(
            CountTable(
                "ends",
                "Waits that began in the window, by how they stand on the date",
                "persons",
                (*begun.dimensions, Dimension("end", (PLACED, otherwise, STILL))),
                begun.counted(_end(wait, otherwise) for wait in found),
                shares_of="end",
                totals_only=True,
            ),
            _placed(sorted_into(splits, [wait for wait in found if wait.placed], subject_of)),
            *_incidence(splits, found, population, otherwise),
            CountTable(
                NOW,
                "Waiting on the date, whenever it began, by days so far",
                "persons",
                (*now.dimensions, Dimension("days", LENGTHS)),
                now.counted(length_of(days(wait.since_on, on)) for wait in now.spells),
                of_date=True,
                totals_only=True,
            ),
        ),
        cases=Cases(len(found), lambda: (case_of(subject_of(wait), "waiting", wait.key, on) for wait in found)),
    )


def _end(wait: Wait, otherwise: str) -> str:
    if wait.until_on is None:
        return STILL
    return PLACED if wait.placed else otherwise


def _placed(groups: Groups[Wait]) -> MeasureTable:
    columns = (
        Column("mean", "days", "Mean of the days until the placement."),
        Column("median", "days", "The middle number, or the mean of the middle two."),
        Column("p90", "days", "The smallest number that at least nine in ten do not exceed."),
    )
    rows = tuple(_lasted(key, placed) for key, placed in groups.each())
    title = "Days waited by those who were placed"
    return MeasureTable("placed", title, groups.dimensions, groups.sizes, None, columns, rows, withheld=True)


def _lasted(key: Key, placed: Sequence[Wait]) -> Row:
    waited = sorted(days(wait.since_on, wait.until_on) for wait in placed if wait.until_on)
    values = (mean(waited), median(waited), quantile(waited, Fraction(9, 10)))
    return Row(key, None, len(waited), tuple(map(Statistic, values)))


def _incidence(
    splits: Sequence[Split], found: Sequence[Wait], population: Population, otherwise: str
) -> tuple[MeasureTable, MeasureTable]:
    horizon = population.question.on - timedelta(days=population.question.number("settleDays"))
    groups = sorted_into(splits, [wait for wait in found if wait.since_on <= horizon], subject_of)
    meanings = {
        PLACED: "F: the share that was placed within so many days.",
        otherwise: f"F: the share that was {otherwise} within so many days.",
        REMAINING: "S: the share that still waits. All together are 1.",
    }
    return incidence_tables(
        groups,
        lambda followed: [_exit(wait, horizon, otherwise) for wait in followed],
        meanings,
        at=AT_DAYS,
        outside=(PLACED,),
    )


def _exit(wait: Wait, horizon: date, otherwise: str) -> Exit:
    if wait.until_on is None or wait.until_on > horizon:
        return Exit(days(wait.since_on, horizon), None)
    return Exit(days(wait.since_on, wait.until_on), PLACED if wait.placed else otherwise)


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
        "placed on the day. A machtiging that waits while a referral does is part of that wait, also when it was "
        "granted before, and ends with it; any other is a wait of its own. Titles that adjoin or overlap are one. "
        "One that extends another waits only where nobody was placed on that. Aalen-Johansen of placed against "
        "withdrawn or lapsed, censored on D - settleDays. Split by what was known when the wait began: what the "
        "referral says, or else what was last said of the young person before. What the placement says that ends the "
        "wait is not looked at, or those placed would be known better than those who still wait. Title and age of "
        "those who wait on the date are those of the date."
    ),
    rules=("D1", "D2", "D4", "D10"),
    splits=tuple(SPLITS_OF_REFERRALS),
    split_kinds=_kinds,
    number_in=("ends", "count"),
    calendar_years=True,
    version="4",
    compute=_compute,
    parameters=(SINCE, SETTLE),
    example=(
        "Referred on 1, 5 and 10 March; placed after 4 days, withdrawn after 10, and still waiting on 31 March. F of "
        "placed at day 7 = 1/3, at day 14 F of withdrawn = 1/3, S = 1/3."
    ),
)
