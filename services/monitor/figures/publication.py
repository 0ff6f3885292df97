"""The one gate: an answer for whoever asks; those outside get whole tables, disclosed, and then the part they want.

To answer them on a part of the country alone would let them take the part from the whole. So their question is answered
for all parts together, suppressed, and the part is picked from that.
"""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import assert_never

from services.monitor.disclosure.disclose import Audience
from services.monitor.disclosure.table import TOTAL
from services.monitor.figures.answer import Answer
from services.monitor.figures.catalogue import answer
from services.monitor.figures.figure import Figure
from services.monitor.figures.inside import for_operations
from services.monitor.figures.jointly import Jointly
from services.monitor.figures.outside import for_everyone
from services.monitor.figures.question import Question
from services.monitor.figures.remembering import Remembering
from services.monitor.figures.shown import WITHHELD, Cell, Shown, ShownTable
from services.monitor.figures.sight import Sight
from services.monitor.history.known import Known

_WHOLE = Remembering[Hashable, Shown](most=64)
"""Whoever asks for one part after another asks for one whole; by region it takes a second, most of it suppression."""


def disclosed(found: Answer, known: Known, *, to: Audience) -> Shown:
    """An answer on what is known as those who asked may see it: exact inside, rounded and suppressed outside."""
    match to:
        case Audience.INSIDE:
            return for_operations(found)
        case Audience.OUTSIDE:
            return for_everyone(found, Sight(found, Jointly(known, found.question)))
        case _:
            assert_never(to)


def published(figure: Figure, known: Known, question: Question, *, to: Audience) -> Shown:
    """The answer to a question, for those who asked it."""
    if to is Audience.INSIDE or not question.where:
        return disclosed(answer(figure, known, question), known, to=to)
    names = tuple(name for name in question.where if name not in question.split)
    asked = replace(question, split=(*names, *question.split), where={})
    parameters = tuple(sorted(asked.parameters.items()))
    key = figure.name, known.known, known.final, asked.on, asked.window, asked.split, parameters, asked.conventions
    whole = _WHOLE.of(known.spells, key, lambda: _whole(figure, known, asked))
    return _picked(whole, question, names, number_in=figure.number_in)


def _whole(figure: Figure, known: Known, question: Question) -> Shown:
    """The answer for all parts together, without what is not for those outside."""
    shown = disclosed(answer(figure, known, question), known, to=Audience.OUTSIDE)
    return replace(shown, answer=replace(shown.answer, tables=(), cases=()))


def _picked(shown: Shown, question: Question, added: tuple[str, ...], *, number_in: tuple[str, str] | None) -> Shown:
    """The part of an answer on the whole that falls where the question asks; nothing that is of the whole alone."""
    tables = tuple(_part(table, question, added) for table in shown.tables if {*question.where} <= {*table.dimensions})
    asked = replace(shown.answer.question, where=question.where, split=question.split)
    return Shown(
        answer=replace(shown.answer, question=asked),
        audience=shown.audience,
        n=_number(tables, question, *number_in) if number_in else WITHHELD,
        inferred=WITHHELD,
        tables=tables,
        notes=shown.notes,
    )


def _part(table: ShownTable, question: Question, added: tuple[str, ...]) -> ShownTable:
    rows = tuple(
        replace(row, key={name: category for name, category in row.key.items() if name not in added})
        for row in table.rows
        if all(row.key[name] == category for name, category in question.where.items())
    )
    kept = tuple(name for name in table.dimensions if name not in added)
    return replace(table, dimensions=kept, rows=rows)


def _number(tables: Sequence[ShownTable], question: Question, name: str, column: str) -> Cell:
    """How many the part is, from the table that says it; withheld where that says it of several periods apart."""
    table = next(one for one in tables if one.name == name)
    rows = [
        row
        for row in table.rows
        if all(category == question.where.get(name, TOTAL) for name, category in row.key.items())
    ]
    return rows[0].cells[[one.name for one in table.columns].index(column)] if len(rows) == 1 else WITHHELD
