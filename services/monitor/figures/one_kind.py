"""One kind of those who are counted, beside all of them: what those outside are told where all kinds would say more."""

from collections.abc import Sequence

from services.monitor.disclosure.table import Dimension
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Column, MeasureTable, Moving, Row
from services.monitor.figures.figure import Groups
from services.monitor.figures.values import Share


def one_kind(
    title: str, groups: Groups[Spell], of: Dimension, are: Sequence[bool], *, moved: Moving | None = None
) -> MeasureTable:
    """How many are of the second of two kinds, and which share of all: a table with the name of that kind.

    `are` says it of each spell. It has the sizes of both kinds, so outside it is shown where neither is too small.
    """
    other, kind = of.categories
    sizes = groups.counted(kind if one else other for one in are)
    counts = groups.summed(are)
    rows = []
    for key, spells in groups.each():
        number = counts.get(key, 0)
        rows.append(Row((*key, kind), None, number, (Share(number, len(spells)),)))
    return MeasureTable(
        kind,
        title,
        (*groups.dimensions, of),
        sizes,
        None,
        (Column("share", "share", "Those, of all that are counted."),),
        tuple(rows),
        moved=moved,
    )
