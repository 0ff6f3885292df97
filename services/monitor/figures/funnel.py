"""Funnel: how far one organisation or region may be from all together by chance alone. Never a ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from functools import cache, partial

from services.monitor.disclosure.counts import rounded
from services.monitor.disclosure.table import TOTAL
from services.monitor.dossier.spells import Spell, own_days
from services.monitor.figures.answer import Column, Findings, MeasureTable, Row, keys_of
from services.monitor.figures.discharges import discharged_in
from services.monitor.figures.entry import PERCENT
from services.monitor.figures.figure import Figure, Groups, grouped
from services.monitor.figures.limits import per_size
from services.monitor.figures.population import Population, cases_of, inferred_among
from services.monitor.figures.question import Parameter, ParameterValue
from services.monitor.figures.replacement import gap_after
from services.monitor.figures.title import first_title
from services.monitor.figures.values import Number, Quantity, Share, Statistic, Tally, Value, Word
from services.monitor.statistics.estimable import NOT_ESTIMABLE, NotEstimable
from services.monitor.statistics.funnel import FunnelLimits, binomial_funnel, poisson_funnel
from services.monitor.statistics.quantiles import share

DOORPLAATSING, REPLACEMENT, SPOED = "doorplaatsing", "replacement", "spoed"
MEASURE = Parameter("measure", DOORPLAATSING, "What is compared.", choices=(DOORPLAATSING, REPLACEMENT, SPOED))
BY = Parameter("by", "provider", "Between whom.", choices=("provider", "area", "region"))
WITHIN_DAYS = 365


@dataclass(frozen=True, slots=True)
class Compared:
    """What each group has: cases, whether each of them counts, and care days where these are the size."""

    groups: Groups[Spell]
    counted: Sequence[bool]
    exposure: Sequence[int] | None
    """Care days of each case; None: the cases themselves are the size."""


def _compute(population: Population) -> Findings:
    asked = replace(population.question, split=(population.question.word("by"),))
    seen = Population(population.known, asked)
    compared = {DOORPLAATSING: _moves, REPLACEMENT: _returns, SPOED: _spoed}[asked.word("measure")](seen)
    found = dict(compared.groups.each())
    counts = compared.groups.summed(compared.counted)
    sizes = {key: len(spells) for key, spells in found.items()}
    if compared.exposure is not None:
        sizes |= dict.fromkeys(sizes, 0) | compared.groups.summed(compared.exposure)
    sums = {key: (counts.get(key, 0), size) for key, size in sizes.items()}
    total = (TOTAL,)
    rows = [
        Row(key, None, len(found[key]), _values(sums[key], sums[total], by_days=compared.exposure is not None))
        for key in keys_of(compared.groups.dimensions)
    ]
    cases = [spell for spell, counts in zip(compared.groups.spells, compared.counted, strict=True) if counts]
    return Findings(
        n=len(found[total]),
        inferred=inferred_among(found[total]),
        tables=(
            MeasureTable(
                "funnel",
                "Each against what holds for all together, in the order of their names",
                compared.groups.dimensions,
                compared.groups.sizes,
                None,
                _COLUMNS,
                tuple(rows),
            ),
        ),
        cases=cases_of(cases, population.question.on),
    )


_COLUMNS = (
    Column("size", "number", "Care days, or cases: what the count is out of."),
    Column("count", "number", "How many counted.", inside_only=True),
    Column("value", "rate", "Count per size, in 1,000 care days or as a share.", PERCENT),
    Column("expected", "number", "The count if it were as in all together."),
    Column("lower95", "number", "Fewer than this has a chance of at most 2.5 %."),
    Column("upper95", "number", "More than this has a chance of at most 2.5 %."),
    Column("lower998", "number", "Fewer than this has a chance of at most 0.1 %."),
    Column("upper998", "number", "More than this has a chance of at most 0.1 %."),
    Column("position", "word", "Inside the limits, or above or below the inner or outer ones.", inside_only=True),
)


def _values(own: tuple[int, int], whole: tuple[int, int], *, by_days: bool) -> tuple[Value, ...]:
    (count, size), (all_counted, all_size) = own, whole
    of_all = share(all_counted, all_size)
    if isinstance(of_all, NotEstimable) or not size:
        blank = tuple(Statistic(NOT_ESTIMABLE) for _ in range(6))
        return (Quantity(size), Tally(count), *blank, Word(""))
    limits = _limits(of_all, size, by_days=by_days)

    @cache
    def told() -> tuple[Number, ...]:
        """Of the rounded counts: from the exact ones how many were counted in all would follow."""
        sizes = (all_size, size) if by_days else (rounded(all_size), rounded(size))
        of_rounded = share(rounded(all_counted), sizes[0])
        assert isinstance(of_rounded, Fraction), "what is shown rests on ten or more"
        return _lines(of_rounded, sizes[1], by_days=by_days)

    expected = [
        Statistic(line, of=all_counted, told=partial(lambda place: told()[place], place))
        for place, line in enumerate(_lines(of_all, size, by_days=by_days))
    ]
    return (
        Quantity(size),
        Tally(count),
        per_size(count, size, times=1_000) if by_days else Share(count, size),
        *expected,
        Word(limits.position(count)),
    )


def _limits(of_all: Fraction, size: int, *, by_days: bool) -> FunnelLimits:
    return poisson_funnel(float(of_all * size)) if by_days else binomial_funnel(size, of_all)


def _lines(of_all: Fraction, size: int, *, by_days: bool) -> tuple[Number, ...]:
    """What would be expected, and the limits around it."""
    limits = _limits(of_all, size, by_days=by_days)
    return (of_all * size, *limits.inner, *limits.outer)


def _moves(population: Population) -> Compared:
    """Doorplaatsingen out of placements, per care day of these placements in the window."""
    question = population.question
    window, on = question.window, question.on
    past = window.until(on)
    present, moved, care = [], [], []
    for spell in population.placements:
        moves = spell.doorplaatsingen
        left = bool(moves) and any(move.on <= on and window.holds(move.on) for move in moves)
        inside = own_days(spell, past)
        if left or inside:
            present.append(spell)
            moved.append(left)
            care.append(inside)
    return Compared(grouped(population, present), moved, care)


def _returns(population: Population) -> Compared:
    """Re-placements within a year, of discharges with so much follow-up."""
    horizon = population.question.on
    found = [
        spell
        for spell in discharged_in(population)
        if spell.ended_on is not None and spell.ended_on + timedelta(days=WITHIN_DAYS) <= horizon
    ]
    return Compared(
        grouped(population, found, day=lambda spell: spell.ended_on),
        [(gap := gap_after(spell)) is not None and gap <= WITHIN_DAYS for spell in found],
        None,
    )


def _spoed(population: Population) -> Compared:
    """Closures that began on a spoedmachtiging, of those with a known title."""
    window = population.question.window
    found = [
        (spell, title)
        for spell in population.closures
        if window.holds(spell.started_on) and (title := first_title(spell)) is not None
    ]
    groups = grouped(population, [spell for spell, _ in found])
    return Compared(groups, [title.kind == "spoed" for _, title in found], None)


def _followed_days(parameters: Mapping[str, ParameterValue]) -> int:
    return WITHIN_DAYS if parameters.get(MEASURE.name, MEASURE.default) == REPLACEMENT else 0


FUNNEL = Figure(
    name="funnel",
    title="Funnel: chance between organisations",
    title_dutch="Trechter: toeval tussen organisaties",
    view="flow",
    period="window",
    counts=(
        "For each provider, area or region a count beside the limits of what chance alone would give it if it were "
        "like all together. In alphabetical order: with so few cases a ranking ranks chance."
    ),
    formula=(
        "Doorplaatsing: links in the window out of placements, exact Poisson limits of (all links / all care days) x "
        "own care days. Replacement: discharges with 365 days of follow-up and a next closure within 365 days, exact "
        "binomial limits. Spoed: closures begun on a spoedmachtiging, of those with a known title, exact binomial "
        "limits. 95 %: at most 2.5 % beyond either side; 99.8 %: at most 0.1 %. A count on a limit is inside."
    ),
    rules=("D1", "D2", "D4", "D7", "D8", "D9", "D10"),
    splits=(),
    calendar_years=True,
    compute=_compute,
    parameters=(MEASURE, BY),
    follows=_followed_days,
    example=(
        "20 discharges where 15 % of all come back: 3 expected, 99.8 % limits 0 and 9. So 8 of 20 is not outside."
    ),
    version="3",
)
