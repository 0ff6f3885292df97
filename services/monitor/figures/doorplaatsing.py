"""Doorplaatsing in all its forms: of what ended, per care day, per closure, between providers, soon after the start."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from services.monitor.disclosure.table import Dimension, Key
from services.monitor.dossier.days import days
from services.monitor.dossier.spells import Spell, own_days
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable, Row, with_margins
from services.monitor.figures.classes import CLASSES, class_of
from services.monitor.figures.entry import PERCENT
from services.monitor.figures.exits import CLOSURE_ENDS, LENGTHS, end_of, ended_in, length_of
from services.monitor.figures.figure import ALL_SPLITS, Figure, Groups, grouped
from services.monitor.figures.left_over import Beside, LeftOver, by_kind
from services.monitor.figures.limits import exact_limits, rate_with_limits
from services.monitor.figures.links import (
    BETWEEN,
    UNKNOWN,
    WITHIN,
    Link,
    ended_how,
    kind_of,
    links_of,
    providers,
)
from services.monitor.figures.population import Population, cases_of
from services.monitor.figures.values import Quantity, Share
from services.monitor.statistics.rates import PER_100_YEARS, PER_1000_DAYS

SOON_DAYS = 30
HOW = ("doorplaatsing", "within", "departed", "discharged", "deceased")
TIMES = ("0", "1", "2", "3+")
KINDS = (WITHIN, BETWEEN, UNKNOWN)


def _compute(population: Population) -> Findings:
    question = population.question
    links = [link for link in links_of(population) if question.window.holds(link.move.on)]
    of = providers(population.known.register)
    placements = ended_in(population, "placements")
    closures = ended_in(population, "closures")
    of_links = grouped(population, [link.spell for link in links])
    of_placements = grouped(population, placements, day=lambda spell: spell.ended_on)
    of_closures = grouped(population, closures, day=lambda spell: spell.ended_on)
    ends = of_placements.counted(ended_how(spell, population.question.on) for spell in placements)
    left = LeftOver(
        of_links.dimensions,
        of_links.sizes,
        lambda: (
            (_ended(of_placements, of_closures), _started(population)),
            (
                by_kind(of_links.counted(_kind(link, of) for link in links), KINDS),
                by_kind(of_links.counted(map(_soon, links)), _SOON),
            ),
        ),
    )
    return Findings(
        n=len(links),
        inferred=sum(link.move.inferred for link in links),
        tables=(
            CountTable(
                "ends",
                "Placements that ended in the window; within: moved inside an accommodation; departed: no arrival yet",
                "placements",
                (*of_placements.dimensions, Dimension("end", HOW)),
                ends,
                shares_of="end",
                moved="placements",
                totals_only=True,
            ),
            _limits(of_placements, ends, left),
            _rates(population, of_links, left),
            CountTable(
                "times",
                "Closures that ended in the window, by how often the young person was moved",
                "closures",
                (*of_closures.dimensions, Dimension("doorplaatsingen", TIMES)),
                of_closures.counted(_times(len(spell.doorplaatsingen)) for spell in closures),
                shares_of="doorplaatsingen",
                moved="closures",
            ),
            *_by_kind(of_links, links, of, left),
        ),
        cases=cases_of([link.spell for link in links], question.on),
    )


def _ended(placements: Groups[Spell], closures: Groups[Spell]) -> Beside:
    """Of placements that ended; beside those that ended a closure it is left who moved within an accommodation."""
    times = closures.counted(_times(len(spell.doorplaatsingen)) for spell in closures.spells)
    return Beside(
        placements.sizes,
        closures.sizes,
        (by_kind(placements.counted(map(class_of, placements.spells)), tuple(CLASSES)),),
        (
            by_kind(closures.counted(length_of(spell.days()) for spell in closures.spells), LENGTHS),
            by_kind(closures.counted(map(end_of, closures.spells)), CLOSURE_ENDS),
            by_kind(times, TIMES),
        ),
    )


def _started(population: Population) -> Beside:
    """Of placements that started; beside those that began a closure it is left who came from within an accommodation,
    as a doorplaatsing and the arrival are nearly always of one day.
    """
    window = population.question.window
    placements, closures = (
        grouped(population, [spell for spell in population.spells(of) if window.holds(spell.started_on)])
        for of in ("placements", "closures")
    )
    return Beside(placements.sizes, closures.sizes)


def _by_kind(
    groups: Groups[Spell], links: Sequence[Link], of: Mapping[str, str | None], left: LeftOver
) -> Iterator[CountTable]:
    yield CountTable(
        "kind",
        "Doorplaatsingen in the window, within one provider or to another",
        "number",
        (*groups.dimensions, Dimension("kind", KINDS)),
        groups.counted(_kind(link, of) for link in links),
        shares_of="kind",
        left=left,
    )
    yield CountTable(
        "soon",
        f"Doorplaatsingen in the window, by whether the closure had begun at most {SOON_DAYS} days before",
        "number",
        (*groups.dimensions, Dimension("sinceStart", _SOON)),
        groups.counted(map(_soon, links)),
        shares_of="sinceStart",
        left=left,
    )


_SOON = (f"within-{SOON_DAYS}-days", "later")


def _kind(link: Link, of: Mapping[str, str | None]) -> str:
    return kind_of(link.move.from_accommodation, link.move.to_accommodation, of)


def _soon(link: Link) -> str:
    return _SOON[days(link.spell.closure.started_on, link.move.on) > SOON_DAYS]


def _times(number: int) -> str:
    return TIMES[min(number, 3)]


def _limits(groups: Groups[Spell], ends: Mapping[Key, int], left: LeftOver) -> MeasureTable:
    """The share of placements that end in a doorplaatsing, with exact limits."""
    of = with_margins({key[:-1]: number for key, number in ends.items() if key[-1] == HOW[0]}, groups.dimensions)
    rows = []
    for key, spells in groups.each():
        moved = of.get(key, 0)
        rows.append(Row(key, None, len(spells), (Share(moved, len(spells)), *exact_limits(moved, len(spells)))))
    columns = (
        Column("share", "share", "Placements that ended in a doorplaatsing, of those that ended."),
        Column("lower", "share", "Lower 95 % limit (Clopper-Pearson).", PERCENT),
        Column("upper", "share", "Upper 95 % limit.", PERCENT),
    )
    return MeasureTable(
        "share",
        "Share of placements that end in a doorplaatsing",
        groups.dimensions,
        groups.sizes,
        None,
        columns,
        tuple(rows),
        moved="placements",
        left=left,
    )


def _rates(population: Population, links: Groups[Spell], left: LeftOver) -> MeasureTable:
    """Doorplaatsingen per care day of the window, with exact Poisson limits."""
    window = population.question.window.until(population.question.on)
    present = [(spell, inside) for spell in population.placements if (inside := own_days(spell, window)) > 0]
    groups = grouped(population, [spell for spell, _ in present])
    care = groups.summed(inside for _, inside in present)
    rows = []
    for key, spells in links.each():
        inside = care.get(key, 0)
        values = [
            value for per in (PER_1000_DAYS, PER_100_YEARS) for value in rate_with_limits(len(spells), inside, per=per)
        ]
        rows.append(Row(key, None, len(spells), (Quantity(inside), *values)))
    columns = (
        Column("careDays", "days", "Days of the window inside a placement, before the date."),
        Column("per1000Days", "rate", "Doorplaatsingen per 1,000 care days.", Fraction(1, 100)),
        Column("per1000DaysLower", "rate", "Lower 95 % limit, exact Poisson.", Fraction(1, 100)),
        Column("per1000DaysUpper", "rate", "Upper 95 % limit.", Fraction(1, 100)),
        Column("per100Years", "rate", "Doorplaatsingen per 100 x 365.25 care days."),
        Column("per100YearsLower", "rate", "Lower 95 % limit, exact Poisson."),
        Column("per100YearsUpper", "rate", "Upper 95 % limit."),
    )
    return MeasureTable(
        "rate",
        "Doorplaatsingen per care day",
        links.dimensions,
        links.sizes,
        None,
        columns,
        tuple(rows),
        left=left,
    )


DOORPLAATSING = Figure(
    name="doorplaatsing",
    title="Doorplaatsingen",
    title_dutch="Doorplaatsingen",
    view="flow",
    period="window",
    counts=(
        "Links between two placements of one closure at different accommodations. A move between groups of one "
        "accommodation is none, nor is a departure of which no arrival is known (flag F3). One that nobody reported, "
        "but that a later start elsewhere proves, counts and is counted as inferred."
    ),
    formula=(
        "Share: placements that ended in the window with a link to a next one, and not in a death, of all that ended, "
        "with Clopper-Pearson limits. A link is one of the placement that was left, on the day of the arrival, and is "
        "split as that placement was when it began. Rate: links in the window / care days x 1,000, and x 36,525, with "
        "exact Poisson limits. Times: closures that ended in the window with 0, 1, 2, 3 or more links. Kind: whether "
        "both accommodations have one provider. Soon: link at most 30 days after the start of the closure."
    ),
    rules=("D1", "D2", "D4", "D5", "D6", "D7", "D8"),
    splits=ALL_SPLITS,
    number_in=("kind", "count"),
    calendar_years=True,
    compute=_compute,
    example=(
        "Of 3 placements that ended in 2024 one ended in a doorplaatsing: 1/3. With 673 care days: 1 / 673 x 36,525 = "
        "54.3 per 100 years. Two closures ended: one was moved once, one never."
    ),
    version="3",
)
