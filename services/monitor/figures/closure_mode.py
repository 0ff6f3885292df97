"""Closure mode: in which way the care days were closed, and which share of them was gesloten."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from services.monitor.disclosure.table import TOTAL, Dimension, Key
from services.monitor.dossier.modes import days_by_mode
from services.monitor.dossier.spells import Spell, own_days
from services.monitor.figures.answer import Column, CountTable, Findings, MeasureTable, Row, with_margins
from services.monitor.figures.entry import PERCENT
from services.monitor.figures.figure import ALL_SPLITS, Figure, Groups, grouped
from services.monitor.figures.limits import spread_per_size
from services.monitor.figures.population import Population, cases_of, inferred_among
from services.monitor.figures.question import Window
from services.monitor.figures.values import Quantity, Statistic, Value
from services.monitor.statistics.quantiles import share

MODES = ("gesloten", "besloten", "hybride", "open")
GESLOTEN = "gesloten"
EVERY_DAY, NOT_EVERY_DAY = "every-day", "not-every-day"
CLOSED = Dimension(GESLOTEN, (EVERY_DAY, NOT_EVERY_DAY))

Days = Mapping[str, int]
"""Care days of one closure by mode."""


def _compute(population: Population) -> Findings:
    question = population.question
    window = question.window.until(question.on)
    care = [(spell, number) for spell in population.closures if (number := own_days(spell, window))]
    present = [spell for spell, _ in care]
    inside = [number for _, number in care]
    in_modes = [_in_modes(spell, number, window) for spell, number in care]
    gesloten = [one.get(GESLOTEN, 0) for one in in_modes]
    groups = grouped(population, present)
    kinds = [EVERY_DAY if one == number else NOT_EVERY_DAY for one, number in zip(gesloten, inside, strict=True)]
    keys = [(*key, kind) for key, kind in zip(groups.keys, kinds, strict=True)]
    by_kind = Groups((*groups.dimensions, CLOSED), keys, present)
    others = [spell for spell, kind in zip(present, kinds, strict=True) if kind == NOT_EVERY_DAY]
    return Findings(
        n=len(present),
        inferred=inferred_among(present),
        tables=(
            CountTable(
                "closed",
                "Closures with a care day in the window, by whether every care day is gesloten",
                "closures",
                by_kind.dimensions,
                by_kind.sizes,
                shares_of=CLOSED.name,
                moved="closures",
                # Both kinds, each rounded by itself, say more of how many there are together, and that beside those
                # who were there before how few came.
                totals_only=True,
            ),
            _all(groups, inside, gesloten),
            _days(by_kind, inside, gesloten),
            _modes(groups, in_modes),
        ),
        cases=cases_of(others, question.on),
    )


def _in_modes(spell: Spell, inside: int, window: Window) -> Days:
    """Of a closure with so many care days in the window."""
    changes = spell.dossier.course.modes
    if spell.alone and not changes:  # As nearly all are; there is nothing to take apart.
        return {spell.stays[0].closure_mode: inside}
    return days_by_mode(spell.stays, changes, a=window.a, b=window.b)


SHARE = Column("share", "share", "Care days that are gesloten / care days.", PERCENT)
CARE_DAYS = Column("careDays", "days", "Care days in the window.")


def _all(groups: Groups[Spell], inside: Sequence[int], gesloten: Sequence[int]) -> MeasureTable:
    """The days of all together; outside of the whole country, where no closure has more than a tenth of the others."""
    others = [whole - part for whole, part in zip(inside, gesloten, strict=True)]
    columns = (
        CARE_DAYS,
        Column("otherDays", "days", "Those that are not gesloten.", Fraction(5)),
        Column("otherShare", "share", "Those / care days.", PERCENT),
    )
    return MeasureTable(
        "all", "Care days in the window", groups.dimensions, groups.sizes, None, columns,
        spread_rows(groups, inside, others), moved="closures", withheld=bool(groups.dimensions),
    )  # fmt: skip


def spread_rows(groups: Groups[Spell], care: Iterable[int], counted: Iterable[int]) -> tuple[Row, ...]:
    """Of each cell, margins included, the care days of its spells, those of them that count, and their share.

    Outside the last two rest on how many spells such as the one with the most there could be (`spread_per_size`).
    """
    of_each = Groups(groups.dimensions, groups.keys, list(zip(care, counted, strict=True)))
    rows = []
    for key, found in of_each.each():
        whole = sum(inside for inside, _ in found)
        values = (Quantity(whole), *spread_per_size([part for _, part in found], whole, times=1))
        rows.append(Row(key, None, len(found), values))
    return tuple(rows)


def _days(groups: Groups[Spell], inside: Sequence[int], gesloten: Sequence[int]) -> MeasureTable:
    """The days of those whose days are all gesloten, and of the others apart; `groups` are by that as well."""
    rows = [row for row in day_rows(groups, inside, gesloten) if row.key[-1] != TOTAL]
    columns = (CARE_DAYS, Column(GESLOTEN, "days", "Those that are gesloten."), SHARE)
    return MeasureTable(
        "days",
        "Care days of those closures",
        groups.dimensions,
        groups.sizes,
        None,
        columns,
        tuple(rows),
        moved="closures",
        withheld=True,
    )


def day_rows(groups: Groups[Spell], care: Iterable[int], counted: Iterable[int]) -> list[Row]:
    """Of each cell, margins included, the care days of its spells, those of them that count, and their share."""
    inside, some = groups.summed(care), groups.summed(counted)
    rows = []
    for key, spells in groups.each():
        whole, part = inside.get(key, 0), some.get(key, 0)
        rows.append(Row(key, None, len(spells), (Quantity(whole), Quantity(part), Statistic(share(part, whole)))))
    return rows


def _modes(groups: Groups[Spell], in_modes: Sequence[Days]) -> MeasureTable:
    """The days of all together by mode: each mode may be that of a few, so it is not for those outside."""
    found: dict[str, dict[Key, int]] = {mode: {} for mode in MODES}
    for key, one in zip(groups.keys, in_modes, strict=True):
        for mode, number in one.items():
            of_mode = found[mode]
            of_mode[key] = of_mode.get(key, 0) + number
    sums = [with_margins(of_mode, groups.dimensions) for of_mode in found.values()]
    rows = []
    for key, spells in groups.each():
        numbers = [of_mode.get(key, 0) for of_mode in sums]
        care = sum(numbers)
        values: tuple[Value, ...] = (
            Quantity(care),
            *map(Quantity, numbers),
            Statistic(share(numbers[MODES.index(GESLOTEN)], care)),
        )
        rows.append(Row(key, None, len(spells), values))
    columns = (CARE_DAYS, *(Column(mode, "days", f"Those that are {mode}.") for mode in MODES), SHARE)
    return MeasureTable(
        "modes",
        "Care days in the window by closure mode",
        groups.dimensions,
        groups.sizes,
        None,
        columns,
        tuple(rows),
        moved="closures",
        withheld=True,
    )


CLOSURE_MODE = Figure(
    name="closure-mode",
    title="Closure mode of care days",
    title_dutch="Hoe gesloten de dagen waren",
    view="flow",
    period="window",
    counts=(
        "Care days of the window by the way in which the placement is closed on the day: gesloten, besloten, hybride "
        "or open, and the share that is truly gesloten; and the closures with a care day in the window by whether "
        "every care day is gesloten. The cases are those of which not every one is."
    ),
    formula=(
        "A placement is closed as its placement-started says, and from each closure-mode-changed on that is dated on "
        "a day of it, its first one too, as that says, of one day the one recorded last; one of a placement that was "
        "joined after an administrative restart (D6) is of the whole, and its placement-started says how the whole is "
        "closed from then on, unless a change of that day does: intervals [from, until) that together are the "
        "placement. Care days = days of [a, min(b, D)) inside a placement. A day in two placements at once counts "
        "once, in the mode of the one that began first; a gap between two linked placements has none. Share = care "
        "days that are gesloten / care days. Outside the share that is not gesloten is shown of the whole country, "
        "when no closure has more than a tenth of those days; of a part of it, and by whether every day is gesloten, "
        "only how many closures there are."
    ),
    rules=("D1", "D2", "D4", "D7"),
    splits=ALL_SPLITS,
    number_in=("closed", "count"),
    calendar_years=True,
    compute=_compute,
    version="3",
    example=(
        "Inside, gesloten, since 1 November 2024; hybride from 1 December, open from 21 December, and gone on 31 "
        "December. Over 2024: 30 days gesloten, 20 hybride and 10 open, 30 / 60 = 50 % gesloten."
    ),
)
