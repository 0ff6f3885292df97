"""Answers as JSON and as CSV, with the explanation beside the numbers."""

import csv
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from io import StringIO
from typing import Any

from services.monitor.figures.answer import Case
from services.monitor.figures.figure import Figure
from services.monitor.figures.shown import Cell, Shown, ShownRow, ShownTable
from shared.calendar import rfc3339

FRACTION_DIGITS_MAX = 40
"""A fraction with longer numbers (a curve of hundreds of stays) is given as a decimal only."""

EXPLANATION = ("figure", "on", "known", "from", "until", "version")
"""The first columns of a CSV: the same on each line."""


def as_json(figure: Figure, shown: Shown) -> dict[str, Any]:
    """The answer as a JSON object."""
    answer, question = shown.answer, shown.answer.question
    window = answer.window
    return {
        "figure": figure.name,
        "title": figure.title,
        "titleDutch": figure.title_dutch,
        "view": figure.view,
        "on": question.on.isoformat(),
        "known": rfc3339(answer.known),
        "final": answer.final,
        "window": {"from": window.a.isoformat(), "until": window.b.isoformat()} if window else None,
        "split": list(question.split),
        "where": dict(question.where),
        "parameters": dict(question.parameters),
        "n": cell_as_json(shown.n),
        "inferred": cell_as_json(shown.inferred),
        "provisional": answer.provisional,
        "settledDays": question.conventions.settled_days,
        "linkDays": question.conventions.link_days,
        "definition": definition_as_json(figure),
        "audience": shown.audience,
        "notes": list(shown.notes),
        "tables": [_table(table) for table in shown.tables],
    }


def definition_as_json(figure: Figure) -> dict[str, Any]:
    """What a figure counts, and how."""
    return {
        "version": figure.version,
        "counts": figure.counts,
        "formula": figure.formula,
        "rules": list(figure.rules),
        "example": figure.example,
    }


def listed_as_json(figure: Figure) -> dict[str, Any]:
    """A figure in the list of all."""
    return {
        "name": figure.name,
        "title": figure.title,
        "titleDutch": figure.title_dutch,
        "view": figure.view,
        "period": figure.period,
        "definition": definition_as_json(figure),
        "splits": list(figure.splits),
        "parameters": [
            {
                "name": one.name,
                "default": one.default,
                "allowed": one.allowed(),
                "meaning": one.meaning,
            }
            for one in figure.parameters
        ],
    }


def cases_as_json(cases: tuple[Case, ...]) -> list[dict[str, Any]]:
    """The cases behind a number."""
    return [
        {
            "person": case.person,
            "kind": case.kind,
            "key": case.key,
            "startedOn": case.started_on.isoformat(),
            "endedOn": case.ended_on.isoformat() if case.ended_on else None,
            "flags": list(case.flags),
        }
        for case in cases
    ]


def cell_as_json(cell: Cell) -> dict[str, Any]:
    """A cell: its status, and its value where there is one."""
    found: dict[str, Any] = {"status": cell.status}
    if cell.status in ("exact", "rounded", "given"):
        found["value"] = _plain(cell.value)
        if fraction := fraction_of(cell):
            found["fraction"] = fraction
    if cell.whole is not None:
        found |= {"part": cell.part, "whole": cell.whole}
    return found


def fraction_of(cell: Cell) -> str:
    """An exact value that is not whole as numerator/denominator; empty when it is whole, rounded or very long."""
    value = cell.value
    if cell.status != "exact" or not isinstance(value, Fraction) or value.denominator == 1:
        return ""
    text = f"{value.numerator}/{value.denominator}"
    return text if len(text) <= FRACTION_DIGITS_MAX else ""


def as_csv(figure: Figure, shown: Shown) -> str:
    """The answer as CSV: one line for each cell, so that every figure has the same columns but for the split."""
    dimensions = tuple(dict.fromkeys(name for table in shown.tables for name in table.dimensions))
    written = StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow((*EXPLANATION, "table", *dimensions, "at", "measure", "unit", "status", "value", "fraction"))
    answer = shown.answer
    window = answer.window
    always = (
        figure.name,
        answer.question.on.isoformat(),
        rfc3339(answer.known),
        window.a.isoformat() if window else "",
        window.b.isoformat() if window else "",
        figure.version,
    )
    for table in shown.tables:
        for row in table.rows:
            at = "" if row.at is None else str(row.at)
            place = (table.name, *(row.key.get(name, "") for name in dimensions), at)
            lines.writerows((*always, *place, *cell) for cell in _cells(table, row))
    return written.getvalue()


def _cells(table: ShownTable, row: ShownRow) -> Iterator[tuple[str, str, str, str, str]]:
    for column, cell in zip(table.columns, row.cells, strict=True):
        value = _plain(cell.value)
        yield column.name, column.unit, cell.status, "" if value is None else str(value), fraction_of(cell)


def _table(table: ShownTable) -> dict[str, Any]:
    names = [column.name for column in table.columns]
    return {
        "name": table.name,
        "title": table.title,
        "unit": table.unit,
        "dimensions": list(table.dimensions),
        "at": table.at,
        "columns": [{"name": one.name, "unit": one.unit, "meaning": one.meaning} for one in table.columns],
        "rows": [
            {
                "key": dict(row.key),
                "at": _plain(row.at),
                "values": dict(zip(names, map(cell_as_json, row.cells), strict=True)),
            }
            for row in table.rows
        ],
    }


def _plain(value: int | Fraction | float | str | date | None) -> int | float | str | None:
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else value.numerator / value.denominator
    return value.isoformat() if isinstance(value, date) else value
