"""Expert teams: how many consults were asked and advised, how long advice took, and what became of what binds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.days import days
from services.monitor.dossier.state import Consult, Dossier
from services.monitor.figures.answer import Cases, Column, CountTable, Findings, MeasureTable, Row
from services.monitor.figures.entry import SETTLE
from services.monitor.figures.figure import Figure, Groups
from services.monitor.figures.limits import quantile_of
from services.monitor.figures.population import Population, seen
from services.monitor.figures.question import ParameterValue
from services.monitor.figures.splits import SPLITS, SplitKind, Subject
from services.monitor.figures.values import Share, Statistic, Tally
from services.monitor.figures.whose import asked_for, case_of
from services.monitor.statistics.quantiles import median

EXECUTED_DAYS = 42
"""Within so many days a binding advice should be carried out: six weeks."""

STATES = ("advised", "waiting")
EXECUTED, DEVIATED, NEITHER, TOO_EARLY, FREE = "executed", "deviated", "neither", "too-early", "free"
BINDING, NOT_BINDING = "binding", "not-binding"
FATES = {EXECUTED: BINDING, DEVIATED: BINDING, NEITHER: BINDING, TOO_EARLY: BINDING, FREE: NOT_BINDING}
"""What became of an advice, and whether it binds; of one that does not bind it is not asked."""

SPLITS_OF_TEAMS: Mapping[str, SplitKind] = MappingProxyType(
    {
        "area": replace(SPLITS["area"], meaning="The area (zorggebied) of the region of the expert team."),
        "region": replace(SPLITS["region"], meaning="The youth region of the expert team."),
    }
)


class Advice(NamedTuple):
    """A consult, as it is seen on the date."""

    dossier: Dossier
    consult: Consult
    asked_on: date | None
    issued_on: date | None

    @property
    def took(self) -> int | None:
        """Days from the request to the advice; None without either, and where the advice came first."""
        if self.asked_on is None or self.issued_on is None or self.issued_on < self.asked_on:
            return None
        return days(self.asked_on, self.issued_on)


def consults(population: Population) -> list[Advice]:
    """Every consult that had begun by the date."""
    on = population.question.on
    found = [
        Advice(dossier, consult, seen(consult.requested_on, on), seen(consult.issued_on, on))
        for dossier in population.dossiers
        for consult in dossier.consults
    ]
    return [one for one in found if one.asked_on or one.issued_on]


def fate_of(advice: Advice, horizon: date) -> str:
    """What is known on the horizon of an advice that was given."""
    issued = advice.issued_on
    assert issued is not None
    if not advice.consult.binding:
        return FREE
    until = issued + timedelta(days=EXECUTED_DAYS)
    if until > horizon:
        return TOO_EARLY
    said = {one.status for one in advice.consult.follow_ups if one.on <= until}
    return next((status for status in (EXECUTED, DEVIATED) if status in said), NEITHER)


def _compute(population: Population) -> Findings:
    question = population.question
    window, horizon = question.window, question.on - timedelta(days=question.number(SETTLE.name))
    everything = consults(population)
    asked, advised, either = (
        asked_for(population, some, _subject, kinds=SPLITS_OF_TEAMS)
        for some in (
            [one for one in everything if one.asked_on and window.holds(one.asked_on)],
            [one for one in everything if one.issued_on and window.holds(one.issued_on)],
            [one for one in everything if any(day and window.holds(day) for day in (one.asked_on, one.issued_on))],
        )
    )
    binding = [one for one in advised.spells if fate_of(one, horizon) not in (FREE, TOO_EARLY)]
    return Findings(
        n=len(advised.spells),
        inferred=0,
        tables=(
            CountTable(
                "asked",
                "Consults of which advice was asked in the window, by how they stand on the date",
                "number",
                (*asked.dimensions, Dimension("state", STATES)),
                asked.counted(STATES[one.issued_on is None] for one in asked.spells),
                totals_only=True,
            ),
            CountTable(
                "advised",
                f"Advice given in the window, by whether it binds and what became of it within {EXECUTED_DAYS} days",
                "number",
                (*advised.dimensions, Dimension("advice", tuple(FATES), FATES)),
                advised.counted(fate_of(one, horizon) for one in advised.spells),
                shares_of="advice",
            ),
            _days(advised),
            _followed(asked_for(population, binding, _subject, kinds=SPLITS_OF_TEAMS), horizon),
        ),
        cases=Cases(
            len(either.spells),
            lambda: (case_of(_subject(one), "consult", one.consult.consult, question.on) for one in either.spells),
        ),
    )


def _subject(advice: Advice) -> Subject:
    began = advice.asked_on or advice.issued_on
    assert began is not None
    return Subject(advice.dossier, (), None, advice.consult.team_region, began, began, advice.issued_on)


def _days(advised: Groups[Advice]) -> MeasureTable:
    columns = (
        Column(
            "timed", "number", "Of these the advice with a request before it, that the days are of.", inside_only=True
        ),
        Column("median", "days", "The middle number, or the mean of the middle two."),
        Column("p90", "days", "The smallest number that at least nine in ten do not exceed."),
    )
    rows = tuple(Row(key, None, len(found), _took(found)) for key, found in advised.each())
    return MeasureTable(
        "days", "Days from the request to the advice given in the window", advised.dimensions, advised.sizes, None,
        columns, rows,
    )  # fmt: skip


def _took(found: Sequence[Advice]) -> tuple[Tally, Statistic, Statistic]:
    took = sorted(number for one in found if (number := one.took) is not None)
    p90 = quantile_of(took, Fraction(9, 10))
    return Tally(len(took)), Statistic(median(took), of=len(took)), replace(p90, of=len(took))


def _followed(binding: Groups[Advice], horizon: date) -> MeasureTable:
    """For those inside: beside what `advised` shows, shares of those that bind would tell how many the others are."""
    rows = []
    for key, found in binding.each():
        fates = [fate_of(one, horizon) for one in found]
        shares = tuple(Share(fates.count(fate), len(fates)) for fate in (EXECUTED, DEVIATED))
        rows.append(Row(key, None, len(fates), shares))
    columns = (
        Column("executed", "share", f"Carried out within {EXECUTED_DAYS} days."),
        Column("deviated", "share", "Deviated from by then, and not carried out."),
    )
    title = f"Binding advice given in the window that was followed for {EXECUTED_DAYS} days"
    return MeasureTable("followed", title, binding.dimensions, binding.sizes, None, columns, tuple(rows), withheld=True)


def _follows(_parameters: Mapping[str, ParameterValue]) -> int:
    return EXECUTED_DAYS


def _of_teams(_parameters: Mapping[str, ParameterValue]) -> Mapping[str, SplitKind]:
    return SPLITS_OF_TEAMS


EXPERT_ADVICE = Figure(
    name="expert-advice",
    title="Advice of expert teams",
    title_dutch="Adviezen van expertteams",
    view="flow",
    period="window",
    counts=(
        "Consults of expert teams (regionale expertteams): those of which advice was asked in the window, and the "
        "advice given in it, whether it binds, how long it took, and what became of the advice that binds. The number "
        "is that of the advice given; the cases are all that were asked or advised. What an advice averts is not "
        "counted: that nobody was placed after it does not say why."
    ),
    formula=(
        "Asked: a <= requested_on < b. Given: a <= issued_on < b. Days = issued_on - requested_on, of advice given in "
        "the window whose request is known and no later. Of advice that binds, once 42 days of it are over (issued_on "
        "+ 42 <= D - settleDays): executed if somebody said so of a day up to and with issued_on + 42, else deviated "
        "if somebody said that; too-early before. Of a consult that was corrected what was recorded last counts."
    ),
    rules=("D1", "D2", "D4", "D12"),
    splits=tuple(SPLITS_OF_TEAMS),
    split_kinds=_of_teams,
    number_in=("advised", "count"),
    calendar_years=True,
    follows=_follows,
    parameters=(SETTLE,),
    compute=_compute,
    example=(
        "In 2024: asked on 10 January and advised on 20 January, binding, executed on 5 February; asked on 1 March "
        "and advised on 31 March, binding, deviated from on 10 April; asked on 1 December, no advice. Asked 3, "
        "advised 2; days 10 and 30, median 20; of 2 that bind 1 was executed within 42 days (26 days) and 1 deviated "
        "from."
    ),
)
