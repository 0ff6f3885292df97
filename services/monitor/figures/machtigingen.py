"""Machtigingen: what courts granted and what became of it, and what they answered to those who asked."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from services.monitor.disclosure.table import TOTAL, Dimension
from services.monitor.dossier.days import days
from services.monitor.dossier.execution import execution_of
from services.monitor.dossier.state import Dossier, Order, Request
from services.monitor.figures.answer import Cases, Column, CountTable, Findings, MeasureTable, Row
from services.monitor.figures.figure import Figure, Groups
from services.monitor.figures.limits import quantile_of
from services.monitor.figures.population import Population, seen
from services.monitor.figures.question import ParameterValue
from services.monitor.figures.splits import SPLITS_OF_ANYBODY, UNKNOWN, SplitKind, Subject
from services.monitor.figures.values import Share, Statistic, Tally, Value
from services.monitor.figures.whose import asked_for, case_of, known_on
from services.monitor.statistics.quantiles import median

SPOED = "spoed"
KIND = Dimension("kind", (SPOED, "regulier", "voorwaardelijk"))
EXECUTIONS = ("executed", "lapsed", "ended", "expired", "running")
GRANTED, REFUSED, PENDING = "granted", "refused", "pending"

SPLITS_OF_ORDERS: Mapping[str, SplitKind] = MappingProxyType(
    {name: SPLITS_OF_ANYBODY[name] for name in ("area", "region", "age", "sex")}
)
"""No title: on the day on which one is granted another may still hold."""


class Granted(NamedTuple):
    """A machtiging that was granted by the date."""

    dossier: Dossier
    order: Order
    execution: str
    """What had become of it by then."""
    over_on: date | None
    """The first day on which it no longer holds, if that has come."""

    @property
    def subject(self) -> Subject:
        """What it is split by: looked at on the day on which it was granted."""
        return known_on(self.dossier, self.order.granted_on, self.order.granted_on, self.over_on)


class Asked(NamedTuple):
    """A request that was made by the date, and the day on which it is looked at."""

    dossier: Dossier
    request: Request
    answered_on: date | None
    day: date

    @property
    def subject(self) -> Subject:
        """What it is split by."""
        return known_on(self.dossier, self.day, self.request.requested_on, self.answered_on)

    @property
    def answer(self) -> str:
        """How it stands on the date."""
        if self.answered_on is None:
            return PENDING
        return REFUSED if self.request.refused else GRANTED

    @property
    def took(self) -> int | None:
        """Days from the request to the answer; None without one, and where that came first."""
        if self.answered_on is None or self.answered_on < self.request.requested_on:
            return None
        return days(self.request.requested_on, self.answered_on)


def orders(population: Population) -> list[Granted]:
    """Every machtiging that was granted in the window, by the date."""
    on, window = population.question.on, population.question.window
    return [
        Granted(dossier, one, execution_of(dossier, one, on), seen(one.holds_until, on))
        for dossier in population.dossiers
        for one in dossier.orders
        if one.granted_on <= on and window.holds(one.granted_on)
    ]


def requests(population: Population) -> list[Asked]:
    """Every request that was made by the date, looked at on the day on which it was made."""
    on = population.question.on
    return [
        Asked(dossier, one, seen(one.answered_on, on), one.requested_on)
        for dossier in population.dossiers
        for one in dossier.requests
        if one.requested_on <= on
    ]


def _compute(population: Population) -> Findings:
    on, window = population.question.on, population.question.window
    granted = asked_for(population, orders(population), lambda one: one.subject, kinds=SPLITS_OF_ORDERS)
    everything = requests(population)
    made = _grouped(population, (one for one in everything if window.holds(one.day)))
    answers = (one._replace(day=day) for one in everything if (day := one.answered_on) and window.holds(day))
    answered = _grouped(population, answers)
    return Findings(
        n=len(granted.spells),
        inferred=0,
        tables=(
            CountTable(
                "granted",
                "Machtigingen granted in the window, by kind",
                "number",
                (*granted.dimensions, KIND),
                granted.counted(one.order.kind for one in granted.spells),
                shares_of=KIND.name,
            ),
            _executions(granted),
            _courts(granted),
            _answered(answered),
            _days(answered),
            _requests(made),
        ),
        cases=Cases(
            len(granted.spells),
            lambda: (case_of(one.subject, "machtiging", one.order.machtiging, on) for one in granted.spells),
        ),
    )


def _grouped(population: Population, counted: Iterable[Asked]) -> Groups[Asked]:
    return asked_for(population, counted, lambda one: one.subject, kinds=SPLITS_OF_ORDERS)


def _executions(granted: Groups[Granted]) -> MeasureTable:
    """For those inside: how they stand on the date, seen from several dates, would tell small numbers."""
    keys = [(*key, one.order.kind) for key, one in granted.inner]
    by_kind = Groups((*granted.dimensions, KIND), keys, granted.spells)
    rows = []
    for key, found in by_kind.each():
        if key[-1] != TOTAL:
            became = Counter(one.execution for one in found)
            rows.append(Row(key, None, len(found), tuple(Share(became[name], len(found)) for name in EXECUTIONS)))
    meanings = (
        "A closed stay began or went on under it; of a voorwaardelijke one that names it.",
        "Nobody executed it within three calendar months.",
        "It was ended before anybody executed it, for another cause.",
        "Its term was over, and nobody had executed it: a short one, or a voorwaardelijke.",
        "None of these yet.",
    )
    columns = tuple(Column(name, "share", meaning) for name, meaning in zip(EXECUTIONS, meanings, strict=True))
    return MeasureTable(
        "executions",
        "Machtigingen granted in the window, by what became of them by the date",
        by_kind.dimensions, by_kind.sizes, None, columns, tuple(rows), inside_only=True,
    )  # fmt: skip


def _courts(granted: Groups[Granted]) -> MeasureTable:
    """For those inside, and only the courts that granted any: there are as many as anybody named."""
    rows = []
    for key, found in granted.each():
        by_court: dict[str, list[str]] = {}
        for one in found:
            by_court.setdefault(one.order.court or UNKNOWN, []).append(one.order.kind)
        for court, kinds in sorted(by_court.items()):
            of_each = (Tally(kinds.count(kind)) for kind in KIND.categories)
            rows.append(Row(key, court, len(kinds), (*of_each, Share(kinds.count(SPOED), len(kinds)))))
    columns = (
        *(Column(kind, "number", f"Those that are {kind}.") for kind in KIND.categories),
        Column("share", "share", "Those that are spoed / all of the court."),
    )
    return MeasureTable(
        "courts",
        "Machtigingen granted in the window, by court",
        granted.dimensions, granted.sizes, "court", columns, tuple(rows), inside_only=True,
    )  # fmt: skip


ANSWERS = (
    Column("granted", "number", "Granted, as the first answer.", inside_only=True),
    Column("refused", "number", "Refused, as the first answer.", inside_only=True),
    Column("share", "share", "Refused / answered."),
)
DAYS = (
    Column("timed", "number", "Of these the answers after the request, that the days are of.", inside_only=True),
    Column("median", "days", "The middle number, or the mean of the middle two."),
    Column("p90", "days", "The smallest number that at least nine in ten do not exceed."),
)


def _answered(answered: Groups[Asked]) -> MeasureTable:
    """Outside of all together only: in a group, less those that were granted, it may tell how few were refused."""
    rows = tuple(Row(key, None, len(found), _answers(found)) for key, found in answered.each())
    return MeasureTable(
        "answered",
        "Requests answered in the window, and how many of them were refused",
        answered.dimensions, answered.sizes, None, ANSWERS, rows, withheld=bool(answered.dimensions),
    )  # fmt: skip


def _days(answered: Groups[Asked]) -> MeasureTable:
    rows = tuple(Row(key, None, len(found), _took(found)) for key, found in answered.each())
    return MeasureTable(
        "days",
        "Days from the request to the answer, of requests answered in the window",
        answered.dimensions, answered.sizes, None, DAYS, rows, withheld=bool(answered.dimensions),
    )  # fmt: skip


def _requests(made: Groups[Asked]) -> MeasureTable:
    """For those inside: beside what was answered in years it would tell how few wait for an answer."""
    rows = []
    for key, found in made.each():
        pending = Tally(sum(one.answer == PENDING for one in found))
        rows.append(Row(key, None, len(found), (pending, *_answers(found), *_took(found))))
    columns = (Column("pending", "number", "Not answered by the date."), *ANSWERS, *DAYS)
    return MeasureTable(
        "requests",
        "Requests made in the window, by how they stand on the date",
        made.dimensions, made.sizes, None, columns, tuple(rows), inside_only=True,
    )  # fmt: skip


def _answers(found: Sequence[Asked]) -> tuple[Value, ...]:
    answers = Counter(one.answer for one in found)
    granted, refused = answers[GRANTED], answers[REFUSED]
    return Tally(granted), Tally(refused), Share(refused, granted + refused)


def _took(found: Sequence[Asked]) -> tuple[Value, ...]:
    took = sorted(number for one in found if (number := one.took) is not None)
    p90 = quantile_of(took, Fraction(9, 10))
    return Tally(len(took)), Statistic(median(took), of=len(took)), replace(p90, of=len(took))


def _of_orders(_parameters: Mapping[str, ParameterValue]) -> Mapping[str, SplitKind]:
    return SPLITS_OF_ORDERS


MACHTIGINGEN = Figure(
    name="machtigingen",
    title="Machtigingen of the court",
    title_dutch="Machtigingen bij de rechtbank",
    view="flow",
    period="window",
    counts=(
        "Machtigingen that a court granted in the window, by kind and, for those inside, by court and by what became "
        "of them by the date: executed, lapsed, ended before that, past their term, or not yet executed. And "
        "requests: those answered in the window, granted or refused, and the days that took; for those inside also "
        "those made in it, by how they stand on the date. Never by judge; of a refusal nobody says the court. The "
        "number and the cases are the machtigingen granted."
    ),
    formula=(
        "Granted: a <= granted_on < b. The kind of each is known: share spoed = spoed / granted. What became of it is "
        "what came first by D. Executed: a closed stay was open, or began and ended, on a day of its term; of a "
        "voorwaardelijke on a day on which it allows one (D10). Lapsed: nobody executed it for three calendar months "
        "from valid_from (Jeugdwet 6.1.12 lid 3; never a voorwaardelijke), or that was reported; of a window that "
        "ended three months before D, this is the share that was not executed. Answered: of the requests that were "
        "made by D, a <= the day of the first answer < b, on one day the grant; share refused = refused / answered. "
        "Days = day of the answer - requested_on, where the request is no later. Outside both are of all together, in "
        "no group. The region is that of the latest referral that is known, whatever its date (of two of one day the "
        "one recorded last), or else of the last placement that had begun by the day; age and sex are those of the day "
        "on which it was granted, answered or asked for."
    ),
    rules=("D1", "D2", "D4", "D10", "D12"),
    splits=tuple(SPLITS_OF_ORDERS),
    split_kinds=_of_orders,
    number_in=("granted", "count"),
    calendar_years=True,
    compute=_compute,
    version="2",
    example=(
        "Granted in 2024: regulier from 10 January, placed on 20 January; regulier from 1 March, nobody placed: lapsed "
        "on 1 June; spoed from 1 May for four weeks, nobody placed: past its term on 29 May. Share spoed 1 / 3. Asked "
        "for on 2 January and granted on 10 January; on 20 February and refused on 5 March; on 1 December, no answer "
        "yet: refused 1 of 2 answered, after 8 and 14 days: median 11."
    ),
)
