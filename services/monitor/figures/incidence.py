"""The tables of competing ends (Aalen-Johansen): shares by cause at some days, and after each day with an end."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from services.monitor.figures.answer import Column, MeasureTable, Moving, Row
from services.monitor.figures.entry import PERCENT
from services.monitor.figures.figure import Groups
from services.monitor.figures.values import Portion, Statistic, Value
from services.monitor.statistics.competing import Exit, Incidence, Incidences, aalen_johansen

REMAINING = "remaining"
EXACT_BITS_MAX = 256
"""Shares of the steps of a curve are exact up to fractions of so many bits; those at some days always are."""

Followed = TypeVar("Followed")


def incidence_tables(
    groups: Groups[Followed],
    exits: Callable[[Sequence[Followed]], list[Exit]],
    meanings: Mapping[str, str],
    *,
    at: Sequence[int],
    outside: Container[str],
    moved: Moving | None = None,
) -> tuple[MeasureTable, MeasureTable]:
    """Columns by their meaning, each cause and last REMAINING; those outside see `outside` of them, on these days."""
    found = [(key, aalen_johansen(exits(followed)), len(followed)) for key, followed in groups.each()]
    causes = [name for name in meanings if name != REMAINING]
    empty = MeasureTable(
        "incidence-at",
        "Shares at some days",
        groups.dimensions,
        groups.sizes,
        "day",
        tuple(
            Column(name, "share", meaning, PERCENT, inside_only=name not in outside)
            for name, meaning in meanings.items()
        ),
        (),
        moved=moved,
        followed=True,
        nested=True,
    )
    rows = [
        Row(key, day, curves.at_risk(day), _at_day(curves, causes, day, of), told=of)
        for key, curves, number in found
        for of in (number - curves.never_at_risk,)
        for day in at
    ]
    stepped = [
        Row(key, step.day, step.at_risk, _at_step(step, causes)) for key, curves, _ in found for step in curves.steps
    ]
    return (
        replace(empty, rows=tuple(rows)),
        replace(
            empty,
            name="incidence",
            title="Shares after each day on which anything ended",
            rows=tuple(stepped),
            nested=False,
            inside_only=True,
        ),
    )


def _at_day(curves: Incidences, causes: Sequence[str], day: int, of: int) -> tuple[Value, ...]:
    return (*(Portion(curves.incidence(cause, day), of) for cause in causes), Portion(curves.survival(day), of))


def _at_step(step: Incidence, causes: Sequence[str]) -> tuple[Value, ...]:
    """Exact fractions, or floats, correctly rounded, where these would be very long."""
    if step.whole.bit_length() <= EXACT_BITS_MAX:
        shares = [step.incidence(cause) if cause in step.left else Fraction(0) for cause in causes]
        return (*map(Statistic, shares), Statistic(step.survival))
    floats = [step.share(cause) if cause in step.left else 0.0 for cause in causes]
    return (*map(Statistic, floats), Statistic(step.remaining / step.whole))
