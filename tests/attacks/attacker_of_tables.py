"""Someone who has a published table, knows the procedure, and computes what each hidden cell can be. Shares no code."""

from collections.abc import Callable, Iterable, Mapping
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from services.monitor.disclosure.counts import Published, TooSmall
from services.monitor.disclosure.table import TOTAL, Dimension, DisclosedTable, Key

UNLIMITED = 10_000
"""More than any count of the tables here."""


def parents(key: Key, dimensions: tuple[Dimension, ...]) -> list[Key]:
    """The margins directly above a cell."""
    return [
        (*key[:at], dimension.groups.get(name, TOTAL), *key[at + 1 :])
        for at, (name, dimension) in enumerate(zip(key, dimensions, strict=True))
        if name != TOTAL
    ]


def ancestors(name: str, dimension: Dimension) -> list[str]:
    """All that a category lies in, itself included."""
    return list(dict.fromkeys((name, dimension.groups.get(name, TOTAL), TOTAL)))


def known(table: DisclosedTable) -> dict[Key, tuple[int, int]]:
    """Lowest and highest count of each cell, from what is shown of it and the legend."""
    return {key: _interval(key, table) for key in table.cells}


def _interval(key: Key, table: DisclosedTable) -> tuple[int, int]:
    match table.cells[key]:
        case Published(value=value):
            return max(10, value - 2), value + 2
        case TooSmall():
            return 0, 9
        case _:
            return (10 if any(_says_something(other, table) for other in _beside(key, table)) else 0), UNLIMITED


def _beside(key: Key, table: DisclosedTable) -> Iterable[Key]:
    """The cells with the same margins on every axis: withheld cells among them are 10 or more, if any is shown."""
    names = [
        [name]
        if name == TOTAL
        else [
            other
            for other in (dimension.categories if name in dimension.categories else set(dimension.groups.values()))
            if dimension.groups.get(other) == dimension.groups.get(name)
        ]
        for name, dimension in zip(key, table.dimensions, strict=True)
    ]
    return product(*names)


def _says_something(key: Key, table: DisclosedTable) -> bool:
    small = isinstance(table.cells[key], TooSmall)
    implied = any(isinstance(table.cells[one], TooSmall) for one in parents(key, table.dimensions))
    return isinstance(table.cells[key], Published) or (small and not implied)


def ranges(
    tables: Iterable[DisclosedTable], people: tuple[Dimension, ...], *, exact: Mapping[Key, int] | None = None
) -> dict[tuple[int, Key], tuple[int, int]]:
    """The exact lowest and highest count of each too-small cell of each table, over all populations that fit them all.

    Integer programming over the cells of `people`, the dimensions of all tables together. With `exact` the attacker
    (of one table) also knows each published count to the person.
    """
    inner = list(product(*(dimension.categories for dimension in people)))
    above = [set(product(*(ancestors(n, d) for n, d in zip(key, people, strict=True)))) for key in inner]
    rows, lower, upper, small = [], [], [], []
    for number, table in enumerate(tables):
        place = {dimension.name: at for at, dimension in enumerate(table.dimensions)}
        for key, (low, high) in known(table).items():
            wide = tuple(key[place[d.name]] if d.name in place else TOTAL for d in people)
            rows.append([float(wide in one) for one in above])
            if exact is not None and isinstance(table.cells[key], Published):
                low = high = exact[key]
            lower.append(low)
            upper.append(high)
            if isinstance(table.cells[key], TooSmall):
                small.append(((number, key), np.array(rows[-1])))
    solve = _solver(np.array(rows), np.array(lower), np.array(upper))
    return {name: (solve(row), -solve(-row)) for name, row in small}


def _solver(rows: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> Callable[[np.ndarray], int]:
    limits = LinearConstraint(rows, lower, upper)

    def least(objective: np.ndarray) -> int:
        size = len(objective)
        found = milp(objective, constraints=limits, integrality=np.ones(size), bounds=Bounds(0, UNLIMITED))
        assert found.success, "the published table fits no population: the procedure is not what the attacker thinks"
        return round(found.fun)

    return least
