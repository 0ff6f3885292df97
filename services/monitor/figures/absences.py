"""Absences: how often young people withdrew from care (onttrekking), against care days, and for how many hours."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.absences import closure_of, over_at
from services.monitor.dossier.days import open_on
from services.monitor.dossier.spells import Spell, own_days
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable, Row
from services.monitor.figures.figure import ALL_SPLITS, Figure, Groups, grouped
from services.monitor.figures.limits import spread_per_size
from services.monitor.figures.population import Population, cases_of, inferred_among
from services.monitor.figures.question import Window
from services.monitor.figures.restrictions import NONE, SOME
from services.monitor.figures.values import Number, Statistic
from services.monitor.statistics.estimable import NotEstimable
from services.monitor.statistics.quantiles import median, quantile
from shared.calendar import calendar_date, microseconds, midnight

BEGAN = Dimension("absences", (SOME, NONE))
HOUR = 3_600_000_000
"""Microseconds."""
DAY_HOURS, LONG_HOURS = 24, 72
"""Longer than so many hours: a day, and three days."""


class Away(NamedTuple):
    """The absences from one closure that began in the window, as they are seen on the date; in microseconds."""

    lasted: tuple[int, ...] = ()
    """Of those that were over by the end of it."""
    lasting: tuple[int, ...] = ()
    """Of the others, up to its first moment; 0 of one that began on it."""

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.lasted) + len(self.lasting)

    def longer_than(self, hours: int) -> int:
        """How many lasted longer than so many hours, or have so far."""
        return sum(length > hours * HOUR for length in (*self.lasted, *self.lasting))


def away(spell: Spell, window: Window, on: date) -> Away:
    """The absences of which the first day is one of the closure and of the window."""
    lasted: list[int] = []
    lasting: list[int] = []
    for one in spell.dossier.absences:
        began_on = calendar_date(one.from_at)
        if not window.holds(began_on) or not open_on(spell.closure, began_on):
            continue
        if closure_of(one, spell.dossier) != spell.closure:
            continue
        back_at = over_at(one, spell.ended_on)
        if back_at is not None and calendar_date(back_at) <= on:
            lasted.append(microseconds(back_at) - microseconds(one.from_at))
        else:
            lasting.append(max(0, microseconds(midnight(on)) - microseconds(one.from_at)))
    return Away(tuple(lasted), tuple(lasting))


def _compute(population: Population) -> Findings:
    question = population.question
    window = question.window.until(question.on)
    care = [(spell, inside) for spell in population.closures if (inside := own_days(spell, window))]
    present = [spell for spell, _ in care]
    found = [away(spell, window, question.on) for spell in present]
    kinds = [SOME if one.number else NONE for one in found]
    groups = grouped(population, present)
    from_each = [(one, inside) for one, (_, inside) in zip(found, care, strict=True)]
    return Findings(
        n=len(present),
        inferred=inferred_among(present),
        tables=(
            CountTable(
                "closures",
                "Closures with a care day in the window, by whether any absence began in it",
                "closures",
                (*groups.dimensions, BEGAN),
                groups.counted(kinds),
                shares_of=BEGAN.name,
                moved="closures",
                totals_only=True,
            ),
            _absences(Groups(groups.dimensions, groups.keys, from_each)),
        ),
        cases=cases_of([spell for spell, kind in zip(present, kinds, strict=True) if kind == SOME], question.on),
    )


COLUMNS = (
    Column("number", "number", "Absences that began in the window.", Fraction(5)),
    Column("per1000Days", "rate", "Absences per 1,000 care days of all closures.", Fraction(1, 100)),
    Column("careDays", "days", "Care days in the window, of all closures.", Fraction(5)),
    Column("medianHours", "hours", "Of those that are over: the middle one, or the mean of two.", inside_only=True),
    Column("p90Hours", "hours", "The smallest length that at least nine in ten do not exceed.", inside_only=True),
    Column("lasting", "number", "Those that are not over on the date.", inside_only=True),
    Column("over24Hours", "number", f"Those that lasted longer than {DAY_HOURS} hours, or have.", inside_only=True),
    Column("over72Hours", "number", f"And longer than {LONG_HOURS} hours.", inside_only=True),
)


def _absences(groups: Groups[tuple[Away, int]]) -> MeasureTable:
    """The absences from closures, each with its care days; outside of the whole country only, as in `ready-days`."""
    rows = []
    for key, counted in groups.each():
        found, care_days = [one for one, _ in counted], sum(inside for _, inside in counted)
        lasted = [length for one in found for length in one.lasted]
        values = (
            *spread_per_size([one.number for one in found], care_days, times=1_000),
            Statistic(care_days),
            Statistic(_in_hours(median(lasted))),
            Statistic(_in_hours(quantile(lasted, Fraction(9, 10)))),
            Statistic(sum(len(one.lasting) for one in found)),
            *(Statistic(sum(one.longer_than(hours) for one in found)) for hours in (DAY_HOURS, LONG_HOURS)),
        )
        rows.append(Row(key, None, len(found), values))
    return MeasureTable(
        "absences",
        "Absences that began in the window",
        groups.dimensions,
        groups.sizes,
        None,
        COLUMNS,
        tuple(rows),
        moved="closures",
        withheld=bool(groups.dimensions),
    )


def _in_hours(length: Number) -> Number:
    return length if isinstance(length, NotEstimable) else Fraction(length) / HOUR


ABSENCES = Figure(
    name="absences",
    title="Absences",
    title_dutch="Onttrekkingen",
    view="flow",
    period="window",
    counts=(
        "Absences (onttrekkingen) that began in the window: how many, per 1,000 care days, for how many hours, and how "
        "many are not over; and the closures with a care day in the window by whether any began in it. A stay goes on "
        "while somebody is away, and so do its care days. Leave (verlof) is something else and not counted, also when "
        "somebody comes back late from it. The cases are the closures with an absence."
    ),
    formula=(
        "Began: the date of the moment is in [a, min(b, D)) and is a day of the closure that has the placement that is "
        "named; of a placement that nobody started or that was joined, of the closure that is open on that day. Two "
        "records of one moment at one placement are one absence. Over: at the first absence-ended of that placement "
        "from then on, whoever tells it, at the next absence from it, or at the first moment of the day on which the "
        "closure ended, whichever is first, if that is on a date up to and with D. Hours = the time between the two "
        "moments, over clock changes too; of one that is not over up to the first moment of D, which counts for longer "
        "than 24 and 72 hours and not for median and P90. Per 1,000 care days = 1,000 x absences / care days of [a, "
        "min(b, D)). Outside absences are of the whole country, when no closure has more than a tenth of them, without "
        "hours; of a part of it, and by whether any began, there is nothing but how many closures there are."
    ),
    rules=("D1", "D2", "D4", "D7"),
    splits=ALL_SPLITS,
    number_in=("closures", "count"),
    calendar_years=True,
    compute=_compute,
    version="2",
    example=(
        "Two are inside all of January 2024: 2 x 31 = 62 care days. One is away from 3 January 20:00 to 5 January "
        "02:00, 30 hours; on 10 January from 12:00 to 18:00, 6 hours; and from 30 January 09:00 on. Over January, on "
        "1 February: 1 of 2 with an absence; 3 absences, 1,000 x 3 / 62 = 48.39 per 1,000 care days; median (30 + 6) / "
        "2 = 18 hours, P90 30; 1 is not over, after 39 hours; 2 longer than 24 hours, none longer than 72."
    ),
)
