"""How good the data are: what is missing or contradicts, how late facts come, and when each source was last heard."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.days import days
from services.monitor.dossier.flags import FLAGS
from services.monitor.figures.answer import Case, Column, CountTable, Findings, MeasureTable, Row, tallied
from services.monitor.figures.figure import Figure
from services.monitor.figures.population import Population
from services.monitor.figures.values import Quantity, Statistic, Value, Word
from services.monitor.flags.standing import Standing, standing_flags
from services.monitor.history.known import Told
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from services.monitor.statistics.quantiles import share
from shared.calendar import calendar_date
from shared.facts.oddities import LATE_DAYS

DELAY_BOUNDS = (2, 7, 30, LATE_DAYS)
"""Days after what it says: until the first a fact is as good as live, after the last it is late (F15)."""

DELAYS = ("0-2", "3-7", "8-30", f"31-{LATE_DAYS}", f"{LATE_DAYS + 1}+")
LATE = DELAYS[-1]
CODES = tuple(FLAGS)


def delay_of(days_later: int) -> str:
    """The class of a number of days; what was recorded before its day (a planned end) is not late."""
    return DELAYS[sum(days_later > bound for bound in DELAY_BOUNDS)]


def _compute(population: Population) -> Findings:
    question, known = population.question, population.known
    told = [one for one in known.told if question.window.holds(one.recorded_on) and one.recorded_on <= question.on]
    flags = [flag for flag in standing_flags(known, on=question.on) if flag.person is not None and flag.code in FLAGS]
    delays: dict[tuple[str, ...], int] = {}
    for one in told:
        key = (delay_of(one.days_later),)
        delays[key] = delays.get(key, 0) + one.facts
    return Findings(
        n=sum(one.facts for one in told),
        inferred=0,
        tables=(
            CountTable(
                "delay",
                f"Facts recorded in the window, by days after the day they are about; {LATE} is late",
                "facts",
                (Dimension("days", DELAYS),),
                delays,
                shares_of="days",
                at_least="days",
            ),
            CountTable(
                "flags",
                "Flags about young persons on the date, by code",
                "number",
                (Dimension("flag", CODES),),
                tallied((flag.code,) for flag in flags),
            ),
            _sources(population, told),
        ),
        cases=tuple(_case(flag) for flag in flags),
    )


def _sources(population: Population, told: Iterable[Told]) -> MeasureTable:
    """By source: how much it told in the window, how much of that late, and when it was last heard."""
    asked = min(population.question.on, calendar_date(population.known.known))
    facts: dict[str, int] = {}
    late: dict[str, int] = {}
    for one in told:
        facts[one.source] = facts.get(one.source, 0) + one.facts
        if delay_of(one.days_later) == LATE:
            late[one.source] = late.get(one.source, 0) + one.facts
    heard = last_heard(population.known.heard, asked)
    rows = []
    for source in sorted({*facts, *heard}):
        count = facts.get(source, 0)
        last = heard.get(source)
        values: tuple[Value, ...] = (
            Quantity(count),
            Quantity(late.get(source, 0)),
            Statistic(share(late.get(source, 0), count)),
            Word(last.isoformat() if last else ""),
            Statistic(days(last, asked) if last else NOT_ESTIMABLE),
        )
        rows.append(Row((), source, count, values))
    columns = (
        Column("facts", "facts", "Facts about young persons that it recorded in the window."),
        Column("late", "facts", f"Those that it recorded more than {LATE_DAYS} days after the day they are about."),
        Column("share", "share", "Late / facts."),
        Column("lastHeard", "word", "The last day on which a fact or a heartbeat of it was accepted, up to the date."),
        Column("silentDays", "days", "Days from then to the date."),
    )
    return MeasureTable("sources", "By source", (), {}, "source", columns, tuple(rows), inside_only=True)


def last_heard(heard: Mapping[str, Iterable[tuple[date, date]]], until: date) -> dict[str, date]:
    """By source the last day up to this one on which it was heard."""
    found: dict[str, date] = {}
    for source, intervals in heard.items():
        lasts = [min(end - timedelta(days=1), until) for start, end in intervals if start <= until]
        if lasts:
            found[source] = max(lasts)
    return found


def _case(flag: Standing) -> Case:
    assert flag.person is not None
    return Case(flag.person, "flag", flag.about, flag.since_on, flag.until_on, (flag.code,))


DATA_QUALITY = Figure(
    name="data-quality",
    title="Quality of the data",
    title_dutch="Kwaliteit van de gegevens",
    view="flow",
    period="window",
    counts=(
        "How late facts about young persons come: each fact that says a day and was recorded in the window, "
        "corrections included, by the days from the day it is about to the day on which its source recorded it. Late "
        f"is more than {LATE_DAYS} days (F15). Beside it the flags about young persons that stand on the date, and, "
        "for those inside, the same by source with the last day on which each was heard."
    ),
    formula=(
        "Days later = the date of `time` in Europe/Amsterdam - the day in the fact; by what the source says, never by "
        "when it arrived here, so that a history that is read in at once is not late. Late share = facts with more "
        f"than {LATE_DAYS} days / facts. A withdrawal says no day and is not counted; a fact that was sent twice is "
        "one. What was accepted after K is not known."
    ),
    rules=("D1", "D12", "D13"),
    splits=(),
    compute=_compute,
    reads_told=True,
    example=(
        "Recorded in March: a start of 2 March on 2 March (0 days), one of 20 February on 3 March (11 days) and a "
        "discharge of 1 November on 10 March (129 days). Three facts, of which one late: 1/3."
    ),
)
