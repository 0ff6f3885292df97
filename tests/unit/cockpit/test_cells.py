"""How a cell is told in a sentence: never otherwise than beside it in the picture and the table."""

from fractions import Fraction

import pytest

from services.monitor.cockpit.cells import share_of, text_of
from services.monitor.cockpit.words import words
from services.monitor.figures.shown import Cell


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (Fraction(0), "0%"),
        (Fraction(1, 1000), "minder dan 1%"),
        (Fraction(4, 1000), "minder dan 1%"),
        (Fraction(7, 1000), "1%"),
        (Fraction(14, 1000), "1%"),
    ],
)
def test_a_share_that_a_table_writes_as_1_is_not_called_less(share: Fraction, said: str) -> None:
    cell, say = Cell("exact", share), words("nl")
    assert share_of(cell, say) == said
    if said != "minder dan 1%":
        assert text_of(cell, "share", say) == said
