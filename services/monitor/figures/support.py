"""National support (landelijke steunstructuur): what was asked for and why, what is open, and how it was resolved."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.course import Support
from services.monitor.dossier.days import days
from services.monitor.dossier.state import Dossier
from services.monitor.figures.answer import Cases, Column, CountTable, Findings, MeasureTable, Row
from services.monitor.figures.figure import Figure, Groups
from services.monitor.figures.limits import quantile_of
from services.monitor.figures.population import Population, seen
from services.monitor.figures.splits import SPLITS_OF_ANYBODY, Subject
from services.monitor.figures.values import Statistic
from services.monitor.figures.whose import asked_for, case_of, known_on, of_anybody
from services.monitor.statistics.quantiles import median

REASONS = ("no-place", "no-agreement", "no-funding", "complex", "safety", "other")
RESULTS = ("placed", "alternative", "advice", "withdrawn", "unresolved")
COLUMNS = (
    Column("median", "days", "The middle number, or the mean of the middle two."),
    Column("p90", "days", "The smallest number that at least nine in ten do not exceed."),
)


class Request(NamedTuple):
    """A request for support, as it is seen on the date, and the day on which it is looked at."""

    dossier: Dossier
    support: Support
    resolved_on: date | None
    day: date

    @property
    def subject(self) -> Subject:
        """What it is split by."""
        return known_on(self.dossier, self.day, self.support.requested_on, self.resolved_on)

    @property
    def result(self) -> str:
        """How a request that was resolved ended."""
        assert self.support.result is not None
        return self.support.result


def requests(population: Population) -> list[Request]:
    """Every request that was made by the date, looked at on the day on which it was made."""
    on = population.question.on
    return [
        Request(dossier, one, seen(one.resolved_on, on), one.requested_on)
        for dossier in population.dossiers
        for one in dossier.course.supports
        if one.requested_on <= on
    ]


def _compute(population: Population) -> Findings:
    on, window = population.question.on, population.question.window
    everything = requests(population)
    asked = _grouped(population, (one for one in everything if window.holds(one.day)))
    resolved = _grouped(
        population,
        (
            one._replace(day=one.resolved_on)
            for one in everything
            if one.resolved_on is not None and window.holds(one.resolved_on)
        ),
    )
    pending = _grouped(population, (one._replace(day=on) for one in everything if one.resolved_on is None))
    return Findings(
        n=len(asked.spells),
        inferred=0,
        tables=(
            CountTable(
                "requests",
                "Requests for national support in the window, by reason",
                "number",
                (*asked.dimensions, Dimension("reason", REASONS)),
                asked.counted(one.support.reason for one in asked.spells),
                shares_of="reason",
            ),
            CountTable(
                "resolved",
                "Requests resolved in the window, by result",
                "number",
                (*resolved.dimensions, Dimension("result", RESULTS)),
                resolved.counted(one.result for one in resolved.spells),
                shares_of="result",
            ),
            _table("days", "Days of the requests resolved in the window", resolved, on),
            _table("open", "Days so far of the requests that are open on the date", pending, on, withheld=True),
        ),
        cases=Cases(
            len(asked.spells),
            lambda: (case_of(one.subject, "support", one.support.support, on) for one in asked.spells),
        ),
    )


def _grouped(population: Population, counted: Iterable[Request]) -> Groups[Request]:
    return asked_for(population, counted, lambda one: one.subject)


def _table(name: str, title: str, groups: Groups[Request], on: date, *, withheld: bool = False) -> MeasureTable:
    """What is open is withheld: beside what was asked and resolved in years it would tell small numbers of these."""
    rows = tuple(Row(key, None, len(found), _lasted(found, on)) for key, found in groups.each())
    return MeasureTable(name, title, groups.dimensions, groups.sizes, None, COLUMNS, rows, withheld=withheld)


def _lasted(found: Sequence[Request], on: date) -> tuple[Statistic, Statistic]:
    lasted = sorted(days(one.support.requested_on, one.resolved_on or on) for one in found)
    return Statistic(median(lasted)), quantile_of(lasted, Fraction(9, 10))


SUPPORT = Figure(
    name="support",
    title="National support",
    title_dutch="Landelijke steun",
    view="flow",
    period="window",
    counts=(
        "Requests for national support (landelijke steunstructuur), which a region makes when it finds no fitting "
        "help: those made in the window, by reason; those resolved in it, by result and days; and, for those inside, "
        "those open on the date. The number and the cases are those made in the window."
    ),
    formula=(
        "Made: a <= requested_on < b. Resolved: a <= resolved_on < b. Open on D: requested_on <= D and (not resolved, "
        "or resolved_on > D). Days = resolved_on - requested_on, or D - requested_on while open. Age, sex and title "
        "are those of the day of the request, of the resolution, or D; the region is that of the latest referral that "
        "is known, whatever its date (of two of one day the one recorded last), or else of the last placement that had "
        "begun by that day."
    ),
    rules=("D1", "D2", "D3", "D4"),
    splits=tuple(SPLITS_OF_ANYBODY),
    split_kinds=of_anybody,
    number_in=("requests", "count"),
    calendar_years=True,
    compute=_compute,
    example=(
        "Asked on 1 March for want of a place and resolved on 12 April with an alternative; asked on 1 May and "
        "resolved on 9 May; asked on 1 December, open. Over 2024 requests = 3, resolved = 2 after 42 and 8 days: "
        "median 25, P90 42. On 31 December one is open, for 30 days."
    ),
)
