"""Questions as short calls: `asked("stock", people, on="2025-01-31")` is the exact answer on these dossiers."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from services.monitor.accommodations import Accommodation, Register
from services.monitor.disclosure.table import TOTAL
from services.monitor.dossier.state import Dossier
from services.monitor.figures.answer import Answer, CountTable, FlowTable, MeasureTable, keys_above
from services.monitor.figures.catalogue import FIGURES, answer, default_window
from services.monitor.figures.question import Conventions, Question, Window
from services.monitor.figures.values import Share
from services.monitor.history.known import Known
from tests.unit.dossier.given import d, discharged, folded, granted, moved, start

LATER = datetime(2030, 1, 1, tzinfo=UTC)
REGISTER = Register(
    (
        Accommodation("A", provider="north", region="JZ24", area="zuid-west"),
        Accommodation("B", provider="north", region="JZ24", area="zuid-west"),
        Accommodation("C", provider="south", region="JZ41", area="zuid"),
    ),
    (),
)


def known(
    *dossiers: Dossier,
    register: Register = REGISTER,
    observed_from: Mapping[str, date] | None = None,
    at: datetime = LATER,
) -> Known:
    """What is known: these dossiers."""
    ordered = sorted(dossiers, key=lambda dossier: dossier.person)
    return Known(ordered, register, observed_from or {}, at, final=True)


def asked(name: str, dossiers: Known | Sequence[Dossier], *, on: str, **more: Any) -> Answer:
    """The answer of a figure; `window` is a pair of texts, `split` names, the rest parameters of the figure."""
    figure = FIGURES[name]
    window, split, where = more.pop("window", None), more.pop("split", ()), more.pop("where", {})
    split = (split,) if isinstance(split, str) else tuple(split)
    question = Question(
        on=d(on),
        window=Window(d(window[0]), d(window[1])) if window else default_window(figure, d(on)),
        split=split,
        where=where,
        parameters=more,
        conventions=Conventions(),
    )
    return answer(figure, dossiers if isinstance(dossiers, Known) else known(*dossiers), question)


def counts(found: Answer, table: str) -> dict[Any, int]:
    """The counts of a table by the category of its last dimension (or by key with a split), zeros left out."""
    one = next(one for one in found.tables if one.name == table)
    assert isinstance(one, CountTable)
    totals: dict[Any, int] = {}
    for key, count in one.counts.items():
        for above in keys_above(key, one.dimensions):
            totals[above] = totals.get(above, 0) + count
    shown = {key: count for key, count in totals.items() if key[-1] != TOTAL and count}
    return {key[0]: count for key, count in shown.items()} if len(one.dimensions) == 1 else shown


def measures(found: Answer, table: str, *, key: tuple[str, ...] | None = None) -> dict[Any, dict[str, Any]]:
    """The plain values of a table by point (or only one row: by None), each with its n."""
    one = next(one for one in found.tables if one.name == table)
    assert isinstance(one, MeasureTable)
    names = [column.name for column in one.columns]
    wanted = key if key is not None else (TOTAL,) * len(one.dimensions)
    return {
        row.at: {"n": row.n} | dict(zip(names, map(plain, row.values), strict=True))
        for row in one.rows
        if row.key == wanted
    }


def plain(value: Any) -> Any:
    """A value without its type; a share as (part, whole)."""
    return (value.part, value.whole) if isinstance(value, Share) else value.value


def flows(found: Answer) -> list[tuple[int, int, int, int]]:
    """The movements of all cells together, by period."""
    (table,) = found.tables
    assert isinstance(table, FlowTable)
    return [
        tuple(sum(values) for values in zip(*(cell[at] for cell in table.movements.values()), strict=True))
        or (0, 0, 0, 0)
        for at in range(len(table.periods))
    ]


MOVED_AND_RETURNED = folded(
    start("P1", "2024-01-10", at="A", person="y1-0123456789abcd"),
    moved("P1", "2024-04-09", to="B", person="y1-0123456789abcd"),
    start("P2", "2024-04-09", at="B", arrives_from="P1", person="y1-0123456789abcd"),
    discharged("P2", "2024-07-08", person="y1-0123456789abcd"),
    start("P3", "2024-12-15", at="B", person="y1-0123456789abcd"),
    granted("M1", "2024-01-10", "2025-01-10", person="y1-0123456789abcd"),
    granted("M2", "2024-12-15", "2025-12-15", person="y1-0123456789abcd"),
    person="y1-0123456789abcd",
)
WITHOUT_TITLE = folded(
    start("P4", "2023-11-01", at="C", person="y2-0123456789abcd"),
    granted("M3", "2023-11-01", "2023-11-29", kind="spoed", person="y2-0123456789abcd"),
    granted("M4", "2023-12-02", "2024-12-02", extends="M3", person="y2-0123456789abcd"),
    person="y2-0123456789abcd",
)
SHORT = folded(
    start("P5", "2024-09-01", at="A", person="y3-0123456789abcd"),
    discharged("P5", "2024-12-20", person="y3-0123456789abcd"),
    granted("M5", "2024-09-01", "2025-03-01", person="y3-0123456789abcd"),
    person="y3-0123456789abcd",
)
THREE = (MOVED_AND_RETURNED, WITHOUT_TITLE, SHORT)
"""The worked example of the definitions."""

YEAR_2024 = ("2024-01-01", "2025-01-01")
