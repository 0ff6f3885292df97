"""A part that is asked for is that part of the split answer: by the day on which the figure looks at somebody."""

from typing import Any

import pytest

from services.monitor.accommodations import Accommodation, Register
from services.monitor.answers.asking import WHERE
from services.monitor.disclosure.disclose import Audience
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import disclosed
from services.monitor.figures.shown import Cell, ShownTable
from tests.unit.figures.asked import THREE, YEAR_2024, asked, known

CATEGORIES = {"area": ("zuid-west", "zuid"), "region": ("JZ24", "JZ41"), "provider": ("north", "south")}
REGISTER = Register(
    (
        Accommodation("A", provider="north", region="JZ24", area="zuid-west"),
        Accommodation("B", provider="south", region="JZ24", area="zuid-west"),
        Accommodation("C", provider="south", region="JZ41", area="zuid"),
    ),
    (),
)
"""The first of the three went from one provider to the other."""
PARTS = [
    (name, of, split, category)
    for name, figure in FIGURES.items()
    for of in next((one.choices for one in figure.parameters if one.name == "of"), (None,))
    for split in WHERE
    if split in figure.splits
    for category in CATEGORIES[split]
]
Rows = dict[tuple[Any, ...], tuple[Cell, ...]]


@pytest.mark.parametrize("on", ["2024-05-01", "2025-03-01"])
@pytest.mark.parametrize(("name", "of", "split", "category"), PARTS)
def test_a_part_is_that_part_of_the_whole(name: str, of: str | None, split: str, category: str, on: str) -> None:
    more = {"on": on, "window": YEAR_2024} | ({"of": of} if of else {})
    part = _tables(name, where={split: category}, **more)
    whole = _tables(name, split=split, **more)
    assert [_rows(table) for table in part] == [_rows(table, **{split: category}) for table in whole]


def _tables(name: str, **asks: Any) -> list[ShownTable]:
    everyone = known(*THREE, register=REGISTER)
    return list(disclosed(asked(name, everyone, **asks), everyone, to=Audience.INSIDE).tables)


def _rows(table: ShownTable, **key: str) -> Rows:
    kept = [row for row in table.rows if all(row.key.get(name, "") == category for name, category in key.items())]
    return {
        (*((name, category) for name, category in row.key.items() if name not in key), row.at): row.cells
        for row in kept
    }
